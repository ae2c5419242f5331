from odoo import models
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.service.model import call_kw
from odoo.tests import tagged
from odoo.tools import mute_logger

from .payment_common import PaymentCommon

REFUSALS = (UserError, AccessError, MissingError)
OPERATIONS = {"r": "read", "w": "write", "c": "create", "u": "unlink"}
NOBODY = ("", "")
#: operations per role on the notice of alpha (in the area manager's territory) and of beta
TABLE = {
    "accountant": ("rwc", "rwc"), "controller": ("r", "r"), "reader": ("r", "r"), "manager": ("r", "r"), "area": ("r", ""),
    "desk": NOBODY, "sales": NOBODY, "employee": NOBODY, "portal_a": ("r", ""), "portal_b": ("", "r"), "public": NOBODY,
}  # fmt: skip
#: who may call what on the notice of alpha, as a distributor or as staff
METHODS = {
    ("dms.payment.advice", "action_match"): ("accountant",),
    ("dms.payment.advice", "action_unmatch"): ("accountant",),
    ("dms.payment.advice", "action_reject"): ("accountant",),
    ("dms.payment.advice", "action_cancel"): ("accountant",),
    ("dms.payment.match", "action_match"): (),  # the rows of somebody else
    ("dms.payment.match", "action_register"): (),
    ("dms.payment.match.line", "action_match"): (),
    ("dms.payment.rejection", "action_reject"): (),
    ("account.payment", "action_dms_bounce"): ("accountant",),
}
ARGUMENTS = {("dms.payment.advice", "action_reject"): ("no",)}


