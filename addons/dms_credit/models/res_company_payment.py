from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    credit_stop_on_bounce = fields.Boolean(
        "Stop After a Bounced Payment",
        default=True,
        groups="base.group_user",
        help="A payment of a distributor that the bank rejects stops its credit account: its orders are held until the stop is lifted.",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    credit_stop_on_bounce = fields.Boolean(related="company_id.credit_stop_on_bounce", readonly=False)
