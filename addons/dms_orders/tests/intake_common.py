from odoo.addons.dms_orders.tests.common import DmsCommon

from .test_engine_sheet import workbook
from .test_engine_ubl import sample


class IntakeCommon(DmsCommon):
    """Distributors and products as in the published example orders, under numbers of this test."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.alpha.edi_endpoint = "0192:111222333"
        cls.intakes = cls.env["dms.order.intake"].with_user(cls.desk)
        cls.needle = cls.create_product("T Needle 4mm", "T-NEEDLE", 47.5)
        cls.tissues = cls.create_product("T Wet tissues", "T-TISSUE", 15.0)

    def intake(self, *rows, distributor=None, header=("Product code", "Quantity", "Unit"), **options):
        """Take in a workbook of these rows for Alpha as the first clerk of the desk."""
        return self.intakes._intake(distributor or self.alpha, workbook(*rows, header=list(header)), "order.xlsx", **options)

    def intake_text(self, text, **options):
        return self.intakes._intake(self.alpha, text.encode(), "order.csv", **options)

    def example(self, **replaced):
        """The published example order, with the numbers of this test; more texts to replace by keyword."""
        data = sample("Order_Example.xml").decode()
        texts = {
            "987654325": "111222333",
            ">121212<": ">T-NEEDLE<",
            "SItemNo011": "T-TISSUE",
            "7560000012345": "4006381333931",
            ">Needle 4mm<": ">T Needle 4mm<",
            "NOK": self.company.currency_id.name,
            **replaced,
        }
        for old, new in texts.items():
            data = data.replace(old, new)
        return data.encode()

    def take_example(self, distributor=None, **replaced):
        return self.intakes._intake(distributor or self.env["res.partner"], self.example(**replaced), "order.xml")

    def errors(self, intake):
        return {line.row_number: line.error for line in intake.line_ids if line.error}

    def lines(self, order):
        return [(line.product_id, line.product_uom_qty, line.product_uom_id) for line in order.order_line]
