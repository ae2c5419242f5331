from odoo import fields, models


class DmsHoldRecheck(models.Model):
    """A distributor whose holds are to be re-checked; rows are only added, and removed by the job that did it."""

    _name = "dms.hold.recheck"
    _description = "Holds to Re-check"
    _log_access = False
    _order = "id"

    distributor_id = fields.Many2one("res.partner", required=True, ondelete="cascade", index=True)
