from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools.sql import column_exists, create_column

FROZEN = {"dms_distributor_id", "dms_territory_id"}


class AccountMove(models.Model):
    _inherit = "account.move"

    # computed, not written: posting a document sets them without a second synchronisation of its lines
    dms_distributor_id = fields.Many2one(
        "res.partner", "Distributor", compute="_compute_dms_distributor_id", store=True, copy=False, ondelete="restrict",
        groups="base.group_user",
        help="Whose purchase the document is: the distributor of its orders, else its customer. Kept from the day it is posted.",
    )  # fmt: skip
    dms_territory_id = fields.Many2one(
        "dms.territory", "Territory", compute="_compute_dms_distributor_id", store=True, copy=False, ondelete="restrict",
        groups="base.group_user", help="Of the distributor, on the day it is posted.",
    )  # fmt: skip

    _dms_distributor_idx = models.Index("(dms_distributor_id, invoice_date) WHERE dms_distributor_id IS NOT NULL")

    def _auto_init(self):
        """Documents that are there before are filled in by one statement, see ``hooks.py``."""
        for name in FROZEN:
            if not column_exists(self.env.cr, self._table, name):
                create_column(self.env.cr, self._table, name, "int4")
        return super()._auto_init()

    @api.depends("state")
    def _compute_dms_distributor_id(self):
        """Follows posting alone: a document set back to draft keeps its own until it is posted for somebody else."""
        for move in self:
            owner = move._get_dms_distributor() if move._is_dms_purchase() else move.dms_distributor_id
            is_new = owner != move.dms_distributor_id
            move.dms_territory_id = owner.territory_id if is_new else move.dms_territory_id
            move.dms_distributor_id = owner

    def _is_dms_purchase(self):
        return self.state == "posted" and self.move_type in ("out_invoice", "out_refund")

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

    def _get_dms_distributor(self):
        """The distributor whose purchase a document is: that of its orders where they agree, else its customer if he is one."""
        ordering = self.line_ids.sale_line_ids.order_id.distributor_id
        if len(ordering) == 1:
            return ordering
        customer = self.commercial_partner_id
        return customer if customer.is_distributor else customer.browse()
