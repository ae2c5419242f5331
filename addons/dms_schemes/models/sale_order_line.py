from odoo import api, fields, models

from .sale_order_facts import taxed_gift, with_scheme

#: written by the evaluation of schemes only
SCHEME_LINE_FIELDS = {"scheme_percent", "scheme_discount", "is_scheme_free", "scheme_id", "scheme_product_id", "scheme_line_id"}
#: of a line, what schemes follow
FOLLOWED_FIELDS = {
    "order_id", "product_id", "product_uom_qty", "product_uom_id", "price_unit", "technical_price_unit", "discount", "tax_ids",
    "display_type", "sequence", "is_downpayment",
}  # fmt: skip


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    scheme_percent = fields.Float(
        "Scheme Percentage", copy=False, readonly=True, groups="base.group_user",
        help="What schemes take off after the line's own discount, in full precision, so that the amount is exact.",
    )  # fmt: skip
    scheme_discount = fields.Monetary("Scheme Benefit", copy=False, readonly=True, help="Untaxed amount that schemes take off the line.")
    is_scheme_free = fields.Boolean("Free Goods", copy=False, readonly=True)
    scheme_id = fields.Many2one(
        "dms.scheme", "Given By", copy=False, readonly=True, index="btree_not_null", ondelete="restrict", groups="base.group_user"
    )
    scheme_product_id = fields.Many2one(
        "product.product", "Earned By Product", copy=False, readonly=True, ondelete="restrict", groups="base.group_user"
    )
    scheme_line_id = fields.Many2one(
        "sale.order.line", "Earned By", copy=False, readonly=True, index="btree_not_null", ondelete="set null", groups="base.group_user",
        help="First of the lines that earned the free goods.",
    )  # fmt: skip
    scheme_application_line_ids = fields.One2many(
        "dms.scheme.application.line",
        "sale_line_id",
        "Benefits",
        readonly=True,
        groups="dms_orders.group_dms_user,dms_orders.group_dms_area_manager",
    )
    scheme_note = fields.Char("Schemes", compute="_compute_scheme_note", groups="base.group_user")

    @api.depends("scheme_discount", "is_scheme_free", "scheme_application_line_ids.amount")
    @api.depends_context("lang")
    def _compute_scheme_note(self):
        for line in self:
            line.scheme_note = line._get_scheme_note()

    def _get_scheme_note(self):
        """What schemes did to the line, in words: printed under it."""
        if self.is_scheme_free:
            return self.env._("Free goods: %(scheme)s", scheme=self.sudo().scheme_id.name)  # the name, of the order's own scheme
        if not self.scheme_discount:
            return False
        rows = self.sudo()._get_scheme_reductions()  # the order's own
        parts = [f"{row.application_id.scheme_id.name} −{self.currency_id.format(row.amount)}" for row in rows]
        return ", ".join(parts)

    def _get_scheme_reductions(self):
        """Live parts of benefits that reduce these lines; what is credited later reduces none."""
        return self.scheme_application_line_ids.filtered(
            lambda row: row.application_id.state != "reversed" and row.application_id.timing == "on_invoice"
        )

    # ------------------------------------------------------------ price

    @api.depends("scheme_percent")
    def _compute_amount(self):
        super()._compute_amount()

    def _prepare_base_line_for_taxes_computation(self, **kwargs):
        """What schemes take off enters the computation of taxes after the line's own discount."""
        line = self.sudo()  # a part of the line's own price, and the company's choice
        if "discount" in kwargs:
            return super()._prepare_base_line_for_taxes_computation(**kwargs)
        if line.is_scheme_free and line.company_id.scheme_tax_free_goods:
            return taxed_gift(super()._prepare_base_line_for_taxes_computation(**kwargs, discount=0.0))
        if line.scheme_percent:
            kwargs["discount"] = with_scheme(self.discount, line.scheme_percent)
        return super()._prepare_base_line_for_taxes_computation(**kwargs)

    def _compute_discount(self):
        super()._compute_discount()
        self.filtered("is_scheme_free").discount = 100.0

    def _get_discounted_price(self):
        return super()._get_discounted_price() * (1 - self.sudo().scheme_percent / 100.0)  # a part of the line's own price

    @api.depends("scheme_percent")
    def _compute_untaxed_amount_to_invoice(self):
        super()._compute_untaxed_amount_to_invoice()
        for line in self.filtered(lambda line: line.state == "sale" and line.sudo().scheme_percent):  # a part of its own price
            quantity = line.qty_delivered if line.product_id.invoice_policy == "delivery" else line.product_uom_qty
            value = line._dms_untaxed_value(scheme_percent=line.sudo().scheme_percent, quantity=quantity)  # a part of its own price
            line.untaxed_amount_to_invoice = value - line.untaxed_amount_invoiced

    def _prepare_invoice_line(self, **optional_values):
        values = super()._prepare_invoice_line(**optional_values)
        line = self.sudo()  # a part of the line's own price
        if line.scheme_percent:
            values["scheme_percent"] = line.scheme_percent
        if line.is_scheme_free:
            values["is_scheme_free"] = True
        return values

    # ------------------------------------------------------------ changes

    def _dms_documented_fields(self):
        return super()._dms_documented_fields() | SCHEME_LINE_FIELDS

    def _dms_guarded_fields(self):
        return super()._dms_guarded_fields() | {"scheme_percent"}

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            self, vals_list = self._dms_without_schemes(vals_list)
        orders = self.env["sale.order"].browse({vals["order_id"] for vals in vals_list if vals.get("order_id")})
        with orders._dms_following_schemes():
            orders._dms_schemes_changed()
            return super().create(vals_list)

    def _dms_without_schemes(self, vals_list):
        """Environment and values of new lines without what schemes give: it is computed, whatever was given."""
        context = {key: value for key, value in self.env.context.items() if key.removeprefix("default_") not in SCHEME_LINE_FIELDS}
        clean = [{name: value for name, value in vals.items() if name not in SCHEME_LINE_FIELDS} for vals in vals_list]
        return self.with_env(self.env(context=context)), clean

    def write(self, vals):
        if not FOLLOWED_FIELDS & vals.keys():
            return super().write(vals)
        orders = self.order_id | self.env["sale.order"].browse(vals.get("order_id") or [])
        with orders._dms_following_schemes():
            orders._dms_schemes_changed()
            return super().write(vals)

    def unlink(self):
        orders = self.order_id
        with orders._dms_following_schemes():
            orders._dms_schemes_changed()
            return super().unlink()
