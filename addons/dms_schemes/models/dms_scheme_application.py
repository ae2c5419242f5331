from odoo import api, fields, models
from odoo.exceptions import AccessError

STATES = [("draft", "Draft"), ("committed", "Committed"), ("reversed", "Reversed")]
#: states in which a benefit counts
LIVE = ("draft", "committed")


class DmsSchemeApplication(models.Model):
    """The benefit ledger: what one slab gave to one product, or basket, of an order.

    Rows are written by the evaluation of orders and by nobody else; a benefit that changes is reversed and written anew.
    """

    _name = "dms.scheme.application"
    _description = "Scheme Benefit"
    _order = "order_id desc, id"
    _rec_name = "scheme_id"

    order_id = fields.Many2one("sale.order", required=True, index=True, ondelete="cascade", readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="restrict")
    distributor_id = fields.Many2one("res.partner", required=True, index=True, readonly=True, ondelete="restrict")
    territory_id = fields.Many2one(related="order_id.territory_id")
    scheme_id = fields.Many2one("dms.scheme", required=True, index=True, readonly=True, ondelete="restrict")
    scheme_code = fields.Char(required=True, readonly=True)
    timing = fields.Selection(related="scheme_id.timing")
    slab_id = fields.Many2one("dms.scheme.slab", required=True, readonly=True, ondelete="restrict")
    product_id = fields.Many2one("product.product", "Earned By", readonly=True, ondelete="restrict", help="Empty for a basket.")
    base_qty = fields.Float("Base Quantity", readonly=True, digits="Product Unit", help="In each product's own unit.")
    base_amount = fields.Monetary(readonly=True, help="Running net value of what qualified, order currency, untaxed.")
    benefit_amount = fields.Monetary("Benefit", readonly=True, help="Order currency, untaxed; free goods at full price.")
    benefit_company_amount = fields.Monetary(
        "Benefit (company currency)", readonly=True, currency_field="company_currency_id", help="What budgets count."
    )
    free_product_id = fields.Many2one("product.product", readonly=True, ondelete="restrict")
    free_qty = fields.Float("Free Quantity", readonly=True, digits="Product Unit", help="In the free product's own unit.")
    times = fields.Integer(readonly=True, aggregator=None)
    cap = fields.Selection(
        [("max_per_order", "Limit per order"), ("max_per_distributor", "Limit per distributor"), ("budget", "Budget")],
        "Cut By",
        readonly=True,
    )
    returned_amount = fields.Monetary("Taken Back", readonly=True, help="Order currency: what credit notes took back.")
    returned_company_amount = fields.Monetary(readonly=True, currency_field="company_currency_id")
    consumed_company_amount = fields.Monetary(
        "Consumed", readonly=True, currency_field="company_currency_id", help="Part that was invoiced, less what was taken back."
    )
    state = fields.Selection(STATES, required=True, readonly=True, default="draft")
    line_ids = fields.One2many("dms.scheme.application.line", "application_id", "Lines", readonly=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    company_currency_id = fields.Many2one(related="company_id.currency_id", string="Company Currency")
    explanation = fields.Char(compute="_compute_explanation")

    _usage_idx = models.Index(
        "(company_id, scheme_code, distributor_id) INCLUDE (benefit_company_amount, returned_company_amount, order_id) WHERE state = 'committed'"
    )

    @api.depends("scheme_id", "slab_id", "base_qty", "base_amount", "cap", "free_qty", "free_product_id")
    @api.depends_context("lang")
    def _compute_explanation(self):
        for application in self:
            application.explanation = application._explain()

    def _explain(self):
        """Why the benefit was given, in a sentence that shows nothing of other distributors' terms."""
        _ = self.env._
        scheme, money = self.scheme_id, self.currency_id.format
        bought = money(self.base_amount) if scheme.basis == "amount" else f"{self.base_qty:g} {self.product_id.uom_id.name or ''}".strip()
        values = {"scheme": scheme.name, "bought": bought, "gift": self.slab_id._gift_in_words(), "amount": money(self.benefit_amount)}
        if self.free_product_id:
            values["gift"] = _("%(quantity)s × %(product)s free", quantity=f"{self.free_qty:g}", product=self.free_product_id.display_name)
        sentence = _("%(scheme)s: %(gift)s for %(bought)s (%(amount)s)", **values)
        cut = dict(self._fields["cap"]._description_selection(self.env)).get(self.cap)
        return _("%(sentence)s, cut by: %(cap)s", sentence=sentence, cap=cut) if cut else sentence

    # ------------------------------------------------------------ append-only

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        """Rows go with a draft order that is deleted, by the database, and never otherwise."""
        raise AccessError(self.env._("A benefit is reversed, never deleted."))

    def _reverse(self):
        """The benefit no longer counts; its amount stays."""
        self.filtered(lambda application: application.state in LIVE).write({"state": "reversed"})

    @api.model
    def _take(self, orders):
        """These orders were confirmed: their benefits take their part of budgets and caps.

        :return: ``[{"order_id", "company_id", "scheme_code", "benefit_company_amount"}]`` of the rows committed by this
        """
        self.flush_model(["state"])
        self.env.cr.execute(
            """
            UPDATE dms_scheme_application SET state = 'committed' WHERE order_id = ANY(%s) AND state = 'draft'
            RETURNING order_id, company_id, scheme_code, benefit_company_amount::float8
            """,
            [list(orders.ids)],
        )
        self.invalidate_model(["state"], flush=False)
        return self.env.cr.dictfetchall()

    # ------------------------------------------------------------ usage

    @api.model
    def _get_used(self, company, codes, distributors, without):
        """What orders other than ``without`` take of the schemes' caps, over all versions.

        :return: ``{code: (total, {distributor id: total})}`` in company currency, less what was taken back
        """
        if not codes:
            return {}
        self.flush_model(["state", "benefit_company_amount", "returned_company_amount"])
        self.env.cr.execute(
            """
            SELECT scheme_code,
                   SUM(benefit_company_amount - COALESCE(returned_company_amount, 0)),
                   CASE WHEN distributor_id = ANY(%s) THEN distributor_id END
              FROM dms_scheme_application
             WHERE company_id = %s AND scheme_code = ANY(%s) AND state = 'committed' AND order_id <> ALL(%s)
             GROUP BY 1, 3
            """,
            [distributors.ids, company.id, list(codes), list(without.ids)],
        )
        used = {}
        for code, amount, distributor in self.env.cr.fetchall():
            total, by_distributor = used.setdefault(code, [0.0, {}])
            used[code][0] = total + float(amount)
            if distributor:
                by_distributor[distributor] = float(amount)
        return used


class DmsSchemeApplicationLine(models.Model):
    """How a money benefit is split over the lines it reduces; returns need it."""

    _name = "dms.scheme.application.line"
    _description = "Scheme Benefit on a Line"
    _order = "application_id, id"

    application_id = fields.Many2one("dms.scheme.application", required=True, index=True, ondelete="cascade", readonly=True)
    sale_line_id = fields.Many2one("sale.order.line", index=True, ondelete="set null", readonly=True)
    amount = fields.Monetary(readonly=True, help="Order currency, untaxed.")
    returned_amount = fields.Monetary("Taken Back", readonly=True)
    currency_id = fields.Many2one(related="application_id.currency_id")
    company_id = fields.Many2one(related="application_id.company_id")
