from odoo.http import request, route

from .frame import DistributorPortal, page


class DistributorPad(DistributorPortal):
    def _dms_pad(self):
        return request.env["dms.portal.pad"].sudo()  # for the distributor and the order checked by the route

    def _dms_pad_order(self, order_id):
        """The order on the pad with full rights, an empty one for a new order.

        :raise NotFound: for an id that is not an order of the distributor's own
        """
        if not order_id:
            return request.env["sale.order"].sudo()  # empty
        return request.env["dms.portal"]._check_own(self._dms_order(self._dms_int(order_id)))

    @route("/my/dms/pad", type="http", auth="user", website=True, readonly=True)
    @page
    def dms_pad(self, order=None, **kwargs):
        self._dms_distributor()
        found = self._dms_pad_order(order)
        values = {
            "order_id": found.id or 0,
            "order_name": found.name or "",
            "mode": self._dms_pad()._get_mode(found),
        }
        return self._dms_render("dms_portal.pad", "pad", values)

    @route("/my/dms/pad/data", type="http", auth="user", website=True, readonly=True)
    @page
    def dms_pad_data(self, order=None, **kwargs):
        """All of the pad as JSON, in a number of queries that does not depend on the number of products."""
        distributor = self._dms_distributor()
        data = self._dms_pad()._get_data(distributor, self._dms_pad_order(order))
        return request.make_json_response(data, headers=[("Cache-Control", "no-store")])

    @route("/my/dms/pad/price", type="jsonrpc", auth="user", website=True, readonly=True)
    def dms_pad_price(self, lines=None, order_id=None, **kwargs):
        """What these lines cost; asked after each pause in typing."""
        return self._dms_answer(lambda: self._dms_pad()._price(self._dms_distributor(), self._dms_pad_order(order_id), lines))

    @route("/my/dms/pad/paste", type="jsonrpc", auth="user", website=True, readonly=True)
    def dms_pad_paste(self, text="", order_id=None, **kwargs):
        """Products, units and quantities of pasted text; nothing is written."""
        return self._dms_answer(lambda: self._dms_pad()._read_paste(self._dms_distributor(), text))

    @route("/my/dms/pad/save", type="jsonrpc", auth="user", website=True)
    def dms_pad_save(self, lines=None, header=None, order_id=None, token="", **kwargs):
        def save():
            distributor, order = self._dms_distributor(), self._dms_pad_order(order_id)
            pad = self._dms_pad()
            if order:
                saved = pad._save(distributor, order, lines, header)
            else:
                saved, _new = request.env["dms.portal.token"]._once(
                    distributor, "draft", token, lambda: pad._save(distributor, order, lines, header)
                )
            return {"order_id": saved.id, "name": saved.name}

        return self._dms_answer(save)

    @route("/my/dms/pad/submit", type="jsonrpc", auth="user", website=True)
    def dms_pad_submit(self, lines=None, header=None, order_id=None, token="", **kwargs):
        def submit():
            distributor, order = self._dms_distributor(), self._dms_pad_order(order_id)
            pad = self._dms_pad()
            sent, _new = request.env["dms.portal.token"]._once(
                distributor, "submit", token, lambda: pad._submit(distributor, order, lines, header)
            )
            return {"url": f"/my/dms/orders/{sent.id}"}

        return self._dms_answer(submit)

    @route("/my/dms/pad/change", type="jsonrpc", auth="user", website=True)
    def dms_pad_change(self, lines=None, order_id=None, token="", **kwargs):
        def change():
            distributor, order = self._dms_distributor(), self._dms_pad_order(order_id)
            pad = self._dms_pad()
            revision, _new = request.env["dms.portal.token"]._once(
                distributor, f"change:{order.id}", token, lambda: pad._change(distributor, order, lines)
            )
            self._dms_flash(*revision._dms_portal_outcome())
            return {"url": f"/my/dms/orders/{order.id}"}

        return self._dms_answer(change)
