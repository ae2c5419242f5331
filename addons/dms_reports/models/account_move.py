from odoo import api, fields, models
from odoo.exceptions import AccessError

FROZEN = {"dms_distributor_id", "dms_territory_id"}


class AccountMove(models.Model):
    _inherit = "account.move"

    dms_distributor_id = fields.Many2one(
        "res.partner", "Distributor", copy=False, readonly=True, ondelete="restrict", groups="base.group_user",
        help="Whose purchase the document is: the distributor of its orders, else its customer. Kept from the day it is posted.",
    )  # fmt: skip
    dms_territory_id = fields.Many2one(
        "dms.territory", "Territory", copy=False, readonly=True, ondelete="restrict", groups="base.group_user",
        help="Of the distributor, on the day it is posted.",
    )  # fmt: skip

    _dms_distributor_idx = models.Index("(dms_distributor_id, invoice_date) WHERE dms_distributor_id IS NOT NULL")

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_frozen(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._refuse_frozen(vals)
        return super().write(vals)

    def _refuse_frozen(self, vals):
        if not self.env.su and FROZEN & vals.keys():
            raise AccessError(self.env._("Whose purchase a document is follows from its orders and customer."))

    def _post(self, soft=True):
        documents = self.filtered(lambda move: move.move_type in ("out_invoice", "out_refund")).sudo()  # what was ordered, by whom
        for distributor, moves in documents.grouped(lambda move: move._get_dms_distributor()).items():
            changed = moves.filtered(lambda move, distributor=distributor: move.dms_distributor_id != distributor)
            changed.write({"dms_distributor_id": distributor.id, "dms_territory_id": distributor.territory_id.id})
        return super()._post(soft)

    def _get_dms_distributor(self):
        """The distributor whose purchase a document is: that of its orders where they agree, else its customer if he is one."""
        ordering = self.line_ids.sale_line_ids.order_id.distributor_id
        if len(ordering) == 1:
            return ordering
        customer = self.commercial_partner_id
        return customer if customer.is_distributor else customer.browse()
