from odoo import models
from odoo.fields import Command

#: kinds of claims that a receipt begins, by whether goods are damaged
KINDS = {False: "shortage", True: "transit_damage"}


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def _dms_short_receipt(self, shortfalls):
        """What did not arrive in good order becomes a draft of a claim, one for what is missing, one for what is damaged.

        The distributor adds what proves it and submits it. Of a receipt that is told again nothing is claimed twice.
        """
        result = super()._dms_short_receipt(shortfalls)
        if self.dms_receiver_id.is_distributor:
            picking = self.sudo()  # the delivery whose receipt was just confirmed by somebody who may
            for damaged, kind in KINDS.items():
                picking._dms_draft_claim(kind, [short for short in shortfalls if bool(short["damaged"]) is damaged])
        return result

    def _dms_draft_claim(self, kind, shortfalls):
        claim_type = self.env["dms.claim.type"]._get_for(kind, self.company_id)
        claims = self.env["dms.claim.line"]
        rows = {("stock.move.line", short["move_line_id"]) for short in shortfalls}
        if not rows or not claim_type or claims._find_claimed(claim_type, rows, claims):
            return
        claim = self.env["dms.claim"].create(self._prepare_dms_claim_values(claim_type, shortfalls))
        for line in claim.line_ids:
            line.amount_claimed = line.amount_calculated
        claim.message_post(body=self.env._("Made from the receipt of %(delivery)s.", delivery=self.name), subtype_xmlid="mail.mt_note")

    def _prepare_dms_claim_values(self, claim_type, shortfalls):
        return {
            "company_id": self.company_id.id,
            "distributor_id": self.dms_receiver_id.id,
            "claim_type_id": claim_type.id,
            "picking_id": self.id,
            "user_id": False,
            "line_ids": [Command.create(self._prepare_dms_claim_line_values(short)) for short in shortfalls],
        }

    def _prepare_dms_claim_line_values(self, short):
        product = self.env["product.product"].browse(short["product_id"])
        return {
            "name": product.display_name,
            "source_model": "stock.move.line",
            "source_id": short["move_line_id"],
            "product_id": product.id,
            "lot_id": short["lot_id"],
            "quantity": short["quantity"],
        }
