from odoo import models
from odoo.exceptions import AccessError, UserError


class ResPartner(models.Model):
    _inherit = "res.partner"

    def action_suggest_order(self):
        """Open a draft order of what this distributor's stock needs: one click, and a second one opens the same draft.

        A line is what a position suggests, in the product's own unit, as far as the serving warehouse has it free; what
        availability cuts is told on the order. A draft that somebody has edited is opened as it is. Several distributors
        become a run that makes their drafts in the background.

        :return: action that opens the draft, or a notification where nothing is needed
        :raise AccessError: for everybody but the order desk and area managers, and for distributors they do not see
        :raise UserError: for a partner who is no active distributor
        """
        distributors = self._dms_check_may_suggest()
        if len(distributors) > 1:
            return self.env["dms.stock.suggestion"]._start_for(distributors)
        result = self.env["dms.stock.suggester"]._suggest(distributors)[distributors]
        if not result.order:
            return self._dms_nothing_to_suggest(result)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Suggested Order"),
            "res_model": "sale.order",
            "res_id": result.order.id,
            "views": [(False, "form")],
            "view_mode": "form",
            "target": "current",
        }

    def _dms_check_may_suggest(self):
        """The distributors of these partners, if the user may make orders of them."""
        user = self.env.user
        groups = ("dms_orders.group_dms_user", "dms_orders.group_dms_area_manager")
        if not any(user.has_group(group) for group in groups):
            raise AccessError(self.env._("Orders are suggested by the order desk and the area managers."))
        distributors = self.commercial_partner_id
        distributors.check_access("read")
        if not distributors:
            raise UserError(self.env._("Choose a distributor to suggest an order to."))
        for distributor in distributors:
            if not distributor.is_distributor or distributor.distributor_state != "active":
                raise UserError(self.env._("%(name)s is not an active distributor.", name=distributor.display_name))
        return distributors

    def _dms_nothing_to_suggest(self, result):
        """Say why there is no draft: nothing is needed, or what is needed cannot be had."""
        note = self.env["dms.stock.suggester"]._describe(result)
        message = note or self.env._("Stock, goods on their way and open orders cover the norm of every product.")
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": self.env._("Nothing to suggest to %(name)s", name=self.commercial_partner_id.name),
                "message": message,
                "type": "warning" if note else "info",
                "sticky": bool(note),
            },
        }
