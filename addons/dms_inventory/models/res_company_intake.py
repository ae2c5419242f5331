from odoo import fields, models


class ResCompany(models.Model):
    """Settings of the intake of stock statements."""

    _inherit = "res.company"

    statement_max_rows = fields.Integer(
        "Rows per Stock Statement",
        default=20000,
        groups="base.group_user",
        help="A file or a text with more rows is refused as a whole. At most 20,000.",
    )

    _statement_max_rows_bounded = models.Constraint(
        "CHECK(statement_max_rows BETWEEN 1 AND 20000)", "Rows per stock statement lie between 1 and 20,000."
    )
