"""A credit note while it is put together."""

from odoo.fields import Command

from ..engine.refund import fit
from .account_move_refund import Amounts, impose


class Need:
    """What is to be taken off credit notes of one order in all, and what was taken off before; untaxed, in units.

    ``target`` and ``posted`` are positive where something is taken off; what does not fit on this credit note is left for the next.
    """

    def __init__(self, kind, order, taxes, account, name, target, posted, free_line=None):
        self.kind, self.order, self.taxes, self.account, self.name = kind, order, taxes, account, name
        self.target, self.posted, self.free_line = target, posted, free_line

    @property
    def open(self):
        return self.target - self.posted.untaxed

    def take(self, invoice, untaxed, total):
        """What is taken off now on a credit note of ``invoice`` that comes to so much: :class:`Amounts`."""

        def amounts(more):
            # taxes are those of all that was taken off so far, so that they are nothing again once it is nothing
            return invoice._dms_tax_amounts(self.taxes, self.posted.untaxed + more) - self.posted

        taken = fit(self.open, untaxed, total, lambda more: amounts(more).tax)
        found = amounts(taken) if taken else Amounts()
        self.posted += found
        return found


class Note:
    """The credit note of one return for one invoice."""

    def __init__(self, case, invoice):
        self.case, self.invoice = case, invoice
        #: ``[(order, Amounts, values)]``
        self.lines = []
        self.totals = {}

    @property
    def is_nothing(self):
        """Whether nothing of it has any money, as of free goods."""
        return not any(value for _order, amounts, _values in self.lines for value in amounts.values.values())

    def add(self, order, amounts, values):
        self.lines.append((order, amounts, values))
        self.totals[order] = self.totals.get(order, Amounts()) + amounts

    def add_goods(self, line, source, quantity, amounts):
        """Goods of one return line from one invoice line, as they were invoiced."""
        item, unit = source.key, line.product_uom_id
        order_line = line.sale_line_id
        price = item.product_uom_id._compute_price(item.price_unit, unit) if item.product_uom_id != unit else item.price_unit
        quantity = round(order_line._dms_to_unit(quantity, unit), 6)
        values = {
            "name": item.name,
            "product_id": item.product_id.id,
            "product_uom_id": unit.id,
            "account_id": item.account_id.id,
            "analytic_distribution": item.analytic_distribution,
            "scheme_percent": item.scheme_percent,
            "is_scheme_free": item.is_scheme_free,
            "sale_line_ids": [Command.set(order_line.ids)],
            "dms_return_line_id": line.id,
            **impose(self.invoice, amounts, item.tax_ids, quantity, price, item.discount),
        }
        self.add(order_line.order_id, amounts, values)

    def add_need(self, need):
        """Take off what an order owes, as far as its goods on this credit note reach."""
        so_far = self.totals.get(need.order, Amounts())
        amounts = -need.take(self.invoice, so_far.untaxed, so_far.total)
        if any(amounts.values.values()):
            values = self._prepare_off(need.kind, need.name, need.account, need.taxes, amounts)
            values |= {"dms_refund_order_id": need.order.id, "dms_free_line_id": need.free_line and need.free_line.id}
            self.add(need.order, amounts, values)

    def add_fee(self, name, account, taxes, units):
        """A fee on this credit note; it is not carried where the rest of it is too little."""
        so_far = sum(self.totals.values(), Amounts())
        amounts = -Need("fee", None, taxes, account, name, units, Amounts()).take(self.invoice, so_far.untaxed, so_far.total)
        if amounts.untaxed:
            self.add(None, amounts, self._prepare_off("fee", name, account, taxes, amounts))

    def get_company_parts(self, order):
        """(``{return line: untaxed}``, what was taken off) for one order, units of the company's currency."""
        goods, off = {}, 0
        for of_order, amounts, values in self.lines:
            if of_order == order and "dms_return_line_id" in values:
                line = self.case.line_ids.browse(values["dms_return_line_id"])
                goods[line] = goods.get(line, 0) + amounts.company_untaxed
            elif of_order == order:
                off += amounts.company_untaxed
        return goods, off

    def _prepare_off(self, kind, name, account, taxes, amounts):
        price = self.invoice._dms_from_units(amounts.untaxed)
        return {"name": name, "account_id": account.id, "dms_refund_kind": kind, **impose(self.invoice, amounts, taxes, 1.0, price)}

    def prepare(self):
        """Values of the credit note."""
        invoice, case = self.invoice, self.case
        today = invoice.company_id._dms_today()
        lines = [Command.create({**values, "sequence": place}) for place, (_order, _amounts, values) in enumerate(self.lines, 1)]
        return {
            "move_type": "out_refund",
            "company_id": invoice.company_id.id,
            "journal_id": invoice.journal_id.id,
            "partner_id": invoice.partner_id.id,
            "partner_shipping_id": invoice.partner_shipping_id.id,
            "currency_id": invoice.currency_id.id,
            "invoice_currency_rate": invoice.invoice_currency_rate,
            "fiscal_position_id": invoice.fiscal_position_id.id,
            "invoice_user_id": invoice.invoice_user_id.id,
            "team_id": invoice.team_id.id,
            "invoice_payment_term_id": False,
            "invoice_date": today,
            "date": today,
            "invoice_date_due": today,
            "invoice_origin": ", ".join(filter(None, (case.name, invoice.invoice_origin))),
            "ref": case.env._("%(return)s of %(invoice)s", **{"return": case.name, "invoice": invoice.name}),
            "reversed_entry_id": invoice.id,
            "dms_return_id": case.id,
            "invoice_line_ids": lines,
        }
