"""Who reads and decides what of accruals: by role, with records of two distributors, and under a hostile context."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .period_common import JAN, PeriodCommon

MODELS = ("dms.scheme.accrual", "dms.scheme.accrual.line", "dms.scheme.baseline")
READERS = ("desk", "manager", "author", "approver")
NOBODY = ("employee", "salesperson", "accountant", "alpha_user", "beta_user")
#: what a caller may put into the context of any call
HOSTILE = {
    "default_move_type": "out_invoice",
    "default_partner_id": 1,
    "default_journal_id": 1,
    "default_state": "settled",
    "default_amount": 1e6,
    "default_auto_post": "monthly",
    "default_currency_id": 2,
    "default_line_ids": [(0, 0, {"name": "x", "balance": 5.0})],
    "default_name": "HACKED/1",
    "default_claimed_by_id": 1,
    "active_test": False,
    "tracking_disable": True,
    "check_move_validity": False,
    "skip_account_move_synchronization": True,
    "move_reverse_cancel": True,
    "tz": "No/Where",
}


class PeriodAccessCommon(PeriodCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accountant = new_test_user(cls.env, "t_accountant", groups="account.group_account_invoice")
        cls.bill({cls.tea: 100}, "2025-01-10", cls.alpha)
        cls.bill({cls.tea: 100}, "2025-01-10", cls.beta)
        cls.scheme = cls.create_rebate([(0, "percent", 10)], basis="growth")
        for partner in (cls.alpha, cls.beta):
            cls.bill({cls.tea: 150}, "2026-01-10", partner)
        cls.scheme._accrue(JAN)
        cls.rows = cls.env["dms.scheme.accrual"].search([("scheme_id", "=", cls.scheme.id)])
        cls.records = {
            "dms.scheme.accrual": cls.rows,
            "dms.scheme.accrual.line": cls.rows.line_ids,
            "dms.scheme.baseline": cls.scheme.baseline_ids.filtered(lambda row: row.distributor_id in cls.alpha | cls.beta),
        }


@tagged("post_install", "-at_install")
class TestPeriodAccess(PeriodAccessCommon):
    def side(self, model, partner):
        return self.records[model].filtered(lambda row: row.distributor_id == partner)

    def test_fixture_has_both_sides(self):
        for model in MODELS:
            self.assertTrue(self.side(model, self.alpha) and self.side(model, self.beta), model)

    def test_readers_read_and_write_nothing(self):
        for model in MODELS:
            for name in READERS:
                records = self.records[model].with_user(getattr(self, name))
                records.check_access("read")
                for operation in ("write", "create", "unlink"):
                    self.assertFalse(records.has_access(operation), f"{name} {operation} {model}")

    def test_area_manager_reads_its_own_territory(self):
        for model in MODELS:
            self.side(model, self.alpha).with_user(self.area_manager).check_access("read")
            with self.assertRaises(AccessError, msg=model):
                self.side(model, self.beta).with_user(self.area_manager).check_access("read")

    def test_others_read_nothing(self):
        for model in MODELS:
            for name in NOBODY:
                self.assertFalse(self.env[model].with_user(getattr(self, name)).has_access("read"), f"{name} {model}")

    def test_another_company_reads_nothing(self):
        other = self.env["res.company"].create({"name": "T Other"})
        user = new_test_user(
            self.env, "t_other", groups="dms_schemes.group_scheme_approver", company_id=other.id, company_ids=[(6, 0, other.ids)]
        )
        for model in MODELS:
            self.assertFalse(
                self.env[model].with_user(user).with_context(allowed_company_ids=other.ids).search([("id", "in", self.records[model].ids)])
            )
        with self.assertRaises(AccessError):
            self.rows.with_user(user).with_context(allowed_company_ids=other.ids).action_claim()

    def test_area_manager_decides_nothing_and_prints_its_own_only(self):
        own, foreign = (self.side("dms.scheme.accrual", partner).with_user(self.area_manager) for partner in (self.alpha, self.beta))
        self.assertTrue(own.action_statement_xlsx())
        with self.assertRaises(AccessError):
            foreign.action_statement_xlsx()
        with self.assertRaises(AccessError):
            self.env["report.dms_schemes.report_scheme_statement"].with_user(self.area_manager)._get_report_values(foreign.ids)

    def test_portal_user_prints_nothing(self):
        report = self.env["report.dms_schemes.report_scheme_statement"].with_user(self.alpha_user)
        with self.assertRaises(AccessError):
            report._get_report_values(self.side("dms.scheme.accrual", self.alpha).ids)


@tagged("post_install", "-at_install")
class TestPeriodRpc(PeriodAccessCommon):
    """Each public method, called by those who may and those who may not, with whatever context they choose."""

    def hostile(self, user):
        return self.rows.with_user(user).with_context(**HOSTILE)

    def test_claim_and_settlement_do_what_they_always_do(self):
        self.hostile(self.author).action_claim()
        self.assertEqual(self.rows.mapped("claimed_by_id"), self.author)
        self.hostile(self.approver).action_settle()
        for row in self.rows:
            note = row.settlement_move_id
            self.assertEqual(
                (note.move_type, note.partner_id, note.state, note.auto_post), ("out_refund", row.distributor_id, "posted", "no")
            )
            self.assertEqual((note.amount_total, note.currency_id, len(note.invoice_line_ids)), (15.0, self.company.currency_id, 1))
            self.assertNotEqual(note.name, "HACKED/1")
        self.assertSettled(self.scheme)

    def test_release_does_what_it_always_does(self):
        self.hostile(self.approver).action_release("left us")
        self.assertEqual(set(self.rows.mapped("released_amount")), {15.0})
        self.assertSettled(self.scheme)

    def test_reason_of_a_release_is_a_text(self):
        for reason in (None, 5, ["x"], {"a": 1}, "   ", ""):
            with self.assertRaises(UserError):
                self.hostile(self.approver).action_release(reason)

    def test_closing_and_approval_do_what_they_always_do(self):
        draft = self.draft_scheme([(0, "percent", 10)], **self.rebate_values())
        draft.with_user(self.approver).with_context(**HOSTILE).action_approve()
        draft.with_user(self.approver).with_context(**HOSTILE).action_close()
        rows = self.rows_of(draft)
        self.assertEqual(set(rows.mapped("state")), {"open"})
        self.assertEqual(rows.move_id.mapped("move_type"), ["entry"] * len(rows.move_id))
        self.assertSettled(draft)

    def test_who_may_not_decide_is_refused_whatever_the_context(self):
        for user in (self.desk, self.manager, self.area_manager, self.employee, self.accountant, self.alpha_user):
            rows = self.hostile(user)
            for method, args in (("action_claim", ()), ("action_settle", ()), ("action_reopen", ()), ("action_release", ("x",))):
                with self.assertRaises(AccessError, msg=f"{user.login} {method}"):
                    getattr(rows, method)(*args)
        self.assertEqual(set(self.rows.mapped("state")), {"open"})

    def test_figures_are_not_written_by_hand(self):
        for user in (self.approver, self.accountant):
            for values in ({"state": "settled"}, {"amount": 99.0}, {"claimed_by_id": False}):
                with self.assertRaises(AccessError):
                    self.rows.with_user(user).write(values)
            with self.assertRaises(AccessError):
                self.env["dms.scheme.accrual"].with_user(user).create({"scheme_id": self.scheme.id, "distributor_id": self.alpha.id})

    def test_release_dialog_takes_only_what_its_user_sees(self):
        wizard = self.env["dms.scheme.release"].with_user(self.approver)
        context = {"active_model": "dms.scheme.accrual", "active_ids": [*self.rows.ids, "x", None, 10**9]}
        dialog = wizard.with_context(**context).create({"reason": "left us"})
        self.assertEqual(dialog.accrual_ids.ids, self.rows.ids)
        dialog.action_release()
        self.assertFalse(self.rows.filtered("open_amount"))
        self.assertFalse(self.env["dms.scheme.release"].with_user(self.author).has_access("create"))

    def test_journal_items_are_not_linked_by_hand(self):
        item = self.rows[0].move_id.line_ids.filtered("scheme_accrual_id")[:1]
        with self.assertRaises(AccessError):
            item.with_user(self.accountant).scheme_accrual_id = False
