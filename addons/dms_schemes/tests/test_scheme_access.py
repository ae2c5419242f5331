from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.service.model import call_kw
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import DmsSchemesCommon

MODELS = ("dms.scheme", "dms.scheme.slab", "dms.scheme.edition", "dms.scheme.application", "dms.scheme.application.line")
#: role to what it may do with each of MODELS: r(ead), w(rite), c(reate), u(nlink)
TABLE = {
    "desk": ("r", "r", "", "r", "r"),
    "area_manager": ("r", "r", "", "r", "r"),
    "manager": ("r", "r", "", "r", "r"),
    "author": ("rwcu", "rwcu", "r", "r", "r"),
    "approver": ("rwcu", "rwcu", "r", "r", "r"),
    "employee": ("", "", "", "", ""),
    "salesperson": ("", "", "", "", ""),
    "alpha_user": ("", "", "", "", ""),
    "beta_user": ("", "", "", "", ""),
}
OPERATIONS = {"r": "read", "w": "write", "c": "create", "u": "unlink"}
#: what a caller may put into the context of any call
HOSTILE = {
    "default_scheme_percent": 90.0,
    "default_scheme_discount": 50.0,
    "default_is_scheme_free": True,
    "default_discount": 0.0,
    "default_scheme_fingerprint": "x",
    "default_scheme_seen": {"X": 1},
    "active_test": False,
    "dms_schemes_changed": [],
    "sale_write_from_compute": True,
}


@tagged("post_install", "-at_install")
class TestSchemeAccess(DmsSchemesCommon):
    """Who reads and writes what, with benefits of two distributors; and what nobody writes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.scheme = cls.create_scheme([(0, "percent", 10)])
        cls.orders = {partner: cls.create_order(partner) for partner in (cls.alpha, cls.beta)}
        cls.records = {
            "dms.scheme": cls.scheme,
            "dms.scheme.slab": cls.scheme.slab_ids,
            "dms.scheme.edition": cls.env["dms.scheme.edition"].search([], limit=1),
            "dms.scheme.application": cls.scheme.application_ids,
            "dms.scheme.application.line": cls.scheme.application_ids.line_ids,
        }

    def test_fixture_has_both_sides(self):
        self.assertEqual(self.records["dms.scheme.application"].distributor_id, self.alpha + self.beta)
        self.assertEqual(len(self.records["dms.scheme.application.line"]), 2)

    def test_every_role_has_what_the_table_says(self):
        for role, allowed in TABLE.items():
            for model, letters in zip(MODELS, allowed, strict=True):
                for letter, operation in OPERATIONS.items():
                    with self.subTest(role=role, model=model, operation=operation):
                        has = self.env[model].with_user(getattr(self, role)).has_access(operation)
                        self.assertEqual(has, letter in letters)

    def test_area_manager_sees_the_benefits_of_its_territories_alone(self):
        for model in ("dms.scheme.application", "dms.scheme.application.line"):
            found = self.records[model].with_user(self.area_manager)._filtered_access("read")
            orders = found.order_id if model == "dms.scheme.application" else found.application_id.order_id
            self.assertEqual(orders, self.orders[self.alpha], model)

    def test_another_company_sees_nothing(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.desk.write({"company_ids": [Command.link(other.id)]})
        for model in MODELS:
            if self.env[model].with_user(self.desk).has_access("read"):
                found = self.env[model].with_user(self.desk).with_context(allowed_company_ids=other.ids).search([])
                self.assertFalse(found, model)

    # ------------------------------------------------------------ what nobody writes

    def test_ledger_is_written_by_nobody(self):
        row = self.scheme.application_ids[0]
        for user in (self.desk, self.manager, self.author, self.approver, self.alpha_user):
            own = row.with_user(user)
            for act in (lambda own=own: own.write({"benefit_amount": 1.0}), own.unlink, lambda own=own: own.copy()):
                with self.assertRaises(UserError), mute_logger("odoo.addons.base.models.ir_model"):
                    act()
        with self.assertRaises(AccessError):
            row.sudo().unlink()

    def test_parts_of_the_price_are_not_set_by_hand(self):
        line = self.orders[self.alpha].order_line
        for user in (self.desk, self.manager, self.author):
            for values in ({"scheme_percent": 50.0}, {"scheme_discount": 50.0}, {"is_scheme_free": True}, {"scheme_id": self.scheme.id}):
                with self.subTest(user=user.login, values=values), self.assertRaises(UserError):
                    call_kw(self.env["sale.order.line"].with_user(user), "write", [line.ids, values], {})
        for name in ("scheme_edition_id", "scheme_date", "scheme_fingerprint", "scheme_seen", "scheme_hints"):
            with self.subTest(field=name), self.assertRaises(UserError):
                self.orders[self.alpha].with_user(self.manager).write({name: False})

    def test_new_orders_take_no_benefit_that_is_given(self):
        given = {"scheme_percent": 90.0, "scheme_discount": 90.0, "is_scheme_free": True}
        for partner in (self.alpha, self.customer):
            line = Command.create({"product_id": self.tea.id, "product_uom_qty": 10, **given})
            Order = self.env["sale.order"].with_user(self.desk).with_context(**HOSTILE)
            order = Order.create({"partner_id": partner.id, "order_line": [line]}).with_env(self.env)
            self.assertFalse(order.order_line.is_scheme_free)
            self.assertEqual(order.order_line.scheme_discount, 10.0 if partner == self.alpha else 0.0)
            self.assertEqual(order.amount_untaxed, order.order_line.price_unit * 10 - order.order_line.scheme_discount)

    def test_applying_schemes_asks_who_calls(self):
        order = self.orders[self.beta]
        for user in (self.employee, self.area_manager, self.alpha_user):
            with self.subTest(user=user.login), self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_rule"):
                call_kw(order.browse().with_user(user), "action_apply_schemes", [order.ids], {"context": HOSTILE})
        call_kw(order.browse().with_user(self.desk), "action_apply_schemes", [order.ids], {"context": HOSTILE})
        self.assertEqual(order.order_line.scheme_discount, 10.0)
        order.with_user(self.desk).action_cancel()
        with self.assertRaises(UserError):
            order.with_user(self.desk).action_apply_schemes()
