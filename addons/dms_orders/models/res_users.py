from odoo import fields, models


class ResUsers(models.Model):
    _inherit = "res.users"

    dms_territory_ids = fields.One2many("dms.territory", "manager_id", "Managed Territories", groups="base.group_user")

    def _dms_sees_all_territories(self):
        """Whether the user is not confined to the territories he manages; used by the record rules."""
        self.ensure_one()
        return not self.has_group("dms_orders.group_dms_area_manager") or self.has_group("dms_orders.group_dms_user")

    def write(self, vals):
        result = super().write(vals)
        if "partner_id" in vals:
            # record rule domains are cached with the user's partner in them
            self.env.registry.clear_cache()
        return result

    def _dms_portal_distributor_ids(self):
        """Distributors whose shared documents a portal user reads: his own while its account is open, and its branches
        when the distributor may see them. Used by the record rules, whose domains are cached with the answer."""
        self.ensure_one()
        own = self.commercial_partner_id.sudo()  # the user's own company; ids leave
        open_states = ("prospect", "active")
        if not own.is_distributor or not own.active or own.distributor_state not in open_states:
            return []
        branches = own.browse()
        if own.distributor_sees_branches:
            branches = own.search([("parent_distributor_id", "=", own.id), ("distributor_state", "in", open_states)])
        return (own | branches).ids
