from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

LINE_STATES = [
    ("queued", "Waiting"),
    ("created", "Draft Made"),
    ("updated", "Draft Updated"),
    ("kept", "Edited Draft Kept"),
    ("nothing", "Nothing to Order"),
    ("small", "Not Worth It"),
    ("skipped", "Skipped"),
    ("failed", "Failed"),
]
#: states in which there is a draft
MADE = ("created", "updated", "kept")
#: distributors made together
BATCH = 20


class DmsStockSuggestionLine(models.Model):
    """One distributor of a run: what was suggested, what stands against it, the draft."""

    _name = "dms.stock.suggestion.line"
    _description = "Distributor of a Run of Suggested Orders"
    _order = "suggestion_id desc, sequence, id"
    _rec_name = "distributor_id"

    suggestion_id = fields.Many2one("dms.stock.suggestion", "Run", required=True, readonly=True, index=True, ondelete="cascade")
    sequence = fields.Integer(readonly=True, aggregator=None)
    company_id = fields.Many2one(related="suggestion_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="suggestion_id.currency_id")
    distributor_id = fields.Many2one("res.partner", required=True, readonly=True, index=True, ondelete="cascade")
    territory_id = fields.Many2one(related="distributor_id.territory_id", store=True, index=True)
    state = fields.Selection(LINE_STATES, "Status", required=True, readonly=True, default="queued", index=True)
    order_id = fields.Many2one("sale.order", "Draft", readonly=True, index="btree_not_null", ondelete="set null")
    product_count = fields.Integer("Products", readonly=True)
    amount = fields.Monetary("Value", readonly=True, help="Untaxed, in company currency.")
    tone = fields.Selection(
        [("success", "Fits"), ("info", "Note"), ("warning", "Would be held"), ("danger", "Not possible")], "Verdict", readonly=True
    )
    verdict = fields.Text("What Stands For or Against It", readonly=True)
    note = fields.Text("Cut by Availability", readonly=True)
    reason = fields.Char(readonly=True)

    @api.model
    def _count_queued(self):
        return self.search_count([("state", "=", "queued"), ("suggestion_id.state", "=", "running")])

    @api.model
    def _get_next(self):
        """The next rows to make, of one run."""
        lines = self.search(
            [("state", "=", "queued"), ("suggestion_id.state", "=", "running")], limit=BATCH, order="suggestion_id, sequence, id"
        )
        return lines.filtered(lambda line: line.suggestion_id == lines[:1].suggestion_id)

    def action_open_order(self):
        self.ensure_one()
        self.order_id.check_access("read")
        return {"type": "ir.actions.act_window", "res_model": "sale.order", "res_id": self.order_id.id, "views": [(False, "form")]}

    def _make(self):
        """Make the drafts of these rows, which are of one run, together; one by one where that fails, so that what is wrong with
        one distributor stops no other."""
        try:
            with self.env.cr.savepoint():
                self._make_together()
        except UserError:
            for line in self:
                line._make_alone()

    def _make_alone(self):
        try:
            with self.env.cr.savepoint():
                self._make_together()
        except UserError as error:
            self.write({"state": "failed", "reason": str(error)[:500]})

    def _make_together(self):
        run = self.suggestion_id
        context = {"allowed_company_ids": run.company_id.ids, "lang": run.user_id.lang, "tz": run.user_id.tz}
        planner = self.env(user=run.user_id.id, su=False, context=context)  # with the rights of who started the run, no more
        distributors = self.distributor_id.with_env(planner)._dms_check_may_suggest()
        results = planner["dms.stock.suggester"]._suggest(distributors, run.categ_ids, run.line_ids._get_taken())
        orders = (
            planner["sale.order"].union(*(result.order for result in results.values() if result.order)).sudo()
        )  # gates see all of an order
        verdicts = orders._dms_get_verdicts() if orders else {}
        small = orders.browse()
        for line in self:
            result = results[line.distributor_id]
            values = line._prepare_result(result, verdicts)
            small |= result.order if values["state"] == "small" else small.browse()
            line.write(values)
        small.unlink()  # made a moment ago, and not worth it

    def _get_taken(self):
        """``{(warehouse id, product id): quantity}`` that the drafts of these rows propose, in the products' own units."""
        orders = self.filtered(lambda line: line.state in MADE).order_id
        if not orders:
            return {}
        self.env["sale.order.line"].flush_model(["order_id", "product_id", "product_uom_qty", "product_uom_id"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT o.warehouse_id, l.product_id, SUM(l.product_uom_qty * lu.factor / pu.factor)::float8
                  FROM sale_order o JOIN sale_order_line l ON l.order_id = o.id
                  JOIN uom_uom lu ON lu.id = l.product_uom_id
                  JOIN product_product p ON p.id = l.product_id JOIN product_template t ON t.id = p.product_tmpl_id
                  JOIN uom_uom pu ON pu.id = t.uom_id
                 WHERE o.id = ANY(%s) GROUP BY o.warehouse_id, l.product_id
                """,
                orders.ids,
            )
        )
        return {(warehouse_id, product_id): quantity for warehouse_id, product_id, quantity in rows}

    def _prepare_result(self, result, verdicts):
        """Values of the row for what became of its distributor."""
        order, found = result.order, verdicts.get(result.order.id, []) if result.order else []
        values = {"state": result.state, "order_id": order and order.id, "note": order and order.dms_suggestion_note, "reason": False}
        if not order:
            return {**values, "note": self.env["dms.stock.suggester"]._describe(result)}
        amount = order.amount_untaxed / (order.currency_rate or 1.0)
        minimum = self.suggestion_id.min_amount
        if result.state == "created" and self.currency_id.compare_amounts(amount, minimum) < 0:
            return {**values, "state": "small", "order_id": False, "amount": amount}
        tones = [tone for tone in ("danger", "warning", "info", "success") if tone in {verdict["tone"] for verdict in found}]
        return {
            **values,
            "amount": amount,
            "product_count": len(order._dms_gated_lines()),
            "tone": tones[0] if tones else "success",
            "verdict": "\n".join(verdict["message"] for verdict in found),
        }
