from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

DISTRIBUTOR_STATES = [
    ("prospect", "Prospect"),
    ("active", "Active"),
    ("suspended", "Suspended"),
    ("closed", "Closed"),
]
#: fields whose change moves the open orders of a distributor with it
ORDER_TERMS = {"is_distributor", "territory_id", "distributor_class_id", "parent_id", "specific_property_product_pricelist"}
#: fields that decide what the portal users of a distributor may read
RULE_FIELDS = {
    "is_distributor", "active", "distributor_state", "parent_id", "is_company", "parent_distributor_id", "distributor_sees_branches"
}  # fmt: skip

#: fields whose change has consequences beyond the partner
WATCHED_FIELDS = ORDER_TERMS | RULE_FIELDS | {"distributor_code", "assortment_ids"}

#: what makes a distributor, and what its gates and rights follow: kept by the managers of distribution
MASTER_FIELDS = {
    "is_distributor", "distributor_code", "distributor_state", "distributor_state_reason", "distributor_class_id", "territory_id",
    "assortment_ids", "parent_distributor_id", "distributor_sees_branches",
}  # fmt: skip
#: what the order desk keeps as well: where orders come from and go to
DESK_FIELDS = {"edi_endpoint", "serving_warehouse_id"}


class ResPartner(models.Model):
    _inherit = "res.partner"

    is_distributor = fields.Boolean("Distributor", index=True, help="The manufacturer sells to this company as a distributor.")
    distributor_code = fields.Char(copy=False, index="btree_not_null", tracking=True, help="Given by a sequence when left empty.")
    distributor_state = fields.Selection(
        DISTRIBUTOR_STATES,
        "Distributor Status",
        default="prospect",
        copy=False,
        tracking=True,
        help="Only an active distributor's orders pass; a suspended or closed one cannot use the portal.",
    )
    distributor_state_reason = fields.Char("Reason", copy=False, tracking=True, groups="base.group_user")
    distributor_class_id = fields.Many2one(
        "dms.distributor.class", "Class", index="btree_not_null", ondelete="restrict", tracking=True, groups="base.group_user"
    )
    territory_id = fields.Many2one("dms.territory", index="btree_not_null", ondelete="restrict", tracking=True, groups="base.group_user")
    serving_warehouse_id = fields.Many2one(
        "stock.warehouse", groups="base.group_user", help="Warehouse that delivers this distributor's orders."
    )
    assortment_ids = fields.Many2many(
        "dms.assortment",
        "dms_assortment_res_partner_rel",
        "partner_id",
        "assortment_id",
        "Assortments",
        groups="base.group_user",
        copy=False,
        help="Assortments given to this distributor by name; those of its class and territory bind it as well.",
    )
    parent_distributor_id = fields.Many2one(
        "res.partner",
        domain=[("is_distributor", "=", True)],
        index="btree_not_null",
        groups="base.group_user",
    )
    distributor_sees_branches = fields.Boolean(
        "Sees Its Branches", groups="base.group_user", help="Its portal users also see the documents of its branch distributors."
    )
    edi_endpoint = fields.Char(
        "Electronic Address",
        index="btree_not_null",
        copy=False,
        groups="base.group_user",
        help='Endpoint in electronic orders as "scheme:identifier", 0088:7300010000001 for a GLN.',
    )
    licence_ids = fields.One2many("dms.licence", "partner_id", "Licences and Agreements", groups="base.group_user")

    _distributor_code_uniq = models.UniqueIndex(
        "(distributor_code) WHERE distributor_code IS NOT NULL", "Another distributor has this code."
    )
    _edi_endpoint_uniq = models.UniqueIndex("(edi_endpoint) WHERE edi_endpoint IS NOT NULL", "Another partner has this electronic address.")

    @property
    def _rec_names_search(self):
        return [*super()._rec_names_search, "distributor_code"]

    @api.constrains("is_distributor", "is_company", "parent_id")
    def _check_distributor_is_commercial(self):
        for partner in self:
            if partner.is_distributor and partner.commercial_partner_id != partner:
                raise UserError(self.env._("%(name)s is a contact: make its company the distributor.", name=partner.display_name))

    @api.constrains("parent_distributor_id")
    def _check_parent_distributor_id(self):
        if self._has_cycle("parent_distributor_id"):
            raise UserError(self.env._("A distributor cannot be its own parent."))

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            for name in ("distributor_code", "edi_endpoint"):
                vals.update({name: (vals.get(name) or "").strip() or False} if name in vals else {})
        partners = super().create(vals_list)
        partners._check_may_keep(MASTER_FIELDS)
        partners._set_distributor_code()
        return partners

    def write(self, vals):
        self._check_may_keep(vals.keys(), becoming=vals.get("is_distributor"))
        for name in {"distributor_code", "edi_endpoint"} & vals.keys():
            vals = {**vals, name: (vals[name] or "").strip() or False}
        watched = WATCHED_FIELDS & vals.keys()
        concerned = watched and self._is_of_distributors()
        result = super().write(vals)
        if watched and (concerned or self._is_of_distributors()):
            self._follow_change(watched)
        if "tz" in vals and self.env["res.company"].sudo().search_count([("partner_id", "in", self.ids)], limit=1):
            self.env.registry.clear_cache()  # the time zone of a company is kept
        return result

    def _is_of_distributors(self):
        """Whether any of these partners is a distributor or one of its contacts."""
        return any(partner.is_distributor for partner in self.sudo().commercial_partner_id)  # a flag only

    def _follow_change(self, names):
        """What hangs on the fields just written to distributors or their contacts: codes, open orders, holds, rights."""
        self._set_distributor_code()
        if ORDER_TERMS & names:
            self._dms_refresh_open_orders()
        if "assortment_ids" in names:
            self.env["dms.assortment"]._scope_changed()
        if {"distributor_state", "active"} & names:
            self.env["sale.order"]._dms_trigger_recheck(self.commercial_partner_id)
        if RULE_FIELDS & names:
            # record rule domains are cached with the distributors of the user in them
            self.env.registry.clear_cache()

    def _check_may_keep(self, names, becoming=False):
        """Refuse a change of a distributor's terms by who does not keep them, whatever the rights on contacts."""
        groups = {"dms_orders.group_dms_manager": MASTER_FIELDS & names, "dms_orders.group_dms_user": DESK_FIELDS & names}
        if self.env.su or not any(groups.values()) or not (becoming or self.filtered("is_distributor")):
            return
        for group, fields_ in groups.items():
            if fields_ and not self.env.user.has_group(group):
                raise AccessError(self.env._("Who distributors are, and on what terms, is kept by the managers of distribution."))

    def _set_distributor_code(self):
        for partner in self:
            if partner.is_distributor and not partner.distributor_code:
                partner.distributor_code = self.env["ir.sequence"].sudo().next_by_code("dms.distributor")  # the number only

    @api.ondelete(at_uninstall=False)
    def _unlink_except_distributor_with_orders(self):
        distributors = self.filtered("is_distributor")
        if distributors and self.env["sale.order"].sudo().search_count([("distributor_id", "in", distributors.ids)], limit=1):
            raise UserError(self.env._("A distributor with orders cannot be deleted. Close it instead."))

    # ------------------------------------------------------------ life cycle

    def action_distributor_activate(self):
        self._set_distributor_state("active")

    def action_distributor_suspend(self, reason=None):
        return self._ask_or_set_state("suspended", reason)

    def action_distributor_close(self, reason=None):
        return self._ask_or_set_state("closed", reason)

    def _ask_or_set_state(self, state, reason):
        """Suspending and closing need a reason; without one the button opens the form that asks for it."""
        if reason:
            return self._set_distributor_state(state, reason)
        return {
            "type": "ir.actions.act_window",
            "name": dict(self._fields["distributor_state"]._description_selection(self.env))[state],
            "res_model": "dms.distributor.state.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {"default_partner_ids": self.ids, "default_state": state},
        }

    def _set_distributor_state(self, state, reason=False):
        self.check_access("write")
        for partner in self:
            if not partner.is_distributor:
                raise UserError(self.env._("%(name)s is not a distributor.", name=partner.display_name))
        self.write({"distributor_state": state, "distributor_state_reason": reason})
        return True

    # ------------------------------------------------------------ terms of orders

    @api.depends("commercial_partner_id.is_distributor", "commercial_partner_id.distributor_class_id.pricelist_id")
    def _compute_product_pricelist(self):
        super()._compute_product_pricelist()

    def _dms_refresh_open_orders(self):
        """Let the orders that are not yet submitted follow their distributor: territory, class and price list."""
        orders = (
            self.env["sale.order"]
            .sudo()
            .search(  # terms of the partners being written; no value is returned
                Domain("partner_id", "child_of", self.ids)
                & Domain("state", "in", ("draft", "sent"))
                & Domain("dms_submitted_on", "=", False)
            )
        )
        orders._dms_follow_distributor()

    def _get_assortment_domain(self, date=None, company=None):
        """What this distributor may order on ``date`` (default: today of ``company``).

        :return: Domain on ``product.product``; ``Domain.TRUE`` when no assortment binds the distributor
        """
        self.ensure_one()
        company = company or self.env.company
        date = date or company._dms_today()
        Assortment = self.env["dms.assortment"]
        scopes = Assortment._get_scopes(self, date, company)[self]
        return Assortment._get_scopes_domain(scopes) if scopes else Domain.TRUE
