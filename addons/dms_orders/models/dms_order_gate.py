from collections import namedtuple

from odoo import api, fields, models, tools

#: What one gate has against one order. ``gate``: code of a ``dms.order.gate``; ``message``: a sentence for the
#: distributor that says what is wrong and what would clear it; ``values``: plain figures behind it (JSON), kept
#: with the hold as snapshot.
Finding = namedtuple("Finding", "gate message values", defaults=({},))


class DmsOrderGate(models.Model):
    _name = "dms.order.gate"
    _description = "Order Gate"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, readonly=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True, help="An archived gate lets every order pass.")
    description = fields.Text(translate=True, help="What this gate checks and what clears it.")
    release_group_ids = fields.Many2many("res.groups", string="Released By", help="Who may release a hold of this gate; nobody when empty.")
    release_scope = fields.Selection(
        [("lines", "The products and quantities as they stood"), ("amount", "Any order up to the released value")],
        required=True,
        default="lines",
        help="What a release covers; an order that grows beyond it is held again.",
    )
    open_hold_count = fields.Integer(compute="_compute_open_hold_count")

    _code_uniq = models.Constraint("UNIQUE(code)", "Another gate has this code.")

    def _compute_open_hold_count(self):
        counts = dict(
            self.env["dms.order.hold"]._read_group([("gate_id", "in", self.ids), ("state", "=", "open")], ["gate_id"], ["__count"])
        )
        for gate in self:
            gate.open_hold_count = counts.get(gate, 0)

    @api.model
    @tools.ormcache()
    def _get_active_ids(self):
        """``{code: id}`` of the gates in use, in order."""
        return {gate.code: gate.id for gate in self.sudo().search([("active", "=", True)])}  # configuration, the same for everybody

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        result = super().write(vals)
        if "active" in vals:
            self.env["sale.order"]._dms_trigger_recheck()
        return result

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()
