"""Amounts of credit notes that are parts of what was invoiced: read from invoices, imposed on lines."""

from odoo import fields, models

from ..engine.refund import part
from .dms_case_links import hand_on

KINDS = [("scheme", "Benefits No Longer Earned"), ("free", "Free Goods Kept"), ("fee", "Restocking Fee")]


class Amounts:
    """What one line comes to: untaxed, and base and amount of each of its taxes, in the document's currency and the company's.

    Whole units of each currency's rounding, by key ``(tax id or 0, what, is company's)``.
    """

    def __init__(self, values=None):
        self.values = dict(values or {})

    def __add__(self, other):
        keys = self.values.keys() | other.values.keys()
        return Amounts({key: self.values.get(key, 0) + other.values.get(key, 0) for key in keys})

    def __neg__(self):
        return Amounts({key: -value for key, value in self.values.items()})

    def __sub__(self, other):
        return self + -other

    def part(self, whole, before, more):
        """What goes back of these amounts with ``more`` of ``whole``, after ``before``."""
        return Amounts({key: part(value, whole, before, more) for key, value in self.values.items()})

    def cut(self, most):
        """These amounts, none of them above ``most``; nothing where ``most`` is below zero."""
        return Amounts({key: min(value, max(most.values.get(key, 0), 0)) for key, value in self.values.items()})

    def is_same(self, other):
        """Whether both come to the same, before taxes and with them, in both currencies."""
        return (self - other).is_nothing

    @property
    def is_nothing(self):
        return not (self.untaxed or self.company_untaxed or self.tax or self.company_tax)

    @property
    def untaxed(self):
        return self.values.get((0, "untaxed", False), 0)

    @property
    def company_untaxed(self):
        return self.values.get((0, "untaxed", True), 0)

    @property
    def tax(self):
        return self._get_tax(False)

    @property
    def company_tax(self):
        return self._get_tax(True)

    def _get_tax(self, wanted):
        return sum(value for (_tax, what, in_company), value in self.values.items() if what == "tax" and in_company is wanted)

    @property
    def total(self):
        return self.untaxed + self.tax


