from odoo import api, fields, models


class DmsCancelRule(models.Model):
    """The matrix that answers a distributor's request to cancel."""

    _name = "dms.cancel.rule"
    _description = "Cancellation Rule"
    _order = "fulfilment, payment"

    fulfilment = fields.Selection([("open", "Picking not started"), ("started", "Picking started")], required=True)
    payment = fields.Selection([("none", "Not invoiced"), ("invoiced", "Invoiced"), ("paid", "Paid, in full or in part")], required=True)
    decision = fields.Selection(
        [("allow", "Cancel at once"), ("ask", "Needs approval"), ("refuse", "Refuse")], required=True, default="ask"
    )

    _situation_uniq = models.Constraint("UNIQUE(fulfilment, payment)", "There is already a rule for this situation.")

    @api.depends("fulfilment", "payment")
    def _compute_display_name(self):
        for rule in self:
            labels = [dict(self._fields[name]._description_selection(self.env)).get(rule[name]) for name in ("fulfilment", "payment")]
            rule.display_name = ", ".join(filter(None, labels))

    @api.model
    def _get_decision(self, fulfilment, payment):
        """``allow``, ``ask`` or ``refuse``; what no rule covers needs approval."""
        rule = self.sudo().search([("fulfilment", "=", fulfilment), ("payment", "=", payment)])  # policy, no document
        return rule.decision or "ask"
