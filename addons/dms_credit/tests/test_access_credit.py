"""Who may do what with the records of credit: tables of model x role x operation, with records of two distributors.

``alpha`` lies in the area manager's territory, ``beta`` in another. A cell holds the operations allowed on the record of
each side ("r", "w", "c", "u" for read, write, create, unlink).
"""

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import CreditCommon

OPERATIONS = {"r": "read", "w": "write", "c": "create", "u": "unlink"}
ROLES = (
    "public", "employee", "sales", "stock", "accountant", "desk", "manager", "area", "reader", "controller", "credit_manager",
    "portal_a", "portal_b",
)  # fmt: skip
NOTHING = ("", "")
READ, ALPHA, BETA = ("r", "r"), ("r", ""), ("", "r")
ALL = ("rwcu", "rwcu")
PORTAL = {"portal_a": ALPHA, "portal_b": BETA}
READERS = {"manager": READ, "area": ALPHA, "reader": READ, "controller": READ, "credit_manager": READ}
CONTROLLERS = {"controller": ALL, "credit_manager": ALL}
#: nobody works on the wizard rows of somebody else
NOT_MINE = {}

#: every model of the module that has records; a role that is not named may do nothing
OWN_MODELS = {
    "dms.credit.account": {**READERS, "controller": ("rw", "rw"), "credit_manager": ("rw", "rw")},
    "dms.credit.ageing": READERS,
    "dms.credit.change": READERS,
    "dms.credit.delegation": CONTROLLERS,
    "dms.credit.extension": {"manager": ("rwc", "rwc"), "area": ("rwc", ""), "reader": ("rwc", "rwc"), **CONTROLLERS, **PORTAL},
    "dms.credit.mailing": CONTROLLERS,
    "dms.credit.mailing.line": {"controller": ("ru", "ru"), "credit_manager": ("ru", "ru")},
    "dms.credit.release.rule": {"controller": READ, "credit_manager": ALL},
    "dms.payment.advice": {**READERS, "accountant": ("rwc", "rwc"), **PORTAL},
    "dms.credit.statement.wizard": NOT_MINE,
    "dms.credit.terms": NOT_MINE,
    "dms.credit.extension.rejection": NOT_MINE,
    "dms.hold.partial.release": NOT_MINE,
    "dms.payment.match": NOT_MINE,
    "dms.payment.match.line": NOT_MINE,
    "dms.payment.rejection": NOT_MINE,
}
#: models whose two records are not of two distributors
SHARED = {"dms.credit.delegation", "dms.credit.release.rule"}

#: fields of credit on models of others, and the roles that find them there
READER_ROLES = {"manager", "area", "reader", "controller", "credit_manager"}
STAFF_ROLES = set(ROLES) - {"public", "portal_a", "portal_b"}
ACCOUNTANT_ROLES = {"accountant"}
CLASS_ROLES = READER_ROLES


