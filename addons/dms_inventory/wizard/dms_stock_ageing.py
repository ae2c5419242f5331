import base64
from collections import defaultdict

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import SQL

from ..engine import ageing
from ..report.ageing_workbook import AgeingWorkbook

BUCKETS = [
    ("d30", "0-30 days"),
    ("d60", "31-60 days"),
    ("d90", "61-90 days"),
    ("older", "Over 90 days"),
    ("none", "No receipt known"),
]
#: most rows kept for one look
MOST = 200_000


class DmsStockAgeing(models.TransientModel):
    """How old the stock of distributors is on a day, and what it is worth at the prices it was invoiced at.

    The goods a distributor has are those it received last, since the oldest are sold first.
    """

    _name = "dms.stock.ageing"
    _description = "Ageing of Stock at Distributors"

    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(required=True, default=lambda self: self.env.company._dms_today(), help="Stock at the end of this day.")
    territory_ids = fields.Many2many("dms.territory", string="Territories", help="With all below them; empty for all.")
    distributor_ids = fields.Many2many("res.partner", string="Distributors", domain=[("is_distributor", "=", True)], help="Empty for all.")
    categ_ids = fields.Many2many("product.category", string="Categories", help="With all below them; empty for all.")
    line_ids = fields.One2many("dms.stock.ageing.line", "ageing_id", "Stock")
    file = fields.Binary(readonly=True, attachment=False)
    file_name = fields.Char(readonly=True)

    def action_show(self):
        """Compute the ageing and open it as list, pivot and graph."""
        self.ensure_one()
        self._fill()
        action = self.env["ir.actions.act_window"]._for_xml_id("dms_inventory.action_stock_ageing_line")
        return action | {"domain": [("ageing_id", "=", self.id)], "name": self.env._("Ageing of Stock, %(day)s", day=self.date)}

    def action_download(self):
        """Compute the ageing and download it as a spreadsheet."""
        self.ensure_one()
        self._fill()
        name = f"Stock-ageing-{self.date}.xlsx"
        self.write({"file": base64.b64encode(AgeingWorkbook(self).render()), "file_name": name})
        url = f"/web/content/{self._name}/{self.id}/file/{name}?download=true"
        return {"type": "ir.actions.act_url", "url": url, "target": "download", "close": True}

    def _fill(self):
        """Rows for the parts of every balance, in a number of statements that does not depend on theirs."""
        self.env["dms.stock.position"].check_access("read")
        if self.date > self.company_id._dms_today():
            raise UserError(self.env._("Stock can be looked at up to today."))
        scope = self._get_scope()
        receipts = self._get_receipts(scope)
        values = []
        for (distributor_id, product_id), balance in self._get_balances(scope).items():
            for receipt, quantity, days, bucket in ageing.age(balance, receipts[distributor_id, product_id], self.date):
                values.append(self._prepare_line(distributor_id, product_id, receipt, quantity, days, bucket))
        if len(values) > MOST:
            raise UserError(self.env._("That is more than %(most)s rows: choose a territory or a category.", most=MOST))
        self.line_ids = [Command.clear()]
        self.env["dms.stock.ageing.line"].create(values)

    def _prepare_line(self, distributor_id, product_id, receipt, quantity, days, bucket):
        price = receipt.price if receipt else 0.0
        return {
            "ageing_id": self.id,
            "distributor_id": distributor_id,
            "product_id": product_id,
            "ledger_id": receipt and receipt.key,
            "received_on": receipt and receipt.day,
            "age_days": days or 0,
            "bucket": bucket,
            "quantity": quantity,
            "price_unit": price,
            "value": self.currency_id.round(price * quantity),
        }

    # ------------------------------------------------------------ reading

    def _get_distributors(self):
        """Those asked for, as far as the user sees their positions."""
        domain = Domain("company_id", "=", self.company_id.id)
        if self.territory_ids:
            domain &= Domain("territory_id", "child_of", self.territory_ids.ids)
        if self.distributor_ids:
            domain &= Domain("distributor_id", "in", self.distributor_ids.ids)
        groups = self.env["dms.stock.position"]._read_group(domain, ["distributor_id"])
        return self.env["res.partner"].union(*(distributor for (distributor,) in groups))

    def _get_scope(self):
        """Condition on ledger rows ``l``: company, day, distributors and products asked for."""
        scope = SQL(
            "l.company_id = %s AND l.date <= %s AND l.distributor_id = ANY(%s)", self.company_id.id, self.date, self._get_distributors().ids
        )
        if not self.categ_ids:
            return scope
        products = self.env["product.product"].with_context(active_test=False)._search([("categ_id", "child_of", self.categ_ids.ids)])
        return SQL("%s AND l.product_id IN %s", scope, products.subselect())

    def _get_balances(self, scope):
        """``{(distributor id, product id): balance}`` above zero at the end of the day."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT l.distributor_id, l.product_id, SUM(l.quantity)::float8 FROM dms_stock_ledger l WHERE %s
              GROUP BY l.distributor_id, l.product_id HAVING SUM(l.quantity) > 0 ORDER BY l.distributor_id, l.product_id
                """,
                scope,
            )
        )
        return {tuple(key): balance for *key, balance in rows}

    def _get_receipts(self, scope):
        """``{(distributor id, product id): [Receipt]}`` up to the day, each with the price it was invoiced at, else was ordered at."""
        self.env["account.move.line"].flush_model(["balance", "quantity", "product_uom_id", "sale_line_ids", "parent_state", "product_id"])
        self.env["stock.move"].flush_model(["sale_line_id"])
        rows = self.env.execute_query(
            SQL(
                """
                WITH receipt AS (
                    SELECT l.id, l.distributor_id, l.product_id, l.date, l.quantity::float8 AS quantity, l.price_unit, m.sale_line_id
                      FROM dms_stock_ledger l LEFT JOIN stock_move m ON m.id = l.move_id
                     WHERE %(scope)s AND l.kind = 'receipt'
                ), invoiced AS (
                    SELECT rel.order_line_id AS sale_line_id, i.product_id, SUM(-i.balance)::float8 AS amount,
                           SUM(i.quantity * u.factor / pu.factor)::float8 AS quantity
                      FROM (SELECT DISTINCT sale_line_id FROM receipt WHERE sale_line_id IS NOT NULL) wanted
                      JOIN sale_order_line_invoice_rel rel ON rel.order_line_id = wanted.sale_line_id
                      JOIN account_move_line i ON i.id = rel.invoice_line_id AND i.parent_state = 'posted'
                      JOIN account_move a ON a.id = i.move_id AND a.move_type = 'out_invoice'
                      JOIN uom_uom u ON u.id = i.product_uom_id
                      JOIN product_product v ON v.id = i.product_id JOIN product_template t ON t.id = v.product_tmpl_id
                      JOIN uom_uom pu ON pu.id = t.uom_id
                  GROUP BY rel.order_line_id, i.product_id HAVING SUM(i.quantity * u.factor / pu.factor) > 0
                )
                SELECT r.distributor_id, r.product_id, r.id, r.date, r.quantity, COALESCE(i.amount / i.quantity, r.price_unit, 0)
                  FROM receipt r LEFT JOIN invoiced i ON i.sale_line_id = r.sale_line_id AND i.product_id = r.product_id
                """,
                scope=scope,
            )
        )
        receipts = defaultdict(list)
        for distributor_id, product_id, *values in rows:
            receipts[distributor_id, product_id].append(ageing.Receipt(*values))
        return receipts


