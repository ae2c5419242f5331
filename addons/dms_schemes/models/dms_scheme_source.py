from odoo import models
from odoo.tools import SQL

#: columns of what a scheme is accrued from, in the order of :meth:`dms.scheme._sources_sql`
SOURCE_COLUMNS = (
    "source",
    "move_line_id",
    "application_id",
    "move_id",
    "distributor_id",
    "product_id",
    "date",
    "quantity",
    "amount",
    "benefit",
)


class DmsScheme(models.Model):
    """What an off-invoice scheme is accrued from: posted lines of invoices and credit notes, or the benefits of orders.

    Read with full rights in one statement per scheme, whatever the number of distributors.
    """

    _inherit = "dms.scheme"

    def _sources_sql(self, until):
        """What counts up to a day, a row for each source.

        ``source`` is the id of the journal item or application; ``quantity`` in the product's own unit and ``amount``
        (untaxed, net of on-invoice schemes, company currency) are negative on credit notes; ``benefit`` is what an order's
        benefit consumed, 0 for purchases.
        """
        self.ensure_one()
        if self.scope != "period":
            return self._benefits_sql(until)
        last = self._get_last_day()
        condition = SQL("%s AND %s", self._eligible_sql(), self._free_sql())
        return self._purchases_sql(self.date_from, min(until, last) if last else until, condition)

    # ------------------------------------------------------------ purchases

    def _purchases_sql(self, date_from, date_to, condition):
        """Goods invoiced less credited, by the day on the document. Free lines, services, down payments do not count."""
        return SQL(
            """
            SELECT line.id AS source, line.id AS move_line_id, NULL::int AS application_id, move.id AS move_id,
                   move.commercial_partner_id AS distributor_id, line.product_id, move.invoice_date AS date,
                   ROUND(CASE move.move_type WHEN 'out_refund' THEN -1 ELSE 1 END
                         * line.quantity * COALESCE(unit.factor, own.factor) / own.factor, 6) AS quantity,
                   -line.balance AS amount, 0.0 AS benefit
              FROM account_move move
              JOIN account_move_line line ON line.move_id = move.id
              JOIN res_partner distributor ON distributor.id = move.commercial_partner_id
              JOIN product_product product ON product.id = line.product_id
              JOIN product_template template ON template.id = product.product_tmpl_id
              JOIN uom_uom own ON own.id = template.uom_id
              LEFT JOIN uom_uom unit ON unit.id = line.product_uom_id
             WHERE move.company_id = %(company)s
               AND move.state = 'posted'
               AND move.move_type IN ('out_invoice', 'out_refund')
               AND move.invoice_date BETWEEN %(first)s AND %(last)s
               AND distributor.is_distributor
               AND line.display_type = 'product'
               AND template.type NOT IN ('service', 'combo')
               AND line.is_scheme_free IS NOT TRUE
               AND line.is_downpayment IS NOT TRUE
               AND %(products)s
               AND %(condition)s
            """,
            company=self.company_id.id,
            first=date_from,
            last=date_to,
            products=self._products_sql(),
            condition=condition,
        )

    def _products_sql(self):
        """Products and categories are one list."""
        scheme = self.with_context(active_test=False)
        products = scheme.product_ids.ids
        categories = self.env["product.category"].search([("id", "child_of", scheme.categ_ids.ids)]).ids if scheme.categ_ids else []
        if not products and not categories:
            return SQL("TRUE")
        return SQL("(line.product_id = ANY(%s) OR template.categ_id = ANY(%s))", products, categories)

    def _eligible_sql(self):
        """Who may take part: any of a list, all of the lists. Territory and class are those of the order invoiced, as it kept
        them, else the distributor's own; what was taken once stays, wherever its distributor has moved since.
        """
        scheme = self.with_context(active_test=False)
        conditions = []
        if scheme.distributor_ids:
            conditions.append(SQL("move.commercial_partner_id = ANY(%s)", scheme.distributor_ids.ids))
        if scheme.class_ids:
            conditions.append(self._kept_sql(SQL("dms_class_id"), SQL("distributor_class_id"), scheme.class_ids.ids))
        if scheme.territory_ids:
            below = scheme.env["dms.territory"].search([("id", "child_of", scheme.territory_ids.ids)])
            conditions.append(self._kept_sql(SQL("territory_id"), SQL("territory_id"), below.ids))
        if scheme.tag_ids:
            conditions.append(
                SQL(
                    "EXISTS (SELECT FROM res_partner_res_partner_category_rel tagged"
                    " WHERE tagged.partner_id = move.commercial_partner_id AND tagged.category_id = ANY(%s))",
                    scheme.tag_ids.ids,
                )
            )
        if not conditions:
            return SQL("TRUE")
        taken = SQL(
            "EXISTS (SELECT FROM dms_scheme_accrual_line taken"
            " WHERE taken.move_line_id = line.id AND taken.scheme_id = %s AND taken.removed_accrual_id IS NULL)",
            self.id,
        )
        return SQL("((%s) OR %s)", SQL(" AND ").join(conditions), taken)

    def _free_sql(self):
        """Whether no other version of the scheme holds the line: it takes it out first, and this one takes it in next time."""
        return SQL(
            "NOT EXISTS (SELECT FROM dms_scheme_accrual_line held WHERE held.company_id = move.company_id AND held.scheme_code = %s"
            " AND held.move_line_id = line.id AND held.removed_accrual_id IS NULL AND held.scheme_id <> %s)",
            self.code,
            self.id,
        )

    def _kept_sql(self, of_order, of_distributor, ids):
        """Whether the order's own value is one of ``ids``; the distributor's where no order was invoiced."""
        order = SQL(
            """
            FROM sale_order_line_invoice_rel rel
            JOIN sale_order_line sold ON sold.id = rel.order_line_id
            JOIN sale_order sale ON sale.id = sold.order_id
            WHERE rel.invoice_line_id = line.id
            """
        )
        return SQL(
            "(EXISTS (SELECT %(order)s AND sale.%(of_order)s = ANY(%(ids)s))"
            " OR distributor.%(of_distributor)s = ANY(%(ids)s) AND NOT EXISTS (SELECT %(order)s))",
            order=order,
            of_order=of_order,
            of_distributor=of_distributor,
            ids=ids,
        )

    def _fetch_baseline(self):
        """``[{"distributor_id", "quantity", "amount"}]`` of the baseline's days."""
        self.env.flush_all()
        purchases = self._purchases_sql(*self._get_baseline_dates(), SQL("TRUE"))
        return self.env.execute_query_dict(
            SQL(
                "SELECT distributor_id, SUM(quantity)::float AS quantity, SUM(amount)::float AS amount FROM (%s) AS bought GROUP BY 1",
                purchases,
            )
        )

    # ------------------------------------------------------------ benefits of orders

    def _benefits_sql(self, until):
        """What orders earned off invoice, as far as it was invoiced; an order with later invoices waits for their days."""
        return SQL(
            """
            SELECT app.id AS source, NULL::int AS move_line_id, app.id AS application_id, NULL::int AS move_id,
                   app.distributor_id, app.product_id, invoiced.date,
                   ROUND((app.base_qty * app.consumed_company_amount / app.benefit_company_amount)::numeric, 6) AS quantity,
                   ROUND(app.base_amount * app.consumed_company_amount / app.benefit_amount, %(digits)s) AS amount,
                   app.consumed_company_amount AS benefit
              FROM dms_scheme_application app
              JOIN LATERAL (
                    SELECT MAX(move.invoice_date) AS date
                      FROM sale_order_line sold
                      JOIN sale_order_line_invoice_rel rel ON rel.order_line_id = sold.id
                      JOIN account_move_line item ON item.id = rel.invoice_line_id
                      JOIN account_move move ON move.id = item.move_id AND move.state = 'posted'
                     WHERE sold.order_id = app.order_id
                   ) invoiced ON invoiced.date <= %(until)s
             WHERE app.scheme_id = %(scheme)s
               AND app.state = 'committed'
               AND app.benefit_amount <> 0
               AND app.benefit_company_amount <> 0
               AND app.consumed_company_amount <> 0
            """,
            scheme=self.id,
            until=until,
            digits=self.company_id.currency_id.decimal_places,
        )
