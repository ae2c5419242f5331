"""What nobody should enter: refused with a sentence, whatever the way."""

from datetime import date, timedelta

from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from .test_credit_gates import GateCommon

NAN, INFINITY = float("nan"), float("inf")
#: amounts that cannot be a limit
IMPOSSIBLE = (-1, -0.01, 1e14, 1e300, NAN, INFINITY, -INFINITY)


class BadInputCommon(GateCommon):
    def assertRefused(self, action, message=None):
        """Refused in words: by a method, or by a constraint of the table that carries a sentence."""
        try:
            with self.env.cr.savepoint(), mute_logger("odoo.sql_db"):
                action()
                self.env.flush_all()
        except (UserError, CheckViolation):
            return
        finally:
            self.env.invalidate_all()
        self.fail(message or "was not refused")


@tagged("post_install", "-at_install")
class TestImpossibleValues(BadInputCommon):
    def test_limits_by_every_way(self):
        self.set_limit(100)
        ways = {
            "partner": lambda amount: self.alpha.write({"credit_limit": amount}),
            "partner by form data": lambda amount: self.alpha.web_save({"credit_limit": amount}, {"credit_limit": {}}),
            "new partner": lambda amount: self.create_distributor("New", credit_limit=amount),
            "account": lambda amount: self.account.write({"credit_limit": amount}),
            "method": lambda amount: self.account.action_set_limit(amount, "because"),
            "security": lambda amount: self.account.write({"secured_amount": amount}),
        }
        for name, way in ways.items():
            for amount in IMPOSSIBLE:
                with self.subTest(way=name, amount=amount):
                    self.assertRefused(lambda way=way, amount=amount: way(amount))
        for amount in ("100", "1e3", [], {}, [100], True, "NaN", b"1"):
            with self.subTest(amount=amount), self.assertRaises(UserError), self.env.cr.savepoint():
                self.account.action_set_limit(amount, "because")
        for reason in (None, "", "   ", False, 5, [], {}):
            with self.subTest(reason=reason), self.assertRaises(UserError), self.env.cr.savepoint():
                self.account.action_set_limit(5, reason)
        self.assertEqual((self.account.credit_limit, self.account.limit_amount), (100, 100))

    def test_limits_by_import(self):
        self.set_limit(100)
        rows = {"-5": False, "1e300": False, "NaN": False, "inf": False, "abc": False, "250": True}
        for value, good in rows.items():
            for model, record in (("res.partner", self.alpha), ("dms.credit.account", self.account)):
                with self.subTest(value=value, model=model), mute_logger("odoo.sql_db", "odoo.models"):
                    savepoint = self.env.cr.savepoint()
                    result = self.env[model].load([".id", "credit_limit"], [[str(record.id), value]])
                    self.assertEqual(bool(result["ids"]), good, result["messages"])
                    if good:
                        self.assertEqual(self.account.limit_amount, 250)
                    savepoint.close(rollback=True)
                    self.env.invalidate_all()
                    self.assertEqual(self.account.limit_amount, 100)

    def test_empty_cell_of_an_import_is_no_limit_of_zero(self):
        self.account.policy = "hold"
        self.alpha.load([".id", "credit_limit"], [[str(self.alpha.id), ""]])
        self.env["res.partner"].load(["name", "is_company", "is_distributor", "credit_limit"], [["Imported", "1", "1", ""]])
        imported = self.env["res.partner"].search([("name", "=", "Imported")])
        for partner in (self.alpha, imported):
            self.assertFalse(self.get_account(partner).has_limit, partner.name)

    def test_limits_by_import_are_for_controllers(self):
        clerk = new_test_user(
            self.env, "t_importer", groups="base.group_partner_manager,dms_orders.group_dms_manager,account.group_account_invoice"
        )
        result = self.env["res.partner"].with_user(clerk).load([".id", "credit_limit"], [[str(self.alpha.id), "999999"]])
        self.assertFalse(result["ids"])
        with self.assertRaises(AccessError):
            self.alpha.with_user(clerk).write({"credit_limit": 5})
        self.customer.with_user(clerk).write({"credit_limit": 5})
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            self.customer.with_user(clerk).write({"credit_limit": 5000, "is_distributor": True})

    def test_distributor_made_in_the_form_has_no_limit_unless_given(self):
        maker = new_test_user(
            self.env, "t_maker", groups="base.group_partner_manager,dms_orders.group_dms_manager,dms_credit.group_credit_controller"
        )
        with Form(self.env["res.partner"].with_user(maker).with_context(default_is_company=True)) as form:
            form.name = "By form"
            form.is_distributor = True
        account = self.get_account(form.record)
        self.assertEqual((account.has_limit, account.credit_limit), (False, 0))
        with Form(form.record) as again:
            again.phone = "123"
        self.assertFalse(account.has_limit)

    def test_flag_of_the_limit_is_not_written_by_hand(self):
        """Who takes a limit away says why, which the history keeps."""
        self.set_limit(100)
        for flag in (False, True):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                self.account.with_user(self.controller).write({"has_limit": flag})
        self.account.with_user(self.controller).action_set_limit(None, "pays in advance")
        self.assertEqual(self.account.change_ids[:1].reason, "pays in advance")

    def test_every_change_of_a_limit_says_who_when_from_to_why(self):
        self.controller.group_ids |= self.env.ref("base.group_partner_manager")
        self.account.with_user(self.controller).action_set_limit(100, "new season")
        self.alpha.with_user(self.controller).write({"credit_limit": 150})
        self.account.with_user(self.controller2).action_set_limit(None, "pays in advance")
        self.account.with_user(self.controller2).action_stop("bounced")
        rows = self.account.change_ids.sorted("id")
        amounts = [(row.field_name, row.amount_before, row.amount_after, row.user_id, row.reason) for row in rows]
        expected = [
            ("credit_limit", 0, 100, self.controller, "new season"),
            ("credit_limit", 100, 150, self.controller, ""),
            ("credit_limit", 150, 0, self.controller2, "pays in advance"),
            ("is_stopped", 0, 0, self.controller2, "bounced"),
        ]
        self.assertEqual([(*row[:4], row[4] or "") for row in amounts], expected)
        self.assertEqual([rows[0].before, rows[2].after], ["No limit", "No limit"])
        for attempt in (lambda: rows.write({"reason": "x"}), lambda: rows.unlink(), lambda: rows.sudo().write({"user_id": 1})):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                attempt()

    def test_temporary_limits(self):
        good = {"account_id": self.account.id, "amount": 10, "date_from": self.today, "date_to": self.day(5), "reason": "r"}
        bad = [{"amount": amount} for amount in (0, *IMPOSSIBLE)]
        bad += [{"date_from": self.day(6)}, {"date_to": self.day(-1)}, {"date_to": self.day(400)}, {"date_to": date(9999, 12, 31)}]
        for values in bad:
            with self.subTest(values):
                self.assertRefused(lambda values=values: self.env["dms.credit.extension"].create({**good, **values}))
        request = self.env["dms.credit.extension"].create(good)
        for values in bad:
            with self.subTest(written=values):
                self.assertRefused(lambda values=values: request.write(values))
        request.with_user(self.controller).action_approve()
        for values in ({"amount": 11}, {"date_to": self.day(6)}, {"account_id": self.other_account.id}, {"reason": "x"}):
            self.assertRefused(lambda values=values: request.write(values))
        self.assertRefused(request.unlink)

    def test_life_of_a_temporary_limit(self):
        values = {"account_id": self.account.id, "amount": 10, "date_from": self.today, "date_to": self.today, "reason": "season"}
        request = self.env["dms.credit.extension"].with_user(self.controller).create(values)
        with self.assertRaises(UserError):
            request.with_user(self.controller).action_approve()
        with self.assertRaises(UserError):
            request.with_user(self.controller).sudo().action_approve()
        for user in (self.desk, self.manager, self.area_manager, self.accountant, self.alpha_user):
            with self.assertRaises(AccessError):
                request.with_user(user).action_approve()
        request.with_user(self.controller2).action_approve()
        request.with_user(self.controller2).action_approve()
        self.assertEqual((request.state, request.decided_by_id), ("approved", self.controller2))
        row = self.account.change_ids[:1]
        self.assertEqual((row.field_name, row.amount_after, row.reason, row.user_id), ("extension_amount", 10, "season", self.controller2))
        with self.assertRaises(UserError):
            request.with_user(self.controller2).action_reject("")
        request.with_user(self.controller2).action_reject("too late")
        self.assertEqual(request.state, "approved", "what was decided stays decided")

    def test_numbers_of_the_company(self):
        numbers = {
            "credit_horizon_days": (-1, 10**9, 2**31 - 1),
            "credit_release_days": (-1, 10**9, 2**31 - 1),
            "credit_delivery_days": (-1, 10**9, 2**31 - 1),
            "credit_overdue_tolerance": (-0.01, NAN, INFINITY),
        }
        self.set_limit(60)
        for name, values in numbers.items():
            for value in values:
                with self.subTest(name=name, value=value):
                    self.assertRefusedOrHarmless(name, value)

    def assertRefusedOrHarmless(self, name, value):
        """A setting is refused in words, or orders are confirmed, held, released and delivered with it."""
        try:
            with self.env.cr.savepoint(), mute_logger("odoo.sql_db"):
                self.company.write({name: value})
                self.env.flush_all()
        except (UserError, CheckViolation):
            self.env.invalidate_all()
            return
        savepoint = self.env.cr.savepoint()
        order = self.confirm({self.tea: 10})
        self.assertHeld(order, "credit_limit")
        order.dms_hold_ids.with_user(self.controller).action_release("agreed")
        order.action_confirm()
        self.assertConfirmed(order)
        order.date_order -= timedelta(days=30)
        order.picking_ids.button_validate()
        savepoint.close(rollback=True)
        self.company[name] = False
        self.env.invalidate_all()

    def test_numbers_of_a_class_and_of_the_matrix(self):
        terms = self.env["dms.distributor.class"].create({"name": "T Odd", "code": "T-ODD", "credit_has_limit": True})
        for amount in IMPOSSIBLE:
            with self.subTest(amount=amount):
                self.assertRefused(lambda amount=amount: terms.write({"credit_limit": amount}))
        for days in (-1, 10**6, 2**31 - 1):
            with self.subTest(days=days):
                self.assertRefused(lambda days=days: terms.write({"credit_grace_days": days}))
                self.assertRefused(lambda days=days: self.account.write({"overdue_grace_days": days}))
        rule = self.env.ref("dms_credit.release_rule_controller")
        for values in ({"max_over_amount": -1}, {"max_over_amount": NAN}, {"max_overdue_days": -1}):
            with self.subTest(values):
                self.assertRefused(lambda values=values: rule.write({"any_amount": False, "any_days": False, **values}))

    def test_security_that_ends_before_it_begins(self):
        self.assertRefused(lambda: self.account.write({"secured_from": self.day(1), "secured_until": self.today}))

    def test_stop_without_a_reason(self):
        self.assertRefused(lambda: self.account.write({"is_stopped": True}))
        for reason in (None, "", " ", 7):
            self.assertRefused(lambda reason=reason: self.account.action_stop(reason))
