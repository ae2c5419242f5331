from odoo import api, fields, models

#: states of a return or claim that waits for nobody
OVER = ("settled", "rejected", "cancelled")
#: who reads returns and claims in the backend
STAFF = "dms_orders.group_dms_user,dms_orders.group_dms_area_manager,stock.group_stock_user,account.group_account_invoice"


class DmsCase(models.AbstractModel):
    """What the screens of returns and claims show and ask besides what the case says itself."""

    _inherit = "dms.case"

    stage_days = fields.Integer("Days in This Stage", compute="_compute_stage_days", groups="base.group_user")
    evidence_count = fields.Integer("Files", compute="_compute_evidence_count", groups="base.group_user")
    missing_evidence = fields.Char(
        "Still Missing", compute="_compute_missing_evidence", groups="base.group_user", help="Files without which it cannot be submitted."
    )

    @api.depends("stage_since")
    def _compute_stage_days(self):
        now = fields.Datetime.now()
        for case in self:
            case.stage_days = (now - case.stage_since).days if case.stage_since else 0

    def _compute_evidence_count(self):
        files = self.env["ir.attachment"].sudo()  # how many files cases have that the user reads
        domain = [("res_model", "=", self._name), ("res_id", "in", self.ids), ("res_field", "=", False)]
        counts = dict(files._read_group(domain, ["res_id"], ["__count"]))
        for case in self:
            case.evidence_count = counts.get(case.id, 0)

    @api.depends("state")
    def _compute_missing_evidence(self):
        for case in self:
            missing = case._get_missing_evidence() if case.state == "draft" and case.id else []
            case.missing_evidence = ", ".join(missing) or False

    def _group_expand_states(self, states, domain):
        """Columns of the workbench in the order of the stages; those that are over only where something is in them."""
        order = [state for state, _label in self._fields["state"]._description_selection(self.env)]
        return [state for state in order if state not in OVER or state in states]

    # ------------------------------------------------------------ buttons

    def action_ask_rejection(self):
        return self._ask_why("reject", self.env._("Refuse"))

    def action_ask_reversal(self):
        return self._ask_why("reverse", self.env._("Take the Settlement Back"))

    def _ask_why(self, purpose, title):
        """Dialog for the reason of a decision on these cases; the decision itself checks who may."""
        self.check_access("read")
        field = "return_ids" if self._name == "dms.return" else "claim_ids"
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "dms.case.decision",
            "view_mode": "form",
            "target": "new",
            "context": {f"default_{field}": self.ids, "default_purpose": purpose},
        }

    def action_open_evidence(self):
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Evidence"),
            "res_model": "ir.attachment",
            "view_mode": "kanban,list,form",
            "views": [
                (self.env.ref("dms_returns.evidence_view_kanban").id, "kanban"),
                (self.env.ref("dms_returns.evidence_view_list").id, "list"),
            ],
            "domain": [("res_model", "=", self._name), ("res_id", "in", self.ids)],
            "context": {"default_res_model": self._name, "default_res_id": self[:1].id, "create": len(self) == 1},
        }

    @api.model
    def _prepare_open_action(self, name, model, records, **context):
        """A list of these documents, or the one there is."""
        action = {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "view_mode": "list,form",
            "domain": [("id", "in", records.ids)],
            "context": {"create": False, **context},
        }
        return {**action, "view_mode": "form", "res_id": records.id} if len(records) == 1 else action
