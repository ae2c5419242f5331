"""Who may do what with allocations and recalls: records that concern two distributors, each line one of them."""

from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.dms_orders.tests.common import DmsCommon

OPERATIONS = {"r": "read", "w": "write", "c": "create", "u": "unlink"}
READ, ALL = "r", "rwcu"
#: operations on the line of alpha, whose territory is the area manager's, and of beta; a role that is not named may do nothing
TABLE = {
    "dms.stock.allocation": {"desk": (ALL, ALL), "manager": (ALL, ALL)},
    "dms.stock.allocation.line": {"desk": ("rw", "rw"), "manager": ("rw", "rw")},
    "dms.stock.recall": {"desk": (ALL, ALL), "manager": (ALL, ALL), "area": (READ, READ)},
    "dms.stock.recall.line": {"desk": (READ, READ), "manager": (READ, READ), "area": (READ, "")},
}
#: public methods of each, tried by who may not, with a hostile context
METHODS = {
    "dms.stock.allocation": ("action_propose", "action_apply", "action_cancel"),
    "dms.stock.recall": ("action_refresh", "action_close", "action_reopen", "action_print_letters", "action_export"),
}
HOSTILE = {"su": True, "default_state": "done", "allowed_company_ids": [], "active_test": False}


@tagged("post_install", "-at_install")
class TestAccessShortage(DmsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = cls.create_roles()
        warehouse = cls.env["stock.warehouse"].search([("company_id", "=", cls.company.id)], limit=1)
        cls.env["stock.quant"]._update_available_quantity(cls.tea, warehouse.lot_stock_id, 60)
        orders = [cls.create_order(distributor, {cls.tea: 50}) for distributor in (cls.alpha, cls.beta)]
        for order in orders:
            order.action_confirm()
        allocation = cls.env["dms.stock.allocation"].create({"product_id": cls.tea.id, "warehouse_id": warehouse.id, "weight_by": "equal"})
        allocation.action_propose()
        recall = cls.create_recall(warehouse)
        cls.sides = [
            {
                "dms.stock.allocation": allocation,
                "dms.stock.allocation.line": allocation.line_ids.filtered(lambda line, d=distributor: line.distributor_id == d),
                "dms.stock.recall": recall,
                "dms.stock.recall.line": recall.line_ids.filtered(lambda line, d=distributor: line.partner_id == d),
            }
            for distributor in (cls.alpha, cls.beta)
        ]
        cls.env.flush_all()

    @classmethod
    def create_recall(cls, warehouse):
        """A recall of a lot of which both distributors got something."""
        cls.coffee.write({"is_storable": True, "tracking": "lot"})
        lot = cls.env["stock.lot"].create({"name": "BAD", "product_id": cls.coffee.id, "company_id": cls.company.id})
        cls.env["stock.quant"]._update_available_quantity(cls.coffee, warehouse.lot_stock_id, 60, lot_id=lot)
        for distributor in (cls.alpha, cls.beta):
            order = cls.create_order(distributor, {cls.coffee: 10})
            order.action_confirm()
            cls.deliver(order)
        return cls.env["dms.stock.recall"].browse(lot.with_user(cls.desk).action_dms_recall()["res_id"]).with_env(cls.env)

    def test_every_role_does_what_the_table_says(self):
        for model, roles in TABLE.items():
            for place, side in enumerate(self.sides):
                self.assertTrue(side[model], f"{model}: no record on side {place}")
                for role, user in self.users.items():
                    record = side[model].with_user(user)
                    allowed = "".join(letter for letter, operation in OPERATIONS.items() if record.has_access(operation))
                    self.assertEqual(allowed, roles.get(role, ("", ""))[place], (model, role, place))

    def test_public_methods_refuse_who_may_not(self):
        for model, names in METHODS.items():
            for role in ("employee", "stock", "portal_a", "portal_b"):
                record = self.sides[0][model].with_user(self.users[role]).with_context(**HOSTILE)
                for name in names:
                    with self.assertRaises(AccessError, msg=f"{role}: {model}.{name}"):
                        getattr(record, name)()
