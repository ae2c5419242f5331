from odoo import api, models
from odoo.tools import SQL, split_every

from odoo.addons.dms_inventory.engine import ageing

from ..workbook import SUM, Chart, Column, Sheet
from .workbook_scope import Kind

#: distributors whose stock is aged at once
BATCH = 50
BUCKETS = ("not_due_amount", "due_30_amount", "due_60_amount", "due_90_amount", "due_over_amount")


class DmsWorkbook(models.Model):
    _inherit = "dms.workbook"

    @api.model
    def _get_kinds(self):
        _ = self.env._
        stock, receivables = _("Ageing of Stock at Distributors"), _("Ageing of Receivables")
        choices = ("territory_ids", "distributor_ids", "company_ids")
        return super()._get_kinds() | {
            "stock_ageing": Kind(stock, "_build_stock_ageing", "dms.stock.position", has_period=False),
            "receivables": Kind(receivables, "_build_receivables", "dms.credit.ageing", has_period=False, choices=choices),
        }

    # ------------------------------------------------------------ receivables

    @api.model
    def _build_receivables(self, scope):
        title = scope.env._("By Distributor")
        columns, several = self._prepare_receivables_columns(scope), len(scope.companies) > 1
        labels = 4 + 2 * several
        chart = Chart("bar", title, labels - 3, range(labels, labels + len(BUCKETS)))
        total = Sheet(title, columns, scope.stream(self._get_receivables_sql(scope)), 1 if several else None, chart)
        items = Sheet(
            scope.env._("Open Items"),
            self._prepare_item_columns(scope),
            scope.stream(self._get_items_sql(scope)),
            1 if several else None,
        )
        return [total, items]

    @api.model
    def _prepare_company_columns(self, scope):
        if len(scope.companies) < 2:
            return []
        return [Column(scope.env._("Company"), "text", 24), Column(scope.env._("Currency"), "text", 9)]

    @api.model
    def _prepare_receivables_columns(self, scope):
        _, fields = scope.env._, scope.env["dms.credit.ageing"]._fields
        texts = [(_("Distributor Code"), 14), (_("Distributor"), 34), (_("Class"), 14), (_("Territory"), 24)]
        amounts = [fields[name]._description_string(scope.env) for name in (*BUCKETS, "residual_amount", "overdue_amount")]
        return [
            *self._prepare_company_columns(scope),
            *(Column(label, "text", width) for label, width in texts),
            *(Column(label, "money", 15, SUM) for label in amounts),
            Column(_("Days Overdue"), "integer", 10),
        ]

    @api.model
    def _prepare_item_columns(self, scope):
        _ = scope.env._
        texts = [(_("Distributor Code"), 14), (_("Distributor"), 34), (_("Territory"), 24), (_("Document"), 20), (_("Reference"), 24)]
        return [
            *self._prepare_company_columns(scope),
            *(Column(label, "text", width) for label, width in texts),
            Column(_("Date"), "date", 12),
            Column(_("Due Date"), "date", 12),
            Column(_("Days Overdue"), "integer", 10),
            Column(_("Age"), "text", 14),
            Column(_("Open Amount"), "money", 15, SUM),
        ]

    @api.model
    def _get_open_items(self, scope):
        """SQL of the open items the reader may see."""
        Ageing = scope.env["dms.credit.ageing"]
        names = ("company_id", "currency_id", "partner_id", "distributor_class_id", "territory_id", "name", "ref", "date", "date_due")
        query = Ageing._search(scope.get_domain(Ageing, territory="territory_id", distributor="partner_id"))
        names += ("days_overdue", "bucket", "residual_amount", "overdue_amount", *BUCKETS, "id")
        return query.select(*(SQL("%s AS %s", Ageing._field_to_sql(Ageing._table, name, query), SQL.identifier(name)) for name in names))

    @api.model
    def _get_receivables_sql(self, scope):
        names = [SQL.identifier("i", name) for name in (*BUCKETS, "residual_amount", "overdue_amount")]
        env = scope.env(su=True)  # names of what the items that the reader sees are about
        return SQL(
            """
            SELECT %(company)s p.distributor_code, p.name, %(class)s, %(territory)s, %(sums)s, MAX(i.days_overdue)
              FROM (%(items)s) i
              JOIN res_partner p ON p.id = i.partner_id
              JOIN res_company o ON o.id = i.company_id
              JOIN res_currency c ON c.id = i.currency_id
         LEFT JOIN dms_distributor_class k ON k.id = i.distributor_class_id
         LEFT JOIN dms_territory t ON t.id = i.territory_id
          GROUP BY o.id, c.id, p.id, k.id, t.id ORDER BY o.name, o.id, SUM(i.residual_amount) DESC, p.id
            """,
            company=self._get_company_sql(scope),
            **{"class": env["dms.distributor.class"]._field_to_sql("k", "name")},
            territory=env["dms.territory"]._field_to_sql("t", "name"),
            sums=SQL(", ").join(SQL("SUM(%s)::float8", name) for name in names),
            items=self._get_open_items(scope),
        )

    @api.model
    def _get_items_sql(self, scope):
        buckets = scope.env["dms.credit.ageing"]._fields["bucket"]._description_selection(scope.env)
        env = scope.env(su=True)  # names of what the items that the reader sees are about
        return SQL(
            """
            SELECT %(company)s p.distributor_code, p.name, %(territory)s, i.name, i.ref, i.date, i.date_due, i.days_overdue,
                   CASE %(buckets)s END, i.residual_amount::float8
              FROM (%(items)s) i
              JOIN res_partner p ON p.id = i.partner_id
              JOIN res_company o ON o.id = i.company_id
              JOIN res_currency c ON c.id = i.currency_id
         LEFT JOIN dms_territory t ON t.id = i.territory_id
          ORDER BY o.name, o.id, p.name, p.id, i.date_due, i.id
            """,
            company=self._get_company_sql(scope),
            territory=env["dms.territory"]._field_to_sql("t", "name"),
            buckets=SQL(" ").join(SQL("WHEN i.bucket = %s THEN %s", code, label) for code, label in buckets),
            items=self._get_open_items(scope),
        )

    @api.model
    def _get_company_sql(self, scope):
        return SQL("o.name, c.name, ") if len(scope.companies) > 1 else SQL()

    # ------------------------------------------------------------ stock

    @api.model
    def _build_stock_ageing(self, scope):
        _ = scope.env._
        texts = [(_("Distributor"), 36), (_("Territory"), 26), (_("Product"), 36), (_("Category"), 24)]
        columns = [
            *self._prepare_company_columns(scope),
            *(Column(label, "text", width) for label, width in texts),
            Column(_("Received"), "date", 12),
            Column(_("Days"), "integer", 8),
            Column(_("Age"), "text", 18),
            Column(_("Quantity"), "quantity", 12),
            Column(_("Unit"), "text", 10),
            Column(_("Price"), "price", 12),
            Column(_("Value"), "money", 15, SUM),
        ]
        currency = 1 if len(scope.companies) > 1 else None
        return [
            Sheet(_("Stock"), columns, self._get_stock_rows(scope), currency, note=_("What distributors hold, as their newest receipts"))
        ]

    @api.model
    def _get_stock_rows(self, scope):
        """Rows of the ageing of ``dms_inventory``, some distributors at a time."""
        for company in scope.companies:
            values = {
                "company_id": company.id,
                "date": company._dms_today(),
                **{name: scope.chosen.get(name, []) for name in ("territory_ids", "distributor_ids", "categ_ids")},
            }
            several = [company.name, company.currency_id.name] if len(scope.companies) > 1 else []
            distributors = scope.env["dms.stock.ageing"].new(values)._get_distributors()
            for batch in split_every(BATCH, distributors.ids):
                look = scope.env["dms.stock.ageing"].new({**values, "distributor_ids": list(batch)})
                yield from (several + row for row in self._age_stock(look))

    @api.model
    def _age_stock(self, look):
        """Rows of one look: a ``dms.stock.ageing`` that is never stored."""
        terms = look._get_scope()
        receipts, balances = look._get_receipts(terms), look._get_balances(terms)
        env = look.sudo().with_context(active_test=False).env  # names of what the reader sees balances of
        distributors = env["res.partner"].browse({distributor for distributor, _product in balances}).grouped("id")
        products = env["product.product"].browse({product for _distributor, product in balances}).grouped("id")
        ages = dict(env["dms.stock.ageing.line"]._fields["bucket"]._description_selection(env))
        for (distributor, product), balance in balances.items():
            names = self._get_stock_names(distributors[distributor], products[product])
            for receipt, quantity, days, bucket in ageing.age(balance, receipts[distributor, product], look.date):
                price = receipt.price if receipt else 0.0
                value = look.currency_id.round(price * quantity)
                unit = products[product].uom_id.name
                yield [*names, receipt and receipt.day, days, ages[bucket], quantity, unit, price, value]

    @api.model
    def _get_stock_names(self, distributor, product):
        return [distributor.display_name, distributor.territory_id.name or None, product.display_name, product.categ_id.complete_name]