class DmsStockAgeingLine(models.TransientModel):
    """A part of a balance, as one receipt."""

    _name = "dms.stock.ageing.line"
    _description = "Age of Stock at a Distributor"
    _order = "distributor_id, product_id, received_on desc, id"
    _rec_name = "product_id"

    ageing_id = fields.Many2one("dms.stock.ageing", required=True, readonly=True, index=True, ondelete="cascade")
    currency_id = fields.Many2one(related="ageing_id.currency_id")
    distributor_id = fields.Many2one("res.partner", readonly=True, required=True, ondelete="cascade")
    territory_id = fields.Many2one(related="distributor_id.territory_id", store=True)
    product_id = fields.Many2one("product.product", readonly=True, required=True, ondelete="cascade")
    categ_id = fields.Many2one(related="product_id.categ_id", store=True)
    product_uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    ledger_id = fields.Many2one("dms.stock.ledger", "Receipt", readonly=True, ondelete="cascade")
    picking_id = fields.Many2one(related="ledger_id.picking_id")
    received_on = fields.Date(readonly=True)
    age_days = fields.Integer("Age (days)", readonly=True, aggregator="max")
    bucket = fields.Selection(BUCKETS, "Age", readonly=True)
    quantity = fields.Float(readonly=True, digits="Product Unit")
    price_unit = fields.Float(
        "Price", readonly=True, min_display_digits="Product Price", aggregator=None, help="Invoiced, else ordered at; untaxed."
    )
    value = fields.Monetary(readonly=True)