class AccountMove(models.Model):
    _inherit = "account.move"

    def _dms_get_line_amounts(self):
        """``{product line: Amounts}`` of an invoice or credit note, to the unit as its totals have them: the rounding of the whole
        document, and taxes changed by hand, are on the lines.
        """
        base_lines, _tax_lines = self._get_rounded_base_and_tax_lines()
        return {base_line["record"]: self._dms_read_amounts(base_line) for base_line in base_lines if not base_line["special_type"]}

    def _dms_read_amounts(self, base_line):
        """:rtype: Amounts"""
        details, units = base_line["tax_details"], self._dms_in_units
        values = {}
        for in_company, suffix in ((False, "_currency"), (True, "")):
            untaxed = details[f"total_excluded{suffix}"] + details.get(f"delta_total_excluded{suffix}", 0.0)
            values[0, "untaxed", in_company] = units(untaxed, in_company)
            for tax_data in details["taxes_data"]:
                if not tax_data["is_reverse_charge"]:
                    for what in ("base", "tax"):
                        values[tax_data["tax"].id, what, in_company] = units(tax_data[f"{what}_amount{suffix}"], in_company)
                else:  # taken off again what the same tax adds
                    key = (tax_data["tax"].id, "reverse", in_company)
                    values[key] = units(tax_data[f"tax_amount{suffix}"], in_company)
        return Amounts(values)

    def _dms_in_units(self, amount, in_company=False):
        currency = self.company_currency_id if in_company else self.currency_id
        return round(amount / currency.rounding)

    def _dms_from_units(self, units, in_company=False):
        currency = self.company_currency_id if in_company else self.currency_id
        return currency.round(units * currency.rounding)

    def _dms_tax_amounts(self, taxes, untaxed):
        """:class:`Amounts` of an untaxed amount and its taxes at this document's rate, as if it were a line of its own.

        :param int untaxed: units, of any sign
        """
        tax = self.env["account.tax"]
        base_line = tax._prepare_base_line_for_taxes_computation(
            None,
            tax_ids=taxes,
            price_unit=self._dms_from_units(untaxed),
            quantity=1.0,
            currency_id=self.currency_id,
            rate=self.invoice_currency_rate or 1.0,
            special_mode="total_excluded",
        )
        tax._add_tax_details_in_base_line(base_line, self.company_id, rounding_method="round_per_line")
        tax._round_base_lines_tax_details([base_line], self.company_id)
        return self._dms_read_amounts(base_line)

    def _prepare_product_base_line_for_taxes_computation(self, product_line):
        """Core imposes amounts on lines with taxes only: a line of ours without taxes has its untaxed amount as it was computed."""
        base_line = super()._prepare_product_base_line_for_taxes_computation(product_line)
        data = product_line.extra_tax_data
        if data and data.get("dms_part") and not base_line["tax_ids"] and product_line._dms_is_as_imposed(data):
            base_line["manual_total_excluded_currency"] = data["manual_total_excluded_currency"]
            if data["rate"] == base_line["rate"]:
                base_line["manual_total_excluded"] = data["manual_total_excluded"]
        return base_line


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    dms_refund_kind = fields.Selection(
        KINDS,
        "Taken Off",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="What a credit note takes off again, beside the goods.",
    )
    dms_refund_order_id = fields.Many2one(
        "sale.order",
        "Taken Off for Order",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        groups="base.group_user",
    )
    # not linked as an invoice line of the order: it is no quantity that was invoiced or credited
    dms_free_line_id = fields.Many2one(
        "sale.order.line",
        "Free Goods Charged",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups="base.group_user",
    )

    def _copy_data_extend_business_fields(self, values):
        """A reversal says what it reverses."""
        super()._copy_data_extend_business_fields(values)
        line = self.sudo()  # the line that is being reversed
        values["dms_refund_kind"] = line.dms_refund_kind
        values["dms_refund_order_id"] = hand_on(line.dms_refund_order_id)
        values["dms_free_line_id"] = hand_on(line.dms_free_line_id)

    def _dms_is_as_imposed(self, data):
        """Whether the line still is what its amounts were made for."""
        same = self.currency_id.compare_amounts
        names = ("price_unit", "discount", "quantity")
        return self.currency_id.id == data["currency_id"] and not any(same(self[name], data[name]) for name in names)

    def _dms_imposed_amounts(self):
        """:class:`Amounts` of a line of ours as they were imposed."""
        data, units, values = self.extra_tax_data or {}, self.move_id._dms_in_units, {}
        for in_company, suffix in ((False, "_currency"), (True, "")):
            values[0, "untaxed", in_company] = units(data.get(f"manual_total_excluded{suffix}", 0.0), in_company)
            for tax_id, amounts in data.get("manual_tax_amounts", {}).items():
                for what in ("base", "tax"):
                    values[int(tax_id), what, in_company] = units(amounts[f"{what}_amount{suffix}"], in_company)
        return Amounts(values)


def impose(move, amounts, taxes, quantity=1.0, price_unit=0.0, discount=0.0):
    """Values of a line that comes to ``amounts`` exactly, by core's own means for down payments and discounts.

    :param move: the invoice whose currency, rate and company the line is in
    """
    units = {False: "_currency", True: ""}
    money = {key: move._dms_from_units(value, key[2]) for key, value in amounts.values.items()}
    manual = {}
    for tax in taxes._flatten_taxes_and_sort_them()[0]:
        manual[str(tax.id)] = {
            f"{what}_amount{suffix}": money.get((tax.id, what, in_company), 0.0)
            for in_company, suffix in units.items()
            for what in ("base", "tax")
        }
    data = {f"manual_total_excluded{suffix}": money.get((0, "untaxed", in_company), 0.0) for in_company, suffix in units.items()}
    data |= {"manual_tax_amounts": manual, "dms_part": True, "currency_id": move.currency_id.id, "rate": move.invoice_currency_rate or 1.0}
    made_for = {"price_unit": price_unit, "discount": discount, "quantity": quantity}
    return {**made_for, "tax_ids": [(6, 0, taxes.ids)], "extra_tax_data": {**data, **made_for}}
