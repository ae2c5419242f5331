"""Who may do what with the facts and what keeps them: a table of model x role x operation, with records of two distributors.

``alpha`` lies in the area manager's territory, ``beta`` in another. A cell holds the operations allowed on the record of each side
("r", "w", "c", "u"); a role that is not named may do nothing. A model with a table elsewhere is named in ``ELSEWHERE``.
"""

from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.dms_orders.tests.access_common import AccessTableMixin, PublicMethodsMixin
from odoo.addons.dms_orders.tests.test_rpc import NO, OK, RpcCommon

from .target_common import TargetCommon
from .test_access_screens import TABLE as SCREENS
from .test_target_access import TABLE as TARGETS
from .test_workbook_access import TABLE as WORKBOOKS

ROLES = ("public", "employee", "sales", "stock", "desk", "manager", "area", "portal_a", "portal_b")
READ, OWN = ("r", "r"), ("r", "")
FACTS = {"desk": READ, "manager": READ, "area": OWN}
UPKEEP = {"manager": READ}
TABLE = {
    "dms.sales.fact": FACTS,
    "dms.sales.month": FACTS,
    "dms.sales.area": FACTS,
    "dms.sales.check": UPKEEP,
    "dms.sales.check.line": UPKEEP,
    "dms.sales.upkeep": UPKEEP,
    "dms.sales.rebuild": {"manager": ("rwc", "rwc")},
    "dms.sales.plan.split.line": {"manager": ("rwcu", "rwcu")},
}
#: models with tables of their own
ELSEWHERE = {*TARGETS, *SCREENS, *WORKBOOKS}
WRITTEN = {
    "dms.sales.check": {"basis": "ordered"},
    "dms.sales.upkeep": {"rebuilt_on": "2020-01-01 00:00:00"},
    "dms.sales.rebuild": {"date_to": "2026-06-30"},
    "dms.sales.plan.split.line": {"amount": 7.0},
}
#: fields of ours on models of others, which no login of a distributor finds there
FIELDS = {
    "account.move": ("dms_distributor_id", "dms_territory_id"),
    "dms.stock.ledger": ("recorded_territory_id",),
    "sale.order.line": ("dms_unit_value",),
}

#: outcome of a public method on the records of both sides, by role; a role that is not named is refused
EVERY = dict.fromkeys(ROLES, (OK, OK))  # gives back what the caller said, or what every login may know
DISTRIBUTION = dict.fromkeys(("desk", "manager", "area"), (OK, OK))  # is about no record
STAFF = {"desk": (OK, OK), "manager": (OK, OK), "area": (OK, NO)}
MANAGER = {"manager": (OK, OK)}
#: a workbook of the desk and one of the area manager
WORKBOOK = {"desk": (OK, NO), "manager": (OK, OK), "area": (NO, OK)}
OWN_RUN = {"desk": (OK, NO), "area": (NO, OK)}
BASES_OPENED = ("orders", "deliveries", "free_goods", "invoices", "benefits", "accruals", "sellout")
#: (model, method): outcomes. A new public method must be decided here.
METHODS = {
    ("dms.sales.check", "action_check"): MANAGER,
    ("dms.sales.check.line", "action_rebuild"): MANAGER,
    ("dms.sales.rebuild", "action_request"): MANAGER,
    ("dms.sales.target", "action_view_facts"): STAFF,
    ("dms.sales.target", "get_import_templates"): EVERY,
    ("dms.sales.achievement", "action_open_target"): EVERY,
    ("dms.sales.achievement", "action_view_facts"): STAFF,
    ("dms.sales.plan", "action_split"): MANAGER,
    ("dms.sales.plan", "action_view_targets"): STAFF,
    ("dms.sales.plan", "get_import_templates"): EVERY,
    ("dms.sales.plan.split", "action_split"): MANAGER,
    **{("dms.sales.fact", f"action_open_{name}"): STAFF for name in BASES_OPENED},
    ("dms.sales.fact", "action_export_workbook"): DISTRIBUTION,
    ("dms.sales.fact", "action_export_selected"): STAFF,
    ("dms.sales.comparison", "action_open_facts"): STAFF,
    ("dms.delivery.service", "action_open_orders"): STAFF,
    ("dms.workbook", "action_run"): WORKBOOK,
    ("dms.workbook", "action_view_runs"): WORKBOOK,
    ("dms.workbook.run", "action_download"): {},  # there is no file yet
    ("dms.workbook.run", "action_cancel"): OWN_RUN,
    ("dms.workbook.run", "action_retry"): OWN_RUN,
}


