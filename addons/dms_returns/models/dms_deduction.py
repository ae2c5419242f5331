from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import clean_context

from .dms_claim import OFFICER

ACCOUNTANT = "account.group_account_invoice"
STATES = [("open", "Open"), ("matched", "Matched"), ("refused", "Refused"), ("cancelled", "Cancelled")]
#: states in which a deduction stands against the open amount of its invoice
LIVE = ("open", "matched")


class DmsDeduction(models.Model):
    """A distributor paid less than was invoiced and says why: matched to its claim, split, or refused.

    What was kept back stays receivable until the claim's credit note pays for it. The amount is in company currency, taxes included,
    as it stands on the receivable account. Actions are in `_life`.
    """

    _name = "dms.deduction"
    _description = "Deduction"
    _inherit = ["mail.thread", "mail.activity.mixin", "dms.finite.numbers", "dms.guarded"]
    _order = "id desc"
    _check_company_auto = True

    #: fields people give when they record it; all else follows from the buttons
    _open_fields = frozenset(
        {"company_id", "distributor_id", "invoice_id", "payment_line_id", "amount", "reference", "date", "note", "user_id"}
    )
    #: fields that may be changed later
    _late_fields = frozenset({"reference", "note", "user_id"})

    name = fields.Char("Number", required=True, readonly=True, copy=False, default="New", index="trigram")
    state = fields.Selection(STATES, "Status", required=True, readonly=True, copy=False, default="open", index=True, tracking=True)
    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)
    currency_id = fields.Many2one(related="company_id.currency_id")
    distributor_id = fields.Many2one(
        "res.partner", required=True, index=True, ondelete="restrict", domain=[("is_distributor", "=", True)], tracking=True
    )
    territory_id = fields.Many2one(related="distributor_id.territory_id", store=True, index="btree_not_null")
    invoice_id = fields.Many2one(
        "account.move", "Short-paid Invoice", index="btree_not_null", ondelete="restrict", check_company=True, copy=False, tracking=True
    )
    payment_line_id = fields.Many2one(
        "account.move.line", "Payment", index="btree_not_null", ondelete="restrict", copy=False,
        help="Receivable item of the payment that was short; it tells the invoice where it was set against one that is open.",
    )  # fmt: skip
    amount = fields.Monetary(required=True, tracking=True, help="Kept back, company currency, taxes included.")
    reference = fields.Char("Claim Named", tracking=True, help="What the distributor says it kept back for.")
    date = fields.Date(required=True, default=lambda self: self.env.company._dms_today())
    note = fields.Text("Remark")
    user_id = fields.Many2one("res.users", "Responsible", tracking=True, index="btree_not_null", copy=False)
    claim_id = fields.Many2one("dms.claim", readonly=True, copy=False, index="btree_not_null", ondelete="restrict", tracking=True)
    parent_id = fields.Many2one("dms.deduction", "Split From", readonly=True, copy=False, index="btree_not_null", ondelete="restrict")
    child_ids = fields.One2many("dms.deduction", "parent_id", "Split Into", readonly=True)
    refusal_reason = fields.Char(readonly=True, copy=False, tracking=True, help="The distributor is told.")
    decided_by_id = fields.Many2one("res.users", "Matched or Refused By", readonly=True, copy=False)
    decided_on = fields.Datetime("Matched or Refused On", readonly=True, copy=False)
    is_closed = fields.Boolean("Closed", compute="_compute_is_closed", store=True, help="The claim's credit note has paid for it.")

    _amount_positive = models.Constraint("CHECK(amount > 0)", "A deduction is of more than nothing.")

    @api.depends("state", "claim_id.state")
    def _compute_is_closed(self):
        for deduction in self:
            deduction.is_closed = deduction.state == "matched" and deduction.claim_id.state == "settled"

    # ------------------------------------------------------------ create and write

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_own_fields(vals, self._open_fields)
            self._check_values(vals)
        self._give_numbers(vals_list)
        clean = self.with_env(self.env(context=clean_context(self.env.context)))
        deductions = super(DmsDeduction, clean).create(vals_list)
        if not self.env.su:
            deductions._check_group()
        for deduction in deductions.filtered(lambda row: not row.invoice_id):
            deduction.sudo().invoice_id = deduction._find_invoice()  # of the payment that was named
        deductions._check_open_amount()
        return deductions.with_env(self.env)

    def write(self, vals):
        self._refuse_own_fields(vals, self._late_fields)
        return super().write(vals)

    @api.model
    def _check_values(self, vals):
        """Refuse amounts of nothing and ids of documents that are none, before the database does."""
        amount = vals.get("amount")
        if isinstance(amount, bool) or not isinstance(amount, int | float) or amount <= 0:
            raise UserError(self.env._("Say how much was kept back: it is more than nothing."))
        self._check_known([vals], ("distributor_id", "invoice_id", "payment_line_id"))

    @api.constrains("distributor_id", "company_id", "invoice_id", "payment_line_id")
    def _check_documents(self):
        """Documents of others, drafts, and those that do not exist look the same."""
        for deduction in self.sudo():  # whose they are; nothing is shown
            distributor, company, item = deduction.distributor_id, deduction.company_id, deduction.payment_line_id
            if not distributor.is_distributor:
                raise ValidationError(self.env._("%(name)s is not a distributor.", name=distributor.display_name))
            if deduction.invoice_id and not deduction._is_own_invoice(deduction.invoice_id):
                raise ValidationError(self.env._("Choose a posted invoice of %(name)s.", name=distributor.name))
            own = item.partner_id.commercial_partner_id == distributor and item.company_id == company and item.parent_state == "posted"
            if item and not (own and item.account_type == "asset_receivable" and item.balance < 0):
                raise ValidationError(self.env._("Choose the receivable item of a posted payment of %(name)s.", name=distributor.name))

    def _is_own_invoice(self, move):
        own = move.commercial_partner_id == self.distributor_id and move.company_id == self.company_id
        return own and move.move_type == "out_invoice" and move.state == "posted"

    def _find_invoice(self):
        """The one open invoice that the payment was set against.

        :raise UserError: where there is none, or more than one
        """
        item = self.sudo().payment_line_id  # allocations of the payment that was named
        invoices = item.matched_debit_ids.debit_move_id.move_id.filtered(
            lambda move: self._is_own_invoice(move) and move.amount_residual > 0
        )
        if len(invoices) != 1:
            raise UserError(self.env._("Name the invoice that was not paid in full."))
        return invoices

    # ------------------------------------------------------------ limit

    def _check_open_amount(self):
        """Deductions of an invoice never exceed what of it is open, also where two people record them at once.

        :raise UserError: naming what is left
        """
        locks = self.env["dms.limit.lock"]
        keys = {invoice: ("dms.deduction", invoice.company_id.id, invoice.id) for invoice in self.sudo().invoice_id}  # locks on them
        locks._lock(set(keys.values()))
        raced = locks._get_raced(list(keys.values()))
        for invoice, key in keys.items():
            asked = sum(self.filtered(lambda row, invoice=invoice: row.invoice_id == invoice).mapped("amount"))
            left = invoice.amount_residual_signed - self._get_standing(invoice) - raced.get(key, 0.0)
            if invoice.company_currency_id.compare_amounts(asked, left) > 0:
                left = invoice.company_currency_id.format(max(left, 0.0))
                raise UserError(self.env._("%(invoice)s: only %(left)s of it are open.", invoice=invoice.name, left=left))
            locks._commit({key: asked})

    def _get_standing(self, invoice):
        """What other deductions keep back of an invoice; those that were paid for are no longer in what is open."""
        domain = [("invoice_id", "=", invoice.id), ("state", "in", LIVE), ("is_closed", "=", False), ("id", "not in", self.ids)]
        return self.sudo()._read_group(domain, [], ["amount:sum"])[0][0] or 0.0  # the sum of all on this invoice

    def _check_group(self):
        """Claims officers and accountants deal with deductions."""
        self.check_access("read")
        if not self.env.su and not any(self.env.user.has_group(group) for group in (OFFICER, ACCOUNTANT)):
            raise AccessError(self.env._("Deductions are dealt with by claims officers and accountants."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A deduction is cancelled, not deleted."))
