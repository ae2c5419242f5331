from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

KINDS = [
    ("receipt", "Receipt"),
    ("return", "Return"),
    ("sellout", "Sell-out"),
    ("count", "Count Difference"),
    ("correction", "Correction"),
]


class DmsStockLedger(models.Model):
    """What every distributor has, as rows that are only ever added.

    A row is written by the document it belongs to, through :meth:`_append`; nobody else creates one, and nobody changes or
    deletes one: the model refuses it, and so does a trigger of the table. What was wrong is set right by another row.
    All columns are plain and known at the insert, since anything computed later would be an update.
    """

    _name = "dms.stock.ledger"
    _description = "Stock Ledger of Distributors"
    _order = "date desc, id desc"
    _rec_name = "source_key"

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="restrict")
    distributor_id = fields.Many2one("res.partner", required=True, readonly=True, ondelete="restrict")
    product_id = fields.Many2one("product.product", required=True, readonly=True, ondelete="restrict")
    lot_id = fields.Many2one("stock.lot", readonly=True, ondelete="restrict")
    date = fields.Date("Effective Date", required=True, readonly=True)
    recorded_on = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now, help="When the row became known.")
    quantity = fields.Float(
        required=True, readonly=True, digits="Product Unit", help="In the product's own unit; what leaves the distributor is negative."
    )
    kind = fields.Selection(KINDS, required=True, readonly=True)
    flow = fields.Selection(
        KINDS,
        required=True,
        readonly=True,
        help="What the row belongs to in a balance: its kind, or for a row that takes another back, the kind of that row.",
    )
    is_derived = fields.Boolean("Derived", readonly=True, help="Sell-out calculated from counts, not reported.")
    price_unit = fields.Float(
        readonly=True,
        min_display_digits="Product Price",
        aggregator=None,
        help="Untaxed value of one unit after discounts and schemes, in company currency.",
    )
    source_key = fields.Char("Source", required=True, readonly=True, help="Names the one event behind the row: nothing enters twice.")
    move_id = fields.Many2one("stock.move", "Stock Move", readonly=True, ondelete="restrict", index="btree_not_null")
    picking_id = fields.Many2one("stock.picking", "Transfer", readonly=True, ondelete="restrict", index="btree_not_null")
    statement_id = fields.Many2one("dms.stock.statement", readonly=True, ondelete="restrict", index="btree_not_null")
    statement_line_id = fields.Many2one("dms.stock.statement.line", readonly=True, ondelete="restrict", index="btree_not_null")
    retailer = fields.Char(readonly=True)
    product_uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    categ_id = fields.Many2one(related="product_id.categ_id")
    territory_id = fields.Many2one(related="distributor_id.territory_id", groups="base.group_user")

    _source_uniq = models.UniqueIndex("(company_id, source_key)", "This is in the ledger already.")
    _balance_idx = models.Index("(distributor_id, product_id, date) INCLUDE (company_id, lot_id, quantity, flow)")
    _product_idx = models.Index("(product_id)")
    _lot_idx = models.Index("(lot_id) WHERE lot_id IS NOT NULL")

    def init(self):
        """Let the table itself refuse what is not an insert."""
        self.env.cr.execute(
            """
            CREATE OR REPLACE FUNCTION dms_stock_ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION 'Rows of dms_stock_ledger are only added: correct them by another row.'
                    USING ERRCODE = 'restrict_violation';
            END $$;
            CREATE OR REPLACE TRIGGER dms_stock_ledger_append_only BEFORE UPDATE OR DELETE ON dms_stock_ledger
                FOR EACH ROW EXECUTE FUNCTION dms_stock_ledger_refuse();
            CREATE OR REPLACE TRIGGER dms_stock_ledger_no_truncate BEFORE TRUNCATE ON dms_stock_ledger
                FOR EACH STATEMENT EXECUTE FUNCTION dms_stock_ledger_refuse();
            """
        )

    def write(self, vals):
        self._refuse_change()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        self._refuse_change()

    def _refuse_change(self):
        raise UserError(self.env._("A row of the stock ledger stays as it is. Cancel its statement, or post a correction."))

    # ------------------------------------------------------------ writing

    @api.model
    def _append(self, vals_list, touched=()):
        """Add rows, once for all events of a document, and bring the positions they touch up to date.

        :param vals_list: values of rows; ``flow`` is the kind when left out, rows of quantity 0 are left out
        :param touched: further ``(company id, distributor id, product id)`` whose positions the document changes
        :return: the new rows, with full rights
        """
        rows = [{"flow": vals["kind"], **vals} for vals in vals_list if vals["quantity"]]
        ledger = self.sudo()._insert(rows)  # written by documents alone: nobody may create rows
        keys = {(row["company_id"], row["distributor_id"], row["product_id"]) for row in rows}
        self.env["dms.stock.position"]._refresh(keys.union(touched))
        return ledger

    def _insert(self, rows):
        """Insert rows by one statement, however many they are; the ORM makes one of every hundred.

        Nothing is computed of a row and nothing is called after it is there, so that the values of its columns are all there is.

        :param rows: values of rows with all that is required
        """
        if not rows:
            return self.browse()
        always = {"recorded_on": fields.Datetime.now(), "create_date": self.env.cr.now(), "write_date": self.env.cr.now()}
        always |= {"create_uid": self.env.uid, "write_uid": self.env.uid}
        columns = [self._fields[name] for name in sorted({*always, *(name for row in rows for name in row)})]
        arrays = [
            SQL(f"%s::{field.column_type[0]}[]", [self._get_column(field, {**always, **row}) for row in rows])  # pylint: disable=sql-injection
            for field in columns
        ]
        ids = self.env.execute_query(
            SQL(
                "INSERT INTO dms_stock_ledger (%s) SELECT * FROM unnest(%s) RETURNING id",
                SQL(", ").join(SQL.identifier(field.name) for field in columns),
                SQL(", ").join(arrays),
            )
        )
        self._forget_inverses()
        return self.browse(row_id for (row_id,) in ids)

    def _get_column(self, field, values):
        """What the column of a field gets; nothing where there is no value, or an empty one of another record."""
        value = values.get(field.name)
        empty = value is None or value is False and field.type != "boolean"
        return field.convert_to_column_insert(value, self) if not empty else (False if field.type == "boolean" else None)

    def _forget_inverses(self):
        """Let lists of rows on other records be read anew."""
        for field in self._fields.values():
            for inverse in self.pool.field_inverses[field]:
                self.env[inverse.model_name].invalidate_model([inverse.name], flush=False)

    def _prepare_reversal_values(self):
        """Rows that take these back, on the day they count for."""
        return [
            {
                "company_id": row.company_id.id,
                "distributor_id": row.distributor_id.id,
                "product_id": row.product_id.id,
                "lot_id": row.lot_id.id,
                "date": row.date,
                "quantity": -row.quantity,
                "kind": "correction",
                "flow": row.flow,
                "is_derived": row.is_derived,
                "price_unit": row.price_unit,
                "source_key": f"correction:{row.source_key}",
                "statement_id": row.statement_id.id,
                "statement_line_id": row.statement_line_id.id,
                "retailer": row.retailer,
            }
            for row in self
        ]

    # ------------------------------------------------------------ reading

    @api.model
    def _get_balances(self, company, distributor, product_ids=None, date=None, known_on=None):
        """What the distributor has, lot by lot.

        :param product_ids: ids of products; None for all
        :param date: balances at the end of this day; None for all rows
        :param known_on: as they were known at this moment (naive UTC); None for now
        :return: ``{product id: {lot id or None: quantity}}`` in the products' own units; balances of zero are left out
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT product_id, lot_id, SUM(quantity)::float8
                  FROM dms_stock_ledger
                 WHERE company_id = %s AND distributor_id = %s %s %s %s
              GROUP BY product_id, lot_id
                HAVING SUM(quantity) <> 0
                """,
                company.id,
                distributor.id,
                SQL("") if product_ids is None else SQL("AND product_id = ANY(%s)", list(product_ids)),
                SQL("AND date <= %s", date) if date else SQL(""),
                SQL("AND recorded_on <= %s", known_on) if known_on else SQL(""),
            )
        )
        balances = {}
        for product_id, lot_id, quantity in rows:
            balances.setdefault(product_id, {})[lot_id] = quantity
        return balances

    @api.model
    def _get_floors(self, company, distributor, product_ids, date):
        """What may be taken on a day without any balance of that day or a later one falling below zero.

        :return: ``{(product id, lot id or None, is whole product): quantity}`` in the products' own units, negative where a balance
            is below zero already; of a product as a whole the key is ``(product id, None, True)``
        """
        rows = self.env.execute_query(
            SQL(
                """
                WITH day AS (
                    SELECT product_id, lot_id, GROUPING(lot_id) AS whole, GREATEST(date, %(date)s) AS date, SUM(quantity) AS moved
                      FROM dms_stock_ledger
                     WHERE company_id = %(company)s AND distributor_id = %(distributor)s AND product_id = ANY(%(products)s)
                  GROUP BY GROUPING SETS ((product_id, lot_id, GREATEST(date, %(date)s)), (product_id, GREATEST(date, %(date)s)))
                ), closing AS (
                    SELECT product_id, lot_id, whole, date, SUM(moved) OVER (PARTITION BY product_id, lot_id, whole ORDER BY date) AS balance
                      FROM day
                )
                SELECT product_id, lot_id, whole = 1, LEAST(MIN(balance), CASE WHEN MIN(date) > %(date)s THEN 0 END)::float8
                  FROM closing GROUP BY product_id, lot_id, whole
                """,
                company=company.id,
                distributor=distributor.id,
                products=list(product_ids),
                date=date,
            )
        )
        return {(product_id, lot_id, whole): quantity for product_id, lot_id, whole, quantity in rows}