class ReportAccess(AccessTableMixin, TargetCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = cls.create_roles()
        cls.check = cls.env["dms.sales.check"]._get_or_create(cls.company, "net")
        cls.sides = {"alpha": cls.create_side(cls.alpha), "beta": cls.create_side(cls.beta)}
        cls.env.flush_all()

    @classmethod
    def create_side(cls, distributor):
        """``{model: record}`` of one distributor; what belongs to nobody is the same on both sides."""
        cls.bill(distributor, "2026-06-02", 80)
        target = cls.aim(distributor, 100)
        split = cls.env["dms.sales.plan.split"].with_user(cls.manager).create({"plan_ids": target.plan_id.ids}).with_env(cls.env)
        own, area = (
            [(name, "=", value.id)] for name, value in (("distributor_id", distributor), ("territory_id", distributor.territory_id))
        )
        sides = {model: cls.env[model].search(own, limit=1) for model in ("dms.sales.fact", "dms.sales.month")}
        return {
            **sides,
            "dms.sales.area": cls.env["dms.sales.area"].search(area, limit=1),
            "dms.sales.check": cls.check,
            "dms.sales.check.line": cls.env["dms.sales.check.line"].create(
                {"check_id": cls.check.id, "distributor_id": distributor.id, "date": "2026-06-02"}
            ),
            "dms.sales.upkeep": cls.upkeep._get_record(),
            "dms.sales.rebuild": cls.env["dms.sales.rebuild"].create({"date_from": "2026-06-01"}),
            "dms.sales.target": target,
            "dms.sales.plan": target.plan_id,
            "dms.sales.achievement": cls.env["dms.sales.achievement"].browse(target.id),
            "dms.sales.plan.split": split,
            "dms.sales.plan.split.line": split.line_ids,
        }

    def do_read(self, record):
        record.read([record._rec_name or "create_date"])

    def do_write(self, record):
        record.write(WRITTEN.get(record._name, {"date": "2020-01-01"}))

    def do_create(self, record):
        source = record.sudo().with_env(self.env)
        wanted = {"split_id": source.split_id.id, "plan_id": source.plan_id.id} if "split_id" in source else {}
        record.browse().create(wanted)

    def do_unlink(self, record):
        record.unlink()


@tagged("post_install", "-at_install")
class TestReportAccess(ReportAccess):
    def test_every_role_does_what_the_table_says(self):
        for side in self.sides.values():
            self.assertTrue(all(side.values()), "the test would prove nothing")
        self.assertAccessTable(TABLE, ROLES)

    def test_the_table_names_every_model(self):
        own = {
            name
            for name, model in self.env.registry.items()
            if model._original_module == "dms_reports" and not model._abstract and name.startswith("dms.")
        }
        self.assertEqual(own, set(TABLE) | ELSEWHERE)

    def test_searches_and_sums_hold_nothing_of_other_territories(self):
        for model in ("dms.sales.fact", "dms.sales.month", "dms.sales.area"):
            facts = self.env[model].with_user(self.area_manager)
            self.assertEqual(facts.search([]).sudo().territory_id, self.area_a, model)
            groups = facts._read_group([], ["territory_id"], ["net_amount:sum"])
            self.assertEqual([territory.id for territory, _sum in groups], self.area_a.ids, model)
            for user in (self.users[name] for name in ("portal_a", "employee", "sales", "public")):
                self.assertRaises(AccessError, facts.with_user(user)._read_group, [], [], ["net_amount:sum"])

    def test_fields_on_models_of_others_are_for_staff(self):
        self.assertFieldsOfStaff(FIELDS)


@tagged("post_install", "-at_install")
class TestReportMethods(PublicMethodsMixin, ReportAccess, RpcCommon):
    METHODS = METHODS

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls.create_order(cls.alpha, {cls.tea: 3})
        for side, distributor, owner in (("alpha", cls.alpha, cls.desk), ("beta", cls.beta, cls.area_manager)):
            cls.sides[side] |= cls.create_more(distributor, owner)

    @classmethod
    def create_more(cls, distributor, owner):
        """Rows of the screens, and a workbook of somebody's own with a run that waits."""
        cls.sell({cls.tea: 3}, distributor)
        workbook = cls.env["dms.workbook"].with_user(owner).create({"name": "T", "kind": "sales_region", "period": "this_year"})
        own = [("distributor_id", "=", distributor.id)]
        return {
            "dms.workbook": workbook.with_env(cls.env),
            "dms.workbook.run": workbook._queue(owner).with_env(cls.env),
            **{model: cls.env[model].search(own, limit=1) for model in ("dms.sales.comparison", "dms.delivery.service")},
        }

    def test_outcome_per_role(self):
        wrong = []
        for (model, method), outcomes in METHODS.items():
            for role in ROLES:
                for side, expected in zip(("alpha", "beta"), outcomes.get(role, (NO, NO)), strict=True):
                    for context in ({}, self.hostile_context(self.order)):
                        got = self.tried(self.users[role], self.sides[side][model], method, context=context)
                        if got != expected:
                            wrong.append(f"{model}.{method} of {side} by {role}{' with a hostile context' if context else ''}: {got}")
        self.assertFalse(wrong, "\n" + "\n".join(wrong))
