from contextlib import contextmanager

from odoo import api, fields, models
from odoo.exceptions import UserError

#: of an order, what its schemes follow besides the lines; the day only until it is handed in
TERM_FIELDS = {"partner_id", "pricelist_id", "currency_id", "company_id", "date_order", "fiscal_position_id"}
#: of a module's own bookkeeping on orders, written by the evaluation only
SCHEME_FIELDS = {
    "scheme_edition_id", "scheme_date", "scheme_application_ids", "scheme_fingerprint", "scheme_hints", "scheme_seen",
    "scheme_used",
}  # fmt: skip


class SaleOrder(models.Model):
    """Schemes on an order: applied by themselves as it changes, in one pass and one write."""

    _inherit = "sale.order"

    scheme_edition_id = fields.Many2one(
        "dms.scheme.edition", copy=False, readonly=True, ondelete="restrict", groups="base.group_user",
        help="The schemes as they stood when the order was handed in.",
    )  # fmt: skip
    scheme_date = fields.Date("Schemes of", copy=False, readonly=True, groups="base.group_user", help="Day of submission.")
    scheme_application_ids = fields.One2many(
        "dms.scheme.application",
        "order_id",
        "Benefits",
        readonly=True,
        groups="dms_orders.group_dms_user,dms_orders.group_dms_area_manager",
    )
    scheme_fingerprint = fields.Char(copy=False, readonly=True, groups="base.group_user", help="Stands for the benefits as they are kept.")
    scheme_hints = fields.Json(copy=False, readonly=True, groups="base.group_user", help="Schemes that nearly apply, and what is missing.")
    scheme_seen = fields.Json(
        copy=False, readonly=True, groups="base.group_user", help="What each scheme gave when the order was last changed by a person."
    )
    scheme_used = fields.Json(
        copy=False, readonly=True, groups="base.group_user",
        help="What others had taken of budgets and limits when the benefits were decided: the order is evaluated again as of then.",
    )  # fmt: skip
    scheme_discount_total = fields.Monetary("Scheme Benefit", compute="_compute_scheme_discount_total")

    @api.depends("order_line.scheme_discount")
    def _compute_scheme_discount_total(self):
        for order in self:
            order.scheme_discount_total = sum(order.order_line.mapped("scheme_discount"))

    # ------------------------------------------------------------ when schemes are applied

    @api.model_create_multi
    def create(self, vals_list):
        with self._dms_following_schemes():
            orders = super().create(vals_list)
            orders._dms_schemes_changed()
        return orders

    def write(self, vals):
        terms = TERM_FIELDS & vals.keys()
        if not terms and "order_line" not in vals:
            return super().write(vals)
        with self._dms_following_schemes():
            result = super().write(vals)
            changed = self if terms - {"date_order"} else self.filtered(lambda order: terms and not order.sudo().scheme_edition_id)
            changed._dms_schemes_changed()
        return result

    @contextmanager
    def _dms_following_schemes(self, seen=True):
        """Apply the schemes of every order that changes within, once, at the end of the outermost block.

        :param bool seen: the changes are those of a person, who sees what they make of the benefits
        """
        cache = self.env.cr.cache
        if "dms_schemes_changed" in cache:
            yield
            return
        self._dms_keep_money_environments()
        cache["dms_schemes_changed"], cache["dms_schemes_seen"] = set(), seen
        try:
            yield
            self._dms_settle_schemes()
        finally:
            cache.pop("dms_schemes_changed", None)

    def _dms_keep_money_environments(self):
        """Core looks up the currency of each amount it stores in an environment of its own, made anew unless it is in use: keep it so."""
        env = self.env
        kept = env.cr.cache.setdefault("dms_money_environments", {})
        for one in {env, env.transaction.default_env or env} - kept.keys():
            kept[one] = one["sale.order"].sudo().with_context(prefetch_fields=False).env  # no record is read with it

    def _dms_schemes_changed(self):
        """These orders were changed by a person or a document: their schemes follow."""
        concerned = self.sudo().filtered(lambda order: order.distributor_id or order.scheme_fingerprint)  # whether there is anything to do
        self.env.cr.cache["dms_schemes_changed"].update(concerned.ids)

    def _dms_settle_schemes(self):
        """Apply the schemes of the orders that have changed so far."""
        changed = self.env.cr.cache.get("dms_schemes_changed")
        while changed:
            orders = self.env["sale.order"].sudo().browse(sorted(changed))  # every change is followed, whoever made it
            orders._dms_apply_schemes(seen=self.env.cr.cache["dms_schemes_seen"])
            changed.clear()  # what the schemes did themselves

    def _dms_compute_totals(self):
        """A confirmed order that was changed is judged with the schemes it then has."""
        self._dms_settle_schemes()
        super()._dms_compute_totals()

    def _dms_follow_distributor(self):
        """Other terms make other benefits, which nobody has seen yet."""
        before = {order: order._dms_distributor_terms() for order in self}
        with self._dms_following_schemes(seen=False):
            super()._dms_follow_distributor()
            self.filtered(lambda order: order._dms_distributor_terms() != before[order])._dms_schemes_changed()

    def _dms_distributor_terms(self):
        return (self.distributor_id, self.territory_id, self.dms_class_id, self.pricelist_id)

    def _recompute_prices(self):
        with self._dms_following_schemes():
            return super()._recompute_prices()

    def action_apply_schemes(self):
        """Evaluate the schemes of these orders now.

        :raise UserError: for a cancelled order
        """
        self.check_access("write")
        if any(order.state == "cancel" for order in self):
            raise UserError(self.env._("A cancelled order gets no schemes."))
        self.sudo()._dms_apply_schemes(seen=True)  # orders the user may write, checked above
        return True

    def _get_copiable_order_lines(self):
        return super()._get_copiable_order_lines().filtered(lambda line: not line.is_scheme_free)

    def action_draft(self):
        """The schemes of a draft are those of the day again."""
        result = super().action_draft()
        orders = self.filtered(lambda order: order.distributor_id and order.state == "draft")
        orders.sudo().write({"scheme_edition_id": False, "scheme_date": False})  # life-cycle fields
        orders.sudo()._dms_apply_schemes(seen=True)  # orders the user has just reset
        return result

    def _action_cancel(self):
        result = super()._action_cancel()
        self.sudo().scheme_application_ids._reverse()  # the ledger of the orders just cancelled
        self.sudo().write({"scheme_fingerprint": False})
        return result

    # ------------------------------------------------------------ whose schemes

    def _dms_gated_lines(self):
        return super()._dms_gated_lines().filtered(lambda line: not line.is_scheme_free)

    def _dms_judged_fields(self):
        return super()._dms_judged_fields() | SCHEME_FIELDS
