from odoo import models
from odoo.tools import format_date

from odoo.addons.dms_orders.models.dms_order_gate import Finding

#: gates of this module, in order; each is a method ``_credit_find_<name>`` of one order
GATES = ("credit_stop", "credit_limit", "overdue", "credit_review")


class SaleOrder(models.Model):
    """The credit gates of an order: decided together for a batch, each order on top of those accepted before it."""

    _inherit = "sale.order"

    def _dms_credit_gates(self):
        """Codes of the gates of this module."""
        return GATES

    # ------------------------------------------------------------ accounts

    def _dms_credit_partners(self):
        """Who answers for the order: the distributor, and the company it is invoiced to."""
        return self.distributor_id | self.partner_invoice_id.commercial_partner_id

    def _dms_credit_accounts(self):
        """``{order: accounts}`` with full rights, those of the order's own company."""
        self._dms_credit_partners()._fetch_credit_accounts()
        return {order: order._dms_credit_partners()._get_credit_accounts(order.company_id) for order in self}

    def _dms_limit_keys(self):
        keys = super()._dms_limit_keys()
        for order, accounts in self._dms_credit_accounts().items():
            if order.amount_total > 0:
                keys |= {account._limit_key() for account in accounts if account._holds_on_limit()}
        return keys

    # ------------------------------------------------------------ findings

    def _dms_gate_findings(self):
        findings = super()._dms_gate_findings()
        active = [code for code in GATES if code in self.env["dms.order.gate"]._get_active_ids()]
        checked = self.filtered(lambda order: order.distributor_id and order._dms_credit_is_checked())
        if active and checked:
            checked._dms_add_credit_findings(findings, active)
        return findings

    def _dms_add_credit_findings(self, findings, gates):
        by_order = {order: accounts.filtered(lambda a: a._is_checking()) for order, accounts in self._dms_credit_accounts().items()}
        positions = self._dms_get_credit_positions(by_order)
        paying = self.env.cr.cache.get("dms_paying", {})
        for order in self.filtered(by_order.get):
            prepaid = positions[by_order[order][0]]["prepaid"].get(order._origin.id, 0.0)
            added = order._dms_credit_added(prepaid + paying.get(order._origin.id, 0.0))
            found = [
                finding for account in by_order[order] for finding in order._dms_find_credit(account, positions[account], added, gates)
            ]
            findings[order._origin.id] += found
            if not order._dms_open_findings({order._origin.id: findings[order._origin.id]})[order._origin.id]:
                for account in by_order[order]:
                    positions[account] = account._position_with(positions[account], added)

    def _dms_get_credit_positions(self, by_order):
        """Positions of these accounts as they are while this transaction decides: its own view and what others took since."""
        accounts = self.env["dms.credit.account"].union(*by_order.values())
        positions = accounts._get_positions(orders=self)
        holding = accounts.filtered(lambda account: account._holds_on_limit())
        raced = self.env["dms.limit.lock"]._get_raced([account._limit_key() for account in holding])
        for account in holding:
            if account._limit_key() in raced:
                positions[account] = account._position_with(positions[account], raced[account._limit_key()])
        return positions

    def _dms_find_credit(self, account, position, added, gates):
        """Findings of one account against the order; under policy ``warn`` only a stop is one."""
        codes = [code for code in gates if account.policy == "hold" or code == "credit_stop"]
        findings = (getattr(self, f"_credit_find_{code}")(account, position, added) for code in codes)
        return [self._dms_for_reader(finding, account) for finding in findings if finding]

    def _dms_for_reader(self, finding, account):
        """The finding as the distributor may read it: nothing of the figures of another company that pays for it."""
        if account.partner_id == self.distributor_id:
            return finding
        env = self._dms_tongue()
        message = env._("%(payer)s, who pays for this order, has no credit for it at the moment.", payer=account.partner_id.name)
        return finding._replace(message=message)

    def _dms_credit_is_checked(self):
        """Whether credit has a say: not for an order worth nothing, nor for a confirmed one that does not grow."""
        if self.currency_id.compare_amounts(self.amount_total, 0.0) <= 0:
            return False
        return not self._dms_is_confirmed() or self.currency_id.compare_amounts(self.amount_total, self._dms_counted_total()) > 0

    def _dms_is_confirmed(self):
        return self._origin.state == "sale"

    def _dms_counted_total(self):
        """Total of a confirmed order before the change under examination; who answers for it only now has counted nothing of it."""
        standing = self.env.cr.cache.get("dms_standing", {}).get(self._origin.id)
        if standing is None:
            return self._origin.amount_total
        total, partners = standing
        return total if partners == self._dms_credit_partners() else 0.0

    def _dms_credit_added(self, prepaid=None):
        """What the exposure gains by this order, in company currency: what of it is not counted yet.

        A confirmed order is counted already; a virtual one, as a change would make it, adds the difference.

        :param prepaid: online payments of the order without an entry, in its currency, where they were read already
        """
        if not self._dms_is_confirmed():
            prepaid = self._dms_prepaid() if prepaid is None else min(prepaid, self.amount_total)
            return self._dms_in_company_currency(self.amount_total - prepaid)
        if self == self._origin:
            return 0.0
        stored = self._origin.sudo()  # values of the order at hand
        counted = stored.dms_open_value + stored.dms_uninvoiced_value
        return self._dms_in_company_currency(self._dms_exposed_value()) - self._dms_in_company_currency(counted)

    def _dms_in_company_currency(self, amount):
        """At the order's own rate, which a change of it does not touch."""
        return self.company_id.currency_id.round(amount / ((self._origin or self).currency_rate or 1.0))

    def _dms_prepaid(self):
        """Online payments of the order that are done and have no posted entry yet, in its currency.

        A payment for several orders is shared by their totals.
        """
        order = self._origin.sudo()  # payments of the order at hand
        open_payments = order.transaction_ids.filtered(lambda tx: tx.state == "done" and tx.payment_id.move_id.state != "posted")
        shares = (tx.amount * order.amount_total / (sum(tx.sale_order_ids.mapped("amount_total")) or 1.0) for tx in open_payments)
        return min(sum(shares), self.amount_total)

    def _dms_get_payment_findings(self, amount):
        """Money on its way counts as paid: an order is not refused a payment because it is not paid yet."""
        self.env.cr.cache["dms_paying"] = {self.id: amount}
        try:
            return super()._dms_get_payment_findings(amount)
        finally:
            del self.env.cr.cache["dms_paying"]

    def _dms_get_holds_unpaid(self):
        """An order that exceeds the limit by no more than its own value fits once it is paid."""
        total = self._dms_in_company_currency(self.amount_total)
        return super()._dms_get_holds_unpaid().filtered(lambda hold: hold.gate != "credit_limit" or hold._get_over_limit() > total)

    # ------------------------------------------------------------ the gates

    def _credit_find_credit_stop(self, account, position, added):
        if not account.is_stopped:
            return None
        env = self._dms_tongue()
        return Finding("credit_stop", env._("Your credit is stopped at the moment. Please contact our credit department."))

    def _credit_find_credit_limit(self, account, position, added):
        over = account._get_over_amount(position, added)
        if not over:
            return None
        env = self._dms_tongue()
        amount = account.currency_id.with_env(env).format(over)
        message = env._("Exceeds your credit by %(amount)s. Pay %(amount)s or reduce the order.", amount=amount)
        return Finding("credit_limit", message, {"over": over})

    def _credit_find_overdue(self, account, position, added):
        if not account._is_overdue(position):
            return None
        env = self._dms_tongue()
        return Finding(
            "overdue",
            env._(
                "%(amount)s is overdue, the oldest item for %(days)s days. Pay it to have the order released.",
                amount=account.currency_id.with_env(env).format(position["overdue_amount"]),
                days=position["overdue_days"],
            ),
            {"overdue": position["overdue_amount"], "days": position["overdue_days"]},
        )

    def _credit_find_credit_review(self, account, position, added):
        if not account.review_date or account.review_date >= account.company_id._dms_today():
            return None
        env = self._dms_tongue()
        day = format_date(env, account.review_date)
        return Finding("credit_review", env._("Your credit limit was to be reviewed on %(day)s. We will do it as soon as we can.", day=day))

    def _dms_credit_reasons(self):
        """Sentences of the open credit holds, in the distributor's language, as they were written for it."""
        return [hold.message for hold in self.dms_hold_ids if hold.state == "open" and hold.is_credit_hold]

    # ------------------------------------------------------------ what was confirmed

    def _dms_take_limits(self, before=None):
        super()._dms_take_limits(before)
        amounts = {}
        warned = []
        for order, accounts in self._dms_credit_accounts().items():
            taken = order._dms_in_company_currency(order.amount_total) - order._dms_taken_before((before or {}).get(order))
            for account in accounts.filtered(lambda account: account._holds_on_limit()):
                amounts[account._limit_key()] = amounts.get(account._limit_key(), 0.0) + max(taken, 0.0)
            if taken > 0:
                warned += [(order, account) for account in accounts if account.policy == "warn"]
        self.env["dms.limit.lock"]._commit(amounts)
        self._dms_note_warnings(warned)

    def _dms_taken_before(self, standing):
        """What the order had taken of the limits of who answers for it before it grew, in company currency."""
        total, partners = standing or (0.0, None)
        return self._dms_in_company_currency(total) if partners == self._dms_credit_partners() else 0.0

    def _dms_note_warnings(self, warned):
        """Under policy ``warn`` an order goes on; what would have held it stands in an internal note."""
        if not warned:
            return
        accounts = self.env["dms.credit.account"].union(*(account for _order, account in warned))
        positions = accounts._get_positions(orders=self)
        for order, account in warned:
            found = [getattr(order, f"_credit_find_{code}")(account, positions[account], 0.0) for code in GATES[1:]]
            messages = [finding.message for finding in found if finding]
            if messages:
                order.message_post(body="\n".join(messages), message_type="comment", subtype_xmlid="mail.mt_note")
