from dateutil.relativedelta import relativedelta

from odoo import api, fields, models, tools
from odoo.fields import Domain


class DmsLicenceType(models.Model):
    _name = "dms.licence.type"
    _description = "Licence or Agreement Type"
    _inherit = "dms.product.scope"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    all_products = fields.Boolean(
        "Needed for Every Order", help="A distributor without a valid document of this type cannot order at all (a signed agreement, say)."
    )
    reminder_days = fields.Integer(default=30, help="Days before the end at which the salesperson is reminded; 0 for none.")

    _code_uniq = models.Constraint("UNIQUE(code)", "Another licence type has this code.")

    @api.model
    @tools.ormcache()
    def _get_compiled(self):
        """``{licence type id: Scope}``, None as scope where every order needs it."""
        types = self.sudo().search([("active", "=", True)])  # configuration, the same for everybody
        return {record.id: None if record.all_products else record._get_scope() for record in types}

    def _get_expiring_domain(self, today):
        """Licences of this type whose end is near."""
        self.ensure_one()
        end = today + relativedelta(days=self.reminder_days)
        return Domain("type_id", "=", self.id) & Domain("date_to", ">=", today) & Domain("date_to", "<", end)

    @api.model
    def _get_needed(self, products):
        """``{dms.licence.type: product.product}``: the types needed to sell ``products``, and for which of them."""
        needed = {
            type_id: products if scope is None else self._filter_covered(products, [scope])
            for type_id, scope in self._get_compiled().items()
        }
        return {self.browse(type_id): needing for type_id, needing in needed.items() if needing}


class DmsLicence(models.Model):
    _name = "dms.licence"
    _description = "Distributor Licence or Agreement"
    _inherit = ["mail.thread", "mail.activity.mixin", "dms.own.company"]
    _order = "date_to, id"
    _rec_name = "number"

    partner_id = fields.Many2one(
        "res.partner", "Distributor", required=True, index=True, ondelete="cascade", domain=[("is_distributor", "=", True)]
    )
    type_id = fields.Many2one("dms.licence.type", required=True, ondelete="restrict")
    number = fields.Char(required=True, tracking=True)
    issuer = fields.Char("Issued By")
    date_from = fields.Date("Valid From", tracking=True)
    date_to = fields.Date("Valid Until", tracking=True, help="Last valid day; empty when it does not expire.")
    company_id = fields.Many2one("res.company", index=True, help="Empty: valid for all companies.")
    active = fields.Boolean(default=True)
    state = fields.Selection(
        [("future", "Not yet valid"), ("valid", "Valid"), ("expiring", "Expires soon"), ("expired", "Expired")],
        compute="_compute_state",
        search="_search_state",
    )
    is_reminded = fields.Boolean(copy=False)

    _dates_order = models.Constraint(
        "CHECK(date_to IS NULL OR date_from IS NULL OR date_to >= date_from)", "The last valid day lies before the first."
    )

    @api.depends("number", "partner_id.name")
    def _compute_display_name(self):
        for licence in self:
            licence.display_name = ": ".join(filter(None, (licence.partner_id.name, licence.number)))

    @api.depends("date_from", "date_to", "type_id.reminder_days")
    def _compute_state(self):
        today = fields.Date.context_today(self)
        for licence in self:
            licence.state = licence._get_state(today)

    def _get_state(self, day):
        if self.date_from and self.date_from > day:
            return "future"
        if not self.date_to or self.date_to >= day + relativedelta(days=self.type_id.reminder_days):
            return "valid"
        return "expiring" if self.date_to >= day else "expired"

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        begun = Domain("date_from", "=", False) | Domain("date_from", "<=", today)
        domains = {"future": ~begun, "expired": begun & Domain("date_to", "<", today)}
        if {"valid", "expiring"} & set(value):
            types = self.env["dms.licence.type"].sudo().with_context(active_test=False)  # lengths of notice only
            ends = Domain.OR(record._get_expiring_domain(today) for record in types.search([("reminder_days", ">", 0)]))
            domains["expiring"] = begun & ends
            domains["valid"] = begun & (Domain("date_to", "=", False) | Domain("date_to", ">=", today)) & ~ends
        return Domain.OR(domains[state] for state in value if state in domains)

    @api.model
    def _get_held(self, distributors):
        """``{(distributor, type): dms.licence}`` of the documents on file, valid or not."""
        fields_ = ["partner_id", "type_id", "company_id", "date_from", "date_to"]
        licences = self.search_fetch([("partner_id", "in", distributors.ids), ("active", "=", True)], fields_)
        return licences.grouped(lambda licence: (licence.partner_id, licence.type_id))

    def _is_valid_on(self, day):
        return (not self.date_from or self.date_from <= day) and (not self.date_to or self.date_to >= day)

    @api.model_create_multi
    def create(self, vals_list):
        licences = super().create(vals_list)
        self.env["sale.order"]._dms_trigger_recheck()
        return licences

    def write(self, vals):
        if "date_to" in vals:
            vals = {**vals, "is_reminded": False}
        result = super().write(vals)
        if {"date_from", "date_to", "active", "partner_id", "type_id"} & vals.keys():
            self.env["sale.order"]._dms_trigger_recheck()
        return result

    @api.model
    def _cron_remind_expiring(self):
        """Plan one activity per licence that is about to run out, for the distributor's salesperson."""
        today = fields.Date.context_today(self)
        for licence in self.search([("is_reminded", "=", False), ("date_to", ">=", today)]):
            if licence._get_state(today) == "expiring":
                licence._remind()

    def _remind(self):
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            self.date_to,
            summary=self.env._("%(type)s of %(distributor)s expires", type=self.type_id.name, distributor=self.partner_id.name),
            user_id=self.partner_id.user_id.id or self.create_uid.id,
        )
        self.is_reminded = True
