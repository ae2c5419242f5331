from odoo import api, fields, models
from odoo.tools import SQL


class DmsStockExpiry(models.Model):
    """Lots at distributors and when they expire: what the ledger says is left of each, where lots have an expiry (`product_expiry`)."""

    _name = "dms.stock.expiry"
    _description = "Expiry of Goods at Distributors"
    _auto = False
    _order = "expiration_date, id"
    _rec_name = "lot_id"
    _depends = {
        "dms.stock.ledger": ["company_id", "distributor_id", "product_id", "lot_id", "quantity"],
        "res.partner": ["territory_id"],
        "product.template": ["categ_id"],
    }

    company_id = fields.Many2one("res.company", readonly=True)
    distributor_id = fields.Many2one("res.partner", readonly=True)
    territory_id = fields.Many2one("dms.territory", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    categ_id = fields.Many2one("product.category", "Category", readonly=True)
    lot_id = fields.Many2one("stock.lot", readonly=True)
    product_uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    quantity = fields.Float(readonly=True, digits="Product Unit", help="Left of the lot, in the product's own unit.")
    expiration_date = fields.Date("Expires On", readonly=True)
    days_left = fields.Integer(readonly=True, aggregator="min", help="Negative when it has expired.")

    @property
    def _table_query(self):
        companies = self.env["res.company"]._dms_get_all()
        days = SQL(", ").join(
            SQL("(%s::int, %s::date, %s)", company.id, company._dms_today(), str(company._dms_tz())) for company in companies
        )
        if self._has_expiry():
            self.env["stock.lot"].flush_model(["expiration_date"])
        return SQL(
            """
            WITH company (id, today, tz) AS (VALUES %(days)s),
            left_over AS (
                SELECT MIN(l.id) AS id, l.company_id, l.distributor_id, l.product_id, l.lot_id, SUM(l.quantity)::float8 AS quantity
                  FROM dms_stock_ledger l JOIN stock_lot lot ON lot.id = l.lot_id AND %(expires)s IS NOT NULL
              GROUP BY l.company_id, l.distributor_id, l.product_id, l.lot_id HAVING SUM(l.quantity) > 0
            )
            SELECT o.id, o.company_id, o.distributor_id, p.territory_id, o.product_id, t.categ_id, o.lot_id, o.quantity,
                   (%(expires)s AT TIME ZONE 'UTC' AT TIME ZONE c.tz)::date AS expiration_date,
                   (%(expires)s AT TIME ZONE 'UTC' AT TIME ZONE c.tz)::date - c.today AS days_left
              FROM left_over o JOIN company c ON c.id = o.company_id
              JOIN stock_lot lot ON lot.id = o.lot_id
              JOIN res_partner p ON p.id = o.distributor_id
              JOIN product_product v ON v.id = o.product_id JOIN product_template t ON t.id = v.product_tmpl_id
            """,
            days=days,
            expires=SQL("lot.expiration_date") if self._has_expiry() else SQL("NULL::timestamp"),
        )

    @api.model
    def _has_expiry(self):
        return "expiration_date" in self.env["stock.lot"]._fields


class IrUiMenu(models.Model):
    _inherit = "ir.ui.menu"

    def _load_menus_blacklist(self):
        """The horizon of expiry is shown where lots have one."""
        hidden = super()._load_menus_blacklist()
        menu = self.env.ref("dms_inventory.menu_stock_expiry", raise_if_not_found=False)
        return [*hidden, menu.id] if menu and not self.env["dms.stock.expiry"]._has_expiry() else hidden
