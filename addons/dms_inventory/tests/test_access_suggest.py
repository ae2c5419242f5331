"""Who may do what with the records of suggestions, alerts and reporting: one record for each of two distributors."""

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .suggest_common import SuggestCommon

OPERATIONS = {"r": "read", "w": "write", "c": "create", "u": "unlink"}
ROLES = ("public", "employee", "sales", "stock", "desk", "manager", "area", "portal_a", "portal_b")
READ, ALPHA = ("r", "r"), ("r", "")
READERS = {"desk": READ, "manager": READ, "area": ALPHA}
#: operations on the record of alpha's side and of beta's; a role that is not named may do nothing
TABLE = {
    "dms.stock.suggestion": {"desk": ("rwcu", "rwcu"), "manager": ("rwcu", "rwcu"), "area": ("rwcu", "")},
    "dms.stock.suggestion.line": READERS,
    "dms.stock.alert": READERS,
    "dms.stock.reporting": READERS,
    "dms.stock.ageing": {"desk": ("rwc", "")},
    "dms.stock.ageing.line": {"desk": ("rwcu", "")},
}
#: public methods: each is called by those who may not, with a hostile context
METHODS = {
    "dms.stock.suggestion": ("action_start", "action_cancel", "action_retry", "action_open_orders", "action_open_lines"),
    "dms.stock.suggestion.line": ("action_open_order",),
    "dms.stock.alert": ("action_open_distributor",),
    "dms.stock.reporting": ("action_open_statements",),
    "dms.stock.ageing": ("action_show", "action_download"),
}
HOSTILE = {"su": True, "default_state": "done", "allowed_company_ids": [], "dms_shelf_until": False, "cancel_backorder": True}


@tagged("post_install", "-at_install")
class TestAccessSuggest(SuggestCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stock(cls.tea, 1000)
        cls.users = cls.create_roles()
        cls.sides = [cls.create_side(cls.alpha, cls.area_manager, cls.desk), cls.create_side(cls.beta, cls.desk, cls.desk2)]
        cls.env.flush_all()

    @classmethod
    def create_side(cls, distributor, planner, reader):
        cls.sell(distributor, cls.tea, 5)
        run = cls.env["dms.stock.suggestion"].with_user(planner).create({"distributor_ids": [Command.set(distributor.ids)]})
        run.action_start()
        cls.env["dms.stock.suggestion"]._cron_dms_suggest()
        cls.env["dms.stock.alert"]._follow(cls.company, distributor)
        cls.move(distributor, cls.coffee, 5, -5)
        ageing = cls.env["dms.stock.ageing"].with_user(reader).create({"distributor_ids": [Command.set(distributor.ids)]})
        ageing.action_show()
        find = lambda model: cls.env[model].search([("distributor_id", "=", distributor.id)], limit=1)  # noqa: E731
        records = {model: find(model) for model in TABLE if model not in ("dms.stock.suggestion", "dms.stock.ageing")}
        return {**records, "dms.stock.suggestion": run, "dms.stock.ageing": ageing}

    def test_table(self):
        for model, roles in TABLE.items():
            for place, side in enumerate(self.sides):
                record = side[model].with_env(self.env)
                self.assertTrue(record, f"{model}: no record on side {place}")
                for role in ROLES:
                    seen = record.with_user(self.users[role])
                    allowed = "".join(letter for letter, operation in OPERATIONS.items() if seen.has_access(operation))
                    with self.subTest(model=model, side=place, role=role):
                        self.assertEqual(allowed, roles.get(role, ("", ""))[place])

    def test_public_methods_refuse_who_may_not(self):
        for model, names in METHODS.items():
            for place, side in enumerate(self.sides):
                for role in ROLES:
                    if TABLE[model].get(role, ("", ""))[place]:
                        continue
                    record = side[model].with_user(self.users[role]).with_context(**HOSTILE)
                    for name in names:
                        with self.subTest(model=model, role=role, method=name), self.assertRaises(UserError):  # an access error is one
                            getattr(record, name)()

    def test_every_public_method_is_in_the_list(self):
        for model in TABLE:
            own = {
                name
                for cls in type(self.env[model]).__mro__
                if cls.__module__.startswith("odoo.addons.dms_inventory")
                for name, value in vars(cls).items()
                if callable(value) and not name.startswith("_")
            } - {"create", "write", "unlink"}
            self.assertEqual(own, set(METHODS.get(model, ())), model)

    def test_terms_and_alerts_are_no_fields_of_the_portal(self):
        for name in ("dms_backorder_policy", "statement_interval_days", "has_own_statement_interval"):
            with self.assertRaises(AccessError):
                self.alpha.with_user(self.alpha_user).read([name])
        order = self.sides[0]["dms.stock.suggestion.line"].order_id
        order.dms_is_shared = True
        self.env.flush_all()
        seen = order.with_user(self.alpha_user)
        self.assertTrue(seen.read(["name"]))
        for name in ("dms_suggestion_note", "dms_suggestion_verdict", "dms_suggested_on", "dms_suggested_quantities"):
            with self.assertRaises(AccessError):
                seen.read([name])
