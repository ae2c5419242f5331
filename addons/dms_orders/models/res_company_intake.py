from odoo import fields, models


class ResCompany(models.Model):
    """Settings of order intake."""

    _inherit = "res.company"

    dms_intake_max_rows = fields.Integer(
        "Rows per Order File",
        default=5000,
        groups="base.group_user",
        help="An order file with more rows is refused as a whole. At most 20,000.",
    )

    _dms_intake_max_rows_bounded = models.Constraint(
        "CHECK(dms_intake_max_rows BETWEEN 1 AND 20000)", "Rows per order file lie between 1 and 20,000."
    )
