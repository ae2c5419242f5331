from odoo.fields import Domain
from odoo.http import request, route

from odoo.addons.dms_portal.controllers.documents import DistributorDocuments
from odoo.addons.dms_portal.controllers.frame import MAX_ID, page

#: longest quantity taken from a form
MAX_NUMBER = 20


class DistributorReceipt(DistributorDocuments):
    """Deliveries on their way, and the form by which their receipt is confirmed."""

    def _dms_delivery_filters(self):
        _ = request.env._
        in_transit = Domain("dms_receipt_state", "=", "in_transit")
        filters = super()._dms_delivery_filters()
        return {
            "coming": (_("Being prepared"), filters["coming"][1]),
            "transit": (_("To confirm"), in_transit),
            "done": filters["done"],
        }

    @route("/my/dms/deliveries/<int:picking_id>/receipt", type="http", auth="user", website=True, methods=["GET"], readonly=True)
    @page
    def dms_receipt(self, picking_id, **kwargs):
        return self._dms_render_receipt(self._dms_own_delivery(picking_id))

    @route("/my/dms/deliveries/<int:picking_id>/receipt", type="http", auth="user", website=True, methods=["POST"])
    @page
    def dms_receipt_confirm(self, picking_id, token="", everything=None, **post):
        picking = self._dms_own_delivery(picking_id)
        said = {} if everything else self._dms_receipt_values(post)
        _done, sentence = self._dms_try(lambda: self._dms_confirm_once(picking, token, said), "dms.stock.ledger")
        if sentence:
            return self._dms_render_receipt(picking, said, sentence, status=422)
        return request.redirect(f"/my/dms/deliveries/{picking.id}/receipt", code=303)

    def _dms_confirm_once(self, picking, token, said):
        """Confirm the receipt, and say so on the next page, as often as the form is sent."""
        _, confirmed = request.env._, []

        def confirm():
            confirmed.append(picking._dms_portal_confirm_receipt(said))
            return picking

        _picking, new = request.env["dms.portal.token"]._once(self._dms_distributor(), f"receipt:{picking.id}", token, confirm)
        if new and not confirmed[0]:
            self._dms_flash(_("The receipt of %(name)s was confirmed before; nothing was changed.", name=picking.name), "info")
        elif picking.dms_receipt_state == "short":
            self._dms_flash(_("Thank you. We have your report on %(name)s and will come back to you.", name=picking.name))
        else:
            self._dms_flash(_("Thank you. All of %(name)s is in your stock now.", name=picking.name))

    def _dms_own_delivery(self, picking_id):
        """A delivery to the user's own distributor, with full rights: those of branches are looked at in the list.

        :raise NotFound: for every other one
        """
        distributor = self._dms_distributor()
        picking = self._dms_own("stock.picking", picking_id, self._dms_picking_domain()).sudo()  # a delivery the user may read
        if picking.dms_receiver_id != distributor or not picking.dms_receipt_state:
            raise request.not_found()
        return picking

    def _dms_receipt_values(self, post):
        """``{move line id: (quantity as text, whether it is damaged)}`` of the form; the model checks whose lines they are."""
        said = {}
        for name, text in post.items():
            field, _separator, number = name.rpartition("_")
            line_id = self._dms_int(number)
            if field == "quantity" and self._dms_text(text, MAX_NUMBER):
                said[line_id or MAX_ID] = (self._dms_text(text, MAX_NUMBER), post.get(f"what_{number}") == "damaged")
        return said

    def _dms_render_receipt(self, picking, typed=None, sentence="", **kwargs):
        values = {
            **self._dms_layout_values("deliveries"),
            "receipt": picking._prepare_dms_receipt_page(),
            "typed": typed or {},
            "sentence": sentence,
            "max_number": MAX_NUMBER,
        }
        return request.render("dms_inventory.portal_receipt", values, **kwargs)
