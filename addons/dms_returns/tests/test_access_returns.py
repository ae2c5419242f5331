"""Who may do what with returns, claims and their terms: a table of model x role x operation, with records of two distributors.

``alpha`` lies in the area manager's territory, ``beta`` in another. A cell holds the operations allowed on the record of
each side ("r", "w", "c", "u" for read, write, create, unlink). Operations that the model refuses to everybody by a sentence count
as refused. Price protection and deductions have a table of their own.
"""

from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from odoo.addons.dms_orders.tests.access_common import AccessTableMixin

from .common import ReturnsCommon

ROLES = ("public", "employee", "sales", "stock", "accountant", "desk", "manager", "area", "officer", "chief", "portal_a", "portal_b")
NOTHING, READ, ALL = ("", ""), ("r", "r"), ("rwcu", "rwcu")
ALPHA, BETA = ("r", ""), ("", "r")
MADE = ("rwc", "rwc")
CASE = {
    "stock": READ,
    "accountant": READ,
    "desk": MADE,
    "manager": MADE,
    "area": ("rwc", ""),
    "officer": ALL,
    "chief": ALL,
    "portal_a": ALPHA,
    "portal_b": BETA,
}
LINE = {**CASE, "desk": ALL, "manager": ALL, "area": ("rwcu", "")}
TERMS = {"stock": READ, "accountant": READ, "desk": READ, "manager": READ, "area": READ, "officer": READ, "chief": ALL}
INNER = {"officer": READ, "chief": ALL}

#: a role that is not named may do nothing
TABLE = {
    "dms.return": CASE,
    "dms.return.line": LINE,
    "dms.claim": CASE,
    "dms.claim.line": LINE,
    "dms.return.reason": TERMS,
    "dms.claim.type": TERMS,
    "dms.evidence.type": TERMS,
    "dms.claim.tier": INNER,
    "dms.service.level": INNER,
    "dms.case.decision": {"officer": ALL, "chief": ALL},
    "dms.return.split": {"stock": ALL, "officer": ALL, "chief": ALL},
}
#: models whose tables are elsewhere
ELSEWHERE = {
    "dms.deduction",
    "dms.deduction.decide",
    "dms.price.protection",
    "dms.price.protection.item",
    "dms.price.protection.line",
    "dms.settlement",
    "dms.settlement.statement",
}
#: fields of ours on models of others, which no login of a distributor finds there
FIELDS = {
    "sale.order": ("dms_return_count", "dms_claim_count"),
    "account.move": ("dms_return_id", "dms_claim_id", "dms_return_count", "dms_claim_count"),
    "stock.picking": ("dms_return_id", "dms_return_count", "dms_claim_count"),
    "stock.move": ("dms_return_line_id",),
    "res.partner": ("dms_open_return_count", "dms_open_claim_count"),
    "ir.attachment": ("dms_evidence_type_id",),
}
WRITTEN = {
    "dms.return.line": {"quantity": 2.0},
    "dms.claim.line": {"name": "x"},
    "dms.return.reason": {"window_days": 3},
    "dms.claim.type": {"window_days": 3},
    "dms.evidence.type": {"name": "x"},
    "dms.claim.tier": {"amount": 3.0},
    "dms.service.level": {"hours": 3.0},
    "dms.case.decision": {"reason": "x"},
    "dms.return.split": {"quantity": 2.0},
}


