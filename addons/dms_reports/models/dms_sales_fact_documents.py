from odoo import api, models
from odoo.exceptions import UserError

from .fact_documents import BASES, documents_query, rows_query

#: rows of facts whose documents are opened at once
MOST_ROWS = 2_000


class DmsSalesFact(models.Model):
    """Every figure opens what it was added up from: the very rows of documents, found by the queries that make the facts."""

    _inherit = "dms.sales.fact"

    def action_open_orders(self):
        return self._open_documents("orders", self.env._("Order Lines"), "sale.view_order_line_tree")

    def action_open_deliveries(self):
        return self._open_documents("deliveries", self.env._("Deliveries and Returns"), "stock.view_move_tree")

    def action_open_free_goods(self):
        return self._open_documents("free_goods", self.env._("Deliveries of Free Goods"), "stock.view_move_tree")

    def action_open_invoices(self):
        return self._open_documents("invoices", self.env._("Lines of Invoices and Credit Notes"), "account.view_move_line_tree")

    def action_open_benefits(self):
        return self._open_documents("benefits", self.env._("Benefits on Orders"), "dms_reports.view_scheme_application_line_list")

    def action_open_accruals(self):
        return self._open_documents("accruals", self.env._("Accruals"))

    def action_open_sellout(self):
        return self._open_documents("sellout", self.env._("Sell-out"))

    def _open_documents(self, basis, name, view=None):
        """The window of the documents of a basis; what of them the user may see is decided by the documents' own rules."""
        documents = self._get_documents(basis)
        documents.browse().check_access("read")
        lists = self.env.ref(view).id if view else False
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": documents._name,
            "views": [(lists, "list"), (False, "form")],
            "domain": [("id", "in", documents.ids)],
            "context": {"create": False},
        }

    def _get_documents(self, basis):
        """The rows of documents whose amounts these rows of facts sum, see ``BASES``.

        :raise UserError: of more rows than are opened at once
        """
        self.check_access("read")
        if len(self) > MOST_ROWS:
            raise UserError(self.env._("Select at most %(most)s rows to open their documents.", most=f"{MOST_ROWS:,}"))
        found = self._get_bases()[basis]
        if not self:
            return self.env[found.model]
        rows = rows_query(self._get_keys())
        self.env.flush_all()
        ids = self.env.execute_query(documents_query(found, self.env["dms.sales.upkeep"]._get_span(rows), rows))
        return self.env[found.model].browse(sorted(row[0] for row in ids))

    @api.model
    def _get_bases(self):
        """``{basis: Basis}``. Modules that add sources of facts add what opens them here."""
        return BASES

    def _get_keys(self):
        """What the rows are told apart by, see ``KEY`` in ``fact_documents.py``."""
        return [
            (
                *(row.date, row.company_id.id, row.distributor_id.id, row.territory_id.id or None),
                *(row.product_id.id or None, row.user_id.id or None, row.order_channel or None),
            )
            for row in self
        ]
