import logging

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize

from .dms_credit_mailing import LINE_STATES

_logger = logging.getLogger(__name__)


class DmsCreditMailingLine(models.Model):
    """One statement of a mailing: to whom it went, or why it did not."""

    _name = "dms.credit.mailing.line"
    _description = "Statement of a Mailing"
    _order = "mailing_id desc, id"
    _rec_name = "account_id"

    mailing_id = fields.Many2one("dms.credit.mailing", required=True, index=True, readonly=True, ondelete="cascade")
    account_id = fields.Many2one("dms.credit.account", "Credit Account", required=True, index=True, readonly=True, ondelete="cascade")
    partner_id = fields.Many2one(related="account_id.partner_id", store=True, string="Distributor")
    company_id = fields.Many2one(related="mailing_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    territory_id = fields.Many2one(related="account_id.territory_id")
    state = fields.Selection(LINE_STATES, "Status", default="queued", required=True, index=True, readonly=True)
    reason = fields.Char(readonly=True, help="Why nothing was sent.")
    email = fields.Char("E-mail", readonly=True)
    sent_on = fields.Datetime(readonly=True)
    closing_balance = fields.Monetary(readonly=True)
    overdue_amount = fields.Monetary("Overdue", readonly=True)
    message_id = fields.Many2one("mail.message", readonly=True, index="btree_not_null", ondelete="set null")

    _account_uniq = models.Constraint("UNIQUE(mailing_id, account_id)", "A distributor gets one statement in a mailing.")

    @api.ondelete(at_uninstall=False)
    def _unlink_except_started(self):
        if any(line.mailing_id.state != "draft" for line in self):
            raise UserError(self.env._("The mailing has been started: its lines are kept."))

    def action_open_account(self):
        """Open the account, where the mail is kept."""
        self.ensure_one()
        return self.account_id.get_formview_action()

    # ------------------------------------------------------------ sending

    def _send(self):
        """Send the statement of this line, which the caller has locked, unless it was dealt with in the meantime."""
        self.invalidate_recordset(["state"])
        if self.state != "queued" or self.mailing_id.state != "sending":
            return
        try:
            with self.env.cr.savepoint():
                self.write(self._send_statement())
        except OperationalError:
            raise  # the transaction is lost: the line stays queued
        except UserError as error:
            self.write({"state": "failed", "reason": str(error)})
        except Exception:  # one statement must not stop the others
            _logger.warning("The statement of %s could not be sent", self, exc_info=True)
            self.write({"state": "failed", "reason": self.env._("Technical error: see the log of the server.")})

    def _send_statement(self):
        """Make the mail.

        :return: values of the line that say what came of it
        """
        mailing, account = self.mailing_id, self.account_id
        sums = account._fetch_statement_sums(mailing.date_from, mailing.date_to)[account.id]
        figures = {"closing_balance": sums["closing_balance"], "overdue_amount": sums["overdue_amount"]}
        if not any(sums.values()) and not account._get_statement(mailing.date_from, mailing.date_to)[account.id]["lines"]:
            return {**figures, "state": "skipped", "reason": self.env._("Nothing to send: no balance and no documents in the period.")}
        contact = self._get_recipient()
        if not contact:
            return {
                **figures,
                "state": "skipped",
                "reason": self.env._("Neither the invoice contact nor the distributor has an e-mail address."),
            }
        self.write(figures)  # the mail names them
        message = self._post(contact)
        return {"state": "sent", "reason": False, "email": contact.email, "sent_on": fields.Datetime.now(), "message_id": message.id}

    def _get_recipient(self):
        """The distributor's invoice contact; the distributor itself where that has no usable address."""
        partner = self.partner_id
        contacts = partner.browse(partner.address_get(["invoice"])["invoice"]) | partner
        return next((contact for contact in contacts if email_normalize(contact.email)), partner.browse())

    def _post(self, contact):
        """Post the mail on the account, to one contact and in the distributor's language.

        :rtype: mail.message
        """
        mailing, account = self.mailing_id, self.account_id
        template = self.env.ref("dms_credit.mail_template_statement")
        subject = template._render_field("subject", self.ids, compute_lang=True)[self.id]
        body = template._render_field("body_html", self.ids, compute_lang=True, options={"post_process": True})[self.id]
        content = account._render_statement_pdf(mailing.date_from, mailing.date_to)
        author, lang = mailing.user_id.partner_id, self.partner_id.lang
        # jobs leave their mails to the queue of the next hour: this one goes out as soon as its transaction is through
        return account.with_context(lang=lang, mail_notify_force_send=True).message_post(
            subject=subject,
            body=body,
            author_id=author.id,
            email_from=author.email_formatted or mailing.company_id.email_formatted,
            message_type="comment",
            subtype_xmlid="mail.mt_note",
            partner_ids=contact.ids,
            attachments=[(account._get_statement_filename(mailing.date_to, "pdf"), content)],
            email_layout_xmlid="mail.mail_notification_light",
            model_description=self.with_context(lang=lang).env._("Statement of Account"),
            force_record_name=self.partner_id.name,
            force_email_company=mailing.company_id,
            force_email_lang=lang,
            mail_auto_delete=False,
        )

    # ------------------------------------------------------------ what became of the mail

    def _follow_mail(self):
        """Take over a refusal of the mail server, known once the transaction of the mail is through."""
        refused = self.message_id.notification_ids.filtered(
            lambda notification: notification.notification_status in ("exception", "bounce")
        )
        if self.state == "sent" and refused:
            self.write({"state": "failed", "reason": refused[0].failure_reason or refused[0].format_failure_reason()})

    def _take_back_mails(self):
        """Make sure that no mail of these lines goes out any more."""
        mails = self.env["mail.mail"].sudo().search([("mail_message_id", "in", self.message_id.ids), ("state", "!=", "sent")])  # own mails
        mails.cancel()