class CreditAccessCommon(CreditCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {
            **cls.create_roles(),
            "accountant": cls.accountant,
            "reader": cls.create_credit_user("t_reader", "dms_credit.group_credit_reader"),
            "controller": cls.controller,
            "credit_manager": cls.credit_manager,
        }
        cls.sides = {"alpha": cls.create_side(cls.alpha, cls.alpha_user), "beta": cls.create_side(cls.beta, cls.beta_user)}
        cls.env.flush_all()

    @classmethod
    def create_side(cls, distributor, portal_user):
        """``{model: record}`` of one distributor, one record for every model of the table, and the documents behind them."""
        account = cls.set_limit(60, distributor)
        held = cls.create_order(distributor, {cls.tea: 10}, dms_is_shared=True, user_id=False)
        held.action_dms_submit()
        cls.create_invoice(30, cls.day(-40), cls.day(-10), partner=distributor)
        request = cls.env["dms.credit.extension"].with_user(portal_user).sudo()
        extension = request._request(account, 25.0, cls.today, cls.day(5), f"{distributor.name} asks")
        advice = cls.env["dms.payment.advice"].with_user(portal_user)
        notice = advice._submit(distributor, {"amount": "30.00", "reference": distributor.name, "date": str(cls.today)})
        records = {
            "sale.order": held,
            "dms.order.hold": held.dms_hold_ids,
            "dms.credit.account": account,
            "dms.credit.change": account.change_ids[:1],
            "dms.credit.ageing": cls.env["dms.credit.ageing"].search([("account_id", "=", account.id)], limit=1),
            "dms.credit.extension": extension.with_env(cls.env),
            "dms.payment.advice": notice.with_env(cls.env),
            **cls.create_shared(distributor),
        }
        return {name: record.with_env(cls.env) for name, record in {**records, **cls.create_wizard_rows(records)}.items()}

    @classmethod
    def create_shared(cls, distributor):
        """Rows that are not of one distributor: one for each side all the same."""
        number = distributor.id % 50
        days = {"date_from": cls.day(number), "date_to": cls.day(number)}
        mailing = cls.env["dms.credit.mailing"].create({"only_with_balance": False, "date_from": cls.day(-40), "date_to": cls.today})
        mailing.action_fill()
        group = cls.env["res.groups"].create({"name": f"T {distributor.id}"})
        return {
            "dms.credit.delegation": cls.env["dms.credit.delegation"].create(
                {"user_id": cls.controller.id, "substitute_id": cls.controller2.id, **days}
            ),
            "dms.credit.release.rule": cls.env["dms.credit.release.rule"].create({"group_id": group.id}),
            "dms.credit.mailing": mailing,
            "dms.credit.mailing.line": mailing.line_ids.filtered(lambda line: line.partner_id == distributor),
        }

    @classmethod
    def create_wizard_rows(cls, records):
        account, advice = records["dms.credit.account"], records["dms.payment.advice"]
        match = cls.env["dms.payment.match"].create({"advice_id": advice.id})
        payment = cls.create_payment(30, cls.today, account.partner_id)
        line = cls.env["dms.payment.match.line"].create({"match_id": match.id, "payment_id": payment.id})
        statement = {"account_ids": [Command.set(account.ids)]}
        return {
            "dms.credit.statement.wizard": cls.env["dms.credit.statement.wizard"].create(statement),
            "dms.credit.terms": cls.env["dms.credit.terms"].create({**statement, "limit": 1e6, "has_limit": True, "reason": "r"}),
            "dms.credit.extension.rejection": cls.env["dms.credit.extension.rejection"].create(
                {"extension_ids": records["dms.credit.extension"].ids, "reason": "r"}
            ),
            "dms.hold.partial.release": cls.env["dms.hold.partial.release"].create(
                {"hold_id": records["dms.order.hold"][:1].id, "note": "n"}
            ),
            "dms.payment.match": match,
            "dms.payment.match.line": line,
            "dms.payment.rejection": cls.env["dms.payment.rejection"].create({"advice_ids": advice.ids, "reason": "r"}),
        }


@tagged("post_install", "-at_install")
class TestAccessCredit(CreditAccessCommon):
    def allowed(self, user, record):
        record = record.with_user(user)
        return "".join(letter for letter, operation in OPERATIONS.items() if record.has_access(operation))

    def test_every_model_of_the_module_is_in_the_table(self):
        models = {name for name, model in self.env.registry.items() if model._original_module == "dms_credit" and not model._abstract}
        self.assertEqual(models, set(OWN_MODELS), "decide who may do what with a new model, and say so in OWN_MODELS")

    def test_every_model_has_records_on_both_sides(self):
        for model in OWN_MODELS:
            for side, records in self.sides.items():
                self.assertTrue(records[model].exists() if model != "dms.credit.ageing" else records[model], f"{model} of {side}")
                self.assertEqual(len(records[model]), 1, f"{model} of {side}")
            self.assertNotEqual(*(records[model] for records in self.sides.values()), model)

    def test_own_models(self):
        wrong = []
        for model, row in OWN_MODELS.items():
            for role in ROLES:
                got = tuple(self.allowed(self.users[role], self.sides[side][model]) for side in ("alpha", "beta"))
                if got != row.get(role, NOTHING):
                    wrong.append(f"{model}, {role}: {got}, not {row.get(role, NOTHING)}")
        self.assertFalse(wrong, "\n" + "\n".join(wrong))

    def test_searching_agrees_with_reading(self):
        for model, row in OWN_MODELS.items():
            for role, user in self.users.items():
                Model = self.env[model].with_user(user)
                ids = [records[model].id for records in self.sides.values()]
                found = Model.search([("id", "in", ids)]).ids if Model.has_access("read") else []
                readable = [record_id for record_id, cell in zip(ids, row.get(role, NOTHING), strict=True) if "r" in cell]
                self.assertEqual(sorted(found), sorted(readable), f"{model}, {role}")

    def test_portal_reads_of_its_own_request_what_it_may(self):
        request = self.sides["alpha"]["dms.credit.extension"].with_user(self.alpha_user)
        self.assertEqual(request.read(["amount", "state", "reason"])[0]["amount"], 25)
        for field in ("account_id", "territory_id", "decided_by_id", "is_from_portal"):
            with self.assertRaises(AccessError, msg=field):
                request.read([field])
            with self.assertRaises(AccessError, msg=field):
                request.search([(field, "in", [1])])

    # ------------------------------------------------------------ other companies

    def test_nothing_of_another_company_is_seen(self):
        other = self.env["res.company"].create({"name": "T Other"})
        account = self.get_account(company=other)
        account.action_set_limit(5, "elsewhere")
        extension = self.env["dms.credit.extension"].create(
            {"account_id": account.id, "amount": 5, "date_from": self.today, "date_to": self.today, "reason": "r"}
        )
        mailing = self.env["dms.credit.mailing"].create({"company_id": other.id, "only_with_balance": False})
        rule = self.env["dms.credit.release.rule"].create({"group_id": self.env.ref("base.group_user").id, "company_id": other.id})
        days = {"date_from": self.today, "date_to": self.today, "company_id": other.id}
        delegation = self.env["dms.credit.delegation"].create({"user_id": self.controller.id, "substitute_id": self.controller2.id, **days})
        self.env.flush_all()
        for record in (account, account.change_ids, extension, mailing, rule, delegation):
            for user in (self.credit_manager, self.controller, self.users["reader"], self.area_manager, self.manager):
                self.assertFalse(record.with_user(user).has_access("read"), f"{record} by {user.login}")
        self.assertFalse(extension.with_user(self.alpha_user).has_access("write"))

    # ------------------------------------------------------------ territories

    def test_account_follows_the_territory_of_its_distributor(self):
        account = self.sides["beta"]["dms.credit.account"]
        self.assertFalse(account.with_user(self.area_manager).has_access("read"))
        self.beta.territory_id = self.area_a
        self.env.flush_all()
        self.env.invalidate_all()
        for model in ("dms.credit.account", "dms.credit.change", "dms.credit.extension", "dms.payment.advice", "dms.credit.ageing"):
            self.assertTrue(self.sides["beta"][model].with_user(self.area_manager).has_access("read"), model)

    def test_area_manager_asks_for_temporary_limits_in_his_territory_only(self):
        values = {"amount": 5, "date_from": self.today, "date_to": self.today, "reason": "r"}
        Extension = self.env["dms.credit.extension"].with_user(self.area_manager)
        mine = Extension.create({**values, "account_id": self.account.id})
        attempts = (
            lambda: Extension.create({**values, "account_id": self.other_account.id}),
            lambda: mine.write({"account_id": self.other_account.id}),
            lambda: mine.action_approve(),
        )
        for number, attempt in enumerate(attempts):
            with self.subTest(number), self.assertRaises(UserError), self.env.cr.savepoint():
                attempt()
                self.env.flush_all()

    # ------------------------------------------------------------ wizards

    def test_own_wizard_rows_are_usable_by_the_groups_that_need_them(self):
        account = self.account
        cases = {
            "dms.credit.statement.wizard": ({"account_ids": account.ids}, READER_ROLES),
            "dms.credit.terms": ({"account_ids": account.ids, "reason": "r"}, {"controller", "credit_manager"}),
            "dms.hold.partial.release": (
                {"hold_id": self.sides["alpha"]["dms.order.hold"][:1].id, "note": "n"},
                {"controller", "credit_manager"},
            ),
            "dms.payment.rejection": ({"advice_ids": self.sides["alpha"]["dms.payment.advice"].ids, "reason": "r"}, {"accountant"}),
        }
        for model, (values, roles) in cases.items():
            for role, user in self.users.items():
                savepoint = self.env.cr.savepoint()
                try:
                    self.env[model].with_user(user).create(values)
                    allowed = True
                except AccessError:
                    allowed = False
                savepoint.close(rollback=True)
                self.env.invalidate_all()
                self.assertEqual(allowed, role in roles, f"{model}, {role}")

    def test_wizard_reaches_no_account_out_of_sight(self):
        Wizard = self.env["dms.credit.statement.wizard"].with_user(self.area_manager)
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            Wizard.create({"account_ids": self.other_account.ids})
        by_default = Wizard.with_context(default_account_ids=self.other_account.ids)
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            by_default.create({"file_format": "xlsx"}).action_download()
        for model, ids in (("dms.credit.account", self.other_account.ids), ("res.partner", self.beta.ids)):
            wizard = Wizard.with_context(active_model=model, active_ids=ids).create({})
            self.assertFalse(wizard.account_ids)


@tagged("post_install", "-at_install")
class TestCreditFields(CreditAccessCommon):
    """Fields of credit on orders, partners, companies, classes, holds and lines: nobody else finds them."""

    def own_fields(self):
        """``{(model, field)}`` that the module adds to models of others."""
        return {
            (name, field.name)
            for name, model in self.env.registry.items()
            if model._original_module != "dms_credit" and not model._abstract and not model._transient
            for field in model._fields.values()
            if field._modules and field._modules[0] == "dms_credit"
        }

    def roles_that_see(self, model, field):
        return {role for role, user in self.users.items() if field in self.env[model].with_user(user).fields_get([field])}

    def test_fields_on_models_of_others_are_for_their_groups(self):
        """Settings of the company are no secret for the staff; everything else is for who reads credit."""
        wrong = []
        for model, field in sorted(self.own_fields()):
            seen = self.roles_that_see(model, field)
            allowed = self.get_allowed(model, field)
            if seen - allowed:
                wrong.append(f"{model}.{field}: {', '.join(sorted(seen - allowed))}")
        self.assertFalse(wrong, "\n" + "\n".join(wrong))

    def get_allowed(self, model, field):
        if model in ("res.company", "res.config.settings"):
            return STAFF_ROLES
        if (model, field) in STAFF_FIELDS:
            return STAFF_ROLES
        if model == "account.payment":
            return {"accountant", "controller", "credit_manager"}
        if (model, field) in DESK_FIELDS:
            return READER_ROLES | {"desk"}
        return READER_ROLES

    def test_figures_of_a_hold_are_hidden_from_the_desk_and_the_distributor(self):
        hold = self.sides["alpha"]["dms.order.hold"]
        for user in (self.desk, self.alpha_user):
            self.assertTrue(hold.with_user(user).read(["message"]))
            for field in ("credit_over_amount", "credit_snapshot", "credit_overdue_days", "credit_advice", "credit_payment_amount"):
                with self.assertRaises(AccessError):
                    hold.with_user(user).read([field])
                with self.assertRaises(AccessError):
                    hold.with_user(user).search([(field, "in", [1])])

    def test_figures_of_an_order_line_are_hidden_from_the_distributor(self):
        order = self.sides["alpha"]["sale.order"].with_user(self.alpha_user)
        for record, field in ((order, "dms_open_value"), (order.order_line, "dms_open_value"), (order, "dms_split_from_id")):
            with self.assertRaises(AccessError):
                record.read([field])

    def test_accounts_are_not_read_by_way_of_the_partner(self):
        for role in ("employee", "sales", "accountant", "desk", "portal_a"):
            partner = self.alpha.with_user(self.users[role])
            with self.assertRaises(AccessError, msg=role):
                partner.read(["credit_account_ids"])
            with self.assertRaises(AccessError, msg=role):
                partner.search([("credit_account_ids.policy", "=", "hold")])


#: flags and links that any of the staff may see
STAFF_FIELDS = {("dms.order.hold", "is_credit_hold"), ("dms.order.hold", "credit_currency_id"), ("sale.order", "dms_split_from_id")}
#: what the desk sees
DESK_FIELDS = {("stock.picking", "dms_hold_ids")}
