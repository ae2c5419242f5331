"""Every public method of the module, called as a caller from outside would, on records of both sides, with a context made to help."""

from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.dms_orders.tests.access_common import PublicMethodsMixin
from odoo.addons.dms_orders.tests.test_rpc import NO, OK, RpcCommon

from .claims_common import ClaimsCommon

ROLES = ("public", "employee", "stock", "accountant", "desk", "area", "officer", "chief", "portal_a", "portal_b")
BOTH, OWN = (OK, OK), (OK, NO)


def may(*roles, **others):
    return {**dict.fromkeys(roles, BOTH), **others}


OFFICERS = may("officer", "chief")
FINANCE = {**OFFICERS, **may("accountant")}
STAFF = {**OFFICERS, **may("desk", area=OWN)}
READERS = {**STAFF, **may("accountant")}
HOUSE = {**READERS, **may("stock")}
PORTAL = {"portal_a": OWN, "portal_b": (NO, OK)}
EVERY = may(*ROLES)  # gives an action back that holds nothing but what the caller said, and what he reads
NOBODY = {}
WHY = ("because",)
COUNTS = ("action_open_dms_returns", "action_open_dms_claims")

#: (model, method): (record of the fixture, arguments, outcome on both sides by role). A new public method must be decided here.
METHODS = {
    ("dms.return", "action_submit"): ("draft return", (), STAFF),
    ("dms.return", "action_cancel"): ("submitted return", (), STAFF),
    ("dms.return", "action_approve"): ("submitted return", (), OFFICERS),
    ("dms.return", "action_reject"): ("submitted return", WHY, OFFICERS),
    ("dms.return", "action_inspect"): ("received return", (), {**OFFICERS, **may("stock")}),
    ("dms.return", "action_settle"): ("inspected return", (), FINANCE),
    ("dms.return", "action_reverse"): ("settled return", WHY, may("chief")),
    ("dms.return", "action_open_orders"): ("settled return", (), {**HOUSE, **PORTAL}),
    ("dms.return", "action_open_pickings"): ("settled return", (), HOUSE),
    ("dms.return", "action_open_refunds"): ("settled return", (), READERS),
    ("dms.return.line", "action_split"): ("line", (1,), STAFF),
    ("dms.return.split", "action_apply"): ("split form", (), OFFICERS),
    ("dms.claim", "action_submit"): ("draft claim", (), {**STAFF, **PORTAL}),
    ("dms.claim", "action_cancel"): ("submitted claim", (), {**STAFF, **PORTAL}),
    ("dms.claim", "action_review"): ("submitted claim", (), OFFICERS),
    ("dms.claim", "action_approve"): ("submitted claim", (), OFFICERS),
    ("dms.claim", "action_reject"): ("submitted claim", WHY, OFFICERS),
    ("dms.claim", "action_settle"): ("approved claim", (), FINANCE),
    ("dms.claim", "action_reverse"): ("settled claim", WHY, may("chief")),
    **{("dms.claim", f"action_open_{name}"): ("settled claim", (), {**HOUSE, **PORTAL}) for name in ("invoice", "picking", "refund")},
    **{
        (model, method): (f"{state} {model.removeprefix('dms.')}", (), outcomes)
        for model in ("dms.return", "dms.claim")
        for method, state, outcomes in (
            ("action_export", "submitted", HOUSE),
            ("action_ask_rejection", "submitted", {**HOUSE, **PORTAL}),
            ("action_ask_reversal", "settled", {**HOUSE, **PORTAL}),
            ("action_open_evidence", "submitted", {**HOUSE, **PORTAL}),
        )
    },
    ("dms.case.decision", "action_apply"): ("decision", (), OFFICERS),
    ("dms.deduction", "action_cancel"): ("deduction", (), FINANCE),
    ("dms.deduction", "action_match"): ("deduction", "claim", FINANCE),
    ("dms.deduction", "action_unmatch"): ("matched deduction", (), FINANCE),
    ("dms.deduction", "action_refuse"): ("deduction", WHY, FINANCE),
    ("dms.deduction", "action_split"): ("deduction", ([0.4, 0.6],), FINANCE),
    **{("dms.deduction.decide", f"action_{name}"): ("deduction form", (), FINANCE) for name in ("match", "refuse", "split")},
    ("dms.price.protection", "action_fill"): ("draft protection", (), OFFICERS),
    ("dms.price.protection", "action_compute"): ("draft protection", (), OFFICERS),
    ("dms.price.protection", "action_draft_claims"): ("computed protection", (), OFFICERS),
    ("dms.price.protection", "action_cancel"): ("computed protection", (), OFFICERS),
    # a protection is of no distributor; its items and claims are
    ("dms.price.protection", "action_view_claims"): ("computed protection", (), {**READERS, "area": BOTH}),
    ("dms.price.protection", "action_view_items"): ("computed protection", (), {**READERS, "area": BOTH}),
    ("dms.settlement.statement", "action_print"): ("statement form", (), {**STAFF, "area": BOTH}),
    ("account.move", "action_open_dms_returns"): ("invoice", (), {**READERS, **PORTAL}),
    ("account.move", "action_open_dms_claims"): ("invoice", (), READERS),
    ("sale.order", "action_open_dms_returns"): ("order", (), {**HOUSE, **PORTAL}),
    ("sale.order", "action_open_dms_claims"): ("order", (), {**READERS, **PORTAL}),
    ("stock.picking", "action_open_dms_returns"): ("delivery", (), HOUSE),
    ("stock.picking", "action_open_dms_claims"): ("delivery", (), {**HOUSE, **PORTAL, "area": BOTH, "portal_a": BOTH, "portal_b": BOTH}),
    **{("res.partner", name): ("distributor", (), EVERY) for name in COUNTS},
}


