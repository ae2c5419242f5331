from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import format_date

#: what a claim of each kind is made of in the portal: rows of a delivery, of an invoice, benefits of schemes, or one sum
MADE_OF = {"shortage": "delivery", "transit_damage": "delivery", "price_difference": "invoice", "scheme": "benefits", "spend": "sum"}
MAX_OFFERED = 200


class DmsClaim(models.Model):
    """Claims in the portal: their words, what a form offers, what it makes."""

    _inherit = "dms.claim"

    @api.model
    def _get_portal_states(self):
        _ = self.env._
        return {
            "draft": (_("Not sent"), _("This claim is not sent yet."), "warning"),
            "submitted": (_("Sent"), _("We look at it and answer here."), "info"),
            "under_review": (_("In review"), _("We are checking it and answer here."), "info"),
            "approved": (_("Approved"), _("Your credit note follows."), "primary"),
            "settled": (_("Credited"), _("You have your credit note."), "success"),
            "rejected": (_("Refused"), _("We could not accept this claim."), "danger"),
            "cancelled": (_("Withdrawn"), _("This claim counts no more."), "neutral"),
        }

    def _get_portal_subject(self):
        return self.claim_type_id.name

    def _get_portal_amount(self):
        return self.amount_approved if self.state in ("approved", "settled") else self.amount_claimed

    def _may_portal_cancel(self):
        return self.state in ("draft", "submitted", "under_review")

    def _get_portal_findings(self):
        return self._get_findings()

    def _get_portal_refunds(self):
        return self.refund_id.filtered(lambda move: move.state == "posted")

    def _submit_own(self):
        self.env["dms.portal"]._check_own(self)
        self.action_submit()

    def _cancel_own(self):
        self.env["dms.portal"]._check_own(self)
        self.action_cancel()

    def _prepare_portal_page(self):
        """Beside the values of every case its lines and amounts."""
        self.env["dms.portal"]._fetch_children(self, "line_ids")
        money = self.currency_id.format
        is_decided = self.state in ("approved", "settled")
        return {
            **super()._prepare_portal_page(),
            "reference": self.reference or "",
            "invoice": self.invoice_id.name or "",
            "invoice_url": f"/my/dms/invoices/{self.invoice_id.id}/pdf" if self.invoice_id else "",
            "delivery": self.picking_id.name or "",
            "claimed": money(self.amount_claimed),
            "calculated": money(self.amount_calculated) if self.amount_calculated else "",
            "approved": money(self.amount_approved) if is_decided else "",
            "is_decided": is_decided,
            "lines": [line._prepare_portal_values(is_decided) for line in self.line_ids],
        }

    # ------------------------------------------------------------ form

    @api.model
    def _get_page_types(self, company):
        """Types of claims that have a form in the portal, with full rights."""
        return self._get_portal_types(company).filtered(lambda row: row.kind in MADE_OF)

    @api.model
    def _prepare_portal_type(self, claim_type):
        """``{"id", "name", "made_of", "window_days", "evidence_required", "evidence": [...]}``."""
        return {
            "id": claim_type.id,
            "name": claim_type.name,
            "made_of": MADE_OF[claim_type.kind],
            "window_days": claim_type.window_days,
            "evidence_required": claim_type.evidence_required,
            "evidence": [self._prepare_portal_evidence_type(evidence) for evidence in claim_type.evidence_type_ids],
        }

    @api.model
    def _prepare_portal_offer(self, distributor, claim_type, document):
        """What a claim of this type may be about.

        :param document: a delivery or invoice with full rights, checked to be the distributor's own, or None
        :return: ``[{"key", "model", "id", "product_id", "lot_id", "name", "code", "lot", "detail", "unit", "most": float or None,
            "amount": float or None}]``; ``amount`` is claimed as it is
        """
        made_of = MADE_OF[claim_type.kind]
        if made_of == "benefits":
            accruals = self.env["dms.scheme.accrual"].search(
                [
                    ("distributor_id", "=", distributor.id),
                    ("company_id", "=", self.env.company.id),
                    ("state", "=", "open"),
                    ("open_amount", ">", 0),
                ],
                limit=MAX_OFFERED,
            )
            return [accrual._prepare_dms_claim_offer() for accrual in accruals]
        if made_of == "sum" or not document:
            return []
        rows = document._dms_leaving_lines() if made_of == "delivery" else document.invoice_line_ids.filtered(lambda line: line.product_id)
        return [row._prepare_dms_claim_offer() for row in rows[:MAX_OFFERED]]

    @api.model
    def _create_from_page(self, claim_type, document, offer, typed):
        """A draft of what was typed into the form, for the user's own distributor.

        :param list offer: rows of :meth:`_prepare_portal_offer`, made anew: what they do not have is ignored
        :param dict typed: texts ``reference``, ``note``, ``amount``, and by key of a row ``quantities``, ``amounts``, ``chosen`` (a set)
        :return: the draft with the user's own rights
        :raise UserError: a sentence for the form
        """
        lines = [line for row in offer if row["amount"] is None and (line := self._read_offered(row, typed))]
        chosen = [row["id"] for row in offer if row["amount"] is not None and row["key"] in typed["chosen"]]
        if MADE_OF[claim_type.kind] != "sum" and not lines and not chosen:
            raise UserError(self.env._("Say for at least one row what you claim."))
        field = {"stock.picking": "picking_id", "account.move": "invoice_id"}.get(document._name if document else "")
        values = {name: typed[name] for name in ("reference", "note", "amount")}
        values |= {"claim_type_id": claim_type.id, "accrual_ids": chosen, "lines": lines, **({field: document.id} if field else {})}
        return self._portal_create(self.env["dms.portal"]._get_distributor(), values)

    @api.model
    def _read_offered(self, row, typed):
        """What was typed for a row, or None where nothing of it is claimed."""
        texts = {"quantity": typed["quantities"].get(row["key"], ""), "amount": typed["amounts"].get(row["key"], "")}
        said = {name: text for name, text in texts.items() if text.strip("0").strip(".,").strip("0")}
        return {"id": row["id"], **said} if said else None


