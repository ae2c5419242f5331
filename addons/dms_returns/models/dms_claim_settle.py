from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

#: how many times a price that includes taxes is moved by the smallest coin until it gives the amount approved
NUDGES = 3


class DmsClaim(models.Model):
    """One credit note pays a claim, whatever is repeated; it is taken back where the proof falls away.

    It credits money, not goods: its lines belong to no order line and no product, so neither what an order has been invoiced for
    nor the value of stock moves with it.
    """

    _inherit = "dms.claim"

    def _settle(self, user):
        """Pay an approved claim for ``user``, whose rights were checked. The state comes first: who pays at once is turned away."""
        self._enter("settled", settled_by_id=user.id, settled_on=fields.Datetime.now())
        refund = self._settle_accruals(user) if self.kind == "scheme" else self._create_refund()
        self.refund_id = refund
        self._allocate_refund()
        self._tell(self._tongue()._("Your claim was credited with %(document)s.", document=refund.name))

    # ------------------------------------------------------------ credit note

    def _create_refund(self):
        lines = self.line_ids.filtered("amount_approved")
        refund = self.env["account.move"].create(self._prepare_refund_values(lines))
        refund._post(soft=False)
        return refund

    def _prepare_refund_values(self, lines):
        """Values of the credit note in the distributor's language: in the invoice's currency and at its rate, where there is one."""
        claim = self.with_context(lang=self.distributor_id.lang or self.env.lang)
        invoices = lines.invoice_line_id.move_id
        values = {
            "move_type": "out_refund",
            "partner_id": self.distributor_id.id,
            "company_id": self.company_id.id,
            "invoice_date": self.company_id._dms_today(),
            "currency_id": (invoices[:1] or self).currency_id.id,
            "invoice_payment_term_id": False,
            "invoice_origin": self.name,
            "ref": self.reference or self.name,
            "dms_claim_id": self.id,
            "invoice_line_ids": [Command.create(line._prepare_refund_line_values()) for line in claim.line_ids if line in lines],
        }
        if len(invoices) == 1:
            values["reversed_entry_id"] = invoices.id
        if invoices:
            values |= {"partner_id": invoices[0].partner_id.id, "invoice_currency_rate": invoices[0].invoice_currency_rate}
        return values

    def _allocate_refund(self):
        """Set the credit note against the invoices it is about, as far as they are open; extended by what else it closes."""
        invoices = self.line_ids.invoice_line_id.move_id | self.invoice_id
        self.refund_id._dms_allocate_to(invoices)

    # ------------------------------------------------------------ taken back

    def _reverse(self, reason, user):
        """Take a settlement back for ``user``, whose rights were checked."""
        if self.kind == "scheme":
            raise UserError(
                self.env._("%(name)s was paid by the accruals of its scheme: what was paid too much goes off the next one.", name=self.name)
            )
        self._enter("cancelled", rejection_reason=reason)
        self._reverse_refunds(self.refund_id, reason)
        self._give_back_sources()
        self._tell(self._tongue()._("The credit of your claim was taken back: %(reason)s", reason=reason))


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _dms_link_claims(self):
        """Claims that were paid before their goods were invoiced take their part of the invoice there is now."""
        rows = self.env["stock.move.line"].sudo()  # deliveries of the goods that come back
        delivered = rows._search([("move_id.sale_line_id", "in", self.ids)])
        domain = [("source_model", "=", rows._name), ("source_id", "in", delivered), ("state", "=", "settled")]
        domain.append(("invoice_line_id", "=", False))
        self.env["dms.claim.line"].sudo().search(domain)._link_invoices()  # of the goods that come back


class DmsClaimLine(models.Model):
    _inherit = "dms.claim.line"

    def _link_invoices(self):
        """Goods that were invoiced only after the claim are credited on that invoice."""
        waiting = self.filtered(lambda line: not line.invoice_line_id)
        if waiting._get_sources("stock.move.line"):
            found = waiting._calculate_shortfall()
            for line in waiting:
                line.invoice_line_id = found.get(line, (0.0, False))[1]

    def _prepare_refund_line_values(self):
        invoice_line = self.invoice_line_id
        account = self.claim_type_id.with_company(self.company_id).account_id or invoice_line.account_id
        if not account:
            raise UserError(
                self.env._(
                    "%(name)s: no invoice tells the account. Set one on the type of claim %(type)s, or wait until the goods are invoiced.",
                    name=self.claim_id.name,
                    type=self.claim_type_id.name,
                )
            )
        return {
            "name": self._get_refund_label(),
            "quantity": 1.0,
            "price_unit": self._get_refund_price(),
            "account_id": account.id,
            "tax_ids": [Command.set(invoice_line.tax_ids.ids)],
            "analytic_distribution": invoice_line.analytic_distribution,
            "dms_claim_line_id": self.id,
        }

    def _get_refund_label(self):
        what = self.name or self.product_id.display_name
        return f"{self.claim_type_id.name}: {what}" if what and what != self.claim_type_id.name else self.claim_type_id.name

    def _get_refund_price(self):
        """The approved amount as the price of the credit note's line: in the invoice's currency, with taxes where prices include them."""
        invoice_line = self.invoice_line_id
        if not invoice_line:
            return self.amount_approved
        currency = invoice_line.currency_id
        amount = currency.round(self.amount_approved * invoice_line.price_subtotal / -invoice_line.balance)
        if not any(tax.price_include for tax in invoice_line.tax_ids.flatten_taxes_hierarchy()):
            return amount
        return self._search_included_price(amount, currency, invoice_line)

    def _search_included_price(self, amount, currency, invoice_line):
        price = currency.round(amount * invoice_line.price_total / invoice_line.price_subtotal)
        for _try in range(NUDGES):
            found = invoice_line.tax_ids.compute_all(price, currency, 1.0, partner=invoice_line.partner_id)["total_excluded"]
            if not currency.compare_amounts(found, amount):
                break
            price = currency.round(price + amount - found)
        return price


class AccountMove(models.Model):
    _inherit = "account.move"

    def _dms_allocate_to(self, invoices):
        """Set what is left of these credit notes against ``invoices``, as far as they are open."""
        is_open = [("account_type", "=", "asset_receivable"), ("reconciled", "=", False), ("parent_state", "=", "posted")]
        credits, owed = self.line_ids.filtered_domain(is_open), invoices.line_ids.filtered_domain(is_open)
        for account in owed.account_id & credits.account_id:
            (credits + owed).filtered(lambda line, account=account: line.account_id == account).reconcile()
