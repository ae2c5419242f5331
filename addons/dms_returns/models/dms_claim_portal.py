from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from odoo.addons.dms_orders.engine.errors import IntakeError
from odoo.addons.dms_orders.engine.numbers import parse_quantity

from .dms_case import MAX_NOTE

MAX_ID, MAX_LINES, MAX_REFERENCE = 2**31 - 1, 200, 64


class DmsClaim(models.Model):
    """What pages of the portal call: text values of a form, for the own distributor alone."""

    _inherit = "dms.claim"

    @api.model
    def _portal_create(self, distributor, values):
        """A draft from the values of a form.

        :param distributor: the commercial partner; for a portal user its own, whose account is open
        :param dict values: texts: ``claim_type_id``, one of ``invoice_id``, ``picking_id`` and ``accrual_ids`` (list) or none of them,
            ``amount`` (of the claim as a whole), ``reference``, ``note``, and ``lines``, a list of ``{"id", "quantity", "amount"}`` with
            ids of lines of that invoice or delivery; an amount left out is what is calculated. Other keys are ignored
        :return: the draft with the user's own rights; it is sent by ``action_submit()``
        :raise AccessError: for a distributor that is not the user's own
        :raise UserError: a sentence for what cannot be read or is not the distributor's
        """
        self._check_claimant(distributor)
        claims = self._with_full_rights()
        claim = claims.create(claims._prepare_portal_values(distributor, values))
        for line in claim.line_ids.filtered(lambda line: not line.amount_claimed):
            line.amount_claimed = line.amount_calculated
        return claim.with_env(self.env)

    @api.model
    def _check_claimant(self, distributor):
        portal, user = self.env["dms.portal"], self.env.user
        if not distributor or (user.share and not (distributor == portal._get_distributor() and portal._is_open(distributor))):
            raise AccessError(self.env._("Your account cannot send claims. Please contact us."))

    @api.model
    def _prepare_portal_values(self, distributor, values):
        claim_type = self._find_portal_type(values.get("claim_type_id"))
        lines = self._read_portal_lines(claim_type, values)
        amount = values.get("amount")
        accruals = [self._read_id(value) for value in self._read_list(values.get("accrual_ids"))]
        return {
            "distributor_id": distributor.id,
            "company_id": self.env.company.id,
            "claim_type_id": claim_type.id,
            "invoice_id": self._read_id(values.get("invoice_id")) or False,
            "picking_id": self._read_id(values.get("picking_id")) or False,
            "accrual_ids": [Command.set(self._get_known("dms.scheme.accrual", accruals).ids)],
            "reference": self._read_text(values.get("reference"), MAX_REFERENCE),
            "note": self._read_text(values.get("note"), MAX_NOTE),
            "line_ids": [Command.create(line) for line in lines],
            **({"amount_claimed": self._read_amount(amount)} if amount and not lines else {}),
        }

    @api.model
    def _get_portal_types(self, company=None):
        """Types of claims that distributors may start, with full rights."""
        company = company or self.env.company
        domain = [("is_portal", "=", True), ("company_id", "in", [False, company.id])]
        return self.env["dms.claim.type"].sudo().search(domain)  # names and terms that are meant for distributors

    @api.model
    def _find_portal_type(self, value):
        found = self._get_portal_types().filtered(lambda row: row.id == self._read_id(value))
        if not found:
            raise UserError(self.env._("Choose what the claim is for."))
        return found

    # ------------------------------------------------------------ lines

    @api.model
    def _read_portal_lines(self, claim_type, values):
        """Values of lines; an id is looked up among the lines of the invoice or delivery named, so a foreign one is unknown."""
        source_model = "stock.move.line" if self._read_id(values.get("picking_id")) else "account.move.line"
        parent = "picking_id" if source_model == "stock.move.line" else "move_id"
        parent_id = self._read_id(values.get("picking_id") or values.get("invoice_id"))
        lines = [line for line in self._read_list(values.get("lines")) if isinstance(line, dict)]
        rows = self._get_known(source_model, [self._read_id(line.get("id")) for line in lines])
        known = {row.id: row for row in rows if row[parent].id == parent_id and parent_id}
        return [self._prepare_portal_line(known.get(self._read_id(line.get("id"))), line) for line in lines]

    @api.model
    def _prepare_portal_line(self, row, line):
        if not row:
            raise UserError(self.env._("A line is none of this document: reload the page and choose again."))
        quantity, amount = line.get("quantity"), line.get("amount")
        return {
            "name": row.product_id.display_name,
            "source_model": row._name,
            "source_id": row.id,
            "product_id": row.product_id.id,
            "lot_id": row.lot_id.id if row._name == "stock.move.line" else False,
            "quantity": self._read_amount(quantity) if quantity else 0.0,
            "amount_claimed": self._read_amount(amount) if amount else 0.0,
        }

    # ------------------------------------------------------------ reading

    @api.model
    def _read_amount(self, value):
        """A number > 0 from a text or number.

        :raise UserError: for everything else, and for what can be read in two ways
        """
        try:
            return float(parse_quantity(str(value) if isinstance(value, int | float | str) else ""))
        except IntakeError as error:
            if error.code == "quantity_ambiguous":
                raise UserError(self.env._("A number can be read in two ways: write it without separators, like 1500.00.")) from error
            raise UserError(self.env._("Enter amounts and quantities as numbers, more than 0.")) from error

    @api.model
    def _read_list(self, value):
        rows = value if isinstance(value, list | tuple) else []
        if len(rows) > MAX_LINES:
            raise UserError(self.env._("Claim at most %(most)s lines at once.", most=MAX_LINES))
        return [row for row in rows if isinstance(row, dict | int | str)]

    @api.model
    def _read_id(self, value):
        """A positive id as number or digits, else 0."""
        text = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 11 and int(text) <= MAX_ID else 0

    @api.model
    def _read_text(self, value, most):
        return value.replace("\0", "").strip()[:most] if isinstance(value, str) else False
