import io
from datetime import datetime, timedelta
from unittest.mock import patch

from freezegun import freeze_time
from psycopg2 import IntegrityError
from psycopg2.errors import QueryCanceled

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Datetime
from odoo.sql_db import db_connect
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ..models import dms_workbook_make
from ..models.dms_workbook_run import LIMITS
from ..workbook import book
from .workbook_common import WorkbookCommon, read_book

MAKE = "odoo.addons.dms_reports.models.dms_workbook_make"


@tagged("post_install", "-at_install")
class TestWorkbookRuns(WorkbookCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpSales()

    def runs_of(self, workbook):
        return self.Run.search([("workbook_id", "=", workbook.id)])

    def messages_of(self, run, user):
        return self.env["mail.message"].search(
            [("model", "=", run._name), ("res_id", "=", run.id), ("partner_ids", "in", user.partner_id.ids)]
        )

    # ------------------------------------------------------------ asked for

    def test_file_reaches_its_user(self):
        sent = []
        with patch.object(type(self.env["res.users"]), "_bus_send", lambda user, kind, message, **more: sent.append((user, kind, message))):
            run = self.run_for(self.create_workbook(), self.desk)
        self.assertEqual((run.state, run.progress, run.attachment_id.create_uid), ("done", 100, self.desk))
        self.assertTrue(run.rows and run.done_on)
        [(user, kind, message)] = [item for item in sent if item[1] == "dms_workbook"]
        self.assertEqual((user, message["url"], message["type"]), (self.desk, run._get_url(), "success"))
        [told] = self.messages_of(run, self.desk)
        self.assertEqual(told.attachment_ids, run.attachment_id)
        self.assertIn(run._get_url(), told.body)
        self.assertEqual(run.with_user(self.desk).action_download()["url"], run._get_url())

    def test_repeated_click_makes_one_file(self):
        workbook = self.create_workbook()
        for _time in range(3):
            workbook.with_user(self.desk).action_run()
        self.assertEqual(len(self.runs_of(workbook)), 1)
        workbook.with_user(self.manager).action_run()
        self.assertEqual(self.runs_of(workbook).user_id, self.desk | self.manager, "another user has a file of his own")
        self.make()
        workbook.with_user(self.desk).action_run()
        self.assertEqual(len(self.runs_of(workbook)), 3, "what is done can be made again")

    def test_job_twice_makes_one_file(self):
        run = self.run_for(self.create_workbook(), self.desk)
        file = run.attachment_id
        self.make()
        self.assertEqual((run.attachment_id, run.attempts), (file, 1))
        self.assertEqual(len(self.messages_of(run, self.desk)), 1)

    def test_failure_is_told(self):
        workbook = self.create_workbook()
        with patch.object(type(workbook), "_build_sales_distributor", side_effect=ZeroDivisionError), mute_logger(MAKE):
            run = self.run_for(workbook, self.desk)
        self.assertEqual(run.state, "failed")
        self.assertIn("Something went wrong", run.error)
        [told] = self.messages_of(run, self.desk)
        self.assertIn("Something went wrong", told.body)
        run.with_user(self.desk).action_retry()
        self.make()
        self.assertEqual((run.state, run.error), ("done", False))

    def test_failure_of_the_database_leaves_a_clear_state(self):
        workbook = self.create_workbook()

        def build(self, scope):
            scope.env.cr.execute("SELECT 1 / 0")

        with patch.object(type(workbook), "_build_sales_distributor", build), mute_logger(MAKE, "odoo.sql_db"):
            run = self.run_for(workbook, self.desk)
        self.assertEqual(run.state, "failed")
        self.assertFalse(run.attachment_id)

    def test_database_that_breaks_off_is_asked_again(self):
        workbook = self.create_workbook()
        with patch.object(type(workbook), "_build_sales_distributor", side_effect=QueryCanceled), mute_logger(MAKE):
            run = self.run_for(workbook, self.desk)
            self.assertEqual((run.state, run.attempts), ("queued", 1))
        self.make()
        self.assertEqual((run.state, run.attempts), ("done", 2))

    def test_interrupted_file_is_made_again_but_not_for_ever(self):
        run = self.run_for(self.create_workbook(), self.desk)
        run.write({"state": "running", "attempts": 1, "attachment_id": False})
        self.make()
        self.assertEqual((run.state, run.attempts), ("done", 2))
        run.write({"state": "running", "attempts": 3})
        self.make()
        self.assertEqual(run.state, "failed")
        self.assertIn("3 times", run.error)

    def test_file_that_another_worker_makes_is_left_to_it(self):
        workbook = self.create_workbook()
        workbook.with_user(self.desk).action_run()
        run = self.runs_of(workbook)
        with db_connect(self.env.cr.dbname).cursor() as other:
            other.execute(SQL("SELECT pg_try_advisory_xact_lock(hashtext('dms.workbook.run'), %s)", run.id))
            self.make()
            self.assertEqual((run.state, run.attempts), ("queued", 0))
        self.make()
        self.assertEqual(run.state, "done")

    def test_waiting_file_can_be_cancelled_by_its_user_alone(self):
        workbook = self.create_workbook()
        workbook.with_user(self.desk).action_run()
        run = self.runs_of(workbook)
        with self.assertRaises(AccessError):
            run.with_user(self.desk2).action_cancel()
        run.with_user(self.desk).action_cancel()
        self.make()
        self.assertEqual((run.state, run.attachment_id.id), ("cancelled", False))

    def test_file_of_others_is_out_of_reach(self):
        run = self.run_for(self.create_workbook(), self.desk)
        for user in (self.desk2, self.manager, self.area_manager, self.alpha_user):
            with self.assertRaises(AccessError):
                run.with_user(user).action_download()
            with self.assertRaises(AccessError):
                run.attachment_id.with_user(user).read(["raw"])
        self.assertTrue(run.attachment_id.with_user(self.desk).raw)

    def test_old_files_go(self):
        run = self.run_for(self.create_workbook(), self.desk)
        file = run.attachment_id
        self.Run._gc_files()
        self.assertTrue(run.exists())
        with freeze_time(Datetime.now() + timedelta(days=31)):
            self.Run._gc_files()
        self.assertFalse(run.exists() or file.exists())

    # ------------------------------------------------------------ bad input

    def test_bad_definitions_are_refused_by_a_sentence(self):
        day = self.today
        for message, values in (
            ("first and the last day", {"period": "custom", "date_from": day}),
            ("Choose recipients", {"schedule": "daily"}),
            ("own staff", {"schedule": "daily", "recipient_ids": [Command.set(self.alpha_user.ids)]}),
            ("no kind of workbook", {"kind": "horoscope"}),
            (
                "period that moves",
                {"schedule": "daily", "recipient_ids": [Command.set(self.desk.ids)], "period": "custom", "date_from": day, "date_to": day},
            ),
        ):
            with (
                self.assertRaisesRegex(UserError, message),
                self.env.cr.savepoint(),
                mute_logger("odoo.sql_db"),
            ):
                self.create_workbook(**values)
                self.env.flush_all()

    def test_period_that_ends_before_it_starts_is_refused(self):
        values = {"period": "custom", "date_from": self.today, "date_to": self.day(1)}
        with self.assertRaises(IntegrityError), self.env.cr.savepoint(), mute_logger("odoo.sql_db"):
            self.create_workbook(**values)
        message = self.env["dms.workbook"]._table_objects["dms_workbook_period"].message
        self.assertIn("end before it starts", message)

    def test_kind_whose_module_has_gone_fails_with_a_sentence(self):
        workbook = self.create_workbook()
        workbook.with_user(self.desk).action_run()
        run = self.runs_of(workbook)
        run.kind = "horoscope"
        self.make()
        self.assertIn("no kind of workbook called horoscope", run.error)

    def test_deleted_territory_never_widens_a_file(self):
        territory = self.env["dms.territory"].create({"name": "Gone", "code": "T-GONE"})
        workbook = self.create_workbook(territory_ids=[Command.set(territory.ids)])
        workbook.with_user(self.desk).action_run()
        with self.assertRaises(IntegrityError), self.env.cr.savepoint(), mute_logger("odoo.sql_db"):
            territory.unlink()
            self.env.flush_all()
        workbook.territory_ids = [Command.clear()]
        territory.unlink()
        self.make()
        run = self.runs_of(workbook)
        self.assertEqual(run.state, "failed")
        self.assertIn("Territories no longer exists", run.error)

    # ------------------------------------------------------------ periods and schedules

    def test_periods_are_those_of_the_company_clock(self):
        self.company.partner_id.tz = "Pacific/Auckland"
        workbook = self.create_workbook()
        expected = {
            "yesterday": ("2026-02-28", "2026-02-28"),
            "last_week": ("2026-02-16", "2026-02-22"),
            "this_month": ("2026-03-01", "2026-03-31"),
            "last_month": ("2026-02-01", "2026-02-28"),
            "this_quarter": ("2026-01-01", "2026-03-31"),
            "last_quarter": ("2025-10-01", "2025-12-31"),
            "this_year": ("2026-01-01", "2026-12-31"),
            "last_year": ("2025-01-01", "2025-12-31"),
        }
        for period, days in expected.items():
            workbook.period = period
            # it is the first of March over there already
            self.assertEqual(tuple(map(str, workbook._get_dates(datetime(2026, 2, 28, 18)))), days, period)

    def test_schedule_mails_each_recipient_his_own_once(self):
        area2 = self.create_staff("t_area2", "dms_orders.group_dms_area_manager")
        gone = self.create_staff("t_gone", "dms_orders.group_dms_user")
        recipients = self.desk | self.area_manager | area2 | gone
        workbook = self.create_workbook(schedule="daily", recipient_ids=[Command.set(recipients.ids)], mail_subject="{workbook} for {user}")
        gone.active = False
        workbook.next_run = Datetime.now() - timedelta(days=3)
        for _time in range(2):
            self.env["dms.workbook"]._cron_dms_queue()
            self.make()
        runs = self.runs_of(workbook)
        self.assertEqual(runs.user_id, self.desk | self.area_manager | area2)
        self.assertEqual(len(runs), 3)
        self.assertGreater(workbook.next_run, Datetime.now())
        mails = self.env["mail.mail"].search([("subject", "=like", "Our sales for %")])
        self.assertEqual(sorted(mails.mapped("email_to")), sorted((self.desk | self.area_manager | area2).mapped("email_formatted")))
        books = {run.user_id: read_book(run.attachment_id.raw) for run in runs}
        for mail in mails:
            [run] = runs.filtered(lambda run, mail=mail: run.user_id.email_formatted == mail.email_to)
            self.assertEqual(mail.attachment_ids, run.attachment_id)
        self.assertIn("Beta Wholesale", str(books[self.desk]))
        self.assertIn("Alpha Trading", str(books[self.area_manager]))
        self.assertNotIn("Beta", str(books[self.area_manager]))
        self.assertNotIn("Alpha", str(books[area2]))

    def test_queueing_twice_for_one_time_makes_one_run(self):
        workbook = self.create_workbook(schedule="weekly", recipient_ids=[Command.set(self.desk.ids)])
        due = Datetime.now().replace(microsecond=0)
        for _time in range(2):
            workbook.next_run = due
            workbook._queue_due()
        self.assertEqual(len(self.runs_of(workbook)), 1)

    def test_next_time_keeps_the_hour_over_a_change_of_clocks(self):
        self.company.partner_id.tz = "Europe/Berlin"
        with freeze_time("2026-03-28 12:00:00"):
            workbook = self.create_workbook(schedule="daily", recipient_ids=[Command.set(self.desk.ids)])
            self.assertEqual(workbook.next_run, datetime(2026, 3, 29, 4))
            self.assertEqual(workbook._get_following(datetime(2026, 3, 28, 5)), datetime(2026, 3, 29, 4))
            workbook.schedule = "monthly"
            self.assertEqual(workbook.next_run, datetime(2026, 4, 1, 4))
            workbook.schedule = "weekly"
            self.assertEqual(workbook.next_run, datetime(2026, 3, 30, 4))

    def test_progress_is_the_share_of_rows_that_are_known_beforehand(self):
        shown = []
        run = self.run_for(self.create_workbook(), self.desk)
        with patch.object(book, "STRIDE", 1), self.enter_registry_test_mode():
            rows = run._write_file(io.BytesIO(), lambda *numbers: shown.append(numbers))
        self.assertEqual(shown[-1], (rows, rows))
        self.assertEqual({expected for _rows, expected in shown}, {rows})
        self.assertEqual([number for number, _expected in shown], sorted(number for number, _expected in shown))

    def test_progress_of_what_cannot_be_counted_stays_untold(self):
        shown = []
        run = self.run_for(self.create_workbook("stock_ageing"), self.desk)
        with self.enter_registry_test_mode():
            rows = run._write_file(io.BytesIO(), lambda *numbers: shown.append(numbers))
        self.assertTrue(rows)
        self.assertEqual(shown[-1], (rows, 0))
        with patch.object(dms_workbook_make, "PAUSE", 0):
            show = run._show_progress(lambda _done: None)
            show(10, 0)
            self.assertEqual((run.rows, run.progress), (10, 0))
            show(10, 40)
            self.assertEqual((run.rows, run.progress), (10, 25))

    def test_settings_keep_the_limits_of_files(self):
        settings = self.env["res.config.settings"]
        self.assertEqual([settings.create({})[name] for name in ("dms_workbook_days", "dms_workbook_mail_mb")], [30, 10])
        settings.create({"dms_workbook_days": 0, "dms_workbook_mail_mb": 0}).execute()
        self.assertEqual([self.Run._get_limit(name) for name in LIMITS], [0, 0], "zero is not forgotten")
        self.assertEqual(self.Run._gc_files(), (0, False))
        settings.create({"dms_workbook_days": 7}).execute()
        self.assertEqual([self.Run._get_limit(name) for name in LIMITS], [7, 0])
        with self.assertRaisesRegex(UserError, "below zero"):
            settings.create({"dms_workbook_days": -1}).execute()
        with self.assertRaises(AccessError):
            settings.with_user(self.manager).create({"dms_workbook_days": 1}).execute()

    def test_large_file_is_linked_not_attached(self):
        self.env["ir.config_parameter"].set_param("dms_reports.workbook_mail_mb", "0")
        workbook = self.create_workbook(schedule="daily", recipient_ids=[Command.set(self.desk.ids)], mail_subject="large")
        workbook.next_run = Datetime.now()
        self.env["dms.workbook"]._cron_dms_queue()
        self.make()
        mail = self.env["mail.mail"].search([("subject", "=", "large")])
        self.assertFalse(mail.attachment_ids)
        self.assertIn(self.runs_of(workbook)._get_url(), mail.body_html)

    def test_failed_scheduled_file_is_told_to_who_keeps_the_workbook(self):
        workbook = self.create_workbook(schedule="daily", recipient_ids=[Command.set(self.manager.ids)])
        workbook.next_run = Datetime.now()
        self.env["dms.workbook"]._cron_dms_queue()
        with patch.object(type(workbook), "_build_sales_distributor", side_effect=UserError("No paper.")):
            self.make()
        self.assertIn("No paper.", workbook.message_ids[0].body)

    # ------------------------------------------------------------ from a list

    def test_list_is_exported_with_the_rights_of_its_user(self):
        domain = [("distributor_id", "in", (self.alpha | self.beta).ids)]
        self.facts.with_user(self.area_manager).action_export_workbook(domain)
        self.facts.with_user(self.area_manager).action_export_workbook(domain)
        self.make()
        [run] = self.Run.search([("user_id", "=", self.area_manager.id)])
        rows = self.table(read_book(run.attachment_id.raw)["Figures"])
        self.assertEqual({row["Distributor"] for row in rows}, {"Alpha Trading"})
        self.assertEqual(len(rows), self.facts.search_count([("distributor_id", "=", self.alpha.id)]))

    def test_selected_facts_are_exported(self):
        facts = self.facts.with_user(self.desk).search([("sellout_qty", ">", 0), ("distributor_id", "=", self.alpha.id)])
        facts.action_export_selected()
        self.make()
        [run] = self.Run.search([("user_id", "=", self.desk.id)])
        rows = self.table(read_book(run.attachment_id.raw)["Figures"])
        self.assertEqual([(row["Distributor"], row["Sell-out"]) for row in rows], [("Alpha Trading", 30)])

    def test_hostile_filters_are_refused(self):
        facts, nested = self.facts.with_user(self.area_manager), [("id", ">", 0)]
        for _depth in range(1500):
            nested = [("territory_id", "any", nested)]
        for domain in (
            "[(1,'=',1)]",
            [("no_such_field", "=", 1)],
            [("date", "eval", 1)],
            {"a": 1},
            [1, 2],
            ["|"],
            [("user_id.password", "=", "x")],
            [("distributor_id", "any!", [("name", "ilike", "b")])],
            [("id", "=", "abc")],
            [("net_amount", ">", float("nan"))],
            [("distributor_id", "=like", "\0")],
            nested,
        ):
            with self.assertRaises(UserError), mute_logger("odoo.sql_db"):
                facts.action_export_workbook(domain)
        with self.assertRaises(AccessError):
            self.facts.with_user(self.employee).action_export_workbook([])
        with self.assertRaises(AccessError):
            self.facts.with_user(self.alpha_user).action_export_workbook([])
        self.assertFalse(self.Run.search([("user_id", "in", (self.area_manager | self.employee).ids)]))
