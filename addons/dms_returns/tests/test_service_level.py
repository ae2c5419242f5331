from datetime import datetime, timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged

from .common import ReturnsCommon

FRIDAY = datetime(2026, 11, 27, 15, 0)  # in the calendar of the tests: Monday to Friday, 8 to 12 and 13 to 17, UTC


@tagged("post_install", "-at_install")
class TestServiceLevel(ReturnsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.levels = cls.env["dms.service.level"]
        cls.levels.search([("model", "=", "dms.return")]).active = False
        cls.env.flush_all()
        cls.calendar = cls.env["resource.calendar"].create({"name": "Office", "tz": "UTC"})
        cls.level = cls.levels.create({"model": "dms.return", "stage": "submitted", "hours": 4, "calendar_id": cls.calendar.id})
        cls.picking = cls.sell({cls.tea: 10})

    def due(self, since, company=None):
        return self.levels._get_due("dms.return", "submitted", company or self.company, since)

    def late_return(self):
        case = self.submit(self.create_return({self.line_of(self.picking): 1}))
        case.stage_due = fields.Datetime.now() - timedelta(hours=1)
        return case

    def test_hours_run_in_the_calendar_over_the_weekend(self):
        self.assertEqual(self.due(FRIDAY), datetime(2026, 11, 30, 10, 0))

    def test_without_a_calendar_the_clock_counts(self):
        self.level.calendar_id = False
        self.company.resource_calendar_id = False
        self.assertEqual(self.due(FRIDAY), FRIDAY + timedelta(hours=4))

    def test_level_of_the_company_goes_before_that_of_all(self):
        self.levels.create(
            {"model": "dms.return", "stage": "submitted", "hours": 1, "calendar_id": self.calendar.id, "company_id": self.company.id}
        )
        self.assertEqual(self.due(FRIDAY), datetime(2026, 11, 27, 16, 0))

    def test_stage_without_a_level_has_no_end(self):
        self.level.active = False
        self.assertFalse(self.due(FRIDAY))

    def test_clock_starts_anew_with_each_stage(self):
        case = self.late_return()
        self.assertTrue(case.is_late)
        self.assertIn(case, case.search([("is_late", "=", True)]))
        self.approve(case)
        self.assertFalse(case.is_late)
        self.assertNotIn(case, case.search([("is_late", "=", True)]))
        self.assertFalse(case.stage_due)

    def test_late_stage_is_told_once(self):
        self.level.escalation_user_id = self.claims_manager
        case = self.late_return()
        for _again in range(2):
            self.levels._cron_dms_escalate()
        activity = case.activity_ids.filtered(lambda activity: activity.user_id == self.claims_manager)
        self.assertEqual(len(activity), 1)
        self.assertIn(case.name, activity.note)
        self.assertTrue(case.is_escalated)

    def test_next_late_stage_is_told_again(self):
        self.level.escalation_user_id = self.claims_manager
        self.levels.create({"model": "dms.return", "stage": "received", "hours": 1})
        case = self.late_return()
        self.levels._cron_dms_escalate()
        self.bring(self.approve(case))
        case.stage_due = fields.Datetime.now() - timedelta(hours=1)
        self.levels._cron_dms_escalate()
        self.assertEqual(len(case.activity_ids.filtered(lambda activity: activity.activity_type_id.category != "upload_file")), 2)

    def test_without_a_person_the_territorys_manager_hears(self):
        case = self.late_return()
        self.levels._cron_dms_escalate()
        self.assertIn(self.alpha.territory_id.manager_id, case.activity_ids.user_id)

    def test_ended_cases_are_never_late(self):
        case = self.late_return()
        case.with_user(self.officer).action_reject("no")
        self.assertFalse(case.stage_due)

    def test_job_goes_on_where_it_stopped(self):
        cases = [self.late_return() for _number in range(3)]
        with patch("odoo.addons.dms_returns.models.dms_service_level.BATCH", 1):
            self.levels._cron_dms_escalate()
        self.assertTrue(all(case.is_escalated for case in cases))
