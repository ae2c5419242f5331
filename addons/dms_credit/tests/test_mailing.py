from contextlib import contextmanager
from unittest.mock import patch

from lxml import etree
from psycopg2 import IntegrityError
from psycopg2.errors import SerializationFailure

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .receivables_common import ReceivablesCommon

FIRST, LAST = "2024-02-01", "2024-02-29"


class Killed(BaseException):
    """What a run that is killed looks like from inside."""


class MailingCommon(ReceivablesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.controller = cls.create_credit_user("t_controller", "dms_credit.group_credit_controller")
        cls.reader = cls.create_credit_user("t_reader", "dms_credit.group_credit_reader")
        cls.Mailing = cls.env["dms.credit.mailing"]
        cls.alpha.email, cls.beta.email = "alpha@example.com", "beta@example.com"
        cls.create_invoice(100, "2024-02-05", "2024-02-10")
        cls.create_invoice(200, "2024-02-05", "2024-04-10", partner=cls.beta)

    def create_mailing(self, user=None, **values):
        mailing = self.Mailing.with_user(user or self.controller).create(
            {"date_from": FIRST, "date_to": LAST, "territory_ids": (self.region | self.south).ids, **values}
        )
        return mailing.with_env(self.env)

    def start(self, mailing):
        mailing.with_user(self.controller).action_send()

    def run_job(self):
        """The job as the server runs it, its commits included."""
        with self.enter_registry_test_mode():
            self.env.ref("dms_credit.cron_send_statements").method_direct_trigger()

    def get_line(self, mailing, partner):
        return mailing.line_ids.filtered(lambda line: line.partner_id == partner)

    def get_mails(self, *accounts):
        accounts = self.env["dms.credit.account"].union(*(accounts or (self.account, self.other_account)))
        return self.env["mail.mail"].search([("model", "=", accounts._name), ("res_id", "in", accounts.ids)])

    @contextmanager
    def rendering(self, effect):
        """``effect(account)`` takes the place of the rendering of the PDF."""
        with patch.object(type(self.account), "_render_statement_pdf", lambda account, *_days: effect(account)):
            yield


@tagged("post_install", "-at_install")
class TestMailing(MailingCommon):
    def test_statements_go_to_the_invoice_contacts(self):
        contact = self.env["res.partner"].create(
            {"name": "Ledger Clerk", "parent_id": self.alpha.id, "type": "invoice", "email": "ledger@alpha.example.com"}
        )
        mailing = self.create_mailing()
        self.assertRegex(mailing.name, r"^STM/\d{4}/\d+$")
        self.start(mailing)
        self.assertEqual((mailing.state, mailing.line_count, mailing.queued_count, mailing.progress), ("sending", 2, 2, 0))
        self.run_job()
        self.assertEqual((mailing.state, mailing.sent_count, mailing.queued_count, mailing.progress), ("done", 2, 0, 100))
        line = self.get_line(mailing, self.alpha)
        self.assertEqual((line.state, line.email, line.closing_balance, line.overdue_amount), ("sent", contact.email, 100, 100))
        self.assertTrue(line.sent_on)
        mail = self.get_mails(self.account)
        self.assertEqual((len(mail), mail.recipient_ids), (1, contact))
        self.assertIn("02/29/2024", mail.subject)
        self.assertIn("100.00", mail.body)
        message = line.message_id
        self.assertEqual((message.model, message.res_id), (self.account._name, self.account.id))
        self.assertEqual(message.author_id, self.controller.partner_id)
        self.assertEqual(message.attachment_ids.name, f"Statement-{self.alpha.distributor_code}-{LAST}.pdf")
        self.assertIn(b"Alpha Trading", message.attachment_ids.raw, "the page: no PDF is printed in tests")
        self.assertEqual(self.get_mails(self.other_account).recipient_ids, self.beta)

    def test_mail_is_in_the_distributors_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.env.ref("dms_credit.mail_template_statement").with_context(lang="fr_FR").subject = "Relevé de compte"
        self.alpha.lang = "fr_FR"
        self.start(self.create_mailing())
        self.run_job()
        self.assertEqual(self.get_mails(self.account).subject, "Relevé de compte")
        self.assertIn("Statement", self.get_mails(self.other_account).subject)

    # ------------------------------------------------------------ skipped, failed

    def test_who_has_no_address_is_skipped_with_the_reason(self):
        self.alpha.email, self.beta.email = False, "no address at all"
        mailing = self.create_mailing()
        self.start(mailing)
        self.run_job()
        self.assertEqual((mailing.state, mailing.skipped_count, mailing.sent_count), ("done", 2, 0))
        self.assertIn("e-mail address", self.get_line(mailing, self.alpha).reason)
        self.assertFalse(self.get_mails())

    def test_invoice_contact_without_address_falls_back_on_the_distributor(self):
        self.env["res.partner"].create({"name": "Ledger Clerk", "parent_id": self.alpha.id, "type": "invoice"})
        mailing = self.create_mailing()
        self.start(mailing)
        self.run_job()
        self.assertEqual(self.get_line(mailing, self.alpha).email, "alpha@example.com")

    def test_nothing_to_send_is_skipped(self):
        mailing = self.create_mailing(date_from="2023-01-01", date_to="2023-01-31", only_with_balance=False)
        self.start(mailing)
        self.run_job()
        self.assertEqual((mailing.state, mailing.skipped_count), ("done", 2))
        self.assertIn("Nothing to send", mailing.line_ids[0].reason)

    def test_settled_month_is_still_sent(self):
        self.create_payment(100, "2024-02-20")
        mailing = self.create_mailing(only_with_balance=False)
        self.start(mailing)
        self.run_job()
        self.assertEqual(self.get_line(mailing, self.alpha).state, "sent", "a balance of zero with documents in the period")

    def test_failure_of_one_does_not_stop_the_others(self):
        reason = "The printer is on strike."

        def effect(account):
            if account == self.account:
                raise UserError(reason)
            return b"%PDF"

        mailing = self.create_mailing()
        self.start(mailing)
        with self.rendering(effect):
            self.run_job()
        self.assertEqual((mailing.state, mailing.sent_count, mailing.failed_count), ("done", 1, 1))
        self.assertEqual(self.get_line(mailing, self.alpha).reason, reason)
        mailing.with_user(self.controller).action_retry()
        self.run_job()
        self.assertEqual((mailing.state, mailing.sent_count), ("done", 2))
        self.assertEqual((len(self.get_mails(self.account)), len(self.get_mails(self.other_account))), (1, 1))

    def test_technical_failure_is_told_without_details(self):
        def effect(account):
            raise ValueError("secret path")

        mailing = self.create_mailing()
        self.start(mailing)
        with self.rendering(effect), self.assertLogs("odoo.addons.dms_credit.models.dms_credit_mailing_line", "WARNING"):
            self.run_job()
        self.assertEqual(mailing.failed_count, 2)
        self.assertNotIn("secret", mailing.line_ids[0].reason)

    def test_refusal_of_the_mail_server_is_a_failure(self):
        mailing = self.create_mailing()
        self.start(mailing)
        with self.mail_server_refusing():
            self.run_job()
        self.assertEqual((mailing.state, mailing.failed_count), ("done", 2))
        refused = self.get_mails()
        mailing.with_user(self.controller).action_retry()
        self.assertEqual(set(refused.mapped("state")), {"cancel"}, "the mails that failed go out no more")
        self.run_job()
        self.assertEqual(mailing.sent_count, 2)

    @contextmanager
    def mail_server_refusing(self):
        """What a mail and its notifications look like once the mail server has said no."""

        def send(mails, *_args, **_kwargs):
            mails.state = "exception"
            notifications = mails.env["mail.notification"].search([("mail_mail_id", "in", mails.ids)])
            notifications.write({"notification_status": "exception", "failure_type": "mail_smtp", "failure_reason": "refused"})

        with patch.object(type(self.env["mail.mail"]), "send", send):
            yield

    # ------------------------------------------------------------ once, whatever is repeated

    def test_sent_once_whatever_is_repeated(self):
        mailing = self.create_mailing()
        for _turn in range(2):
            self.start(mailing)
        for _turn in range(3):
            self.run_job()
            self.start(mailing)
            for line in mailing.line_ids:
                line._send()
        self.assertEqual(len(self.get_mails()), 2)
        self.assertEqual(mailing.state, "done")
        with self.assertRaises(UserError):
            mailing.with_user(self.controller).action_retry()

    def test_killed_in_the_middle_goes_on_where_it_was(self):
        rendered = []

        def effect(account):
            if rendered:
                raise Killed
            rendered.append(account)
            return b"%PDF"

        mailing = self.create_mailing()
        self.start(mailing)
        with self.rendering(effect):
            try:  # assertRaises would undo what was committed
                self.run_job()
            except Killed:
                self.env.invalidate_all()
        self.assertEqual((mailing.state, mailing.sent_count, mailing.queued_count), ("sending", 1, 1))
        self.assertEqual(mailing.progress, 50)
        first = self.get_mails()
        self.run_job()
        self.assertEqual((mailing.state, mailing.sent_count), ("done", 2))
        self.assertEqual(len(self.get_mails()), 2)
        self.assertLess(first, self.get_mails())

    def test_lost_transaction_leaves_the_line_queued(self):
        def effect(account):
            raise SerializationFailure

        mailing = self.create_mailing()
        self.start(mailing)
        with self.rendering(effect), self.assertRaises(SerializationFailure):
            mailing.line_ids[0]._send()
        self.assertEqual(mailing.line_ids[0].state, "queued")

    def test_one_line_for_a_distributor(self):
        mailing = self.create_mailing()
        mailing.with_user(self.controller).action_fill()
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            mailing.line_ids = [Command.create({"account_id": self.account.id})]

    def test_cancelled_mailing_sends_no_more(self):
        mailing = self.create_mailing()
        self.start(mailing)
        mailing.with_user(self.controller).action_cancel()
        self.run_job()
        self.assertEqual((mailing.state, mailing.skipped_count), ("cancelled", 2))
        self.assertFalse(self.get_mails())
        self.start(mailing)
        self.assertEqual(mailing.state, "cancelled")

    # ------------------------------------------------------------ whom it is meant for

    def test_conditions(self):
        silver = self.env["dms.distributor.class"].create({"name": "Silver", "code": "T-SILVER"})
        self.beta.distributor_class_id = silver
        quiet = self.create_distributor("T Quiet", self.area_b)
        every = {self.alpha, self.beta, quiet}
        for values, expected in (
            ({"only_with_balance": False}, every),
            ({}, every - {quiet}),
            ({"only_overdue": True}, {self.alpha}),
            ({"territory_ids": self.region.ids, "only_with_balance": False}, {self.alpha, quiet}),
            ({"territory_ids": self.south.ids}, {self.beta}),
            ({"class_ids": silver.ids}, {self.beta}),
        ):
            mailing = self.create_mailing(**values)
            mailing.with_user(self.controller).action_fill()
            self.assertEqual(set(mailing.line_ids.partner_id), expected, values)
            mailing.with_user(self.controller).action_fill()
            self.assertEqual(set(mailing.line_ids.partner_id), expected, "again")
        empty = self.create_mailing(territory_ids=self.area_b.ids)
        for action in ("action_fill", "action_send"):
            with self.assertRaisesRegex(UserError, "No distributor"):
                getattr(empty.with_user(self.controller), action)()

    def test_from_the_statement_form(self):
        wizard = self.env["dms.credit.statement.wizard"].with_user(self.controller)
        wizard = wizard.create({"account_ids": self.account.ids, "date_from": FIRST, "date_to": LAST})
        action = wizard.action_mail()
        mailing = self.Mailing.browse(action["res_id"])
        self.assertEqual((mailing.state, mailing.line_ids.account_id, mailing.user_id), ("sending", self.account, self.controller))
        self.run_job()
        self.assertEqual(mailing.sent_count, 1)


@tagged("post_install", "-at_install")
class TestMailingAccess(MailingCommon):
    def test_controllers_only(self):
        mailing = self.create_mailing()
        self.start(mailing)
        for user in (self.reader, self.area_manager, self.manager, self.desk, self.employee, self.alpha_user, self.beta_user):
            with self.assertRaises(AccessError, msg=user.login):
                self.create_mailing(user)
            for record in (mailing, mailing.line_ids[0]):
                with self.assertRaises(AccessError, msg=user.login):
                    record.with_user(user).read(["state"])
            for action in ("action_fill", "action_send", "action_cancel", "action_retry"):
                with self.assertRaises(AccessError, msg=f"{user.login} {action}"):
                    getattr(mailing.with_user(user), action)()
            with self.assertRaises(AccessError, msg=user.login):
                mailing.line_ids[0].with_user(user).action_open_account()

    def test_status_and_lines_are_nobodys_to_write(self):
        mailing = self.create_mailing().with_user(self.controller)
        for values in ({"state": "done"}, {"name": "x"}, {"user_id": 1}, {"line_ids": [Command.create({"account_id": self.account.id})]}):
            with self.assertRaises(AccessError, msg=str(values)):
                mailing.write(values)
            with self.assertRaises(AccessError, msg=str(values)):
                mailing.create({"date_from": FIRST, "date_to": LAST, **values})
        context = {
            "default_state": "sending",
            "default_user_id": 1,
            "default_name": "x",
            "default_line_ids": [Command.create({"account_id": self.account.id})],
        }
        hostile = mailing.with_context(**context).create({"date_from": FIRST, "date_to": LAST})
        self.assertEqual((hostile.state, hostile.user_id, hostile.line_count), ("draft", self.controller, 0))
        self.assertTrue(hostile.name.startswith("STM/"))
        mailing.action_fill()
        line = mailing.line_ids[0]
        for call in (lambda: line.write({"state": "sent"}), lambda: line.create({"mailing_id": mailing.id, "account_id": self.account.id})):
            with self.assertRaises(AccessError):
                call()

    def test_draft_may_be_thinned_out_and_deleted_a_started_one_not(self):
        mailing = self.create_mailing().with_user(self.controller)
        mailing.action_fill()
        mailing.line_ids[0].unlink()
        self.assertEqual(mailing.line_count, 1)
        mailing.write({"date_to": "2024-03-31"})
        mailing.action_send()
        self.assertEqual(mailing.line_count, 1, "what was thinned out stays out")
        for call in (mailing.unlink, mailing.line_ids.unlink, lambda: mailing.write({"date_to": LAST}), mailing.action_fill):
            with self.assertRaises(UserError):
                call()
        draft = self.create_mailing().with_user(self.controller)
        draft.action_fill()
        draft.unlink()
        self.assertFalse(draft.exists())

    def test_reversed_period(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self.create_mailing(date_from=LAST, date_to=FIRST)

    def test_other_company_sees_nothing(self):
        mailing = self.create_mailing()
        mailing.with_user(self.controller).action_fill()
        company = self.env["res.company"].create({"name": "T Sister"})
        self.controller.write({"company_ids": [(6, 0, company.ids)], "company_id": company.id})
        for record in (mailing, mailing.line_ids[0]):
            sister = record.with_user(self.controller).with_context(allowed_company_ids=company.ids)
            with self.assertRaises(AccessError):
                sister.read(["state"])

    def test_screens_open(self):
        mailing = self.create_mailing()
        self.start(mailing)
        for name in ("action_credit_mailing", "action_credit_mailing_line"):
            action = self.env.ref(f"dms_credit.{name}").with_user(self.controller)._get_action_dict()
            model = self.env[action["res_model"]].with_user(self.controller)
            views = model.get_views([*action["views"], (False, "search")])["views"]
            self.assertTrue(action["help"])
            names = {field.get("name"): {} for field in etree.fromstring(views["list"]["arch"]).iter("field")}
            self.assertTrue(model.web_search_read([], names)["records"])
        with Form(self.Mailing.with_user(self.controller)) as form:
            self.assertEqual((form.date_from, form.date_to), self.account._get_last_month())
        self.assertEqual(form.record.user_id, self.controller)
        action = mailing.with_user(self.controller).action_view_lines()
        self.assertEqual(len(self.env[action["res_model"]].search(action["domain"])), 2)
