from odoo.fields import Domain
from odoo.http import request, route
from odoo.tools import plaintext2html

from .frame import MAX_SEARCH, PAGE_SIZE, DistributorPortal, page

#: sort order of the list by its name in the address
SORTS = {"date": "date_order desc, id desc", "name": "name desc, id desc", "total": "amount_total desc, id desc"}


class DistributorOrders(DistributorPortal):
    # ------------------------------------------------------------ list

    @route(["/my/dms/orders", "/my/dms/orders/page/<int:number>"], type="http", auth="user", website=True, readonly=True)
    @page
    def dms_orders(self, number=1, status=None, search="", sort=None, **kwargs):
        self._dms_distributor()
        Order = request.env["sale.order"]
        statuses = Order._dms_portal_statuses()
        status = self._dms_choice(status, statuses)
        sort = self._dms_choice(sort, SORTS, "date")
        search = self._dms_text(search, MAX_SEARCH)
        domain = self._dms_orders_domain(status, search)
        pager = self._dms_pager("/my/dms/orders", Order.search_count(domain), number, {"status": status, "search": search, "sort": sort})
        orders = Order.search(domain, order=SORTS[sort], limit=PAGE_SIZE, offset=max(pager["offset"], 0))
        values = {
            "orders": [order._prepare_portal_list_row() for order in orders.sudo()],  # orders the user may read
            "statuses": list(statuses.values()),
            "status": status,
            "search": search,
            "sort": sort,
            "sorts": self._dms_sort_labels(),
            "pager": pager,
        }
        return self._dms_render("dms_portal.orders", "orders", values)

    def _dms_orders_domain(self, status, search):
        domain = Domain("distributor_id", "!=", False)
        if status:
            domain &= Domain("dms_state", "=", status)
        if search:
            domain &= Domain("name", "ilike", search) | Domain("client_order_ref", "ilike", search)
        return domain

    def _dms_sort_labels(self):
        _ = request.env._
        return {"date": _("Newest first"), "name": _("Number"), "total": _("Highest total")}

    # ------------------------------------------------------------ one order

    @route("/my/dms/orders/<int:order_id>", type="http", auth="user", website=True, readonly=True)
    @page
    def dms_order(self, order_id, **kwargs):
        distributor = self._dms_distributor()
        order = self._dms_order(order_id).sudo()  # an order the user may read; plain values leave
        own = order.distributor_id == distributor
        Portal = request.env["dms.portal"].sudo()  # the same order, seen by the modules above
        values = {
            "order": order._prepare_dms_portal_values(),
            "own": own,
            "sections": Portal._sorted(Portal._get_order_sections(order)),
            "links": Portal._sorted(Portal._get_order_actions(order)) if own else [],
        }
        return self._dms_render("dms_portal.order", "orders", values)

    def _dms_own_order(self, order_id):
        """An order of the user's own distributor, with full rights; a branch's order may be looked at only."""
        self._dms_distributor()
        return request.env["dms.portal"]._check_own(self._dms_order(order_id))

    @route("/my/dms/orders/<int:order_id>/submit", type="http", auth="user", website=True, methods=["POST"])
    @page
    def dms_order_submit(self, order_id, **post):
        order = self._dms_own_order(order_id)
        return self._dms_do(order._dms_portal_submit, f"/my/dms/orders/{order_id}")

    @route("/my/dms/orders/<int:order_id>/discard", type="http", auth="user", website=True, methods=["POST"])
    @page
    def dms_order_discard(self, order_id, **post):
        order = self._dms_own_order(order_id)

        def discard():
            order._dms_portal_discard()
            return "/my/dms/orders"

        return self._dms_do(discard, f"/my/dms/orders/{order_id}")

    @route("/my/dms/orders/<int:order_id>/cancel", type="http", auth="user", website=True, methods=["POST"])
    @page
    def dms_order_cancel(self, order_id, reason="", **post):
        order = self._dms_own_order(order_id)

        def cancel():
            done = order.action_dms_request_cancel(self._dms_text(reason))
            self._dms_flash(self._dms_cancel_message(done is True))

        return self._dms_do(cancel, f"/my/dms/orders/{order_id}")

    def _dms_cancel_message(self, done):
        _ = request.env._
        return _("The order was cancelled.") if done else _("We have your request and will answer it here.")

    @route("/my/dms/orders/<int:order_id>/again", type="http", auth="user", website=True, methods=["POST"])
    @page
    def dms_order_again(self, order_id, token="", **post):
        distributor = self._dms_distributor()
        order = self._dms_own_order(order_id)

        def again():
            left_out = []

            def repeat():
                draft, names = request.env["dms.portal.pad"].sudo()._repeat(distributor, order)  # a checked order of its own
                left_out.extend(names)
                return draft

            draft, _new = request.env["dms.portal.token"]._once(distributor, f"again:{order.id}", token, repeat)
            self._dms_flash_left_out(left_out)
            return f"/my/dms/pad?order={draft.id}"

        return self._dms_do(again, f"/my/dms/orders/{order_id}")

    def _dms_flash_left_out(self, names):
        if names:
            text = request.env._("Left out, because you cannot order it today: %(products)s", products=", ".join(names[:10]))
            self._dms_flash(text, "warning")

    @route("/my/dms/orders/<int:order_id>/message", type="http", auth="user", website=True, methods=["POST"])
    @page
    def dms_order_message(self, order_id, body="", token="", **post):
        distributor = self._dms_distributor()
        order = self._dms_own_order(order_id)
        body = self._dms_text(body)

        def send():
            request.env["dms.portal.token"]._once(
                distributor, f"message:{order.id}", token, lambda: order._dms_portal_post(plaintext2html(body))
            )

        target = f"/my/dms/orders/{order_id}#messages"
        return self._dms_do(send, target) if body else request.redirect(target, code=303)

    # ------------------------------------------------------------ files of an order

    @route("/my/dms/orders/<int:order_id>/files/<int:file_id>", type="http", auth="user", website=True, readonly=True)
    @page
    def dms_order_file(self, order_id, file_id, **kwargs):
        self._dms_distributor()
        order = self._dms_order(order_id).sudo()  # an order the user may read; only files meant for both sides leave
        file = order._dms_portal_files().filtered(lambda attachment: attachment.id == file_id)
        if not file:
            raise request.not_found()
        stream = request.env["ir.binary"].sudo()._get_stream_from(file)  # a file of the order checked above
        return stream.get_response(as_attachment=True, content_security_policy="default-src 'none'")
