from odoo import fields, models


class DmsCreditAccount(models.Model):
    _inherit = "dms.credit.account"

    advised_amount = fields.Monetary(
        "Announced Payments",
        compute="_compute_advised_amount",
        groups="dms_credit.group_credit_reader",
        help="Transfers the distributor told of and that are not matched yet; they lower neither exposure nor overdue.",
    )

    def _compute_advised_amount(self):
        advised = self._get_advised()
        for account in self:
            account.advised_amount = advised.get(account.id, 0.0)

    def _get_advised(self):
        """Sum of the notices of transfers that wait to be matched, in one query.

        :return: ``{account id: amount}`` in the currency of the account's company, 0.0 where there is none
        """
        advices = self.env["dms.payment.advice"].sudo()  # notices of these accounts' distributors, a sum leaves
        accounts = self.sudo()  # whose they are
        domain = [
            ("state", "=", "submitted"),
            ("distributor_id", "in", accounts.partner_id.ids),
            ("company_id", "in", accounts.company_id.ids),
        ]
        rows = advices._read_group(domain, ["distributor_id", "company_id"], ["amount_company:sum"])
        sums = {(distributor.id, company.id): amount for distributor, company, amount in rows}
        own = {account.id: sums.get((account.partner_id.id, account.company_id.id), 0.0) for account in accounts}
        return {**super()._get_advised(), **own}
