from datetime import datetime, time

from odoo.fields import Command
from odoo.tools import SQL

from odoo.addons.dms_inventory.tests.common import InventoryCommon
from odoo.addons.dms_schemes.tests.common import DmsSchemesCommon

from ..models.dms_sales_measure import MEASURES
from ..models.fact_sources import COLUMNS

TABLES = ("dms_sales_fact", "dms_sales_month", "dms_sales_area")


class ReportsCommon(DmsSchemesCommon, InventoryCommon):
    """Facts of documents made by the helpers of orders, schemes and stock."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.facts = cls.env["dms.sales.fact"]
        cls.upkeep = cls.env["dms.sales.upkeep"]
        cls.upkeep._fold(10_000)

    @classmethod
    def stored(cls, table="dms_sales_fact"):
        """What the table has, whatever the documents say."""
        cls.env.flush_all()
        return sorted(cls.env.execute_query(SQL("SELECT * FROM %s", SQL.identifier(table))), key=repr)

    @classmethod
    def fold(cls):
        cls.upkeep._fold(100_000)

    @classmethod
    def noon(cls, back):
        return datetime.combine(cls.day(back), time(12))

    @classmethod
    def confirmed(cls, quantities, distributor=None, **values):
        """A confirmed order; ``date_order`` as given, though confirming sets it."""
        order = cls.create_order(distributor or cls.alpha, quantities)
        order.action_confirm()
        order.write(values)
        return order

    @classmethod
    def invoice(cls, order, deliver=False, **values):
        """What was delivered of an order, invoiced and posted."""
        if deliver:
            for move in order.picking_ids.move_ids:
                move.write({"quantity": move.product_uom_qty, "picked": True})
            order.picking_ids._action_done()
        invoice = order._create_invoices()
        invoice.write(values)
        invoice.action_post()
        return invoice

    @classmethod
    def credit(cls, invoice, quantity=None, **values):
        """A posted credit note of an invoice, of all or of so many units."""
        note = invoice._reverse_moves([{"invoice_date": cls.today, **values}])
        if quantity is not None:
            note.invoice_line_ids.filtered("product_id").quantity = quantity
        note.action_post()
        return note

    @classmethod
    def direct_invoice(cls, partner, product, quantity, company=None, **values):
        """A posted invoice of no order, at 10.0 a unit."""
        line = {"name": "Goods", "product_id": product.id, "quantity": quantity, "price_unit": 10, "tax_ids": [Command.clear()]}
        moves = cls.env["account.move"].with_company(company or cls.company)
        invoice = moves.create(
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "invoice_date": cls.today,
                "invoice_line_ids": [Command.create(line)],
                **values,
            }
        )
        invoice.action_post()
        return invoice

    def figures(self, distributor=None, **conditions):
        """``{measure: sum}`` of what is not zero, of a distributor."""
        domain = [("distributor_id", "=", (distributor or self.alpha).id), *((name, "=", value) for name, value in conditions.items())]
        [sums] = self.facts._read_group(domain, [], [f"{name}:sum" for name in MEASURES])
        return {name: round(value, 2) for name, value in zip(MEASURES, sums, strict=True) if value}

    def assertFolded(self, distributors=None):
        """Reading, folding, and making the rows of distributors anew give the same rows, of days and of months."""
        rows = self.read_rows()
        self.fold()
        self.assertEqual(self.read_rows(), rows, "folding changes nothing")
        stored = [self.stored(table) for table in TABLES]
        self.facts._rebuild(distributors=distributors or self.alpha | self.beta | self.customer)
        for table, before in zip(TABLES, stored, strict=True):
            self.assertEqual(self.stored(table), before, f"a rebuild gives equal rows of {table}")

    def read_rows(self):
        columns = SQL(", ").join(map(SQL.identifier, COLUMNS))
        return sorted(self.env.execute_query(SQL("SELECT %s FROM (%s) f", columns, self.facts._get_query())), key=repr)
