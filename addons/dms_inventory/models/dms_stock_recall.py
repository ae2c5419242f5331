import base64

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools import SQL

from ..report.recall_workbook import FIGURES, RecallWorkbook


class DmsStockRecall(models.Model):
    """Where the goods of some lots are: what of them was made, what is still here, who got how much and still has it."""

    _name = "dms.stock.recall"
    _description = "Recall"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char("Number", required=True, readonly=True, copy=False, default="New")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, default=lambda self: self.env.company)
    product_id = fields.Many2one("product.product", required=True, index=True, ondelete="restrict", check_company=True)
    lot_ids = fields.Many2many(
        "stock.lot",
        "dms_stock_recall_lot_rel",
        "recall_id",
        "lot_id",
        "Lots",
        domain="[('product_id', '=', product_id)]",
        check_company=True,
    )
    product_uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    date = fields.Date(required=True, default=lambda self: self.env.company._dms_today())
    user_id = fields.Many2one("res.users", "Responsible", default=lambda self: self.env.user, domain=[("share", "=", False)], tracking=True)
    reason = fields.Char(tracking=True, help="What is wrong with the goods, as the letter says it.")
    instructions = fields.Text(default=lambda self: self._default_instructions(), help="What the letter asks the distributors to do.")
    state = fields.Selection(
        [("open", "Open"), ("closed", "Closed")],
        "Status",
        required=True,
        readonly=True,
        default="open",
        copy=False,
        tracking=True,
        index=True,
    )
    line_ids = fields.One2many("dms.stock.recall.line", "recall_id", "Distributors", readonly=True)
    refreshed_on = fields.Datetime("As of", readonly=True, copy=False)
    entered_qty = fields.Float("Made or Bought", readonly=True, copy=False, digits="Product Unit")
    warehouse_qty = fields.Float("In Warehouses", readonly=True, copy=False, digits="Product Unit")
    shipped_qty = fields.Float("Shipped", readonly=True, copy=False, digits="Product Unit")
    returned_qty = fields.Float("Came Back", readonly=True, copy=False, digits="Product Unit")
    other_qty = fields.Float("Used or Scrapped", readonly=True, copy=False, digits="Product Unit")
    on_hand_qty = fields.Float("At Distributors", compute="_compute_on_hand_qty", digits="Product Unit")
    is_balanced = fields.Boolean(
        "Balances", readonly=True, copy=False, help="What was made is here, was shipped, used or came back; so is what each one got."
    )

    @api.model
    def _default_instructions(self):
        return self.env._("Please stop selling these goods at once, set aside what you have of them, and tell us the quantity.")

    @api.depends("line_ids.on_hand_qty", "line_ids.in_transit_qty")
    def _compute_on_hand_qty(self):
        for recall in self:
            recall.on_hand_qty = sum(line.on_hand_qty + line.in_transit_qty for line in recall.line_ids)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            vals["name"] = self.env["ir.sequence"].sudo().next_by_code("dms.stock.recall") or "New"  # the number only
        recalls = super().create([{**vals, "state": "open"} for vals in vals_list])
        recalls._refresh()
        return recalls

    def write(self, vals):
        if "state" in vals and not self.env.su:
            raise UserError(self.env._("A recall is closed by its button."))
        result = super().write(vals)
        if {"lot_ids", "product_id"} & vals.keys():
            self._refresh()
        return result

    # ------------------------------------------------------------ buttons

    def action_refresh(self):
        """Look again at what has moved since."""
        self._check_decides()
        self._refresh()
        return True

    def action_close(self):
        self._check_decides()
        self.sudo().state = "closed"  # the state, which nobody writes by hand
        return True

    def action_reopen(self):
        self._check_decides()
        self.sudo().state = "open"  # the state, which nobody writes by hand
        return True

    def action_print_letters(self):
        self.check_access("read")
        if not self.line_ids:
            raise UserError(self.env._("Nothing of these lots was shipped to anybody."))
        return self.env.ref("dms_inventory.action_report_recall_letters").report_action(self)

    def action_export(self):
        """Download the list as a spreadsheet."""
        self.ensure_one()
        self.check_access("read")
        attachment = self.env["ir.attachment"].create(
            {
                "name": f"{self.name.replace('/', '-')}.xlsx",
                "datas": base64.b64encode(RecallWorkbook(self.env, self).render()),
                "res_model": self._name,
                "res_id": self.id,
            }
        )
        return {"type": "ir.actions.act_url", "url": f"/web/content/{attachment.id}?download=true", "target": "download"}

    def _check_decides(self):
        self.check_access("write")
        if not self.env.user.has_group("dms_orders.group_dms_user"):
            raise AccessError(self.env._("Recalls are run by the order desk."))

    # ------------------------------------------------------------ figures

    def _refresh(self):
        """Write where the goods are, anew, in a number of queries that does not depend on lots or partners."""
        for recall in self.sudo():  # movements of the lots, whoever got them
            rows = recall._compute_rows()
            recall.write({"line_ids": [Command.clear(), *(Command.create(row) for row in rows)], **recall._compute_totals(rows)})

    def _compute_rows(self):
        """Values of the lines: what transfers say, and for distributors their ledgers."""
        sent = self._get_sent()
        ledger = self._get_ledger()
        rows = []
        for lot_id, partner_id in sorted(sent.keys() | ledger.keys()):
            transfers = sent.get((lot_id, partner_id), {"shipped": 0.0, "returned": 0.0, "in_transit": 0.0, "followed": 0.0})
            rows.append({"lot_id": lot_id, "partner_id": partner_id, **self._prepare_figures(transfers, ledger.get((lot_id, partner_id)))})
        return rows

    def _prepare_figures(self, sent, ledger):
        """Figures of one lot at one partner; who keeps no ledger has what he got and did not send back."""
        figures = {"shipped_qty": sent["shipped"], "in_transit_qty": sent["in_transit"]}
        if ledger is None and not sent["followed"]:
            back = {"returned_qty": sent["returned"], "on_hand_qty": sent["shipped"] - sent["returned"]}
            return {**figures, "received_qty": sent["shipped"], **back, "is_followed": False}
        ledger = ledger or {}
        received = ledger.get("receipt", 0.0)
        sold, returned = -ledger.get("sellout", 0.0), -ledger.get("return", 0.0)
        adjusted = ledger.get("count", 0.0) + ledger.get("correction", 0.0)
        return {
            **figures,
            "received_qty": received,
            "short_qty": self.product_id.uom_id.round(sent["shipped"] - sent["in_transit"] - received),
            "returned_qty": returned,
            "sold_qty": sold,
            "adjusted_qty": adjusted,
            "on_hand_qty": self.product_id.uom_id.round(received - returned - sold + adjusted),
            "is_followed": True,
        }

    def _get_sent(self):
        """``{(lot id, partner id): {"shipped", "returned", "in_transit", "followed"}}`` by done transfers, in the product's own unit."""
        self.env["stock.move.line"].flush_model()
        self.env["stock.picking"].flush_model()
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT ml.lot_id, COALESCE(p.dms_receiver_id, o.distributor_id, partner.commercial_partner_id) AS partner_id,
                       COALESCE(SUM(ml.quantity_product_uom) FILTER (WHERE target.usage = 'customer'), 0)::float8 AS shipped,
                       COALESCE(SUM(ml.quantity_product_uom) FILTER (WHERE origin.usage = 'customer'), 0)::float8 AS returned,
                       COALESCE(SUM(ml.quantity_product_uom) FILTER (WHERE target.usage = 'customer' AND p.dms_receipt_state = 'in_transit'), 0)::float8
                           AS in_transit,
                       COALESCE(SUM(ml.quantity_product_uom) FILTER (WHERE p.dms_receiver_id IS NOT NULL), 0)::float8 AS followed
                  FROM stock_move_line ml
                  JOIN stock_location origin ON origin.id = ml.location_id
                  JOIN stock_location target ON target.id = ml.location_dest_id
                  JOIN stock_move m ON m.id = ml.move_id
                  LEFT JOIN stock_picking p ON p.id = ml.picking_id
                  LEFT JOIN sale_order_line l ON l.id = m.sale_line_id
                  LEFT JOIN sale_order o ON o.id = l.order_id
                  LEFT JOIN res_partner partner ON partner.id = COALESCE(p.partner_id, o.partner_id)
                 WHERE ml.lot_id = ANY(%s) AND ml.state = 'done' AND ml.company_id = %s
                   AND (origin.usage = 'customer') <> (target.usage = 'customer')
              GROUP BY 1, 2
                """,
                self.lot_ids.ids,
                self.company_id.id,
            )
        )
        return {(row.pop("lot_id"), row.pop("partner_id")): row for row in rows}

    def _get_ledger(self):
        """``{(lot id, distributor id): {flow: quantity}}``."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT lot_id, distributor_id, flow, SUM(quantity)::float8 FROM dms_stock_ledger
                 WHERE lot_id = ANY(%s) AND company_id = %s GROUP BY lot_id, distributor_id, flow
                """,
                self.lot_ids.ids,
                self.company_id.id,
            )
        )
        found = {}
        for lot_id, distributor_id, flow, quantity in rows:
            found.setdefault((lot_id, distributor_id), {})[flow] = quantity
        return found

    def _compute_totals(self, rows):
        """Figures of the whole, and whether everything is accounted for."""
        ((entered, other, shipped, returned),) = self.env.execute_query(
            SQL(
                """
                SELECT COALESCE(SUM(ml.quantity_product_uom) FILTER (WHERE origin.usage NOT IN %(ours)s AND origin.usage <> 'customer'), 0)::float8,
                       COALESCE(SUM(ml.quantity_product_uom) FILTER (WHERE target.usage NOT IN %(ours)s AND target.usage <> 'customer'), 0)::float8,
                       COALESCE(SUM(ml.quantity_product_uom) FILTER (WHERE target.usage = 'customer'), 0)::float8,
                       COALESCE(SUM(ml.quantity_product_uom) FILTER (WHERE origin.usage = 'customer'), 0)::float8
                  FROM stock_move_line ml
                  JOIN stock_location origin ON origin.id = ml.location_id
                  JOIN stock_location target ON target.id = ml.location_dest_id
                 WHERE ml.lot_id = ANY(%(lots)s) AND ml.state = 'done' AND ml.company_id = %(company)s
                """,
                ours=("internal", "transit"),
                lots=self.lot_ids.ids,
                company=self.company_id.id,
            )
        )
        quants = self.env["stock.quant"]._read_group(
            [
                ("lot_id", "in", self.lot_ids.ids),
                ("location_id.usage", "in", ("internal", "transit")),
                ("company_id", "=", self.company_id.id),
            ],
            [],
            ["quantity:sum"],
        )
        here = quants[0][0] or 0.0
        unit = self.product_id.uom_id
        whole = unit.is_zero(entered + returned - shipped - other - here) and unit.is_zero(
            sum(row["shipped_qty"] for row in rows) - shipped
        )
        return {
            "entered_qty": entered,
            "other_qty": other,
            "shipped_qty": shipped,
            "returned_qty": returned,
            "warehouse_qty": here,
            "is_balanced": whole and all(unit.is_zero(self._get_gap(row)) for row in rows),
            "refreshed_on": fields.Datetime.now(),
        }

    def _get_gap(self, row):
        """What of a line is not accounted for."""
        row = {name: row.get(name, 0.0) for name in FIGURES}
        arrived = row["shipped_qty"] - row["in_transit_qty"] - row["short_qty"] - row["received_qty"]
        there = row["received_qty"] - row["returned_qty"] - row["sold_qty"] + row["adjusted_qty"] - row["on_hand_qty"]
        return abs(arrived) + abs(there)


class DmsStockRecallLine(models.Model):
    _name = "dms.stock.recall.line"
    _description = "Line of a Recall"
    _order = "recall_id, on_hand_qty desc, id"
    _rec_name = "partner_id"

    recall_id = fields.Many2one("dms.stock.recall", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="recall_id.company_id", store=True, precompute=True)
    lot_id = fields.Many2one("stock.lot", required=True, readonly=True, ondelete="cascade")
    partner_id = fields.Many2one("res.partner", "Distributor or Customer", readonly=True, ondelete="cascade")
    territory_id = fields.Many2one(related="partner_id.territory_id")
    is_followed = fields.Boolean(
        "Ledger", readonly=True, help="A distributor whose stock is followed; of other customers nobody knows what they sold."
    )
    shipped_qty = fields.Float("Shipped", readonly=True, digits="Product Unit")
    in_transit_qty = fields.Float("In Transit", readonly=True, digits="Product Unit")
    short_qty = fields.Float("Missing or Damaged", readonly=True, digits="Product Unit")
    received_qty = fields.Float("Received", readonly=True, digits="Product Unit")
    returned_qty = fields.Float("Returned", readonly=True, digits="Product Unit")
    sold_qty = fields.Float("Sold", readonly=True, digits="Product Unit")
    adjusted_qty = fields.Float("Counted and Corrected", readonly=True, digits="Product Unit")
    on_hand_qty = fields.Float("On Hand", readonly=True, digits="Product Unit")


class StockLot(models.Model):
    _inherit = "stock.lot"

    def action_dms_recall(self):
        """Find out where the goods of these lots, of one product, are."""
        self.check_access("read")
        if len(self.product_id) != 1:
            raise UserError(self.env._("A recall is about lots of one product."))
        recall = self.env["dms.stock.recall"].create({"product_id": self.product_id.id, "lot_ids": [Command.set(self.ids)]})
        return {
            "type": "ir.actions.act_window",
            "res_model": recall._name,
            "res_id": recall.id,
            "view_mode": "form",
        }
