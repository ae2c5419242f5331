from odoo import fields, models


class DmsSchemeBaseline(models.Model):
    """What a distributor bought in the days that a growth scheme compares with, frozen when the scheme was approved."""

    _name = "dms.scheme.baseline"
    _description = "Baseline of a Growth Scheme"
    _order = "scheme_id, amount desc, id"
    _rec_name = "distributor_id"

    scheme_id = fields.Many2one("dms.scheme", required=True, index=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="restrict")
    distributor_id = fields.Many2one("res.partner", required=True, index=True, readonly=True, ondelete="restrict")
    territory_id = fields.Many2one("dms.territory", index="btree_not_null", readonly=True, ondelete="restrict")
    quantity = fields.Float(readonly=True, digits="Product Unit", help="In each product's own unit.")
    amount = fields.Monetary(readonly=True, help="Untaxed, company currency.")
    currency_id = fields.Many2one(related="company_id.currency_id")
