from odoo import api, fields, models

from ..engine import explain
from .scheme_words import SchemeWords

READERS = "dms_orders.group_dms_user,dms_orders.group_dms_area_manager"


class SaleOrder(models.Model):
    """What people read of an order's schemes: the panel with reasons, the value before schemes, the way to the ledger."""

    _inherit = "sale.order"

    scheme_benefit_amount = fields.Monetary(
        "Total Scheme Benefit", compute="_compute_scheme_benefit_amount", groups="base.group_user",
        help="Untaxed: what schemes take off the lines, and free goods at their full price.",
    )  # fmt: skip
    scheme_gross_amount = fields.Monetary(
        "Value before Schemes", compute="_compute_scheme_benefit_amount", groups="base.group_user",
        help="Untaxed amount with what schemes give added back.",
    )  # fmt: skip
    scheme_benefit_count = fields.Integer("Number of Benefits", compute="_compute_scheme_benefit_count", groups=READERS)

    @api.depends(
        "amount_untaxed", "order_line.scheme_discount", "order_line.is_scheme_free", "order_line.product_uom_qty", "order_line.price_unit"
    )
    def _compute_scheme_benefit_amount(self):
        for order in self:
            free = order.order_line.filtered("is_scheme_free")
            benefit = sum(order.order_line.mapped("scheme_discount")) + sum(line._dms_full_value() for line in free)
            order.scheme_benefit_amount = benefit
            order.scheme_gross_amount = order.amount_untaxed + benefit

    @api.depends("scheme_application_ids.state")
    def _compute_scheme_benefit_count(self):
        groups = self.env["dms.scheme.application"]._read_group(
            [("order_id", "in", self.ids), ("state", "!=", "reversed")], ["order_id"], ["__count"]
        )
        counts = {order.id: count for order, count in groups}
        for order in self:
            order.scheme_benefit_count = counts.get(order.id, 0)

    def action_open_scheme_benefits(self):
        """The ledger of these orders."""
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("dms_schemes.action_scheme_application")
        return {**action, "domain": [("order_id", "in", self.ids)], "context": {"search_default_live": 1, "create": False}}

    # ------------------------------------------------------------ panel

    @api.readonly
    def get_scheme_panel(self):
        """What became of each scheme in force, for the panel of the order's form; see :meth:`_prepare_scheme_panel`.

        :raise AccessError: for whoever may not read the order, or schemes
        """
        self.ensure_one()
        self.check_access("read")
        self.env["dms.scheme"].check_access("read")
        return self._prepare_scheme_panel()

    def _prepare_scheme_panel(self):
        """What became of each scheme in force for the distributor on the order's day, in the language of the environment.

        Works for stored and virtual orders, writes nothing; the caller has checked that the reader may see the order.

        :return: ``{"applied": [], "near": [], "not": []}`` of dicts with ``scheme_id``, ``code``, ``title``, ``reason`` (the
            engine's code), ``sentence``, ``amount`` (order currency, untaxed), ``amount_text``, ``progress`` (percent of the
            way to the next step) and ``documents`` (the lines that earned it: ``model``, ``id``, ``name``)
        """
        self.ensure_one()
        panel = {"applied": [], "near": [], "not": []}
        order = self.sudo()  # terms and names for an order the reader may see
        book = order._dms_scheme_book() if order.distributor_id and order.state != "cancel" else None
        if not book:
            return panel
        lines, result = order._dms_evaluate_schemes()
        facts = order._dms_scheme_facts(lines, None, book)
        words = SchemeWords(order, lines, facts, result)
        later = [outcome for outcome in result.outcomes if outcome.grants and outcome.scheme.timing == "off_invoice"]
        for outcome in [*explain(book, facts, result), *later]:
            panel[outcome.status].append(words.describe(outcome))
        return panel
