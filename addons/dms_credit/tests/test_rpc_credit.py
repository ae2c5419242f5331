"""Every method of credit that decides something, called as a caller from outside would, with a context made to switch guards off."""

from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.dms_orders.tests.test_rpc import RpcCommon

from .common import CreditCommon

#: (record of the fixture, method): arguments; nobody below a controller may call them
DECISIONS = {
    ("account", "action_set_limit"): (1e9, "more"),
    ("account", "action_stop"): ("why not",),
    ("account", "action_lift_stop"): ("why not",),
    ("extension", "action_approve"): (),
    ("extension", "action_reject"): ("no",),
    ("hold", "action_release"): ("let it pass",),
    ("hold", "action_release_part"): ("what fits",),
    ("hold", "action_reject"): ("drop it",),
    ("hold", "action_ask_payment"): (),
}
#: what is decided by methods alone, or by nobody
DECIDED = {
    "account": {
        "credit_limit": 1e9,
        "has_limit": False,
        "policy": "none",
        "is_stopped": False,
        "secured_amount": 1e9,
        "review_date": False,
    },
    "extension": {"state": "approved", "decided_by_id": 1, "is_from_portal": True},
    "hold": {"state": "released", "released_amount": 1e12, "credit_snapshot": {}},
    "change": {"reason": "never happened", "amount_after": 1.0},
    "line": {"dms_open_value": 0.0, "dms_uninvoiced_value": 0.0},
    "confirmed": {"dms_open_value": 0.0, "dms_uninvoiced_value": 0.0},
    "alpha": {"credit_limit": 1e9, "use_partner_credit_limit": False},
}
#: what a refused call leaves as it is
WATCHED = {
    "dms_credit_account": "has_limit, policy, is_stopped, secured_amount, review_date, overdue_grace_days",
    "dms_credit_extension": "state, amount, decided_by_id",
    "dms_credit_change": "reason, amount_after",
    "dms_order_hold": "state, released_amount, released_by_id",
    "sale_order": "state, dms_state, dms_open_value, amount_total",
    "sale_order_line": "dms_open_value, product_uom_qty",
    "res_partner": "credit_limit",
}


@tagged("post_install", "-at_install")
class TestRpcCredit(CreditCommon, RpcCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account = cls.set_limit(100)
        cls.account.is_stopped, cls.account.stop_reason = False, "once"
        cls.confirmed = cls.create_order(lines={cls.tea: 6})
        cls.confirmed.action_confirm()
        cls.line = cls.confirmed.order_line
        cls.order = cls.create_order(lines={cls.coffee: 4}, user=cls.controller)
        cls.order.action_dms_submit()
        cls.hold = cls.order.dms_hold_ids
        cls.extension = (
            cls.env["dms.credit.extension"]
            .with_user(cls.controller)
            .create({"account_id": cls.account.id, "amount": 500, "date_from": cls.today, "date_to": cls.today, "reason": "season"})
            .with_env(cls.env)
        )
        cls.change = cls.account.change_ids[:1]
        cls.outsiders = {"desk": cls.desk, "area": cls.area_manager, "sales": cls.salesperson, "accountant": cls.accountant, **cls.users}

    def hostile(self):
        more = {
            "default_state": "approved",
            "default_policy": "none",
            "default_dms_open_value": 0,
            "dms_credit_reason": "x" * 9,
            "dms_live": 1,
        }
        return {**self.hostile_context(self.order), **more}

    def picture(self):
        self.env.flush_all()
        return [
            self.env.execute_query(SQL("SELECT id, %s FROM %s ORDER BY id", SQL(columns), SQL.identifier(table)))
            for table, columns in WATCHED.items()
        ]

    def test_who_does_not_decide_is_refused_and_changes_nothing(self):
        for (name, method), arguments in DECISIONS.items():
            for role, user in self.outsiders.items():
                with self.subTest(role, record=name, method=method):
                    before = self.picture()
                    self.assertTrue(self.refused(user, getattr(self, name), method, *arguments, context=self.hostile()))
                    self.assertEqual(self.picture(), before)

    def test_maker_is_refused_whatever_the_context(self):
        for name, method, *arguments in (
            ("extension", "action_approve"),
            ("extension", "action_reject", "no"),
            ("hold", "action_release", "mine"),
            ("hold", "action_release_part", "mine"),
            ("hold", "action_reject", "mine"),
        ):
            with self.subTest(name, method=method):
                self.assertTrue(self.refused(self.controller, getattr(self, name), method, *arguments, context=self.hostile()))

    def test_a_second_controller_may(self):
        for (name, method), arguments in DECISIONS.items():
            with self.subTest(name, method=method):
                self.assertEqual(self.tried(self.controller2, getattr(self, name), method, *arguments), "ok")

    def test_what_is_decided_is_not_written(self):
        for name, values in DECIDED.items():
            for role, user in self.outsiders.items():
                for field, value in values.items():
                    with self.subTest(role, record=name, field=field):
                        before = self.picture()
                        self.assertTrue(self.refused(user, getattr(self, name), "write", {field: value}, context=self.hostile()))
                        self.assertEqual(self.picture(), before)

    def test_arguments_of_any_kind_are_refused_in_words(self):
        for amount in ("much", float("nan"), float("inf"), -1, 1e40, [5], {"a": 1}, True):
            with self.subTest(amount=amount):
                self.assertTrue(self.refused(self.controller, self.account, "action_set_limit", amount, "why"))
        for reason in (None, "", "  ", 5, ["x"], {}):
            for name, method, *given in (("account", "action_stop"), ("account", "action_set_limit", 5.0), ("extension", "action_reject")):
                with self.subTest(reason=reason, method=method):
                    self.assertTrue(self.refused(self.controller2, getattr(self, name), method, *given, reason))
