from odoo import api, fields, models


class DmsGateCheck(models.TransientModel):
    """The verdict of every gate on one order, as it would be right now; takes no lock and writes no hold."""

    _name = "dms.gate.check"
    _description = "Check of an Order"

    order_id = fields.Many2one("sale.order", required=True, readonly=True)
    line_ids = fields.One2many("dms.gate.check.line", "check_id", "Verdicts", readonly=True)

    @api.model
    def _create_for(self, order):
        order.check_access("read")
        order = order.sudo()  # gates see all of the order they judge; sentences leave
        raw = order._dms_gate_findings()[order.id]
        still_open = order._dms_open_findings({order.id: raw})[order.id]
        lines = [
            self._prepare_verdict(gate, [f for f in raw if f.gate == gate.code], still_open)
            for gate in self.env["dms.order.gate"].sudo().search([("active", "=", True)])
        ]
        return self.create({"order_id": order.id, "line_ids": [fields.Command.create(line) for line in lines]})

    def _prepare_verdict(self, gate, findings, still_open):
        state = "pass" if not findings else "hold" if any(f in still_open for f in findings) else "released"
        return {"gate_id": gate.id, "verdict": state, "message": "\n".join(f.message for f in findings)}


class DmsGateCheckLine(models.TransientModel):
    _name = "dms.gate.check.line"
    _description = "Verdict of a Gate"

    check_id = fields.Many2one("dms.gate.check", required=True, ondelete="cascade")
    gate_id = fields.Many2one("dms.order.gate", required=True)
    verdict = fields.Selection([("pass", "Passes"), ("hold", "Holds"), ("released", "Released")], required=True)
    message = fields.Text("Reason")
