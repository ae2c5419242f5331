"""What a distributor bought and sold, as a spreadsheet of its own."""

from odoo.tools import format_date

from odoo.addons.dms_orders.report.workbook import Workbook


class DistributorSalesWorkbook(Workbook):
    """A row for each month, and one for each month and product.

    :param env: environment in the language of the reader, with full rights
    :param distributor: the distributor whose rows these are
    :param months: first days of the months, the oldest first
    :param by_month: dicts with ``month``, ``target`` and the figures of ``dms.portal.report``
    :param by_product: dicts with ``month``, ``product`` (a record) and the figures
    """

    def __init__(self, env, distributor, company, months, by_month, by_product):
        super().__init__(env, env._("Purchases and Sell-out"), company.currency_id.decimal_places)
        self.distributor, self.company = distributor, company
        self.months, self.by_month, self.by_product = months, by_month, by_product

    def render(self):
        """:rtype: bytes"""
        self._add_head()
        self._add_months()
        self._add_products()
        return self.close()

    def _add_head(self):
        _, partner = self.env._, self.distributor
        code = f" ({partner.distributor_code})" if partner.distributor_code else ""
        first, last = (format_date(self.env, month, date_format="LLLL yyyy") for month in (self.months[0], self.months[-1]))
        self.add_cover(
            [
                (_("Distributor"), f"{partner.name}{code}"),
                (_("Supplier"), self.company.name),
                (_("Months"), _("%(first)s to %(last)s", first=first, last=last)),
                (_("As of"), format_date(self.env, self.company._dms_today())),
                (_("Currency"), self.company.currency_id.name),
                (_("Purchases"), _("Invoiced less credited, untaxed.")),
                (_("Quantities"), _("In each product's own unit; what was bought is less what came back.")),
            ]
        )

    def _get_columns(self):
        _, currency = self.env._, self.company.currency_id.name
        return [
            (_("Bought"), "number", 12),
            (_("Purchases (%(currency)s)", currency=currency), "amount", 16),
            (_("Sold"), "number", 12),
            (_("Sell-out (%(currency)s)", currency=currency), "amount", 16),
        ]

    def _add_months(self):
        _, currency = self.env._, self.company.currency_id.name
        aims = [(_("Target (%(currency)s)", currency=currency), "amount", 16), (_("Achievement"), "percent", 14)]
        columns = [(_("Month"), "date", 12), *self._get_columns(), *aims]
        rows = [[row["month"], *self._get_figures(row), *self._get_aim(row)] for row in self.by_month]
        totals = [None, *(sum(row[place] for row in rows) for place in range(1, 5)), None, None]
        self.add_table(_("By Month"), columns, rows, totals)

    def _get_aim(self, row):
        aim = row["target"] or None
        return aim, 100 * row["amount"] / aim if aim else None

    def _add_products(self):
        _ = self.env._
        texts = [(_("Code"), "text", 14), (_("Product"), "text", 36), (_("Category"), "text", 24), (_("Unit"), "text", 10)]
        columns = [(_("Month"), "date", 12), *texts, *self._get_columns()]
        self.add_table(_("By Month and Product"), columns, map(self._prepare_row, self.by_product))

    def _prepare_row(self, row):
        product = row["product"]
        texts = [product.default_code or "", product.name, product.categ_id.name, product.uom_id.name]
        return [row["month"], *texts, *self._get_figures(row)]

    def _get_figures(self, row):
        return [row[name] for name in ("bought", "amount", "sold", "sold_amount")]
