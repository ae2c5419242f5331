from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command

from odoo.addons.dms_orders.engine.errors import IntakeError
from odoo.addons.dms_orders.engine.numbers import parse_quantity

from .dms_case import MAX_NOTE

#: lines of a delivery or invoice that the form offers
MAX_OFFERED = 200


class DmsReturn(models.Model):
    """Returns in the portal: their words, what a form offers, what it makes."""

    _inherit = "dms.return"

    @api.model
    def _get_portal_states(self):
        _ = self.env._
        return {
            "draft": (_("Not sent"), _("This return is not sent yet."), "warning"),
            "submitted": (_("Sent"), _("We look at it and answer here."), "info"),
            "approved": (_("Approved"), _("Please send the goods to the address on this page."), "primary"),
            "received": (_("Arrived"), _("The goods are here; we check them."), "info"),
            "inspected": (_("Checked"), _("We have checked the goods. What you get for them follows."), "info"),
            "settled": (_("Settled"), _("This return is done."), "success"),
            "rejected": (_("Refused"), _("We could not accept this return."), "danger"),
            "cancelled": (_("Cancelled"), _("This return counts no more."), "neutral"),
        }

    def _get_portal_subject(self):
        return ", ".join(self.line_ids.reason_id.mapped("name"))

    def _get_portal_amount(self):
        return self.credit_amount if self.resolution == "credit" and self.credit_amount else None

    def _may_portal_cancel(self):
        return self.state in ("draft", "submitted") or self.state == "approved" and not any(self.line_ids.mapped("received_qty"))

    def _get_portal_findings(self):
        return self._get_submit_findings()

    def _get_portal_refunds(self):
        return self.refund_ids.filtered(lambda move: move.state == "posted" and move.move_type == "out_refund")

    def _prepare_portal_page(self):
        """Beside the values of every case its lines and where they are sent."""
        self.env["dms.portal"]._fetch_children(self, "line_ids", "picking_ids", "refund_ids")
        values = super()._prepare_portal_page()
        decided = self.state not in ("draft", "submitted", "cancelled")
        return {
            **values,
            "resolution": dict(self._fields["resolution"]._description_selection(self.env))[self.resolution],
            "is_decided": decided,
            "is_arrived": self.state in ("received", "inspected", "settled"),
            "is_inspected": self.state in ("inspected", "settled"),
            "lines": [line._prepare_portal_values() for line in self.line_ids],
            "destinations": [
                {"name": place["name"], "lines": place["partner"]._dms_portal_address_lines()} for place in self._get_destinations()
            ]
            if self.state == "approved"
            else [],
        }

    # ------------------------------------------------------------ form

    @api.model
    def _prepare_portal_reasons(self, company):
        """Reasons the form offers: ``[{"id", "name", "window_days", "goods_required", "evidence_required", "evidence": [...]}]``."""
        domain = [("company_id", "in", [False, company.id])]
        return [
            {
                "id": reason.id,
                "name": reason.name,
                "window_days": reason.window_days,
                "goods_required": reason.goods_required,
                "evidence_required": reason.evidence_required or not reason.goods_required,
                "evidence": [self._prepare_portal_evidence_type(kind) for kind in reason.evidence_type_ids],
            }
            for reason in self.env["dms.return.reason"].search(domain)
        ]

    @api.model
    def _prepare_portal_asked(self, reasons):
        """What any of these reasons asks to be proven with, each kind once.

        :param list reasons: of :meth:`_prepare_portal_reasons`
        :return: ``[{"id", "name", "description", "reasons": [id]}]``
        """
        any_file, asked = {"id": 0, "name": self.env._("A photo or a document"), "description": ""}, {}
        for reason in reasons:
            for kind in reason["evidence"] or ([any_file] if reason["evidence_required"] else []):
                asked.setdefault(kind["id"], {**kind, "reasons": []})["reasons"].append(reason["id"])
        return list(asked.values())

    @api.model
    def _prepare_portal_offer(self, distributor, sale_lines, lots=None):
        """What may still come back of delivered lines, a row for each line or lot.

        :param sale_lines: ``sale.order.line`` records with full rights, of documents checked to be the distributor's own
        :param lots: ``stock.lot`` records to which lots are narrowed, or None
        :return: ``[{"key", "line_id", "lot_id", "product_id", "code", "name", "lot", "order", "unit", "left": str, "left_qty": float}]``
        """
        rows = []
        for line, there in sale_lines[:MAX_OFFERED]._dms_get_returnable(distributor).items():
            of_lots = {lot: part["left"] for lot, part in there["lots"].items() if lots is None or lot in lots}
            places = of_lots.items() if line.product_id.tracking != "none" else [(self.env["stock.lot"], there["left"])]
            rows += [self._prepare_portal_offer_row(line, lot, min(left, there["left"])) for lot, left in places]
        return [row for row in rows if row["left_qty"] > 0]

    def _prepare_portal_offer_row(self, line, lot, left):
        return {
            "key": f"{line.id}-{lot.id or 0}",
            "line_id": line.id,
            "lot_id": lot.id,
            "product_id": line.product_id.id,
            "code": line.product_id.default_code or "",
            "name": line.product_id.name,
            "lot": lot.sudo().name or "",  # a lot that was delivered to the distributor
            "order": line.order_id.name,
            "unit": line.product_id.uom_id.name,
            "left": self.env["dms.portal"]._format_quantity(left),
            "left_qty": left,
        }

    @api.model
    def _create_from_page(self, offer, values):
        """A draft of what was typed into the form, for the user's own distributor.

        :param list offer: rows of :meth:`_prepare_portal_offer`, made anew: what they do not have is ignored
        :param dict values: texts ``resolution`` and ``note``, ``quantities`` and ``reasons`` (int) by key of a row, and ``reason_id``
            (int) of the rows that have none of their own
        :return: the draft with full rights
        :raise UserError: a sentence for the form
        """
        distributor = self.env["dms.portal"]._get_distributor()
        quantities, reasons = values["quantities"], self._read_portal_reasons(offer, values)
        lines = [self._read_portal_line(row, quantities[row["key"]], reasons[row["key"]]) for row in offer if quantities.get(row["key"])]
        if not any(lines):
            raise UserError(self.env._("Type how much of at least one product comes back."))
        cases = self.sudo()  # a draft of the user's own distributor
        return cases.create(
            {
                "distributor_id": distributor.id,
                "resolution": "replacement" if values["resolution"] == "replacement" else "credit",
                "note": values["note"][:MAX_NOTE] or False,
                "line_ids": [Command.create(line) for line in lines if line],
            }
        )

    @api.model
    def _read_portal_reasons(self, offer, values):
        """``{key of a row: reason}``, empty where none of that id is in use."""
        wanted = {row["key"]: values["reasons"].get(row["key"]) or values["reason_id"] for row in offer}
        reasons = self.env["dms.return.reason"].sudo()  # policies; nothing is shown
        known = {reason.id: reason for reason in reasons.search([("id", "in", list(set(wanted.values())))])}
        return {key: known.get(reason_id, reasons) for key, reason_id in wanted.items()}

    def _read_portal_line(self, row, text, reason):
        """Values of a line, or None where nothing comes back of it."""
        zero = not text.strip("0").strip(".,").strip("0")
        try:
            quantity = 0.0 if zero else float(parse_quantity(text))
        except IntakeError as error:
            raise UserError(self.env._("“%(text)s” is no quantity. Write a number such as 2 or 1.5.", text=text[:20])) from error
        if quantity > row["left_qty"]:
            raise UserError(
                self.env._(
                    "%(product)s: no more than %(left)s %(unit)s can come back.", product=row["name"], left=row["left"], unit=row["unit"]
                )
            )
        if quantity and not reason:
            raise UserError(self.env._("Choose why the goods come back."))
        names = ("product_id", "lot_id")
        line = {"sale_line_id": row["line_id"], "quantity": quantity, "reason_id": reason.id, **{name: row[name] for name in names}}
        return {**line, "product_uom_id": self.env["product.product"].browse(row["product_id"]).sudo().uom_id.id} if quantity else None


class DmsReturnLine(models.Model):
    _inherit = "dms.return.line"

    def _prepare_portal_values(self):
        """One line of the page of a return."""
        quantity = self.env["dms.portal"]._format_quantity
        state = self.return_id.state
        decided = state not in ("draft", "submitted", "cancelled")
        return {
            "name": self.product_id.name,
            "code": self.product_id.default_code or "",
            "lot": self.lot_id.name or "",
            "order": self.sale_line_id.order_id.name,
            "order_url": f"/my/dms/orders/{self.sale_line_id.order_id.id}",
            "reason": self.reason_id.name,
            "unit": self.product_uom_id.name,
            "requested": quantity(self.quantity),
            "approved": quantity(self.approved_qty) if decided else "",
            "received": quantity(self.received_qty) if state in ("received", "inspected", "settled") else "",
            "accepted": quantity(self.accepted_qty) if state in ("inspected", "settled") else "",
            "is_less": decided
            and self.approved_qty < self.quantity
            or state in ("inspected", "settled")
            and self.accepted_qty < self.quantity,
            "is_destroyed": self.disposition == "destroyed_at_distributor",
            "remark": self.decision_note or "" if decided else "",
        }
