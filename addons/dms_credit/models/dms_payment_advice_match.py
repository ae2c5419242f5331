from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, clean_context

#: rows of each of the two looks for candidates
MAX_CANDIDATES = 40
#: how far from the day of the transfer a payment of another amount is proposed
NEAR_DAYS = 60


class DmsPaymentAdvice(models.Model):
    """The payment that a notice announces: proposed, matched or registered, and lost again."""

    _inherit = "dms.payment.advice"

    def action_match(self, payment_id=None):
        """Match the notice to a payment; without one the button opens the form that proposes the likely ones.

        What is left of the payment is allocated to the invoices the distributor named, as far as they are open.

        :param int payment_id: id of an inbound, posted ``account.payment`` of the distributor in the same company and
            currency, not matched to another notice; again the same does nothing
        :raise AccessError: for anybody but accountants
        :raise UserError: for a notice one entered oneself or that no longer waits, and for any other payment
        """
        self._check_accountant()
        if len(self) != 1:
            raise UserError(self.env._("Match one notice at a time."))
        if payment_id is None or payment_id is False:
            return self._open_match()
        if self.state == "matched" and self.sudo().payment_id.id == payment_id:  # whether it is the same
            return True
        self._check_decidable()
        self._match(self._find_payment(payment_id))
        return True

    def action_unmatch(self):
        """Take back a wrong match: the notice waits again, the payment stays as it is.

        :raise AccessError: for anybody but accountants
        """
        self._check_accountant()
        matched = self.filtered(lambda advice: advice.state == "matched")
        matched._lock()
        for advice in matched.sudo():  # payments of the notices, for accountants
            advice._reopen(self.env._("The match to %(payment)s was taken back.", payment=advice.payment_id.display_name))
        return True

    def _check_decidable(self):
        self._check_waiting()
        self._check_not_maker()

    def _open_match(self):
        self._check_decidable()
        wizard = self.env["dms.payment.match"].create(self._prepare_match_values())
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Match %(name)s", name=self.name),
            "res_model": wizard._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }

    def _prepare_match_values(self):
        candidates = self._get_candidates()
        return {
            "advice_id": self.id,
            "payment_id": candidates[:1].id,
            "line_ids": [fields.Command.create({"payment_id": payment.id}) for payment in candidates],
            "journal_id": self._get_journal().id,
            "amount": self.amount,
            "date": self.date,
        }

    def _get_journal(self):
        """Bank journal proposed for a payment of this notice: one in its currency first."""
        domain = [("type", "=", "bank"), ("company_id", "=", self.company_id.id)]
        journals = self.env["account.journal"].search(domain)
        return journals.filtered(lambda journal: journal.currency_id == self.currency_id)[:1] or journals[:1]

    # ------------------------------------------------------------ candidates

    def _get_candidate_domain(self):
        """Payments that this notice may be matched to."""
        return (
            Domain("payment_type", "=", "inbound")
            & Domain("partner_type", "=", "customer")
            & Domain("state", "in", ("in_process", "paid"))
            & Domain("company_id", "=", self.company_id.id)
            & Domain("currency_id", "=", self.currency_id.id)
            & Domain("partner_id.commercial_partner_id", "=", self.distributor_id.id)
            & Domain("dms_advice_ids", "=", False)
        )

    def _get_candidates(self):
        """Payments that may be meant, best first: equal amount, then the reference in it, then the nearest day."""
        self.ensure_one()
        Payment, domain = self.env["account.payment"], self._get_candidate_domain()
        start, end = fields.Date.subtract(self.date, days=NEAR_DAYS), fields.Date.add(self.date, days=NEAR_DAYS)
        near = Domain("date", ">=", start) & Domain("date", "<=", end)
        found = Payment.search(domain & Domain("amount", "=", self.amount), limit=MAX_CANDIDATES)
        return (found | Payment.search(domain & near, limit=MAX_CANDIDATES)).sorted(self._get_candidate_rank)

    def _get_candidate_rank(self, payment):
        text = self._normalise(f"{payment.memo or ''} {payment.payment_reference or ''}")
        difference = abs(payment.amount - self.amount)
        is_equal = self.currency_id.is_zero(difference)
        return (not is_equal, self.reference_key not in text, abs((payment.date - self.date).days), difference, payment.id)

    def _find_payment(self, payment_id):
        """The candidate with this id; foreign, unknown and unusable ones look the same."""
        found = self.env["account.payment"].search(self._get_candidate_domain() & Domain("id", "=", self._read_id(payment_id)))
        if not found:
            raise UserError(
                self.env._(
                    "Choose a posted, incoming payment of %(distributor)s in %(currency)s that is not matched to another notice.",
                    distributor=self.distributor_id.display_name,
                    currency=self.currency_id.name,
                )
            )
        return found

    # ------------------------------------------------------------ match

    def _match(self, payment):
        """Link a payment found by :meth:`_find_payment` or just made, for the checked user."""
        self._lock()
        self._claim(payment)
        values = {"state": "matched", "payment_id": payment.id, "matched_by_id": self.env.uid, "matched_on": fields.Datetime.now()}
        self.sudo().write(values)  # checked by the caller; the state is the notice's own
        self.flush_recordset()  # the unique index speaks now
        self._allocate(payment)
        amount = payment.currency_id.format(payment.amount)
        self._tell(self._tongue()._("We have received your payment of %(amount)s. Thank you.", amount=amount))

    @api.model
    def _claim(self, payment):
        """Lock the payment and write its row: who rejects it at the same time is then retried, and finds this notice."""
        payment.flush_recordset()
        if not payment.try_lock_for_update(allow_referencing=True):
            raise UserError(self.env._("Someone else is working on %(payment)s. Try again in a moment.", payment=payment.display_name))
        self.env.cr.execute(SQL("UPDATE account_payment SET write_date = write_date WHERE id = %s", payment.id))

    def _allocate(self, payment):
        """Reconcile what is left of the payment with the invoices the distributor named, as far as they are open."""
        is_open = [("account_type", "=", "asset_receivable"), ("reconciled", "=", False), ("parent_state", "=", "posted")]
        paid = payment.move_id.line_ids.filtered_domain(is_open)
        owed = self.invoice_ids.line_ids.filtered_domain([*is_open, ("account_id", "in", paid.account_id.ids)])
        for account in owed.account_id:
            (paid + owed).filtered(lambda line, account=account: line.account_id == account).reconcile()
        if owed:
            owed.move_id.matched_payment_ids += payment

    def _register_payment(self, journal, amount, date, memo=None):
        """Make and post the payment that this notice announces, and match it.

        :param journal: ``account.journal`` for bank or cash of the notice's company
        :param float amount: what arrived, in the notice's currency
        :param date: day it arrived
        :return: ``account.payment``
        :raise AccessError: for anybody but accountants
        :raise UserError: for one's own notice, one that no longer waits, and an unusable journal or amount
        """
        self.ensure_one()
        self._check_accountant()
        self._check_decidable()
        self._lock()  # before the payment: of two at once one makes it
        if journal.company_id != self.company_id or journal.type not in ("bank", "cash", "credit"):
            raise UserError(self.env._("Choose a bank or cash journal of %(company)s.", company=self.company_id.name))
        self._check_day(date, self.company_id)
        values = self._prepare_payment_values(journal, self._check_amount(amount), date, memo)
        env = self.env(context=clean_context(self.env.context))  # no defaults of the caller in the new payment
        payment = env["account.payment"].with_company(self.company_id).create(values).with_env(self.env)
        payment.action_post()
        self._match(payment)
        return payment

    def _prepare_payment_values(self, journal, amount, date, memo):
        return {
            "payment_type": "inbound",
            "partner_type": "customer",
            "partner_id": self.distributor_id.id,
            "company_id": self.company_id.id,
            "journal_id": journal.id,
            "currency_id": self.currency_id.id,
            "amount": amount,
            "date": date,
            "memo": memo or self.reference,
        }

    # ------------------------------------------------------------ lost again

    def _reopen(self, note):
        """The payment is no more what it was: matched notices wait again.

        :param str note: kept as an internal note
        """
        advices = self.sudo().filtered(lambda advice: advice.state == "matched")  # follows from the payment
        advices.write({"state": "submitted", "payment_id": False, "matched_by_id": False, "matched_on": False})
        for advice in advices:
            advice.message_post(body=note, subtype_xmlid="mail.mt_note")
        advices._mark_duplicates()