@tagged("post_install", "-at_install")
class TestReturnAccess(AccessTableMixin, ReturnsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        accountant = new_test_user(
            cls.env,
            "t_books",
            groups="account.group_account_invoice",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        cls.users = cls.create_roles() | {"officer": cls.officer, "chief": cls.claims_manager, "accountant": accountant}
        cls.sides = {name: cls.create_side(name, distributor) for name, distributor in (("alpha", cls.alpha), ("beta", cls.beta))}
        cls.env.flush_all()

    @classmethod
    def create_side(cls, name, distributor):
        """``{model: record}`` of one distributor, drafts; terms of nobody's own are made twice."""
        cls.lines = getattr(cls, "lines", {})
        cls.lines[distributor] = cls.receive({cls.tea: 9}, distributor).move_ids.sale_line_id
        case = cls.create_return({cls.lines[distributor]: 1}, distributor)
        claim_type = cls.env["dms.claim.type"].create({"name": name, "code": f"T-{name}", "kind": "spend"})
        claim = cls.env["dms.claim"].create(
            {
                "distributor_id": distributor.id,
                "claim_type_id": claim_type.id,
                "line_ids": [Command.create({"name": name, "amount_claimed": 5.0})],
            }
        )
        return {
            "dms.return": case,
            "dms.return.line": case.line_ids,
            "dms.claim": claim,
            "dms.claim.line": claim.line_ids,
            "dms.return.reason": cls.create_reason(name),
            "dms.claim.type": cls.env["dms.claim.type"].create({"name": name, "code": f"T-{name}-2", "kind": "spend"}),
            "dms.evidence.type": cls.env["dms.evidence.type"].create({"name": name}),
            "dms.claim.tier": cls.env["dms.claim.tier"].create({"amount": 5.0, "group_id": cls.env.ref("base.group_user").id}),
            "dms.service.level": cls.env["dms.service.level"].create(
                {"model": "dms.claim", "stage": "submitted", "hours": 5.0, "active": False}
            ),
            "dms.case.decision": cls.env["dms.case.decision"].create({"purpose": "reject", "reason": "x"}),
            "dms.return.split": cls.env["dms.return.split"].create({"line_id": case.line_ids.id, "quantity": 1.0}),
        }

    # ------------------------------------------------------------ what an operation is

    def do_read(self, record):
        record.read(["create_date"])

    def do_write(self, record):
        record.write(WRITTEN.get(record._name, {"note": "x"}))

    def do_create(self, record):
        """Another one like it."""
        source = record.sudo().with_env(self.env)
        record.browse().create(getattr(self, f"prepare_{record._name.replace('.', '_')}")(source))

    def do_unlink(self, record):
        record.unlink()

    def prepare_dms_return(self, source):
        return {"distributor_id": source.distributor_id.id}

    def prepare_dms_return_line(self, source):
        line = self.lines[source.distributor_id]
        return {"return_id": source.return_id.id, **self.prepare_line(line, 1)}

    def prepare_dms_claim(self, source):
        return {"distributor_id": source.distributor_id.id, "claim_type_id": source.claim_type_id.id, "amount_claimed": 1.0}

    def prepare_dms_claim_line(self, source):
        return {"claim_id": source.claim_id.id, "name": "new", "amount_claimed": 1.0}

    def prepare_dms_return_reason(self, source):
        return {"name": "new", "code": f"{source.code}-new"}

    def prepare_dms_claim_type(self, source):
        return {"name": "new", "code": f"{source.code}-new", "kind": "spend"}

    def prepare_dms_evidence_type(self, source):
        return {"name": "new"}

    def prepare_dms_claim_tier(self, source):
        return {"amount": 7.0, "group_id": source.group_id.id, "company_id": self.company.id}

    def prepare_dms_service_level(self, source):
        return {"model": "dms.claim", "stage": "submitted", "hours": 9.0, "active": False}

    def prepare_dms_case_decision(self, source):
        return {"purpose": "reject", "reason": "x"}

    def prepare_dms_return_split(self, source):
        return {"line_id": source.line_id.id, "quantity": 1.0}

    # ------------------------------------------------------------ tables

    def test_every_role_does_what_the_table_says(self):
        self.assertAccessTable(TABLE, ROLES)

    def test_the_table_names_every_model(self):
        own = {
            name
            for name, model in self.env.registry.items()
            if model._original_module == "dms_returns" and not model._abstract and name.startswith("dms.")
        }
        self.assertEqual(own, set(TABLE) | ELSEWHERE)

    def test_fields_on_models_of_others_are_for_staff(self):
        self.assertFieldsOfStaff(FIELDS)