@tagged("post_install", "-at_install")
class TestReturnMethods(PublicMethodsMixin, RpcCommon, ClaimsCommon):
    METHODS = METHODS

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = cls.create_roles() | {"officer": cls.officer, "chief": cls.claims_manager, "accountant": cls.accountant}
        cls.reason = cls.env["dms.return.reason"].create({"name": "Plain", "code": "T-PLAIN"})
        cls.protections = cls.create_protections()
        cls.sides = {"alpha": cls.create_side(cls.alpha), "beta": cls.create_side(cls.beta)}
        cls.env.flush_all()

    # ------------------------------------------------------------ records: all made by people who are none of the roles

    @classmethod
    def create_side(cls, distributor):
        """``{what it is: record}`` of one distributor."""
        cls.picking = cls.buy({cls.tea: 30}, distributor)
        returns = {
            f"{state} return": cls.create_return(state, distributor) for state in ("draft", "submitted", "received", "inspected", "settled")
        }
        claims = {f"{state} claim": cls.create_spend(state, distributor) for state in ("draft", "submitted", "approved", "settled")}
        made = {**returns, **claims, **cls.protections, **cls.create_deductions(distributor, claims["approved claim"])}
        return {
            **made,
            "line": returns["draft return"].line_ids,
            "order": cls.picking.sale_id,
            "delivery": cls.picking,
            "invoice": cls.invoice_of(cls.picking).filtered(lambda move: move.move_type == "out_invoice"),
            "distributor": distributor,
            **cls.create_forms(made),
        }

    @classmethod
    def create_return(cls, state, distributor):
        line = cls.picking.sale_id.order_line
        values = {"sale_line_id": line.id, "product_id": line.product_id.id, "quantity": 2, "reason_id": cls.reason.id}
        case = cls.env["dms.return"].with_user(cls.desk2).create({"distributor_id": distributor.id, "line_ids": [Command.create(values)]})
        steps = {
            "submitted": case.action_submit,
            "approved": case.with_user(cls.officer2).action_approve,
            "received": lambda: cls.bring(case.sudo()),
            "inspected": case.with_user(cls.officer2).action_inspect,
            "settled": case.with_user(cls.officer2).action_settle,
        }
        for name, step in steps.items() if state != "draft" else ():
            step()
            if name == state:
                break
        return case.with_env(cls.env)

    @classmethod
    def bring(cls, case):
        case.picking_ids.move_ids.picked = True
        case.picking_ids._action_done()

    @classmethod
    def create_spend(cls, state, distributor):
        claim = cls.create_claim("spend", user=cls.desk2, distributor=distributor, amount_claimed=5.0)
        steps = {
            "submitted": claim.with_user(cls.desk2).action_submit,
            "approved": claim.with_user(cls.officer2).action_approve,
            "settled": claim.with_user(cls.officer2).action_settle,
        }
        for name, step in steps.items() if state != "draft" else ():
            step()
            if name == state:
                break
        return claim

    @classmethod
    def create_deductions(cls, distributor, claim):
        invoice = cls.invoice_of(cls.picking).filtered(lambda move: move.move_type == "out_invoice")
        values = {"distributor_id": distributor.id, "invoice_id": invoice.id, "amount": 1.0}
        waiting, matched = cls.env["dms.deduction"].with_user(cls.officer2).create([values, values])
        matched.action_match(claim.id)
        return {"deduction": waiting.with_env(cls.env), "matched deduction": matched.with_env(cls.env)}

    @classmethod
    def create_protections(cls):
        """One to fill and one to draft claims of; they are of no distributor."""
        cls.append(cls.tea, 5, 3)
        line = Command.create({"product_id": cls.tea.id, "old_price": 10.0, "new_price": 8.0})
        values = {"pricelist_id": cls.pricelist.id, "claim_type_id": cls.types["price_protection"].id, "line_ids": [line]}
        drafts = cls.env["dms.price.protection"].with_user(cls.officer2).create([values, values]).with_env(cls.env)
        drafts[1].action_compute()
        return {"draft protection": drafts[0], "computed protection": drafts[1]}

    @classmethod
    def create_forms(cls, made):
        deduction, claim = made["deduction"], made["approved claim"]
        return {
            "decision": cls.env["dms.case.decision"].create({"reason": "x", "return_ids": [Command.set(made["submitted return"].ids)]}),
            "deduction form": cls.env["dms.deduction.decide"].create(
                {"deduction_id": deduction.id, "claim_id": claim.id, "part": 0.4, "reason": "x"}
            ),
            "split form": cls.env["dms.return.split"].create({"line_id": made["draft return"].line_ids.id, "quantity": 1}),
            "statement form": cls.env["dms.settlement.statement"].create({"distributor_ids": [Command.set(deduction.distributor_id.ids)]}),
        }

    # ------------------------------------------------------------ calls

    def get_arguments(self, arguments, side):
        return (self.sides[side]["approved claim"].id,) if arguments == "claim" else arguments

    def get_contexts(self, expected):
        """What is refused is refused whatever the context; what is allowed is so with and without one."""
        hostile = self.hostile_context(self.sides["alpha"]["order"])
        return (hostile,) if expected == NO else ({}, hostile)

    def get_cases(self, role, outcomes):
        """``[(side, outcome)]``; who is refused on either side is tried on the one that is nearer to him."""
        if role in outcomes:
            return zip(("alpha", "beta"), outcomes[role], strict=True)
        return [("beta" if role == "portal_b" else "alpha", NO)]

    def test_outcome_per_role(self):
        wrong = []
        for (model, method), (key, arguments, outcomes) in METHODS.items():
            for role in ROLES:
                for side, expected in self.get_cases(role, outcomes):
                    record, given = self.sides[side][key], self.get_arguments(arguments, side)
                    for context in self.get_contexts(expected):
                        got = self.tried(self.users[role], record, method, *given, context=context)
                        if got != expected:
                            wrong.append(f"{model}.{method} of {side} by {role}{' with a hostile context' if context else ''}: {got}")
        self.assertFalse(wrong, "\n" + "\n".join(wrong))
