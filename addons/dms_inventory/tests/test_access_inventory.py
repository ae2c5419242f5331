"""Who may do what with the records of stock: a table of model x role x operation, with records of two distributors.

``alpha`` lies in the area manager's territory, ``beta`` in another. A cell holds the operations allowed on the record of
each side ("r", "w", "c", "u" for read, write, create, unlink). Operations that the model refuses to everybody by a sentence count
as refused.
"""

from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.dms_orders.tests.access_common import AccessTableMixin
from odoo.addons.dms_orders.tests.common import DmsCommon

ROLES = ("public", "employee", "sales", "stock", "desk", "manager", "area", "portal_a", "portal_b")
NOTHING, READ, ALL = ("", ""), ("r", "r"), ("rwcu", "rwcu")
ALPHA, BETA = ("r", ""), ("", "r")
READERS = {"desk": READ, "manager": READ, "area": ALPHA, "portal_a": ALPHA, "portal_b": BETA}

#: a role that is not named may do nothing
TABLE = {
    "dms.stock.ledger": READERS,
    "dms.stock.position": READERS,
    "dms.stock.norm": {"desk": READ, "manager": ALL, "area": READ},
    "dms.stock.statement": {**READERS, "desk": ALL, "manager": ALL, "area": ("rwc", "")},
    "dms.stock.statement.line": {**READERS, "desk": ALL, "manager": ALL, "area": ("rwcu", "")},
}
#: terms of stock on models of others, which no login of a distributor finds there
TERMS = {
    "res.partner": ("receipt_lead_days", "sellout_mode", "stock_opening_date", "stock_position_ids", "alternate_warehouse_ids"),
    "res.company": (
        "receipt_lead_days",
        "count_tolerance_percent",
        "count_tolerance_qty",
        "sellout_average_days",
        "dms_portal_stock_shown",
    ),
    "stock.picking": ("dms_receiver_id", "dms_receipt_due"),
    "dms.distributor.class": ("stock_display",),
    "product.category": ("stock_band_qty",),
}


@tagged("post_install", "-at_install")
class TestStockAccess(AccessTableMixin, DmsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = cls.create_roles()
        cls.sides = {"alpha": cls.create_side(cls.alpha), "beta": cls.create_side(cls.beta)}
        cls.env.flush_all()

    @classmethod
    def create_side(cls, distributor):
        """``{model: record}`` of one distributor."""
        order = cls.create_order(distributor, {cls.tea: 5})
        order.action_confirm()
        cls.deliver(order)
        order.picking_ids.action_dms_confirm_receipt()
        of_distributor = [("distributor_id", "=", distributor.id), ("company_id", "=", cls.company.id)]
        statement = cls.env["dms.stock.statement"].create(
            {
                "distributor_id": distributor.id,
                "is_from_portal": True,
                "line_ids": [Command.create({"product_id": cls.tea.id, "quantity": 1})],
            }
        )
        return {
            "dms.stock.ledger": cls.env["dms.stock.ledger"].search(of_distributor, limit=1),
            "dms.stock.position": cls.env["dms.stock.position"].search(of_distributor, limit=1),
            "dms.stock.norm": cls.env["dms.stock.norm"].create(
                {"categ_id": cls.category.id if distributor == cls.alpha else cls.medicine.id}
            ),
            "dms.stock.statement": statement,
            "dms.stock.statement.line": statement.line_ids,
        }

    # ------------------------------------------------------------ what an operation is

    def do_read(self, record):
        record.read(["create_date"])

    def do_write(self, record):
        values = {"dms.stock.norm": {"min_days": 1}, "dms.stock.statement": {"note": "x"}, "dms.stock.statement.line": {"quantity": 2}}
        record.write(values.get(record._name, {"product_id": self.coffee.id}))

    def do_create(self, record):
        source = record.sudo().with_env(self.env)  # what the row is about, to make another one like it
        distributor = {"distributor_id": source.distributor_id.id} if "distributor_id" in source._fields else {}
        values = {
            "dms.stock.ledger": {**distributor, "product_id": self.coffee.id, "quantity": 1, "kind": "receipt", "flow": "receipt"},
            "dms.stock.position": {**distributor, "product_id": self.coffee.id, "status": "ok"},
            "dms.stock.norm": {"product_id": self.coffee.id, "class_id": self.distributor_class.id},
            "dms.stock.statement": distributor,
            "dms.stock.statement.line": {"product_id": self.coffee.id, "quantity": 1},
        }[record._name]
        if record._name == "dms.stock.ledger":
            values |= {"company_id": self.company.id, "date": self.company._dms_today(), "source_key": "t"}
        if record._name == "dms.stock.statement.line":
            values["statement_id"] = source.statement_id.id
        record.browse().create(values)

    def do_unlink(self, record):
        record.unlink()

    # ------------------------------------------------------------ tables

    def test_every_role_does_what_the_table_says(self):
        self.assertAccessTable(TABLE, ROLES)

    def test_the_table_names_every_model(self):
        """Models of the module that hold records; wizards and those of parts with tables of their own are theirs to test."""
        self.assertLessEqual(set(TABLE), set(self.env.registry))
        for side in self.sides.values():
            self.assertEqual(set(side), set(TABLE))

    def test_terms_of_stock_are_for_staff(self):
        self.assertFieldsOfStaff(TERMS)
