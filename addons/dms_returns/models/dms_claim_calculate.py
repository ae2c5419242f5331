from collections import defaultdict

from odoo import models
from odoo.tools import SQL

#: kinds of claims that are calculated, and how; what people spent is not
CALCULATORS = {
    "shortage": "_calculate_shortfall",
    "transit_damage": "_calculate_shortfall",
    "price_difference": "_calculate_price_difference",
    "price_protection": "_calculate_protection",
    "scheme": "_calculate_accrual",
}


class DmsClaim(models.Model):
    _inherit = "dms.claim"

    def _calculate(self):
        """Write beside what is claimed what the sources come to, in a number of queries that does not depend on their number."""
        for kind, claims in self.grouped("kind").items():
            lines = claims.line_ids
            found = getattr(lines, CALCULATORS[kind])() if kind in CALCULATORS else lines._get_named_invoice_lines()
            for line in lines:
                amount, invoice_line = found.get(line, (0.0, line.invoice_line_id.browse()))
                line._write_calculated(line.currency_id.round(amount), invoice_line)

    def _complete_lines(self):
        """A line for each accrual named, for what is claimed of them; accruals that are claimed by line are named."""
        for claim in self:
            lines = claim.line_ids.filtered(lambda line: line.source_model == "dms.scheme.accrual")
            named = lines._get_sources("dms.scheme.accrual")
            if missing := claim.accrual_ids - named:
                claim._add_accrual_lines(missing)
            if claim.accrual_ids != claim.accrual_ids | named:
                claim.accrual_ids |= named

    def _add_accrual_lines(self, accruals):
        """The amount claimed in one sum lies on the accruals as they owe, the difference on the first."""
        claimed, values = self.amount_claimed, [line._prepare_claim_line() for line in accruals]
        if claimed and not self.line_ids:
            values[0]["amount_claimed"] += claimed - sum(vals["amount_claimed"] for vals in values)
        self.env["dms.claim.line"].create([{**vals, "claim_id": self.id} for vals in values])


class DmsSchemeAccrual(models.Model):
    _inherit = "dms.scheme.accrual"

    def _prepare_claim_line(self):
        return {
            "name": self.display_name,
            "source_model": self._name,
            "source_id": self.id,
            "amount_claimed": self.open_amount,
        }


class DmsClaimLine(models.Model):
    """How each kind of claim is calculated: ``{line: (amount, invoice line or none)}``, company currency, untaxed, not rounded."""

    _inherit = "dms.claim.line"

    def _write_calculated(self, amount, invoice_line):
        if self.amount_calculated != amount or self.invoice_line_id != invoice_line:
            self.write({"amount_calculated": amount, "invoice_line_id": invoice_line.id})

    def _get_named_invoice_lines(self):
        return {line: (0.0, source) for line, source in self._map_sources().items() if source and source._name == "account.move.line"}

    def _calculate_accrual(self):
        """What the accruals owe."""
        none = self.env["account.move.line"]
        owed = {row.id: row.open_amount for row in self._get_sources("dms.scheme.accrual")}
        return {line: (owed.get(line.source_id, 0.0), none) for line in self}

    def _calculate_protection(self):
        """What a price list's drop took off the stock held."""
        none = self.env["account.move.line"]
        amounts = {item.id: item.amount for item in self._get_sources("dms.price.protection.item")}
        return {line: (amounts.get(line.source_id, 0.0), none) for line in self}

    # ------------------------------------------------------------ price difference

    def _calculate_price_difference(self):
        """What was invoiced for a unit, less what the price list asked on the order's day, times the quantity; never negative."""
        invoiced = {row.id: row for row in self._get_sources("account.move.line")}
        prices = self._get_listed_prices(self.env["account.move.line"].union(*invoiced.values()))
        found = {}
        for line in self:
            if source := invoiced.get(line.source_id):
                bought = source._dms_get_own_quantity()
                quantity = min(line.quantity or bought, bought)
                found[line] = (max(source._dms_get_net_price() - prices[source], 0.0) * quantity, source)
        return found

    def _get_listed_prices(self, invoiced):
        """``{invoice line: price}`` of one unit by the price list of its order on the order's day, company currency, untaxed."""
        groups = defaultdict(invoiced.browse)
        for line in invoiced:
            groups[line._dms_get_price_terms()] |= line
        prices = {}
        for (pricelist, date, company), lines in groups.items():
            currency = company.currency_id
            listed = pricelist.with_company(company)._get_products_price(lines.product_id, 1.0, currency=currency, date=date)
            prices |= {line: line._dms_take_out_taxes(listed[line.product_id.id]) for line in lines}
        return prices

    # ------------------------------------------------------------ shortage and damage

    def _calculate_shortfall(self):
        """What did not arrive in good order, at the net price invoiced, else ordered.

        Only what the receipt said counts: goods that were received in full have no shortfall, whatever is claimed later.
        """
        sources, taken, found = self._map_sources(), self._get_taken_room(), {}
        missing = self._get_shortfalls(sources)
        for line, source in sources.items():
            if source:
                quantity = min(line.quantity or missing[line], missing[line])
                invoice_line, price = source._dms_get_claim_price(quantity, taken)
                found[line] = (price * quantity, invoice_line)
                taken[invoice_line] = taken.get(invoice_line, 0.0) + price * quantity
        return found

    def _get_shortfalls(self, by_line):
        """``{line: quantity}`` in the product's own unit that receipts say is missing or damaged, less what other claims took of it."""
        direct, invoiced = self._get_sources("stock.move.line"), self._get_sources("account.move.line")
        sources = direct | invoiced.sale_line_ids.move_ids.move_line_ids
        short = sources._dms_get_shortfalls()
        others = self._get_claimed_elsewhere(direct)
        found = {}
        for line, source in by_line.items():
            if source and source._name == "account.move.line":
                found[line] = sum(short.get(row.id, 0.0) for row in source.sale_line_ids.move_ids.move_line_ids)
            else:
                found[line] = max(short.get(line.source_id, 0.0) - others.get(line.source_id, 0.0), 0.0)
        return found

    def _get_claimed_elsewhere(self, sources):
        """``{move line id: quantity}`` that living claims of other types took: goods are missing or damaged, not both."""
        domain = [("source_model", "=", "stock.move.line"), ("source_id", "in", sources.ids), ("id", "not in", self.ids)]
        domain += [("state", "not in", ("rejected", "cancelled"))]
        return dict(self.sudo()._read_group(domain, ["source_id"], ["quantity:sum"]))  # sums of claims of the same goods

    def _get_taken_room(self):
        """``{invoice line: amount}`` that other living claims took of the invoice lines these could be about."""
        sources = self._get_sources("stock.move.line")
        candidates = sources.move_id.sale_line_id.invoice_lines
        candidates.product_id.mapped("uom_id")  # read for all at once
        domain = [("invoice_line_id", "in", candidates.ids), ("id", "not in", self.ids)]
        return dict(self.sudo()._read_group(domain, ["invoice_line_id"], ["counting_amount:sum"]))  # sums, to choose an invoice by


