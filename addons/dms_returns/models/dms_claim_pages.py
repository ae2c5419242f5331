from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import format_date

from odoo.addons.dms_orders.engine.errors import IntakeError
from odoo.addons.dms_orders.engine.numbers import parse_quantity

from .dms_case import MAX_NOTE

#: what a claim of each kind is made of in the portal: rows of a delivery, of an invoice, benefits of schemes, or one sum
MADE_OF = {"shortage": "delivery", "transit_damage": "delivery", "price_difference": "invoice", "scheme": "benefits", "spend": "sum"}
MAX_OFFERED, MAX_REFERENCE = 200, 64


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

    def _prepare_portal_values(self):
        """Beside the values of every case its lines and amounts."""
        money = self.currency_id.format
        is_decided = self.state in ("approved", "settled")
        return {
            **super()._prepare_portal_values(),
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
    def _get_portal_types(self, company):
        """``dms.claim.type`` records that distributors may start a claim of."""
        domain = [("is_portal", "=", True), ("company_id", "in", [False, company.id]), ("kind", "in", list(MADE_OF))]
        return self.env["dms.claim.type"].search(domain)

    @api.model
    def _prepare_portal_types(self, company):
        """``[{"id", "name", "made_of", "evidence_required", "evidence": [...]}]``."""
        return [
            {
                "id": kind.id,
                "name": kind.name,
                "made_of": MADE_OF[kind.kind],
                "window_days": kind.window_days,
                "evidence_required": kind.evidence_required,
                "evidence": [self._prepare_portal_evidence_type(evidence) for evidence in kind.evidence_type_ids],
            }
            for kind in self._get_portal_types(company)
        ]

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
    def _create_in_portal(self, claim_type, document, offer, values):
        """A draft of what was typed into the form, for the user's own distributor.

        :param list offer: rows of :meth:`_prepare_portal_offer`, made anew: what they do not have is ignored
        :param dict values: texts ``reference``, ``note``, ``amount``, and by key of a row ``quantities``, ``amounts``, ``chosen`` (a set)
        :return: the draft with full rights
        :raise UserError: a sentence for the form
        """
        distributor = self.env["dms.portal"]._get_distributor()
        lines = [line for row in offer if (line := self._read_portal_line(row, values))]
        made_of = MADE_OF[claim_type.kind]
        if made_of != "sum" and not lines:
            raise UserError(self.env._("Say for at least one row what you claim."))
        document_field = {"stock.picking": "picking_id", "account.move": "invoice_id"}.get(document._name if document else "")
        claims = self.sudo()  # a draft of the user's own distributor
        return claims.create(
            {
                "distributor_id": distributor.id,
                "claim_type_id": claim_type.id,
                "reference": values["reference"][:MAX_REFERENCE] or False,
                "note": values["note"][:MAX_NOTE] or False,
                **({document_field: document.id} if document_field else {}),
                **(
                    {"line_ids": [Command.create(line) for line in lines]}
                    if lines
                    else {"amount_claimed": self._read_amount(values["amount"])}
                ),
            }
        )

    def _read_portal_line(self, row, values):
        """Values of a line, or None where nothing of the row is claimed."""
        source = {"source_model": row["model"], "source_id": row["id"], "product_id": row["product_id"], "lot_id": row["lot_id"]}
        label = {"name": " ".join(filter(None, (row["name"], row["lot"])))}
        if row["amount"] is not None:
            return {**source, **label, "amount_claimed": row["amount"]} if row["key"] in values["chosen"] else None
        quantity = self._read_amount(values["quantities"].get(row["key"], ""))
        amount = self._read_amount(values["amounts"].get(row["key"], ""))
        if quantity and row["most"] is not None and quantity > row["most"]:
            raise UserError(
                self.env._("%(product)s: it was only %(most)s %(unit)s.", product=row["name"], most=row["detail"], unit=row["unit"])
            )
        if not amount and quantity:
            source_line = self.env[row["model"]].sudo().browse(row["id"])  # a row of the offer: the distributor's own
            amount = self.env.company.currency_id.round(source_line._dms_get_claim_price(quantity, {})[1] * quantity)
        return {**source, **label, "quantity": quantity, "amount_claimed": amount} if amount else None

    def _read_amount(self, text):
        """A typed number, 0 where nothing was typed."""
        if not text.strip("0").strip(".,").strip("0"):
            return 0.0
        try:
            return float(parse_quantity(text))
        except IntakeError as error:
            raise UserError(self.env._("“%(text)s” is no number. Write one such as 2 or 12.50.", text=text[:20])) from error


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
            "most": self.quantity_product_uom,
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
            "most": None,
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
            "most": None,
            "amount": self.open_amount,
        }
