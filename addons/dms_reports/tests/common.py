from odoo.tools import SQL

from odoo.addons.dms_inventory.tests.common import InventoryCommon
from odoo.addons.dms_schemes.tests.common import DmsSchemesCommon

from ..models.dms_sales_measure import DIMENSIONS, MEASURES


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

    def figures(self, distributor=None, **conditions):
        """``{measure: sum}`` of what is not zero, of a distributor."""
        domain = [("distributor_id", "=", (distributor or self.alpha).id), *((name, "=", value) for name, value in conditions.items())]
        [sums] = self.facts._read_group(domain, [], [f"{name}:sum" for name in MEASURES])
        return {name: round(value, 2) for name, value in zip(MEASURES, sums, strict=True) if value}

    def assertFolded(self):
        """Reading, folding, and making everything anew give the same rows, of days and of months."""
        rows = self.read_rows()
        self.fold()
        self.assertEqual(self.read_rows(), rows, "folding changes nothing")
        days, months = self.stored(), self.stored("dms_sales_month")
        self.facts._rebuild()
        self.assertEqual(self.stored(), days, "a rebuild gives equal rows")
        self.assertEqual(self.stored("dms_sales_month"), months)

    def read_rows(self):
        rows = self.facts.search([])
        rows.invalidate_recordset()
        names = ["date", *DIMENSIONS, *MEASURES]
        return sorted(tuple(row[name] if name in MEASURES else str(row[name]) for name in names) for row in rows)
