from odoo import api, fields, models
from odoo.fields import Command, Domain


class SaleOrder(models.Model):
    """A draft made of what a distributor's stock needs: one at a time, followed as long as nobody has edited it."""

    _inherit = "sale.order"

    dms_suggested_on = fields.Date(
        "Suggested On", readonly=True, copy=False, groups="base.group_user", help="Day of the stock that the draft was made of."
    )
    dms_suggestion_note = fields.Text("What Could Not Be Suggested", readonly=True, copy=False, groups="base.group_user")
    dms_suggested_quantities = fields.Json(copy=False, readonly=True, groups="base.group_user")
    dms_suggestion_verdict = fields.Text(
        "Verdict",
        compute="_compute_dms_suggestion_verdict",
        groups="dms_orders.group_dms_user,dms_orders.group_dms_area_manager",
        help="What the gates and other modules would say of the draft right now.",
    )

    _dms_suggestion_uniq = models.UniqueIndex(
        "(distributor_id, company_id) WHERE dms_suggested_on IS NOT NULL AND dms_state = 'draft'",
        "A suggested order of this distributor is open already: submit it or delete it first.",
    )

    @api.depends("dms_state", "dms_suggested_on", "order_line.price_total", "order_line.product_id")
    def _compute_dms_suggestion_verdict(self):
        suggested = self.filtered(lambda order: order._origin.id and order.dms_suggested_on and order.dms_state == "draft")
        verdicts = suggested.sudo()._dms_get_verdicts() if suggested else {}  # gates see all of an order; sentences leave
        for order in self:
            found = verdicts.get(order._origin.id, [])
            order.dms_suggestion_verdict = "\n".join(verdict["message"] for verdict in found)

    @api.model
    def _dms_get_open_suggestions(self, distributors):
        """``{distributor: order}`` of the suggested drafts that nobody has handed in yet, in the company of the environment."""
        domain = Domain("distributor_id", "in", distributors.ids) & Domain("company_id", "=", self.env.company.id)
        domain &= Domain("dms_suggested_on", "!=", False) & Domain("dms_state", "=", "draft")
        orders = self.search(domain)
        return {distributor: order for distributor in distributors for order in orders if order.distributor_id == distributor}

    def _dms_follow_suggestion(self, plan):
        """Bring an open draft up to date with what is suggested now, unless somebody has edited or sent it.

        :param plan: :data:`dms_stock_suggester.Suggested`
        :return: ``updated``, ``kept`` where somebody edited it, ``nothing`` where nothing is left to suggest and the draft is gone
        """
        if self.state != "draft" or not self._dms_is_as_suggested():
            return "kept"
        wanted = {proposal.product.id: proposal for proposal in plan.proposals if proposal.quantity}
        if not wanted:
            self.sudo().unlink()  # made by a suggestion and touched by nobody since
            return "nothing"
        commands = []
        for line in self._dms_gated_lines():
            proposal = wanted.pop(line.product_id.id, None)
            if not proposal:
                commands.append(Command.delete(line.id))
            elif line.product_uom_id.compare(line.product_uom_qty, proposal.quantity):
                commands.append(Command.update(line.id, {"product_uom_qty": proposal.quantity}))
        suggester = self.env["dms.stock.suggester"]
        commands += [Command.create(line) for proposal in wanted.values() for line in suggester._prepare_lines(proposal)]
        self.write({**suggester._prepare_suggestion_values(plan), **({"order_line": commands} if commands else {})})
        return "updated"

    def _dms_is_as_suggested(self):
        """Whether the lines are those that the suggestion made: product, quantity and own unit."""
        lines = self._dms_gated_lines()
        kept = {str(line.product_id.id): line.product_uom_qty for line in lines}
        own_units = all(line.product_uom_id == line.product_id.uom_id for line in lines)
        return own_units and len(kept) == len(lines) and kept == (self.dms_suggested_quantities or {})
