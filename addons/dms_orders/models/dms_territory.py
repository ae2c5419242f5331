from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError


class DmsTerritory(models.Model):
    _name = "dms.territory"
    _description = "Sales Territory"
    _inherit = ["dms.own.company"]
    _parent_store = True
    _rec_name = "complete_name"
    _rec_names_search = ["complete_name", "name", "code"]
    _order = "complete_name, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="Short unique key, used by imports.")
    complete_name = fields.Char(compute="_compute_complete_name", recursive=True, store=True)
    parent_id = fields.Many2one("dms.territory", "Parent Territory", index="btree_not_null", ondelete="restrict")
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many("dms.territory", "parent_id", "Sub-territories")
    manager_id = fields.Many2one(
        "res.users",
        domain=[("share", "=", False)],
        index="btree_not_null",
        help="Sees the distributors and orders of this territory and of all below it.",
    )
    company_id = fields.Many2one("res.company", index=True)
    distributor_ids = fields.One2many("res.partner", "territory_id", "Distributors", domain=[("is_distributor", "=", True)])
    distributor_count = fields.Integer(compute="_compute_distributor_count")
    active = fields.Boolean(default=True)

    _code_uniq = models.UniqueIndex("(code, COALESCE(company_id, 0))", "Another territory has this code.")

    @api.depends("name", "parent_id.complete_name")
    def _compute_complete_name(self):
        for territory in self:
            parents = territory.parent_id.complete_name
            territory.complete_name = f"{parents} / {territory.name}" if parents else territory.name

    def _compute_distributor_count(self):
        counts = dict(
            self.env["res.partner"]._read_group(
                [("is_distributor", "=", True), ("territory_id", "child_of", self.ids)], ["territory_id"], ["__count"]
            )
        )
        for territory in self:
            territory.distributor_count = sum(
                count for other, count in counts.items() if other.parent_path.startswith(territory.parent_path)
            )

    @api.constrains("parent_id")
    def _check_parent_id(self):
        if self._has_cycle():
            raise ValidationError(self.env._("A territory cannot lie within itself."))

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        result = super().write(vals)
        if {"manager_id", "active", "parent_id"} & vals.keys():
            # record rule domains are cached with the manager's territories in them
            self.env.registry.clear_cache()
        return result

    def _get_path(self):
        """``parent_path`` of one territory, None without one."""
        return (self._get_paths().get(self.id) or self.parent_path) if self else None  # of one made a moment ago, elsewhere

    @api.model
    @tools.ormcache()
    def _get_paths(self):
        """``{territory id: parent_path}``, archived ones too."""
        territories = self.sudo().with_context(active_test=False).search_fetch([], ["parent_path"])  # for checks, not shown
        return {territory.id: territory.parent_path for territory in territories}

    def action_view_distributors(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("dms_orders.action_distributor")
        return {**action, "domain": [("is_distributor", "=", True), ("territory_id", "child_of", self.id)]}
