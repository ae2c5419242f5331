from odoo import fields, models
from odoo.tools import float_compare
from odoo.tools.float_utils import float_invert

from ..engine import Facts
from ..engine.facts import make_line


class SaleOrder(models.Model):
    """An order as the scheme engine sees it: plain values, nothing of which is read again while it is evaluated."""

    _inherit = "sale.order"

    def _dms_scheme_day(self):
        """Day whose schemes count: that of submission, that of the quotation before."""
        return self.scheme_date or self.company_id._dms_local(self.date_order or fields.Datetime.now()).date()

    def _dms_scheme_edition_id(self):
        return self.scheme_edition_id.id or self.env["dms.scheme.edition"]._get_current_id(self.company_id.id)

    def _dms_scheme_book(self):
        """The schemes of this order, compiled; None where there are none."""
        edition = self._dms_scheme_edition_id()
        return self.env["dms.scheme.edition"]._get_book(edition) if edition else None

    def _dms_scheme_lines(self):
        """Goods bought, in their order; the key of a line in the engine is its place here."""
        return self._dms_sort_for_schemes(self.order_line)

    def _dms_sort_for_schemes(self, lines):
        return lines.filtered(lambda line: line._dms_is_bought()).sorted(lambda line: (line.sequence, line._origin.id or 2**31))

    def _dms_scheme_facts(self, lines, goods, book):
        """:rtype: engine.Facts

        :param lines: of :meth:`_dms_scheme_lines`
        :param goods: callable that gives ``engine.FreeGoods`` of a product id
        :param book: what the facts are for: what none of its schemes asks for is not read
        """
        distributor = self.distributor_id
        return Facts(
            lines=lines._prepare_scheme_lines(),
            day=self._dms_scheme_day(),
            distributor=distributor.id,
            distributor_class=self.dms_class_id.id or None,
            territory=_nodes(self.territory_id.parent_path) if book.by_territories else frozenset(),
            tags=frozenset(distributor.category_id.ids) if book.by_tags else frozenset(),
            rate=self.currency_rate or 1.0,
            rounding=self.currency_id.rounding,
            company_rounding=self.company_id.currency_id.rounding,
            free=goods,
        )


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _dms_is_bought(self):
        """Whether the line buys goods; sections, down payments, delivery, free goods do not."""
        return bool(self.product_id) and not (self.display_type or self.is_downpayment or self.is_scheme_free)

    def _prepare_scheme_lines(self):
        """These lines as ``engine.Line``, each with its place as key."""
        paths = {product.id: _nodes(product.categ_id.parent_path) for product in self.product_id}
        shows_discounts = self.env["product.pricelist.item"]._is_discount_feature_enabled()
        rounding = self.currency_id.rounding  # that of the order
        lines = []
        for place, line in enumerate(self):
            product, value = line.product_id.id, round(line._dms_value_before_schemes() / rounding)
            qualifies = line._dms_is_goods() and not line._dms_is_manually_priced(shows_discounts)
            lines.append(make_line(place, place, product, paths[product], line._dms_reference_qty(), value, qualifies))
        return tuple(lines)

    def _dms_is_goods(self):
        """Whether the line is of a kind that schemes count: no service, combo, delivery or discount."""
        if self.product_id.type in ("service", "combo") or self.combo_item_id or self.product_uom_qty <= 0:
            return False
        return not (self._is_delivery() or self._is_global_discount())

    def _dms_is_manually_priced(self, shows_discounts):
        """Whether price or discount differ from what the price list gives."""
        if self.technical_price_unit != self.price_unit and self.currency_id.compare_amounts(self.technical_price_unit, self.price_unit):
            return True
        if not self.discount and not shows_discounts:
            return False
        return float_compare(self.discount, self._dms_list_discount() if shows_discounts else 0.0, precision_digits=2) != 0

    def _dms_list_discount(self):
        """Discount the price list gives, where it shows discounts."""
        rule = self.pricelist_item_id
        if not rule._show_discount():
            return 0.0
        before = self._get_pricelist_price_before_discount()
        return max((before - self._get_pricelist_price()) / before * 100, 0.0) if before else 0.0

    # ------------------------------------------------------------ value before schemes

    def _dms_value_before_schemes(self):
        """Untaxed value at the line's own price and discount, rounded; what schemes take off comes after."""
        if self._dms_has_included_tax():
            return self._dms_untaxed_value()
        return self._dms_own_value()

    def _dms_own_value(self):
        """The same of a line whose price includes no tax."""
        return self.currency_id.round(self.product_uom_qty * (self.price_unit * (1 - self.discount / 100.0)))

    def _dms_has_included_tax(self):
        taxes = self.tax_ids
        if not taxes:
            return False
        if any(tax.amount_type == "group" for tax in taxes):
            taxes = taxes.flatten_taxes_hierarchy()
        return any(tax.price_include for tax in taxes)

    def _dms_untaxed_value(self, **values):
        """Untaxed value as core's taxes have it.

        :param values: ``scheme_percent``, ``discount`` and others to use instead of the line's own
        """
        return self._dms_tax_details(**values)["total_excluded_currency"]

    def _dms_full_value(self):
        """Untaxed value of free goods at their full price, rounded."""
        if self._dms_has_included_tax():
            return self._dms_untaxed_value(discount=0.0)
        return self.currency_id.round(self.product_uom_qty * self.price_unit)

    def _dms_tax_details(self, scheme_percent=0.0, **values):
        tax = self.env["account.tax"]
        company = self.company_id or self.env.company
        values.setdefault("discount", with_scheme(self.discount, scheme_percent))
        base_line = self._prepare_base_line_for_taxes_computation(**values)
        tax._add_tax_details_in_base_line(base_line, company)
        tax._round_base_lines_tax_details([base_line], company)
        return base_line["tax_details"]


def with_scheme(discount, scheme_percent):
    """Core's discount and what schemes take off after it, as one percentage."""
    return 100.0 - (100.0 - discount) * (100.0 - scheme_percent) / 100.0 if scheme_percent else discount


def amounts_in(currency):
    """A function that makes the amount of whole units of a currency's rounding, exactly as ``currency.round`` leaves it."""
    rounding = currency.rounding
    if rounding >= 1:
        return lambda units: units * rounding
    per_unit = float_invert(rounding)
    return lambda units: units / per_unit


def taxed_gift(base_line):
    """The base line of goods that are given away and taxed as if sold: the taxes of the full price on a value of nothing."""
    base_line["manual_total_excluded_currency"] = base_line["manual_total_excluded"] = 0.0
    return base_line


def _nodes(path):
    """Ids of a node and all above it, of a ``parent_path``."""
    return frozenset(int(node) for node in path.split("/") if node) if path else frozenset()
