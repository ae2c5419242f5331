from odoo import api, fields, models
from odoo.tools import SQL

#: measures that are a ratio of two sums: percent of the first over the second
RATIOS = {"uplift_percent": SQL("SUM(period_amount) - SUM(baseline_amount)"), "cost_percent": SQL("SUM(cost)")}
BASES = {"uplift_percent": SQL("SUM(baseline_amount)"), "cost_percent": SQL("SUM(volume)")}


class DmsSchemeReport(models.Model):
    """What schemes cost and what they move.

    Two kinds of rows, told apart by ``kind``:

    - ``benefit``: what a scheme gave on a confirmed order: ``cost``, ``volume`` (what qualified) and ``quantity``. A basket's is
      split over the lines it reduced.
    - ``sale``: what the distributors a scheme addresses bought of its products, on confirmed orders, net and untaxed: while the
      scheme runs, up to today (``period_amount``), and in the baseline, as many days right before its first one
      (``baseline_amount``). The baseline is dated forward by those days, so that it stands in the month it is compared with.

    Amounts are company currency. A scheme without a first day has no baseline and no sales here.
    """

    _name = "dms.scheme.report"
    _description = "Scheme Performance"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "scheme_id"

    kind = fields.Selection([("benefit", "Benefit"), ("sale", "Sales of its products")], readonly=True)
    date = fields.Date(readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    scheme_id = fields.Many2one("dms.scheme", readonly=True)
    scheme_code = fields.Char("Code", readonly=True)
    order_id = fields.Many2one("sale.order", readonly=True)
    distributor_id = fields.Many2one("res.partner", readonly=True)
    class_id = fields.Many2one("dms.distributor.class", readonly=True)
    territory_id = fields.Many2one("dms.territory", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    categ_id = fields.Many2one("product.category", "Category", readonly=True)
    cost = fields.Monetary(readonly=True, help="Benefits less what was taken back; free goods at full price.")
    volume = fields.Monetary("Volume under Scheme", readonly=True, help="Untaxed value of what qualified, before this scheme.")
    quantity = fields.Float("Quantity under Scheme", readonly=True, digits="Product Unit", help="In each product's own unit.")
    orders = fields.Integer("Orders with Benefit", readonly=True, aggregator="count_distinct")
    distributors = fields.Integer("Distributors with Benefit", readonly=True, aggregator="count_distinct")
    period_amount = fields.Monetary(
        "Sales in the Period", readonly=True, help="Net sales of the scheme's products to the distributors it addresses, while it runs."
    )
    baseline_amount = fields.Monetary(
        "Baseline", readonly=True, help="The same sales in as many days right before the first day, shown in the month compared with."
    )
    uplift_amount = fields.Monetary("Uplift", readonly=True, help="Sales in the period less the baseline.")
    uplift_percent = fields.Float("Uplift (%)", readonly=True, aggregator="avg", help="Uplift over the baseline, of the sums of a group.")
    cost_percent = fields.Float("Cost (%)", readonly=True, aggregator="avg", help="Cost over the volume under the scheme, of the sums.")

    def _read_group_select(self, aggregate_spec, query):
        """Percentages of a group are those of its sums, not the mean of its rows'."""
        name = aggregate_spec.partition(":")[0]
        if name in RATIOS:
            return SQL("100.0 * (%s) / NULLIF(%s, 0)", RATIOS[name], BASES[name])
        return super()._read_group_select(aggregate_spec, query)

    # ------------------------------------------------------------ query

    @property
    def _table_query(self):
        self.env["dms.scheme"].flush_model()
        self.env["dms.scheme.application"].flush_model()
        return SQL("%s UNION ALL %s UNION ALL %s", self._query_benefits(), self._query_splits(), self._query_sales())

    def _query_benefits(self):
        """One row for each benefit of a product, and for the free goods of a basket."""
        return SQL(
            """
            SELECT 'benefit' AS kind, app.id::bigint * 4 AS id, %s,
                   app.product_id, tmpl.categ_id,
                   app.benefit_company_amount - COALESCE(app.returned_company_amount, 0) AS cost,
                   app.base_amount / COALESCE(NULLIF(o.currency_rate, 0), 1) AS volume,
                   app.base_qty AS quantity, app.order_id AS orders, app.distributor_id AS distributors, %s
              FROM dms_scheme_application app %s
              LEFT JOIN product_product product ON product.id = app.product_id
              LEFT JOIN product_template tmpl ON tmpl.id = product.product_tmpl_id
             WHERE app.state = 'committed' AND (app.product_id IS NOT NULL OR app.free_product_id IS NOT NULL)
            """,
            self._columns_of_benefit(),
            self._no_sales(),
            self._joins_of_benefit(),
        )

    def _query_splits(self):
        """A basket's benefit in money, split over its lines as it was given; volume and quantity in proportion."""
        share = SQL("part.amount / NULLIF(app.benefit_amount, 0)")
        return SQL(
            """
            SELECT 'benefit', part.id::bigint * 4 + 1, %(columns)s,
                   line.product_id, tmpl.categ_id,
                   (app.benefit_company_amount - COALESCE(app.returned_company_amount, 0)) * %(share)s,
                   app.base_amount / COALESCE(NULLIF(o.currency_rate, 0), 1) * %(share)s,
                   app.base_qty * %(share)s, app.order_id, app.distributor_id, %(no_sales)s
              FROM dms_scheme_application app %(joins)s
              JOIN dms_scheme_application_line part ON part.application_id = app.id
              LEFT JOIN sale_order_line line ON line.id = part.sale_line_id
              LEFT JOIN product_product product ON product.id = line.product_id
              LEFT JOIN product_template tmpl ON tmpl.id = product.product_tmpl_id
             WHERE app.state = 'committed' AND app.product_id IS NULL AND app.free_product_id IS NULL
            """,
            columns=self._columns_of_benefit(),
            share=share,
            no_sales=self._no_sales(),
            joins=self._joins_of_benefit(),
        )

    def _columns_of_benefit(self):
        return SQL(
            """
            o.date_order::date AS date, app.company_id, company.currency_id, app.scheme_id, app.scheme_code, app.order_id, app.distributor_id,
            distributor.distributor_class_id AS class_id, o.territory_id
            """
        )

    def _joins_of_benefit(self):
        return SQL(
            """
            JOIN sale_order o ON o.id = app.order_id
            JOIN res_company company ON company.id = app.company_id
            JOIN res_partner distributor ON distributor.id = app.distributor_id
            """
        )

    def _no_sales(self):
        names = ("period_amount", "baseline_amount", "uplift_amount", "uplift_percent", "cost_percent")
        return SQL(", ").join(SQL("NULL::numeric AS %s", SQL.identifier(name)) for name in names)

    def _query_sales(self):
        """Lines of confirmed orders within a scheme's period, or within as many days before it."""
        value = SQL("line.price_subtotal / COALESCE(NULLIF(o.currency_rate, 0), 1)")
        inside = SQL("o.date_order::date >= scheme.date_from")
        return SQL(
            """
            SELECT 'sale', ((scheme.id::bigint << 28) + line.id) * 4 + 2,
                   CASE WHEN %(inside)s THEN o.date_order::date ELSE o.date_order::date + span.days END,
                   scheme.company_id, company.currency_id, scheme.id, scheme.code, o.id, o.distributor_id, distributor.distributor_class_id, o.territory_id,
                   line.product_id, tmpl.categ_id,
                   NULL::numeric, NULL::numeric, NULL::numeric, NULL::integer, NULL::integer,
                   CASE WHEN %(inside)s THEN %(value)s ELSE 0 END,
                   CASE WHEN %(inside)s THEN 0 ELSE %(value)s END,
                   CASE WHEN %(inside)s THEN %(value)s ELSE -(%(value)s) END,
                   NULL::numeric, NULL::numeric
              FROM dms_scheme scheme
              JOIN res_company company ON company.id = scheme.company_id
             CROSS JOIN LATERAL (SELECT LEAST(scheme.date_to, scheme.closed_on::date, CURRENT_DATE) - scheme.date_from + 1 AS days) span
              JOIN sale_order o ON o.company_id = scheme.company_id AND o.state = 'sale'
               AND o.date_order >= scheme.date_from - span.days
               AND o.date_order < scheme.date_from + span.days
              JOIN res_partner distributor ON distributor.id = o.distributor_id
              JOIN sale_order_line line ON line.order_id = o.id AND line.display_type IS NULL AND line.is_downpayment IS NOT TRUE
              JOIN product_product product ON product.id = line.product_id
              JOIN product_template tmpl ON tmpl.id = product.product_tmpl_id
             WHERE scheme.state IN ('approved', 'closed') AND scheme.date_from IS NOT NULL AND span.days > 0
               AND %(products)s AND %(distributors)s
            """,
            inside=inside,
            value=value,
            products=self._sql_products(),
            distributors=self._sql_distributors(),
        )

    # ------------------------------------------------------------ whom and what a scheme addresses

    def _sql_products(self):
        """The line's product is one of the scheme's, or in one of its categories; no list, every product."""
        products, category = self._links("product_ids"), self._links("categ_ids")
        below = SQL(
            """
            EXISTS (SELECT 1 FROM %(table)s rel JOIN product_category top ON top.id = rel.%(entry)s
                     JOIN product_category own ON own.parent_path LIKE top.parent_path || '%%'
                    WHERE rel.%(owner)s = scheme.id AND own.id = tmpl.categ_id)
            """,
            **category,
        )
        named = self._sql_in(products, SQL("line.product_id"))
        return SQL("((NOT %s AND NOT %s) OR %s OR %s)", self._sql_any(products), self._sql_any(category), named, below)

    def _sql_distributors(self):
        """The order's distributor meets every list of the scheme that is not empty."""
        territory = self._links("territory_ids")
        below = SQL(
            """
            EXISTS (SELECT 1 FROM %(table)s rel JOIN dms_territory top ON top.id = rel.%(entry)s
                     JOIN dms_territory own ON own.parent_path LIKE top.parent_path || '%%'
                    WHERE rel.%(owner)s = scheme.id AND own.id = o.territory_id)
            """,
            **territory,
        )
        tags = self._links("tag_ids")
        tagged = SQL(
            """
            EXISTS (SELECT 1 FROM %(table)s rel JOIN res_partner_res_partner_category_rel tag ON tag.category_id = rel.%(entry)s
                    WHERE rel.%(owner)s = scheme.id AND tag.partner_id = o.distributor_id)
            """,
            **tags,
        )
        conditions = [SQL("(NOT %s OR %s)", self._sql_any(territory), below), SQL("(NOT %s OR %s)", self._sql_any(tags), tagged)]
        for name, column in (("class_ids", SQL("distributor.distributor_class_id")), ("distributor_ids", SQL("o.distributor_id"))):
            links = self._links(name)
            conditions.append(SQL("(NOT %s OR %s)", self._sql_any(links), self._sql_in(links, column)))
        return SQL(" AND ").join(conditions)

    @api.model
    def _links(self, name):
        """Table and columns of one of the scheme's lists, as arguments of SQL."""
        field = self.env["dms.scheme"]._fields[name]
        return {"table": SQL.identifier(field.relation), "owner": SQL.identifier(field.column1), "entry": SQL.identifier(field.column2)}

    def _sql_any(self, links):
        return SQL("EXISTS (SELECT 1 FROM %(table)s rel WHERE rel.%(owner)s = scheme.id)", **links)

    def _sql_in(self, links, column):
        return SQL(
            "EXISTS (SELECT 1 FROM %(table)s rel WHERE rel.%(owner)s = scheme.id AND rel.%(entry)s = %(column)s)", column=column, **links
        )
