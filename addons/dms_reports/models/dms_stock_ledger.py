from odoo import api, fields, models


class DmsStockLedger(models.Model):
    _inherit = "dms.stock.ledger"

    recorded_territory_id = fields.Many2one(
        "dms.territory", readonly=True, ondelete="restrict", groups="base.group_user",
        help="Territory of the distributor when the row was written: sell-out counts for it, wherever the distributor moves.",
    )  # fmt: skip

    @api.model
    def _insert(self, rows):
        partners = self.env["res.partner"].browse({row["distributor_id"] for row in rows}).sudo()  # their territory, kept with the row
        territories = {partner.id: partner.territory_id.id for partner in partners}
        return super()._insert([{**row, "recorded_territory_id": territories[row["distributor_id"]]} for row in rows])
