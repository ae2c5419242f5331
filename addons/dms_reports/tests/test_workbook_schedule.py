from datetime import datetime

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .workbook_common import WorkbookCommon


@tagged("post_install", "-at_install")
class TestWorkbookSchedule(WorkbookCommon):
    def test_monthly_workbook_returns_to_its_day_after_short_months(self):
        self.company.partner_id.tz = "Europe/Berlin"
        workbook = self.create_workbook(schedule="monthly", recipient_ids=[Command.set(self.desk.ids)])
        for day, expected in (
            (31, ["02-28", "03-31", "04-30", "05-31", "06-30"]),
            (30, ["02-28", "03-30", "04-30", "05-30", "06-30"]),
            (29, ["02-28", "03-29", "04-29", "05-29", "06-29"]),
            (28, ["02-28", "03-28", "04-28", "05-28", "06-28"]),
        ):
            workbook.next_run = datetime(2026, 1, day, 5)
            self.assertEqual(workbook.schedule_day, day)
            local, days = workbook._get_clock()._dms_local, []
            for _month in expected:
                with freeze_time(workbook.next_run):
                    workbook._queue_due()
                days.append(f"{local(workbook.next_run):%m-%d}")
                self.assertEqual(local(workbook.next_run).hour, 6, "by the company's clock, summer or winter")
            self.assertEqual(days, expected)

    def test_missed_months_leave_the_day(self):
        workbook = self.create_workbook(schedule="monthly", recipient_ids=[Command.set(self.desk.ids)])
        workbook.next_run = datetime(2027, 11, 30, 23, 30)
        with freeze_time("2028-02-10 12:00:00"):
            workbook._queue_due()
        self.assertEqual((workbook.next_run, workbook.schedule_day), (datetime(2028, 2, 29, 23, 30), 30))

    def test_day_of_the_month_is_that_of_the_company_clock_and_can_be_chosen(self):
        self.company.partner_id.tz = "Pacific/Auckland"
        workbook = self.create_workbook(schedule="monthly", recipient_ids=[Command.set(self.desk.ids)])
        self.assertEqual(workbook.schedule_day, 1)
        workbook.next_run = datetime(2026, 1, 30, 18)  # the 31st over there
        self.assertEqual(workbook.schedule_day, 31)
        workbook.schedule_day = 15
        self.assertEqual(workbook.next_run, datetime(2026, 1, 30, 18))
        with freeze_time("2026-02-01 12:00:00"):
            workbook._queue_due()
        self.assertEqual((workbook.next_run, workbook.schedule_day), (datetime(2026, 2, 14, 18), 15))
        with self.assertRaisesRegex(IntegrityError, "schedule_day"), mute_logger("odoo.sql_db"), self.cr.savepoint():
            workbook.schedule_day = 32
