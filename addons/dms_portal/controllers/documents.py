from odoo.fields import Domain
from odoo.http import content_disposition, request, route

from .frame import MAX_SEARCH, PAGE_SIZE, DistributorPortal, page

#: filters of the lists by their name in the address
INVOICE_FILTERS = {
    "open": Domain("payment_state", "in", ("not_paid", "partial")),
    "paid": Domain("payment_state", "in", ("paid", "in_payment", "reversed")),
}


class DistributorDocuments(DistributorPortal):
    # ------------------------------------------------------------ deliveries

    @route(["/my/dms/deliveries", "/my/dms/deliveries/page/<int:number>"], type="http", auth="user", website=True, readonly=True)
    @page
    def dms_deliveries(self, number=1, status=None, search="", **kwargs):
        self._dms_distributor()
        filters = self._dms_delivery_filters()
        status = self._dms_choice(status, filters)
        search = self._dms_text(search, MAX_SEARCH)
        domain = self._dms_picking_domain() & (filters[status][1] if status else Domain.TRUE)
        if search:
            domain &= Domain("name", "ilike", search) | Domain("origin", "ilike", search)
        labels = [(code, label) for code, (label, _domain) in filters.items()]
        return self._dms_render_list(
            "deliveries", "stock.picking", domain, "scheduled_date desc, id desc", number, status, search, labels=labels
        )

    def _dms_delivery_filters(self):
        """Filters of the list of deliveries; extended by modules that follow them further.

        :return: ``{name in the address: (label, Domain)}``
        """
        _ = request.env._
        return {
            "coming": (_("On the way"), Domain("state", "in", ("waiting", "confirmed", "assigned"))),
            "done": (_("Delivered"), Domain("state", "=", "done")),
        }

    @route("/my/dms/deliveries/<int:picking_id>/slip", type="http", auth="user", website=True)
    @page
    def dms_delivery_slip(self, picking_id, **kwargs):
        self._dms_distributor()
        picking = self._dms_own("stock.picking", picking_id, self._dms_picking_domain())
        return self._dms_pdf("stock.action_report_delivery", picking, picking.name)

    def _dms_picking_domain(self):
        return request.env["stock.picking"]._get_dms_portal_domain(request.env.user._dms_portal_distributor_ids())

    # ------------------------------------------------------------ invoices

    @route(["/my/dms/invoices", "/my/dms/invoices/page/<int:number>"], type="http", auth="user", website=True, readonly=True)
    @page
    def dms_invoices(self, number=1, status=None, search="", **kwargs):
        self._dms_distributor()
        status = self._dms_choice(status, INVOICE_FILTERS)
        search = self._dms_text(search, MAX_SEARCH)
        domain = self._dms_move_domain() & INVOICE_FILTERS.get(status, Domain.TRUE)
        if search:
            domain &= Domain("name", "ilike", search) | Domain("invoice_origin", "ilike", search)
        return self._dms_render_list("invoices", "account.move", domain, "invoice_date desc, id desc", number, status, search)

    @route("/my/dms/invoices/<int:move_id>/pdf", type="http", auth="user", website=True)
    @page
    def dms_invoice_pdf(self, move_id, **kwargs):
        self._dms_distributor()
        move = self._dms_own("account.move", move_id, self._dms_move_domain())
        legal = move.sudo().invoice_pdf_report_id  # the invoice checked above, as it was sent
        if legal:
            return self._dms_pdf_response(legal.raw, move.name)
        return self._dms_pdf("account.account_invoices", move, move.name)

    def _dms_move_domain(self):
        return request.env["account.move"]._get_dms_portal_domain(request.env.user._dms_portal_distributor_ids())

    # ------------------------------------------------------------ shared

    def _dms_render_list(self, key, model, domain, order, number, status, search, **values):
        Model = request.env[model]
        pager = self._dms_pager(f"/my/dms/{key}", Model.search_count(domain), number, {"status": status, "search": search})
        records = Model.search(domain, order=order, limit=PAGE_SIZE, offset=max(pager["offset"], 0))
        values = {
            "rows": [record._prepare_dms_portal_values() for record in records.sudo()],  # documents the user may read
            "status": status,
            "search": search,
            "pager": pager,
            **values,
        }
        return self._dms_render(f"dms_portal.{key}", key, values)

    def _dms_pdf(self, report, record, name):
        Report = request.env["ir.actions.report"].sudo()  # a document the user may read: the report needs taxes and terms
        pdf, _kind = Report.with_company(record.sudo().company_id)._render_qweb_pdf(report, record.ids)
        return self._dms_pdf_response(pdf, name)

    def _dms_pdf_response(self, pdf, name):
        filename = "".join(char if char.isalnum() or char in "-_." else "-" for char in name)
        headers = [
            ("Content-Type", "application/pdf"),
            ("Content-Length", len(pdf)),
            ("Content-Disposition", content_disposition(f"{filename}.pdf")),
            ("X-Content-Type-Options", "nosniff"),
        ]
        return request.make_response(pdf, headers=headers)
