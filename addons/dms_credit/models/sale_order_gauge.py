from odoo import api, fields, models

READER = "dms_credit.group_credit_reader"


class SaleOrder(models.Model):
    """What an order does to the credit of who pays for it, for the screens of those who may see credit.

    Nothing here is computed for anybody else: views without the group never ask for it.
    """

    _inherit = "sale.order"

    credit_account_id = fields.Many2one("dms.credit.account", compute="_compute_credit_gauge", groups=READER)
    credit_currency_id = fields.Many2one(related="company_id.currency_id", string="Company Currency", groups=READER)
    credit_has_limit = fields.Boolean(compute="_compute_credit_gauge", groups=READER)
    credit_is_stopped = fields.Boolean(compute="_compute_credit_gauge", groups=READER)
    credit_after_amount = fields.Monetary(
        "Available With This Order", compute="_compute_credit_gauge", currency_field="credit_currency_id", groups=READER,
        help="What is left of the limit once this order counts; below zero when it goes over it.",
    )  # fmt: skip
    credit_over_amount = fields.Monetary(
        "Over the Limit With This Order", compute="_compute_credit_gauge", currency_field="credit_currency_id", groups=READER
    )
    credit_used_percent = fields.Float("Used With This Order (%)", compute="_compute_credit_gauge", groups=READER, aggregator=None)
    credit_overdue_amount = fields.Monetary("Overdue", compute="_compute_credit_gauge", currency_field="credit_currency_id", groups=READER)
    credit_overdue_days = fields.Integer("Days Overdue", compute="_compute_credit_gauge", groups=READER, aggregator=None)
    credit_open_amount = fields.Monetary(
        "To Deliver", compute="_compute_credit_parts", currency_field="credit_currency_id", groups=READER, aggregator=None,
        help="What the order adds to O, after down payments, in company currency.",
    )  # fmt: skip
    credit_uninvoiced_amount = fields.Monetary(
        "To Invoice", compute="_compute_credit_parts", currency_field="credit_currency_id", groups=READER, aggregator=None,
        help="What the order adds to D, after down payments, in company currency.",
    )  # fmt: skip

    @api.depends("distributor_id", "partner_invoice_id", "company_id", "amount_total", "currency_id", "state")
    @api.depends_context("uid")
    def _compute_credit_gauge(self):
        accounts = {order: order._dms_get_paying_account() for order in self}
        positions = self.env["dms.credit.account"].union(*accounts.values())._get_positions(orders=self)
        for order, account in accounts.items():
            order.update(order._prepare_credit_gauge(account, positions.get(account)))

    def _dms_get_paying_account(self):
        """The account that the order counts on, as far as the user may see it; empty for who is no distributor."""
        accounts = self.env["dms.credit.account"]
        if not self.distributor_id or not accounts.has_access("read"):
            return accounts
        payer = self.partner_invoice_id.commercial_partner_id or self.distributor_id
        return accounts.browse(accounts._get_account(payer, self.company_id).ids)._filtered_access("read")

    def _prepare_credit_gauge(self, account, position):
        values = {"credit_account_id": account.id, "credit_has_limit": account.has_limit, "credit_is_stopped": account.is_stopped}
        if position and self.state in ("draft", "sent"):
            position = account._position_with(position, self._dms_credit_added())
        limit = position["limit_amount"] if position else 0.0
        return {
            **values,
            "credit_after_amount": position["available_amount"] if position else 0.0,
            "credit_over_amount": account._get_over_amount(position) if position else 0.0,
            "credit_used_percent": 100.0 * position["exposure_amount"] / limit if limit > 0 else 0.0,
            "credit_overdue_amount": position["overdue_amount"] if position else 0.0,
            "credit_overdue_days": position["overdue_days"] if position else 0,
        }

    @api.depends("dms_open_value", "dms_uninvoiced_value")
    @api.depends_context("uid")
    def _compute_credit_parts(self):
        payers = self.sudo().partner_invoice_id.commercial_partner_id  # the rows of these very orders are read below
        accounts = payers.credit_account_ids.filtered(lambda account: account.company_id in self.company_id)
        parts = accounts._get_order_parts()
        for order in self:
            amounts = parts.get(order._origin.id, {})
            order.credit_open_amount = amounts.get("open", 0.0)
            order.credit_uninvoiced_amount = amounts.get("uninvoiced", 0.0)

    def action_open_credit_account(self):
        """Open the credit account that the order counts on."""
        self.ensure_one()
        self.check_access("read")
        return self.credit_account_id._action_open_form()
