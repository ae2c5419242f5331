from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

from ..engine.class_terms import ClassTerms

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class DmsDistributorClass(models.Model):
    _name = "dms.distributor.class"
    _description = "Distributor Class"
    _inherit = ["dms.own.company"]
    _order = "sequence, name, id"
    _rec_names_search = ["name", "code"]

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="Short unique key, used by imports.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", index=True)
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    pricelist_id = fields.Many2one(
        "product.pricelist",
        "Price List",
        help="Price list of the distributors of this class that have none of their own.",
    )
    payment_term_id = fields.Many2one(
        "account.payment.term",
        "Payment Terms",
        help="Payment terms of the distributors of this class that have none of their own.",
    )
    min_order_amount = fields.Monetary("Minimum Order", help="Untaxed value below which an order is held; 0 for no minimum.")
    auto_confirm = fields.Boolean(
        "Confirm Without Desk", help="A submitted order that no gate holds is confirmed at once, without the order desk."
    )
    amend_policy = fields.Selection(
        [("direct", "Until picking starts"), ("request", "Only on request"), ("none", "Never")],
        "Changes by the Distributor",
        default="direct",
        required=True,
        help="Whether the distributor may change a confirmed order himself. Once picking has started a change is always a request.",
    )
    lead_days = fields.Integer("Lead Time (days)", default=1, help="Days from the order to the earliest delivery.")
    cutoff_hour = fields.Float("Cut-off Time", help="Orders submitted later than this count as placed on the next day; 0 for no cut-off.")
    deliver_monday = fields.Boolean("Monday", default=True)
    deliver_tuesday = fields.Boolean("Tuesday", default=True)
    deliver_wednesday = fields.Boolean("Wednesday", default=True)
    deliver_thursday = fields.Boolean("Thursday", default=True)
    deliver_friday = fields.Boolean("Friday", default=True)
    deliver_saturday = fields.Boolean("Saturday")
    deliver_sunday = fields.Boolean("Sunday")
    distributor_ids = fields.One2many("res.partner", "distributor_class_id", "Distributors")

    _code_uniq = models.UniqueIndex("(code, COALESCE(company_id, 0))", "Another distributor class has this code.")
    _cutoff_hour_range = models.Constraint("CHECK(cutoff_hour >= 0 AND cutoff_hour < 24)", "The cut-off time lies between 00:00 and 23:59.")
    _min_order_amount_positive = models.Constraint("CHECK(min_order_amount >= 0)", "The minimum order cannot be negative.")
    _lead_days_positive = models.Constraint("CHECK(lead_days BETWEEN 0 AND 365)", "The lead time lies between 0 and 365 days.")

    @api.depends("company_id")
    @api.depends_context("company")
    def _compute_currency_id(self):
        for distributor_class in self:
            distributor_class.currency_id = (distributor_class.company_id or self.env.company).currency_id

    @api.constrains(*(f"deliver_{day}" for day in WEEKDAYS))
    def _check_delivery_days(self):
        if any(not c._get_delivery_weekdays() for c in self):
            raise ValidationError(self.env._("A distributor class needs at least one delivery day."))

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        if {"pricelist_id", "payment_term_id"} & vals.keys():
            self.with_context(active_test=False).distributor_ids._dms_refresh_open_orders()
        return result

    def _get_delivery_weekdays(self):
        """Weekday numbers on which goods leave for this class, Monday = 0."""
        return [number for number, day in enumerate(WEEKDAYS) if self[f"deliver_{day}"]]

    def _get_terms(self):
        """Terms of one class for its orders, those of no class where there is none.

        :rtype: ClassTerms
        """
        if not self._origin:
            return ClassTerms()
        return self._get_compiled().get(self._origin.id) or self._origin.sudo()._compile()  # of one made a moment ago, elsewhere

    @api.model
    @tools.ormcache()
    def _get_compiled(self):
        """``{class id: ClassTerms}``, archived classes too."""
        classes = self.sudo().search([("active", "in", [True, False])])  # terms of orders, nothing is shown
        return {record.id: record._compile() for record in classes}

    def _compile(self):
        self.ensure_one()
        return ClassTerms(
            min_order_amount=self.min_order_amount,
            auto_confirm=self.auto_confirm,
            pricelist=self.pricelist_id.id or None,
            payment_term=self.payment_term_id.id or None,
            cutoff_hour=self.cutoff_hour,
            lead_days=self.lead_days,
            weekdays=frozenset(self._get_delivery_weekdays()),
        )
