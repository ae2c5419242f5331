from odoo.http import request, route

from .frame import DistributorPortal, page

#: largest file that is read into memory; the intake has the exact bound and its sentence
MAX_BYTES = 5 * 1024 * 1024


class DistributorUpload(DistributorPortal):
    """A file as an order: XLSX, CSV or UBL."""

    @route("/my/dms/upload", type="http", auth="user", website=True, methods=["POST"])
    @page
    def dms_upload(self, file=None, reference="", **post):
        self._dms_distributor()
        reference = self._dms_text(reference, 64)

        def upload():
            filename = getattr(file, "filename", "") or ""
            data = file.read(MAX_BYTES + 1) if filename else b""
            intake = request.env["dms.order.intake"]._intake_portal(data, filename, reference or False)
            return self._dms_intake_target(intake.sudo())  # the intake just made for the user's own distributor

        return self._dms_do(upload, "/my/dms/pad")

    def _dms_intake_target(self, intake):
        if not intake.order_id:
            return f"/my/dms/upload/{intake.id}"
        self._dms_flash(request.env._("%(file)s was read: check the order and submit it.", file=intake.filename))
        return f"/my/dms/pad?order={intake.order_id.id}"

    def _dms_intake(self, intake_id):
        distributor = self._dms_distributor()
        return self._dms_own("dms.order.intake", intake_id, [("distributor_id", "=", distributor.id)])

    @route("/my/dms/upload/<int:intake_id>", type="http", auth="user", website=True, readonly=True)
    @page
    def dms_intake(self, intake_id, **kwargs):
        intake = self._dms_intake(intake_id).sudo()  # the distributor's own file, read by it; plain values leave
        if intake.order_id:
            return request.redirect(f"/my/dms/orders/{intake.order_id.id}")
        values = request.env["dms.portal.pad"].sudo()._prepare_intake_values(intake)  # of the same file
        return self._dms_render("dms_portal.intake", "pad", {"intake": values})

    @route("/my/dms/upload/<int:intake_id>/accept", type="http", auth="user", website=True, methods=["POST"])
    @page
    def dms_intake_accept(self, intake_id, **post):
        """Order what can be ordered and leave the bad rows out."""
        intake = self._dms_intake(intake_id)

        def accept():
            if not intake.order_id:
                intake._portal_create_order()
            return self._dms_intake_target(intake.sudo())  # the distributor's own file, checked above

        return self._dms_do(accept, f"/my/dms/upload/{intake_id}")
