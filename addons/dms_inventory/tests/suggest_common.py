from datetime import timedelta

from odoo.addons.dms_orders.tests.common import DmsCommon


class SuggestCommon(DmsCommon):
    """Distributors with a norm, stock and sell-out, written into the ledger without the documents behind them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = cls.company._dms_today()
        cls.warehouse = cls.env["stock.warehouse"].search([("company_id", "=", cls.company.id)], limit=1)
        cls.number = 0
        cls.set_norm(cls.category, 10, 20)

    @classmethod
    def set_norm(cls, category, least, most, **values):
        return cls.env["dms.stock.norm"].create(
            {"company_id": cls.company.id, "categ_id": category.id, "min_days": least, "max_days": most, **values}
        )

    @classmethod
    def day(cls, days):
        return cls.today + timedelta(days=days)

    @classmethod
    def move(cls, distributor, product, quantity, days, kind="receipt", **values):
        """A row of the ledger, ``days`` from today."""
        cls.number += 1
        return cls.env["dms.stock.ledger"]._append(
            [
                {
                    "company_id": cls.company.id,
                    "distributor_id": distributor.id,
                    "product_id": product.id,
                    "date": cls.day(days),
                    "quantity": quantity,
                    "kind": kind,
                    "source_key": f"test:{cls.number}",
                    **values,
                }
            ]
        )

    @classmethod
    def sell(cls, distributor, product, per_day, left=0):
        """A distributor that has sold so much each of the last ten days, and has ``left``: its average is ``per_day``."""
        cls.move(distributor, product, per_day * 10 + left, -10)
        for day in range(-10, 0):
            cls.move(distributor, product, -per_day, day, "sellout")
        return cls.get_position(distributor, product)

    @classmethod
    def get_position(cls, distributor, product):
        return cls.env["dms.stock.position"].search([("distributor_id", "=", distributor.id), ("product_id", "=", product.id)])

    @classmethod
    def stock(cls, product, quantity, warehouse=None):
        """Goods in the manufacturer's warehouse."""
        cls.env["stock.quant"]._update_available_quantity(product, (warehouse or cls.warehouse).lot_stock_id, quantity)

    def get_lines(self, order):
        return {line.product_id: line.product_uom_qty for line in order.order_line}
