from datetime import timedelta

from lxml import html

from odoo.fields import Command

from odoo.addons.dms_portal.tests.common import PortalCommon


class StockPortalCommon(PortalCommon):
    """Two distributors with stock: a product and a lot of their own, sell-out, a delivery in transit; each with texts of its own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = cls.company._dms_today()
        cls.env["dms.stock.norm"].search([("company_id", "=", cls.company.id)]).active = False
        cls.env["dms.stock.norm"].create({"categ_id": cls.category.id, "min_days": 10, "max_days": 20})
        cls.mine |= cls.setUpStock(cls.mine, "ALPHAMARK")
        cls.theirs |= cls.setUpStock(cls.theirs, "BETAMARK")
        cls.env.flush_all()

    @classmethod
    def setUpStock(cls, documents, mark):
        """``{name: record}``: the first delivery has arrived and was sold in part, a second one with a lot is on its way."""
        distributor = documents["distributor"]
        documents["picking"].action_dms_confirm_receipt()
        juice = cls.create_product(f"{mark} Juice", f"{mark}-J", 8.0, tracking="lot")
        lot = cls.env["stock.lot"].create({"name": f"{mark}-lot", "product_id": juice.id})
        location = cls.env["stock.warehouse"].search([("company_id", "=", cls.company.id)], limit=1).lot_stock_id
        cls.env["stock.quant"]._update_available_quantity(juice, location, 50, lot_id=lot)
        cls.env["stock.quant"]._update_available_quantity(cls.tea, location, 50)
        second = cls.create_portal_order(distributor, {juice: 5, cls.tea: 7}, client_order_ref=f"{mark}-second")
        second.action_confirm()
        cls.deliver(second)
        statement = cls.sell(distributor, {cls.tea: 4}, f"{mark}-statement", retailer=f"{mark} Shop")
        return {"juice": juice, "lot": lot, "second": second, "transit": second.picking_ids, "statement": statement, "tea": cls.tea}

    @classmethod
    def sell(cls, distributor, quantities, reference, **values):
        """A posted sell-out of today."""
        statement = cls.env["dms.stock.statement"].create(
            {
                "distributor_id": distributor.id,
                "kind": "sellout",
                "reference": reference,
                "line_ids": [
                    Command.create({"product_id": product.id, "quantity": quantity, **values}) for product, quantity in quantities.items()
                ],
            }
        )
        statement.action_post()
        return statement

    @classmethod
    def position(cls, product, distributor=None):
        domain = [("distributor_id", "=", (distributor or cls.alpha).id), ("product_id", "=", product.id)]
        return cls.env["dms.stock.position"].search([*domain, ("company_id", "=", cls.company.id)])

    @classmethod
    def set_figures(cls, position, **values):
        """Figures as a month of sell-out would leave them."""
        position.sudo().write({"avg_daily_sellout": 1.0, "max_days": 20, "min_days": 10, **values})
        cls.env.flush_all()

    def day(self, days):
        return self.today + timedelta(days=days)

    # ------------------------------------------------------------ pages

    def open_page(self, path, status=200):
        """A page as text and as a parsed tree."""
        answer = self.get(path)
        self.assertEqual(answer.status_code, status, path)
        return answer.text, html.fromstring(answer.text)

    def words(self, tree, name):
        """Texts of the elements with a class, with single blanks."""
        found = tree.xpath(f"//*[contains(concat(' ', normalize-space(@class), ' '), ' {name} ')]")
        return [" ".join(element.text_content().split()) for element in found]

    def receipt(self, picking):
        return f"/my/dms/deliveries/{picking.id}/receipt"

    def stock_state(self, documents):
        self.env.invalidate_all()
        ledger = self.env["dms.stock.ledger"].search_count([("distributor_id", "=", documents["distributor"].id)])
        return documents["transit"].dms_receipt_state, ledger
