from odoo import fields, models
from odoo.exceptions import AccessError

GROUPS = ("dms_orders.group_dms_user", "dms_orders.group_dms_area_manager")


class DigestDigest(models.Model):
    """Figures of distribution in the periodic mail: each reader's own, by the rules of the facts."""

    _inherit = "digest.digest"

    kpi_dms_net_sales = fields.Boolean("Net Sales of Distributors")
    kpi_dms_net_sales_value = fields.Monetary(compute="_compute_kpi_dms_net_sales_value")
    kpi_dms_sellout = fields.Boolean("Sell-out of Distributors")
    kpi_dms_sellout_value = fields.Monetary(compute="_compute_kpi_dms_sellout_value")
    kpi_dms_active_distributors = fields.Boolean("Active Distributors")
    kpi_dms_active_distributors_value = fields.Integer(compute="_compute_kpi_dms_active_distributors_value")

    def _compute_kpi_dms_net_sales_value(self):
        self._compute_dms_kpi("kpi_dms_net_sales_value", "net_amount:sum")

    def _compute_kpi_dms_sellout_value(self):
        self._compute_dms_kpi("kpi_dms_sellout_value", "sellout_amount:sum")

    def _compute_kpi_dms_active_distributors_value(self):
        self._compute_dms_kpi("kpi_dms_active_distributors_value", "distributor_count:count_distinct")

    def _compute_dms_kpi(self, name, aggregate):
        """Set a figure of the facts of the digest's period, by company.

        :raise AccessError: for readers without a role in distribution; core leaves the figure out of their mail
        """
        if not any(self.env.user.has_group(group) for group in GROUPS):
            raise AccessError(self.env._("Do not have access, skip this data for user's digest email"))
        start, end, companies = self._get_kpi_compute_parameters()
        first, end = (fields.Date.to_date(moment) or False for moment in (start, end))
        period = [("company_id", "in", companies.ids), ("date", ">=", first), ("date", "<", end)]
        values = dict(self.env["dms.sales.fact"]._read_group(period, ["company_id"], [aggregate]))
        for digest in self:
            digest[name] = values.get(digest.company_id or self.env.company, 0)

    def _compute_kpis_actions(self, company, user):
        actions = super()._compute_kpis_actions(company, user)
        action = f"dms_reports.action_sales_fact?menu_id={self.env.ref('dms_orders.menu_root').id}"
        names = ("kpi_dms_net_sales", "kpi_dms_sellout", "kpi_dms_active_distributors")
        return actions | dict.fromkeys(names, action)
