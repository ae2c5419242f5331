from odoo import api, fields, models


class DmsScheme(models.Model):
    _inherit = "dms.scheme"

    accrual_count = fields.Integer(compute="_compute_accrual_figures")
    accrued_amount = fields.Monetary("Accrued", compute="_compute_accrual_figures")
    owed_amount = fields.Monetary("Owed", compute="_compute_accrual_figures")

    @api.depends("accrual_ids.amount", "accrual_ids.open_amount")
    def _compute_accrual_figures(self):
        groups = self.env["dms.scheme.accrual"]._read_group(
            [("scheme_id", "in", self.ids)], ["scheme_id"], ["__count", "amount:sum", "open_amount:sum"]
        )
        figures = {scheme.id: values for scheme, *values in groups}
        for scheme in self:
            scheme.accrual_count, scheme.accrued_amount, scheme.owed_amount = figures.get(scheme._origin.id, (0, 0.0, 0.0))

    def action_view_accruals(self):
        """Open the accruals of these schemes."""
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("dms_schemes.action_scheme_accrual"),
            "domain": [("scheme_id", "in", self.ids)],
            "context": {},
        }

    def action_view_baselines(self):
        """Open what growth of these schemes is measured against."""
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("dms_schemes.action_scheme_baseline"),
            "domain": [("scheme_id", "in", self.ids)],
        }


class DmsSchemeAccrual(models.Model):
    _inherit = "dms.scheme.accrual"

    document_count = fields.Integer(compute="_compute_document_count")

    @api.depends("scheme_id", "distributor_id")
    def _compute_document_count(self):
        groups = self.env["dms.scheme.accrual.line"]._read_group(
            [("accrual_id", "in", self.ids)], ["accrual_id"], ["move_id:count_distinct", "application_id:count_distinct"]
        )
        counts = {accrual.id: moves + applications for accrual, moves, applications in groups}
        for accrual in self:
            accrual.document_count = counts.get(accrual.id, 0)

    def action_view_documents(self):
        """Open the sources of these accruals, those that were taken out too."""
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("dms_schemes.action_scheme_accrual_line"),
            "domain": ["|", ("accrual_id", "in", self.ids), ("removed_accrual_id", "in", self.ids)],
            "context": {},
        }

    def action_view_entries(self):
        """Open the journal items of these accruals, as far as the user may read the books."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Journal Items"),
            "res_model": "account.move.line",
            "view_mode": "list,form",
            "domain": [("scheme_accrual_id", "in", self.ids)],
        }