@tagged("post_install", "-at_install")
class TestPaymentAccess(PaymentCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {
            "accountant": cls.accountant2, "controller": cls.controller, "reader": cls.reader, "manager": cls.manager,
            "area": cls.area_manager, "desk": cls.desk, "sales": cls.salesperson, "employee": cls.employee,
            "portal_a": cls.alpha_user, "portal_b": cls.beta_user, "public": cls.env.ref("base.public_user"),
        }  # fmt: skip
        cls.mine = cls.submit(cls.alpha_user, reference="ALPHAMARK", note="ALPHAMARK")
        cls.theirs = cls.submit(cls.beta_user, reference="BETAMARK", note="BETAMARK")
        cls.payment = cls.create_payment()
        cls.create_payment(partner=cls.beta)
        for advice in cls.mine | cls.theirs:
            advice._attach_proof("proof.pdf", b"%PDF-" + advice.reference.encode())

    @classmethod
    def hostile_context(cls):
        defaults = {"state": "matched", "payment_id": cls.payment.id, "matched_by_id": 1, "is_from_portal": False, "reason": "x"}
        return {**{f"default_{name}": value for name, value in defaults.items()}, "su": True, "sudo": True, "uid": 1, "active_test": False}

    def rpc(self, user, record, method, *args, context=None):
        self.env.flush_all()
        self.env.invalidate_all()
        return call_kw(self.env(user=user, context={})[record._name], method, (record.ids, *args), {"context": context or {}})

    def allowed(self, user, record, method, *args, context=None):
        savepoint = self.env.cr.savepoint()
        try:
            with mute_logger("odoo.sql_db"):
                self.rpc(user, record, method, *args, context=context)
            return True
        except REFUSALS:
            return False
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all()

    # ------------------------------------------------------------ tables

    def test_operations_per_role(self):
        wrong = []
        for role, expected in TABLE.items():
            sides = [advice.with_user(self.users[role]) for advice in (self.mine, self.theirs)]
            got = tuple("".join(key for key, operation in OPERATIONS.items() if side.has_access(operation)) for side in sides)
            if got != expected:
                wrong.append(f"{role}: {got}, not {expected}")
        self.assertFalse(wrong, "\n" + "\n".join(wrong))

    def test_searching_agrees_with_reading(self):
        both = self.mine | self.theirs
        for role, expected in TABLE.items():
            if not any(expected):
                with self.assertRaises(AccessError):
                    self.advices.with_user(self.users[role]).search([("id", "in", both.ids)])
                continue
            found = self.advices.with_user(self.users[role]).search([("id", "in", both.ids)])
            self.assertEqual(
                tuple("r" if advice in found else "" for advice in (self.mine, self.theirs)), tuple(x[:1] for x in expected), role
            )

    def test_every_public_method_is_in_the_table(self):
        names = {"dms_payment_advice", "dms_payment_match", "dms_payment_rejection", "account_payment"}
        found = {
            (name, method)
            for name, model in self.env.registry.items()
            for cls in model.mro()
            if cls.__module__.startswith("odoo.addons.dms_credit.") and any(part in cls.__module__ for part in names)
            for method, function in vars(cls).items()
            if not method.startswith("_") and callable(function) and not hasattr(models.BaseModel, method)
        }
        self.assertEqual(found, set(METHODS), "a public method is an endpoint: decide who may call it")

    def get_records(self):
        match = self.mine.with_user(self.accountant).action_match()
        wizard = self.env[match["res_model"]].browse(match["res_id"])
        rejection = self.env["dms.payment.rejection"].with_user(self.accountant).create({"advice_ids": self.mine.ids, "reason": "x"})
        records = (self.mine, wizard, wizard.line_ids[:1], rejection, self.payment)
        return {record._name: record for record in records}

    def test_public_methods_per_role(self):
        records, wrong = self.get_records(), []
        for (model, method), roles in METHODS.items():
            self.assertTrue(records[model], model)
            for role, user in self.users.items():
                for context in ({}, self.hostile_context()):
                    arguments = ARGUMENTS.get((model, method), ())
                    got = self.allowed(user, records[model], method, *arguments, context=context)
                    if got != (role in roles):
                        wrong.append(f"{model}.{method} by {role}: {got} {'hostile' if context else ''}")
        self.assertFalse(wrong, "\n" + "\n".join(wrong))

    def test_private_methods_are_no_endpoints(self):
        for method in ("_submit", "_attach_proof", "_portal_cancel", "_match", "_register_payment", "_reopen", "_end", "_get_advised"):
            self.assertFalse(self.allowed(self.alpha_user, self.mine, method))

    # ------------------------------------------------------------ writing round the buttons

    def test_nobody_writes_what_is_the_notices_own(self):
        own = {
            "state": "matched", "payment_id": self.payment.id, "matched_by_id": self.accountant.id, "matched_on": "2026-01-01 00:00:00",
            "rejection_reason": "x", "is_from_portal": False, "duplicate_of_id": self.theirs.id, "name": "X", "company_id": self.company.id,
            "proof_ids": [], "reference_key": "x", "amount_company": 1,
        }  # fmt: skip
        entered = self.advices.with_user(self.accountant2).create({"distributor_id": self.alpha.id, "amount": 5, "reference": "own"})
        for name, value in own.items():
            for advice in (self.mine, entered):
                self.assertFalse(self.allowed(self.accountant2, advice, "write", {name: value}), name)
                self.assertFalse(self.allowed(self.alpha_user, advice, "write", {name: value}), name)
        values = {"distributor_id": self.alpha.id, "amount": 5, "reference": "own 2"}
        for name in own.keys() - {"company_id"}:
            with self.assertRaises(AccessError, msg=name):
                self.advices.with_user(self.accountant2).create({**values, name: own[name]})

    def test_defaults_of_the_context_decide_nothing(self):
        Advice = self.advices.with_user(self.accountant2).with_context(
            **self.hostile_context(), default_reference="  Alpha mark", default_amount=float("nan")
        )
        advice = Advice.create({"distributor_id": self.beta.id, "amount": 5})
        self.assertEqual(
            (advice.state, advice.payment_id.id, advice.matched_by_id.id, advice.reference), ("submitted", False, False, "Alpha mark")
        )
        with self.assertRaises(UserError):
            Advice.create({"distributor_id": self.beta.id, "reference": "z"})
        with self.assertRaisesRegex(UserError, self.mine.name):
            Advice.create({"distributor_id": self.alpha.id, "amount": 5})

    def test_portal_changes_nothing_by_itself(self):
        for advice in (self.mine, self.theirs):
            for method, arguments in (
                ("write", ({"amount": 1},)),
                ("unlink", ()),
                ("action_cancel", ()),
                ("message_post", ()),
                ("copy", ()),
            ):
                self.assertFalse(self.allowed(self.alpha_user, advice, method, *arguments), method)
        with self.assertRaises(AccessError):
            self.advices.with_user(self.alpha_user).create({"distributor_id": self.alpha.id, "amount": 5, "reference": "x"})

    # ------------------------------------------------------------ what is read

    def test_internal_fields_are_hidden_from_the_portal(self):
        self.mine.with_user(self.accountant).action_match(self.payment.id)
        hidden = (
            "payment_id",
            "matched_by_id",
            "duplicate_of_id",
            "reference_key",
            "amount_company",
            "account_id",
            "territory_id",
            "proof_ids",
        )
        fields = self.advices.with_user(self.alpha_user).fields_get()
        for name in hidden:
            self.assertNotIn(name, fields)
            self.assertFalse(self.allowed(self.alpha_user, self.mine, "read", [name]), name)
            with self.assertRaises(AccessError):
                self.advices.with_user(self.alpha_user).search([(name, "!=", False)])
        row = self.mine.with_user(self.alpha_user).read()[0]
        self.assertEqual((row["state"], row["reference"]), ("matched", "ALPHAMARK"))
        row.pop("write_uid")  # of every record
        self.assertNotIn(self.accountant.name, str(row))

    def test_foreign_rows_are_not_read_by_any_path(self):
        user = self.alpha_user
        self.assertFalse(self.allowed(user, self.theirs, "read", ["reference"]))
        rows = self.advices.with_user(user).search_read([], ["reference", "note", "distributor_id"])
        self.assertIn("ALPHAMARK", str(rows))
        self.assertNotIn("BETAMARK", str(rows))
        groups = self.advices.with_user(user).formatted_read_group([], ["reference"], ["__count", "amount:sum"])
        self.assertNotIn("BETAMARK", str(groups))
        with self.assertRaises(AccessError):
            self.theirs._get_proofs().with_user(user).read(["name"])
        with self.assertRaises(AccessError):
            self.theirs.with_user(user)._portal_cancel()

    def test_internal_notes_are_not_read_by_the_distributor(self):
        self.mine.with_user(self.accountant).action_match(self.payment.id)
        self.payment.action_draft()
        seen = self.env["mail.message"].with_user(self.alpha_user).search([("model", "=", self.mine._name), ("res_id", "=", self.mine.id)])
        bodies = " ".join(seen.mapped("body"))
        self.assertIn("received your payment", bodies)
        self.assertNotIn("no longer", bodies)

    def test_other_company_sees_nothing(self):
        company, _bank = self.create_other_company()
        outsider = self.create_staff("t_outsider", "account.group_account_manager")
        outsider.write({"company_ids": [(6, 0, company.ids)], "company_id": company.id})
        advices = self.advices.with_user(outsider).with_context(allowed_company_ids=company.ids)
        self.assertFalse(advices.search([("id", "in", (self.mine | self.theirs).ids)]))
        self.assertFalse(self.allowed(outsider, self.mine, "action_match", self.payment.id))

    def test_menu_is_found_by_those_who_need_it(self):
        ours, core = self.env.ref("dms_credit.menu_payment_advice").id, self.env.ref("dms_credit.menu_payment_advice_accounting").id
        for user, expected in (
            (self.accountant, (False, True)),
            (self.controller, (True, False)),
            (self.area_manager, (True, False)),
            (self.desk, (False, False)),
        ):
            visible = self.env["ir.ui.menu"].with_user(user)._visible_menu_ids()
            self.assertEqual((ours in visible, core in visible), expected, user.login)
