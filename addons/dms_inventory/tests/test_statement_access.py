from odoo.exceptions import AccessError, MissingError, UserError
from odoo.service.model import call_kw
from odoo.tests import tagged
from odoo.tools import mute_logger

from .test_statement_intake import StatementIntakeCommon

REFUSALS = (UserError, AccessError, MissingError)
OPERATIONS = {"r": "read", "w": "write", "c": "create", "u": "unlink"}
ROLES = ("desk", "area", "manager", "sales", "employee", "portal_a", "portal_b", "public")
#: operations per role on what belongs to alpha (in the area manager's territory) and to beta; a role that is not named may do nothing
TABLES = {
    "dms.stock.statement.row": {"desk": ("rw", "rw"), "area": ("rw", ""), "manager": ("rw", "rw")},
    "dms.stock.mapping": {"desk": ("ru", "ru"), "area": ("r", ""), "manager": ("ru", "ru")},
    "dms.stock.statement.upload": {},  # nobody works on the rows of somebody else
    "dms.stock.statement.columns": {},
    "dms.stock.statement.column": {},
}
#: who may call what on what belongs to alpha
METHODS = {
    ("dms.stock.statement.row", "action_take_in"): ("desk", "area", "manager"),
    ("dms.stock.statement.row", "action_leave_out"): ("desk", "area", "manager"),
    ("dms.stock.statement.row", "action_put_back"): ("desk", "area", "manager"),
    ("dms.stock.statement.upload", "action_upload"): (),
    ("dms.stock.statement.columns", "action_read"): (),
    ("dms.stock.statement.columns", "action_show_row"): (),
}


@tagged("post_install", "-at_install")
class TestStatementAccess(StatementIntakeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {
            "desk": cls.desk2, "area": cls.area_manager, "manager": cls.manager, "sales": cls.salesperson, "employee": cls.employee,
            "portal_a": cls.alpha_user, "portal_b": cls.beta_user, "public": cls.env.ref("base.public_user"),
        }  # fmt: skip
        cls.mine, cls.theirs = cls.make_side(cls.alpha), cls.make_side(cls.beta)

    @classmethod
    def make_side(cls, distributor):
        statements = cls.statements
        data = b"Foo,Bar\nT-TEA,4\n"
        asked = statements._take_in(distributor, data, "list.csv", "sellout", cls.today)
        wizard = cls.env["dms.stock.statement.columns"].with_user(cls.desk)._create_for(asked)
        asked._name_columns(1, {"code": 0, "quantity": 1})
        statement = statements._take_in(distributor, b"Code,Quantity\nNO-SUCH,1\n", "list.csv", "sellout", cls.today)
        statement.row_ids.product_id = cls.tea
        upload = cls.env["dms.stock.statement.upload"].with_user(cls.desk)
        return {
            "dms.stock.statement.row": statement.row_ids,
            "dms.stock.mapping": cls.env["dms.stock.mapping"].search([("distributor_id", "=", distributor.id)]),
            "dms.stock.statement.upload": upload.create({"distributor_id": distributor.id, "text": "T-TEA 1"}),
            "dms.stock.statement.columns": wizard,
            "dms.stock.statement.column": wizard.line_ids,
        }

    def allowed(self, user, record, method):
        savepoint = self.env.cr.savepoint()
        try:
            self.env.invalidate_all()
            with mute_logger("odoo.sql_db"):
                call_kw(
                    self.env(user=user, context={})[record._name],
                    method,
                    (record.ids,),
                    {"context": {"default_state": "taken", "su": True}},
                )
            return True
        except REFUSALS:
            return False
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all()

    def test_operations_per_role(self):
        wrong = []
        for model, table in TABLES.items():
            for role in ROLES:
                sides = [side[model].with_user(self.users[role]) for side in (self.mine, self.theirs)]
                got = tuple("".join(key for key, operation in OPERATIONS.items() if side.has_access(operation)) for side in sides)
                if got != table.get(role, ("", "")):
                    wrong.append(f"{model} {role}: {got}")
        self.assertFalse(wrong, "\n".join(wrong))

    def test_methods_per_role(self):
        wrong = []
        for (model, method), expected in METHODS.items():
            got = [role for role in ROLES if self.allowed(self.users[role], self.mine[model], method)]
            if set(got) != set(expected):
                wrong.append(f"{model}.{method}: {got}")
        self.assertFalse(wrong, "\n".join(wrong))

    def test_private_doors_are_not_called_from_outside(self):
        for method in (
            "_take_in",
            "_take_in_lines",
            "_take_in_portal",
            "_take_in_portal_form",
            "_portal_post",
            "_portal_settle",
            "_name_columns",
        ):
            with self.subTest(method), self.assertRaises(AccessError):
                call_kw(self.env(user=self.alpha_user)["dms.stock.statement"], method, ([],), {})

    def test_portal_users_act_for_their_own_distributor_only(self):
        """Whatever arguments their calls had, if a route passed them on."""
        Statement = self.env["dms.stock.statement"].with_user(self.beta_user)
        terms = {"kind": "sellout", "date": str(self.today)}
        made = Statement._take_in_portal_lines("T-TEA 5", terms)
        self.assertEqual((made.sudo().distributor_id, made.sudo().is_from_portal), (self.beta, True))
        for method, *arguments in (("_portal_post",), ("_portal_cancel",), ("_portal_settle", 1, {}), ("_portal_leave_out_rows",)):
            with self.subTest(method), self.assertRaises(AccessError):
                getattr(made.with_user(self.alpha_user), method)(*arguments)
        by_desk = self.mine["dms.stock.statement.row"].statement_id
        with self.assertRaises(AccessError):
            by_desk.with_user(self.alpha_user)._portal_post()  # made for it, not by it
        self.beta.distributor_state = "suspended"
        for user in (self.beta_user, self.desk, self.employee):
            with self.subTest(user.login), self.assertRaises(AccessError):
                Statement.with_user(user)._take_in_portal_lines("T-TEA 6", terms)

    def test_columns_of_a_foreign_statement_are_not_named(self):
        foreign = self.statements._take_in(self.beta, b"Foo,Baz\nT-TEA,4\n", "list.csv", "sellout", self.today)
        wizard = (
            self.env["dms.stock.statement.columns"]
            .with_user(self.area_manager)
            .create(
                {
                    "statement_id": foreign.id,
                    "header_row": 1,
                    "line_ids": [(0, 0, {"column": 0, "meaning": "code"}), (0, 0, {"column": 1, "meaning": "quantity"})],
                }
            )
        )
        for method in ("action_read", "action_show_row"):
            with self.subTest(method), self.assertRaises(AccessError):
                getattr(wizard, method)()
