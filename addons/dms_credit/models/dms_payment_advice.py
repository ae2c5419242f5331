import unicodedata

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import format_date

#: largest amount taken for a transfer, in any currency
MAX_AMOUNT = 1e13
MAX_REFERENCE, MAX_NOTE = 100, 2000
LIVE_STATES = ("submitted", "matched")
#: what the maker of a notice may still correct while it waits; all else is the notice's own
OPEN_FIELDS = {"distributor_id", "date", "amount", "currency_id", "reference", "note", "invoice_ids"}
#: equal in these two notices look like one transfer told twice
TRANSFER_FIELDS = ("company_id", "distributor_id", "amount", "currency_id", "date")


class DmsPaymentAdvice(models.Model):
    """A distributor's notice of a bank transfer, until the accountant finds the payment it announces.

    What the distributor said is never rewritten by anybody else: the notice is matched, rejected with a reason, or
    cancelled. Where things are: what it says here, how it comes in and its proof in `_submit`, the payment in `_match`,
    its other ends, who decides and what the distributor reads of it in `_decide`.
    """

    _name = "dms.payment.advice"
    _description = "Payment Advice"
    _inherit = ["mail.thread.main.attachment", "mail.activity.mixin", "dms.portal.proof", "dms.own.company"]
    _order = "date desc, id desc"
    _rec_names_search = ["name", "reference"]
    _check_company_auto = True

    name = fields.Char("Number", required=True, readonly=True, copy=False, default="New", index="trigram")
    distributor_id = fields.Many2one(
        "res.partner",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain=[("is_distributor", "=", True)],
        tracking=True,
    )
    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)
    account_id = fields.Many2one(
        "dms.credit.account", "Credit Account", compute="_compute_account_id", groups="dms_credit.group_credit_reader"
    )
    territory_id = fields.Many2one(related="distributor_id.territory_id", store=True, index="btree_not_null", groups="base.group_user")
    date = fields.Date(
        "Date of Transfer",
        required=True,
        default=lambda self: self.env.company._dms_today(),
        help="Day the distributor's bank was told to pay.",
    )
    amount = fields.Monetary(required=True, tracking=True)
    currency_id = fields.Many2one("res.currency", required=True, default=lambda self: self.env.company.currency_id)
    company_currency_id = fields.Many2one(related="company_id.currency_id", string="Company Currency", groups="base.group_user")
    amount_company = fields.Monetary(
        "Amount in Company Currency",
        compute="_compute_amount_company",
        store=True,
        precompute=True,
        currency_field="company_currency_id",
        groups="base.group_user",
        help="At the rate of the day of the transfer.",
    )
    reference = fields.Char(required=True, tracking=True, help="As it stands in the transfer, so that it is found on the bank statement.")
    reference_key = fields.Char(
        compute="_compute_reference_key", store=True, precompute=True, groups="base.group_user", help="Letters and digits of the reference."
    )
    note = fields.Text(help="Remark of the distributor, or for it.")
    invoice_ids = fields.Many2many(
        "account.move",
        "dms_payment_advice_invoice_rel",
        "advice_id",
        "invoice_id",
        "Invoices",
        copy=False,
        check_company=True,
        help="Open invoices that the transfer is to pay.",
    )
    proof_ids = fields.Many2many(
        "ir.attachment", "dms_payment_advice_proof_rel", "advice_id", "attachment_id",
        readonly=True, copy=False, groups="base.group_user", help="Sent by the distributor with the notice.",
    )  # fmt: skip
    # of the mixins, and not for the portal
    message_main_attachment_id = fields.Many2one(groups="base.group_user")
    activity_exception_decoration = fields.Selection(groups="base.group_user")
    activity_exception_icon = fields.Char(groups="base.group_user")
    activity_type_icon = fields.Char(groups="base.group_user")
    state = fields.Selection(
        [("submitted", "Submitted"), ("matched", "Matched"), ("rejected", "Rejected"), ("cancelled", "Cancelled")],
        "Status",
        required=True,
        readonly=True,
        copy=False,
        default="submitted",
        index=True,
        tracking=True,
    )
    is_from_portal = fields.Boolean("Sent by the Distributor", readonly=True, copy=False)
    payment_id = fields.Many2one(
        "account.payment",
        index="btree_not_null",
        readonly=True,
        copy=False,
        ondelete="restrict",
        check_company=True,
        tracking=True,
        groups="account.group_account_readonly,account.group_account_invoice",
    )
    matched_by_id = fields.Many2one("res.users", readonly=True, copy=False, groups="base.group_user")
    matched_on = fields.Datetime(readonly=True, copy=False)
    rejection_reason = fields.Char(readonly=True, copy=False, help="The distributor reads this.")
    duplicate_of_id = fields.Many2one(
        "dms.payment.advice",
        "Likely Duplicate Of",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups="base.group_user",
        help="An earlier notice of the same amount, currency and date with another reference.",
    )
    can_edit = fields.Boolean(compute="_compute_can_edit", groups="base.group_user")

    _amount_range = models.Constraint(
        "CHECK(amount > 0 AND amount <= 10000000000000)", "The amount of a transfer is above zero and not beyond all measure."
    )
    _one_live_per_reference = models.UniqueIndex(
        "(company_id, distributor_id, reference_key) WHERE state IN ('submitted', 'matched')",
        "This transfer was announced already, under the same reference.",
    )
    _one_per_payment = models.UniqueIndex(
        "(payment_id) WHERE payment_id IS NOT NULL", "This payment is matched to another notice already: reload and choose again."
    )

    # ------------------------------------------------------------ computed

    @api.depends("distributor_id", "company_id")
    def _compute_account_id(self):
        domain = [("partner_id", "in", self.distributor_id.ids), ("company_id", "in", self.company_id.ids)]
        accounts = self.env["dms.credit.account"].sudo().search(domain)  # which account it is; read with the reader's rights
        by_key = {(account.partner_id, account.company_id): account.id for account in accounts}
        for advice in self:
            advice.account_id = by_key.get((advice.distributor_id, advice.company_id))

    @api.depends("amount", "currency_id", "company_id", "date")
    def _compute_amount_company(self):
        for advice in self:
            company, day = advice.company_id, advice.date or fields.Date.context_today(advice)
            same = not advice.currency_id or not company or advice.currency_id == company.currency_id
            advice.amount_company = advice.amount if same else advice.currency_id._convert(advice.amount, company.currency_id, company, day)

    @api.depends("reference")
    def _compute_reference_key(self):
        for advice in self:
            advice.reference_key = self._normalise(advice.reference)

    @api.depends("state", "is_from_portal", "create_uid")
    @api.depends_context("uid")
    def _compute_can_edit(self):
        for advice in self:
            advice.can_edit = not advice.id or advice._is_editable()

    def _is_editable(self):
        """A notice that waits is corrected by who entered it; what a distributor sent stands as it was sent."""
        return self.state == "submitted" and not self.is_from_portal and self.sudo().create_uid == self.env.user  # who entered it

    @api.model
    def _normalise(self, reference):
        """Letters and digits alone, in one case: banks add blanks, dashes and capitals as they please."""
        text = unicodedata.normalize("NFKC", reference or "").casefold()
        return "".join(char for char in text if char.isalnum())

    # ------------------------------------------------------------ what a notice may say

    @api.constrains("distributor_id")
    def _check_distributor_id(self):
        for advice in self:
            if not advice.distributor_id.is_distributor:
                raise ValidationError(self.env._("%(name)s is not a distributor.", name=advice.distributor_id.display_name))

    @api.constrains("date")
    def _check_date(self):
        for advice in self:
            self._check_day(advice.date, advice.company_id)

    @api.model
    def _check_day(self, day, company):
        today = company._dms_today()
        if day > today + relativedelta(days=1):
            raise ValidationError(self.env._("The date of the transfer lies in the future: give the day it was made."))
        if day < today - relativedelta(years=2):
            raise ValidationError(self.env._("The transfer is older than two years: please write to us about it instead."))

    @api.constrains("currency_id")
    def _check_currency_id(self):
        for advice in self:
            if advice.currency_id not in self._get_currencies(advice.company_id):
                raise ValidationError(
                    self.env._("There is no exchange rate for %(currency)s: choose another currency.", currency=advice.currency_id.name)
                )

    @api.constrains("invoice_ids", "distributor_id", "company_id")
    def _check_invoice_ids(self):
        for advice in self:
            invoices = advice.invoice_ids.sudo()  # whose they are and whether posted; nothing is returned
            if any(move.company_id != advice.company_id or not advice._is_own_invoice(move) for move in invoices):
                raise ValidationError(self.env._("Choose among the posted invoices of %(name)s.", name=advice.distributor_id.display_name))

    def _is_own_invoice(self, move):
        return move.commercial_partner_id == self.distributor_id and move.move_type == "out_invoice" and move.state == "posted"

    @api.model
    def _get_currencies(self, company):
        """Currencies a notice may be in: the company's own, and the active ones it has an exchange rate for."""
        currencies = self.env["res.currency"].sudo()  # names and whether there are rates
        rated = currencies.search([("rate_ids", "any", [("company_id", "in", [False, company.root_id.id])])])
        return (company.currency_id.sudo() | rated).with_env(self.env)

    @api.model
    def _get_open_invoice_domain(self, distributor, company):
        """Invoices a notice of this distributor may name."""
        return [
            ("commercial_partner_id", "=", distributor.id),
            ("company_id", "=", company.id),
            ("move_type", "=", "out_invoice"),
            ("state", "=", "posted"),
            ("payment_state", "in", ("not_paid", "partial")),
        ]

    # ------------------------------------------------------------ create and write

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [self._prepare_advice_values(vals) for vals in vals_list]
        advices = super().create(vals_list)
        advices._check_open(advices.invoice_ids)
        advices._mark_duplicates()
        return advices

    def _prepare_advice_values(self, vals):
        """Values as they are stored; what is the notice's own is set here, whatever values and context say."""
        if not self.env.su:
            self._refuse_own_fields(vals, OPEN_FIELDS | {"company_id"})
            own = {"state": "submitted", "payment_id": False, "matched_by_id": False, "matched_on": False, "proof_ids": False}
            vals = {**vals, **own, "name": "New", "is_from_portal": False, "rejection_reason": False, "duplicate_of_id": False}
        vals = self._clean({**self.default_get(sorted(OPEN_FIELDS - vals.keys())), **vals})
        company = vals.get("company_id") or self.env.company.id
        if vals.get("state", "submitted") in LIVE_STATES:
            self.browse()._refuse_repeated(company, vals.get("distributor_id"), vals.get("reference"))
        if vals.get("name", "New") == "New":
            vals["name"] = self.env["ir.sequence"].sudo().next_by_code("dms.payment.advice") or "New"  # the number only
        return vals

    def write(self, vals):
        if not self.env.su:
            self._refuse_own_fields(vals, OPEN_FIELDS)
            if OPEN_FIELDS & vals.keys() and not all(advice._is_editable() for advice in self):
                raise UserError(self.env._("A notice is corrected by who entered it, while it waits. Reject it and have it sent again."))
        vals = self._clean(vals)
        if {"reference", "distributor_id"} & vals.keys():
            for advice in self:
                distributor_id = vals.get("distributor_id", advice.distributor_id.id)
                advice._refuse_repeated(advice.company_id.id, distributor_id, vals.get("reference", advice.reference))
        before = {advice: advice.invoice_ids for advice in self} if "invoice_ids" in vals else {}
        result = super().write(vals)
        for advice, invoices in before.items():
            advice._check_open(advice.invoice_ids - invoices)
        if set(TRANSFER_FIELDS) & vals.keys():
            self._mark_duplicates()
        return result

    def _refuse_own_fields(self, vals, allowed):
        mixins = self.env["mail.thread.main.attachment"]._fields.keys() | self.env["mail.activity.mixin"]._fields.keys()
        if (self._fields.keys() - mixins) & vals.keys() - allowed:
            raise AccessError(self.env._("Match, reject or cancel a notice by its buttons; it cannot be written directly."))

    @api.model
    def _clean(self, vals):
        vals = dict(vals)
        if "amount" in vals:
            vals["amount"] = self._check_amount(vals["amount"])
        if "reference" in vals:
            vals["reference"] = self._check_reference(vals["reference"])
        return vals

    @api.model
    def _check_amount(self, amount):
        """The amount as a number, above zero and finite."""
        is_number = isinstance(amount, (int, float)) and not isinstance(amount, bool)
        if not is_number or not 0 < amount <= MAX_AMOUNT:  # neither is true of NaN
            raise UserError(self.env._("Give the amount of the transfer as a number above zero."))
        return amount

    @api.model
    def _check_reference(self, reference):
        """The reference without needless blanks; one without a letter or digit cannot be found on any statement."""
        text = " ".join(reference.replace("\0", "").split()) if isinstance(reference, str) else ""
        if not self._normalise(text):
            raise UserError(self.env._("Give the reference as it stands in the transfer: the invoice numbers, say."))
        if len(text) > MAX_REFERENCE:
            raise UserError(self.env._("The reference is longer than %(limit)s characters.", limit=MAX_REFERENCE))
        return text

    def _check_open(self, invoices):
        """Invoices that are newly named have something left to pay; those named before may be paid meanwhile."""
        paid = invoices.sudo().filtered(lambda move: move.payment_state not in ("not_paid", "partial"))  # numbers of its own invoices
        if paid:
            raise UserError(self.env._("Nothing is left to pay of %(invoices)s.", invoices=", ".join(paid.mapped("name"))))

    # ------------------------------------------------------------ told twice

    def _refuse_repeated(self, company_id, distributor_id, reference):
        """Refuse a second live notice under one reference, by a sentence that names the first.

        Of two at once the unique index refuses the later.
        """
        domain = [
            ("company_id", "=", company_id),
            ("distributor_id", "=", distributor_id),
            ("reference_key", "=", self._normalise(reference)),
            ("state", "in", LIVE_STATES),
            ("id", "not in", self.ids),
        ]
        first = self.sudo().search(domain, order="id", limit=1)  # a notice of the same distributor
        if first:
            raise UserError(
                self.env._(
                    "The transfer “%(reference)s” was announced already: %(name)s of %(date)s over %(amount)s.",
                    reference=first.reference,
                    name=first.name,
                    date=format_date(self.env, first.date),
                    amount=first.currency_id.format(first.amount),
                )
            )

    def _mark_duplicates(self):
        """Point each notice that waits to an earlier one of the same transfer, and forget what is no longer so."""
        advices = self.sudo()  # hints among notices of one distributor, written by this model alone
        for advice in advices | advices.search([("duplicate_of_id", "in", self.ids)]):
            domain = [(name, "=", advice[name].id if name.endswith("_id") else advice[name]) for name in TRANSFER_FIELDS]
            earlier = advices.search([*domain, ("state", "in", LIVE_STATES), ("id", "<", advice.id)], order="id", limit=1)
            if advice.duplicate_of_id != earlier:
                advice.duplicate_of_id = earlier
