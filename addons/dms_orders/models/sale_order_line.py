import heapq
from collections import defaultdict

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools import float_compare

#: fields of a line that can raise the value of an order or change what is ordered
GUARDED_FIELDS = {
    "order_id", "product_id", "product_uom_qty", "product_uom_id", "price_unit", "discount", "tax_ids",
    "technical_price_unit", "extra_tax_data",
}  # fmt: skip
#: of these, the fields that are checked even when the total does not rise
IDENTITY_FIELDS = {"order_id", "product_id", "tax_ids"}
#: of an order, what the prices of its lines follow
PRICING_FIELDS = (
    "partner_id", "partner_invoice_id", "partner_shipping_id", "company_id", "pricelist_id", "currency_id", "fiscal_position_id",
    "date_order",
)  # fmt: skip
#: computed from documents: by hand they would deceive about what was delivered and invoiced
DOCUMENTED_FIELDS = {"qty_delivered", "qty_invoiced", "qty_invoiced_posted", "price_subtotal", "price_tax", "price_total"}


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    @api.model_create_multi
    def create(self, vals_list):
        orders = self.env["sale.order"].browse({vals["order_id"] for vals in vals_list if vals.get("order_id")})
        if orders.sudo().filtered("distributor_id") and not self.env.su:  # whether the life cycle has a say
            self, vals_list = self._dms_without_documented(vals_list)
        with orders._dms_guard_confirmed(recheck=True):
            return super().create(vals_list)

    def _dms_without_documented(self, vals_list):
        """Environment and values of new lines without what follows from documents: it is computed, whatever was given."""
        computed = self._dms_documented_fields() - {"qty_delivered"}
        context = {key: value for key, value in self.env.context.items() if key.removeprefix("default_") not in computed}
        clean = [{name: value for name, value in vals.items() if name not in computed} for vals in vals_list]
        return self.with_env(self.env(context=context)), clean

    def write(self, vals):
        self._dms_check_documented(vals.keys() & self._dms_documented_fields())
        if not self._dms_guarded_fields() & vals.keys():
            return super().write(vals)
        orders = self.order_id | self.env["sale.order"].browse(vals.get("order_id") or [])
        with orders._dms_guard_confirmed(changed=bool(IDENTITY_FIELDS & vals.keys()), recheck=True):
            return super().write(vals)

    def unlink(self):
        with self.order_id._dms_guard_confirmed(recheck=True):
            return super().unlink()

    def _dms_check_documented(self, names):
        """Refuse what follows from deliveries and invoices; services are delivered by hand."""
        if not names or self.env.su:
            return
        for line in self.filtered("order_id.distributor_id"):
            if names - {"qty_delivered"} or line.qty_delivered_method != "manual":
                raise AccessError(self.env._("Follows from deliveries and invoices: %(fields)s", fields=", ".join(sorted(names))))

    def _dms_documented_fields(self):
        """Names of the fields that follow from documents and are never set by hand; extended with figures of upper modules."""
        return DOCUMENTED_FIELDS

    def _dms_guarded_fields(self):
        """Names of the fields whose write on a confirmed distributor's order is checked; extended with price parts."""
        return GUARDED_FIELDS

    def _dms_reference_qty(self):
        """Quantity in the product's own unit, unrounded."""
        if self.product_uom_id == self.product_id.uom_id:
            return self.product_uom_qty
        return self.product_uom_id._compute_quantity(self.product_uom_qty, self.product_id.uom_id, round=False)

    def _dms_is_invoiced(self):
        """Whether everything delivered was invoiced by posted invoices."""
        return float_compare(self.qty_invoiced_posted, self.qty_delivered, precision_rounding=self.product_uom_id.rounding) >= 0

    def _compute_pricelist_item_id(self):
        """The rules of a distributor's order are searched once per price list, not line by line."""
        batched = self.filtered(lambda line: line.order_id.distributor_id and line.product_id and line.order_id.pricelist_id)
        super(SaleOrderLine, self - batched)._compute_pricelist_item_id()
        for (pricelist, date), lines in batched.grouped(lambda line: (line.order_id.pricelist_id, line._get_order_date())).items():
            lines._dms_set_rules(pricelist, date)

    def _dms_set_rules(self, pricelist, date):
        """Give each line the first of the price list's rules that applies to it, as core orders and judges them."""
        rules = defaultdict(list)
        for place, rule in enumerate(pricelist._get_applicable_rules(self.product_id, date)):
            rules[rule.product_id or rule.product_tmpl_id].append((place, rule))
        everything = rules[self.env["product.template"]]
        for line in self:
            product, quantity = line.product_id, line._dms_rule_qty()
            candidates = heapq.merge(rules.get(product, ()), rules.get(product.product_tmpl_id, ()), everything)
            applicable = (rule for _place, rule in candidates if rule._is_applicable_for(product, quantity))
            line.pricelist_item_id = next(applicable, False)

    def _dms_rule_qty(self):
        """Quantity that core compares with a rule's minimum: in the product's unit, one when nothing is ordered."""
        quantity = self.product_uom_qty or 1.0
        if self.product_uom_id in (self.product_id.uom_id, self.env["uom.uom"]):
            return quantity
        return self.product_uom_id._compute_quantity(quantity, self.product_id.uom_id, raise_if_failure=False)

    def _dms_new_at_list_price(self):
        """Virtual lines that order the same again, priced by core alone; one for each line, in order.

        They hang on a virtual order of their own that has no origin: one with an origin would count as the order itself.
        """
        twins = self.browse()
        for order, lines in self.grouped("order_id").items():
            host = order.new({name: order[name] for name in PRICING_FIELDS})
            for line in lines:
                twins += self.new(
                    {
                        "order_id": host.id,
                        "product_id": line.product_id.id,
                        "product_uom_id": line.product_uom_id.id,
                        "product_uom_qty": line.product_uom_qty,
                        "product_no_variant_attribute_value_ids": line.product_no_variant_attribute_value_ids.ids,
                    }
                )
        return twins

    def _dms_has_price(self, price_unit, discount):
        """Whether the line is priced so: equal to the rounding of its currency, per unit and discount."""
        currency = self.currency_id
        return (
            currency.compare_amounts(self.price_unit, price_unit) == 0 and float_compare(self.discount, discount, precision_digits=2) == 0
        )