class StockMove(models.Model):
    _inherit = "stock.move"

    def _dms_find_invoice_line(self, quantity, taken):
        """The posted invoice line of these goods, oldest first, on which there is room for so much.

        :param float quantity: in the product's own unit
        :param dict taken: ``{invoice line: amount}`` of what is claimed already
        """
        lines = self.sale_line_id.invoice_lines.filtered(
            lambda line: line.parent_state == "posted" and line.move_id.move_type == "out_invoice" and line.product_id in self.product_id
        ).sorted(lambda line: (line.move_id.invoice_date, line.id))
        for line in lines:
            if line.company_currency_id.compare_amounts(-line.balance - taken.get(line, 0.0), line._dms_get_net_price() * quantity) >= 0:
                return line
        return lines[-1:]


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    def _dms_get_claim_price(self, quantity, taken):
        """(invoice line or none, net price of a unit): as invoiced, else as ordered; see :meth:`_dms_find_invoice_line`."""
        invoice_line = self.move_id._dms_find_invoice_line(quantity, taken)
        return invoice_line, invoice_line._dms_get_net_price() if invoice_line else self.move_id._dms_get_price_unit()

    def _dms_get_shortfalls(self):
        """``{move line id: quantity}`` in the product's own unit that left and was not received in good order, of confirmed receipts."""
        done = self.filtered(lambda line: line.picking_id.dms_receipt_state == "short")
        if not done:
            return {}
        keys = [f"receipt:{line.id}" for line in done]
        self.env["dms.stock.ledger"].flush_model(["quantity", "source_key"])
        rows = self.env.execute_query(
            SQL(
                "SELECT source_key, quantity::float8 FROM dms_stock_ledger WHERE company_id = ANY(%s) AND source_key = ANY(%s)",
                done.company_id.ids,
                keys,
            )
        )
        received = dict(rows)
        short = {line.id: line.quantity_product_uom - received.get(f"receipt:{line.id}", 0.0) for line in done}
        return {key: quantity for key, quantity in short.items() if quantity > 0}


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _dms_get_claim_price(self, quantity, taken):
        """As of :class:`StockMoveLine`."""
        return self, self._dms_get_net_price()

    def _dms_get_own_quantity(self):
        """Invoiced quantity in the product's own unit."""
        return (
            self.product_uom_id._compute_quantity(self.quantity, self.product_id.uom_id, round=False) if self.product_id else self.quantity
        )

    def _dms_get_net_price(self):
        """What one unit of the product was invoiced at: after discounts and schemes, untaxed, company currency."""
        quantity = self._dms_get_own_quantity()
        return -self.balance / quantity if quantity else 0.0

    def _dms_get_price_terms(self):
        """(price list, moment, company) by which the price of the line is judged: those of its order."""
        order, move = self.sale_line_ids.order_id[:1], self.move_id
        partner = move.commercial_partner_id.with_company(move.company_id)
        return order.pricelist_id or partner.property_product_pricelist, order.date_order or move.invoice_date, move.company_id

    def _dms_take_out_taxes(self, price):
        """A price list's price without the taxes that are included in it."""
        included = self.tax_ids.filtered("price_include")
        if not included:
            return price
        totals = self.tax_ids.with_context(round=False, round_base=False).compute_all(price, self.company_currency_id, 1.0, self.product_id)
        return totals["total_excluded"]
