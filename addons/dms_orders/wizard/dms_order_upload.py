from odoo import fields, models
from odoo.exceptions import UserError


class DmsOrderUpload(models.TransientModel):
    _name = "dms.order.upload"
    _description = "Take In Order Files"

    distributor_id = fields.Many2one(
        "res.partner",
        domain=[("is_distributor", "=", True)],
        help="May be left empty for electronic orders (UBL), which name their buyer.",
    )
    attachment_ids = fields.Many2many("ir.attachment", string="Files", help="XLSX, CSV or UBL order files, 5 MB each at most.")
    text = fields.Text("Or Lines", help="One line for each product: code, quantity and, where it is not the product's own, the unit.")
    client_order_ref = fields.Char("Distributor's Reference")
    leave_out_bad_rows = fields.Boolean(
        help="Make the order of the rows that are right. Otherwise no order is made as long as one row is wrong."
    )

    def action_upload(self):
        """Take in every file and the lines. When one file cannot be read none is taken in."""
        self.ensure_one()
        self.env["dms.order.intake"]._check_desk()
        if not self.attachment_ids and not (self.text or "").strip():
            raise UserError(self.env._("Choose a file, or write the lines of the order."))
        intakes = self.env["dms.order.intake"].union(*(self._take_in_file(attachment) for attachment in self.attachment_ids))
        if (self.text or "").strip():
            intakes |= intakes._intake_lines(self.distributor_id, self.text, "upload", self.client_order_ref, self.leave_out_bad_rows)
        self.attachment_ids.unlink()  # each intake keeps its own copy
        return self._get_result_action(intakes)

    def _take_in_file(self, attachment):
        try:
            return self.env["dms.order.intake"]._intake(
                self.distributor_id,
                attachment.raw or b"",
                attachment.name,
                client_order_ref=self.client_order_ref,
                leave_out_bad_rows=self.leave_out_bad_rows,
            )
        except UserError as error:
            if len(self.attachment_ids) == 1:
                raise
            raise UserError(self.env._("%(file)s: %(reason)s", file=attachment.name, reason=error.args[0])) from error

    def _get_result_action(self, intakes):
        """The order when one was made of one file, else the intakes."""
        if len(intakes) == 1 and intakes.order_id:
            return intakes.action_view_order()
        action = {"type": "ir.actions.act_window", "name": self.env._("Order Intakes"), "res_model": intakes._name}
        if len(intakes) == 1:
            return {**action, "res_id": intakes.id, "view_mode": "form"}
        return {**action, "view_mode": "list,form", "domain": [("id", "in", intakes.ids)]}