class DmsClaimLine(models.Model):
    _inherit = "dms.claim.line"

    def _prepare_portal_values(self, is_decided):
        """One line of the page of a claim."""
        money = self.currency_id.format
        return {
            "name": self.name or self.product_id.display_name or self.claim_type_id.name,
            "lot": self.lot_id.name or "",
            "quantity": self.env["dms.portal"]._format_quantity(self.quantity) if self.quantity else "",
            "unit": self.product_id.uom_id.name or "",
            "claimed": money(self.amount_claimed),
            "calculated": money(self.amount_calculated) if self.amount_calculated else "",
            "approved": money(self.amount_approved) if is_decided else "",
            "is_less": is_decided and self.amount_approved < self.amount_claimed,
        }


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    def _prepare_dms_claim_offer(self):
        return {
            "key": f"d{self.id}",
            "model": self._name,
            "id": self.id,
            "product_id": self.product_id.id,
            "lot_id": self.lot_id.id,
            "name": self.product_id.name,
            "code": self.product_id.default_code or "",
            "lot": self.lot_id.name or "",
            "detail": self.env["dms.portal"]._format_quantity(self.quantity_product_uom),
            "unit": self.product_id.uom_id.name,
            "amount": None,
        }


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _prepare_dms_claim_offer(self):
        return {
            "key": f"i{self.id}",
            "model": self._name,
            "id": self.id,
            "product_id": self.product_id.id,
            "lot_id": False,
            "name": self.product_id.name,
            "code": self.product_id.default_code or "",
            "lot": "",
            "detail": self.currency_id.format(self.price_subtotal),
            "unit": self.product_uom_id.name or "",
            "amount": None,
        }


class DmsSchemeAccrual(models.Model):
    _inherit = "dms.scheme.accrual"

    def _prepare_dms_claim_offer(self):
        return {
            "key": f"a{self.id}",
            "model": self._name,
            "id": self.id,
            "product_id": False,
            "lot_id": False,
            "name": self.scheme_id.name,
            "code": "",
            "lot": "",
            "detail": self.currency_id.format(self.open_amount),
            "unit": " – ".join(format_date(self.env, day) for day in (self.date_from, self.date_to) if day),
            "amount": self.open_amount,
        }
