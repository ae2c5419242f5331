from odoo import api, models
from odoo.tools import SQL

from ..workbook import Column, Sheet
from .workbook_scope import Kind


class DmsWorkbook(models.Model):
    _inherit = "dms.workbook"

    @api.model
    def _get_kinds(self):
        return super()._get_kinds() | {"targets": Kind(self.env._("Targets and Achievement"), "_build_targets", "dms.sales.achievement")}

    @api.model
    def _build_targets(self, scope):
        several = len(scope.companies) > 1
        columns = self._prepare_target_columns(scope)
        return [Sheet(scope.env._("Targets"), columns, scope.stream(self._get_targets_sql(scope)), 1 if several else None)]

    @api.model
    def _prepare_target_columns(self, scope):
        _ = scope.env._
        texts = [(_("Territory"), 34), (_("Distributor Code"), 14), (_("Distributor"), 34), (_("Product Category"), 28)]
        return [
            *self._prepare_company_columns(scope),
            Column(_("Month"), "date", 12),
            *(Column(label, "text", width) for label, width in texts),
            # targets of a territory and of those below it stand side by side: a sum over all would count sales twice
            *(Column(label, "money", 15) for label in (_("Target"), _("Achieved"))),
            Column(_("Achievement"), "percent", 12),
            *(Column(label, "money", 15) for label in (_("Open"), _("Projection"))),
            Column(_("Pace"), "text", 14),
        ]

    @api.model
    def _get_targets_sql(self, scope):
        Achievement = scope.env["dms.sales.achievement"]
        names = ("company_id", "month", "territory_id", "distributor_id", "categ_id", "amount", "achieved_amount", "achievement")
        names += ("open_amount", "projected_amount", "pace", "id")
        domain = scope.get_domain(Achievement, "month", territory="territory_id", distributor="distributor_id", categ="categ_id")
        query = Achievement._search(domain)
        rows = query.select(
            *(SQL("%s AS %s", Achievement._field_to_sql(Achievement._table, name, query), SQL.identifier(name)) for name in names)
        )
        env = scope.env(su=True)  # names of what the targets that the reader sees are of
        return SQL(
            """
            SELECT %(company)s r.month, %(territory)s, p.distributor_code, p.name, %(category)s, r.amount::float8, r.achieved_amount::float8,
                   r.achievement::float8 / 100, r.open_amount::float8, r.projected_amount::float8, %(pace)s
              FROM (%(rows)s) r
              JOIN res_company o ON o.id = r.company_id
              JOIN res_currency c ON c.id = o.currency_id
         LEFT JOIN dms_territory t ON t.id = r.territory_id
         LEFT JOIN res_partner p ON p.id = r.distributor_id
         LEFT JOIN product_category g ON g.id = r.categ_id
          ORDER BY o.name, o.id, r.month, t.complete_name NULLS LAST, p.name, g.complete_name NULLS FIRST, r.id
            """,
            company=self._get_company_sql(scope),
            territory=env["dms.territory"]._field_to_sql("t", "complete_name"),
            category=env["product.category"]._field_to_sql("g", "complete_name"),
            pace=self._get_words_sql(Achievement, "pace"),
            rows=rows,
        )

    @api.model
    def _get_words_sql(self, model, name):
        """SQL of the words of a selection of ``r``, in the reader's language."""
        words = model._fields[name]._description_selection(model.env)
        cases = SQL(" ").join(SQL("WHEN %s THEN %s", value, word) for value, word in words)
        return SQL("CASE %s %s END", SQL.identifier("r", name), cases)
