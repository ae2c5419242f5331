from datetime import datetime, time, timedelta

from markupsafe import Markup

from odoo import models
from odoo.fields import Command
from odoo.tools import format_date, formatLang

REQUEST_HORIZON = timedelta(days=731)  # a delivery asked for later than this is a slip of the pen
MAX_LISTED = 100  # remarks on rows that are repeated in the order's message


class DmsOrderIntake(models.Model):
    """The priced draft order of an intake, and what is told about it."""

    _inherit = "dms.order.intake"

    def _create_order(self, document, rows):
        """Return the draft order of the good rows, priced by core from the distributor's price list.

        The prices of the file are compared and reported, never taken.
        """
        order = self.env["sale.order"].with_company(self.company_id).create(self._prepare_order_values(document, rows))
        self._note_price_differences(document, rows, order)
        self._report_to_order(document, rows, order)
        return order

    def _prepare_order_values(self, document, rows):
        """Values of the order; extended by modules that read more from the file."""
        values = {
            "partner_id": self.distributor_id.id,
            "company_id": self.company_id.id,
            "order_channel": self.order_channel,
            "client_order_ref": self.client_order_ref,
            "origin": self.name,
            "order_line": [Command.create(line) for line in self._prepare_order_lines(rows)],
        }
        if self.is_shared:
            values["dms_is_shared"] = True
        values.update(self._prepare_delivery_values(document))
        return values

    def _prepare_order_lines(self, rows):
        """Values of the lines. Core looks for an analytic model line by line; without any there is none to be found."""
        defaults = {} if self._has_analytic_models() else {"analytic_distribution": False}
        return [
            {
                "product_id": row["product_id"],
                "product_uom_id": row["product_uom_id"],
                "product_uom_qty": row["quantity"],
                **defaults,
            }
            for row in rows
        ]

    def _has_analytic_models(self):
        return bool(self.env["account.analytic.distribution.model"].sudo().search_count([], limit=1))  # whether there is any

    # ------------------------------------------------------------ delivery

    def _prepare_delivery_values(self, document):
        values = {}
        if document.order:
            requested = self._get_requested_day(document.order.delivery.period)
            if requested:
                noon = datetime.combine(requested, time(12))
                values["commitment_date"] = self.company_id._dms_utc(noon)
            address = self._match_delivery_address(document.order.delivery)
            if address:
                values["partner_shipping_id"] = address.id
        return values

    def _get_requested_day(self, period):
        """The first day of a requested period that can still be kept, or None."""
        today = self.company_id._dms_today()
        return next((day for day in (period.start, period.end) if day and today < day <= today + REQUEST_HORIZON), None)

    def _match_delivery_address(self, delivery):
        """The distributor's own address with the location's number as electronic address; nobody else's."""
        if not delivery.location:
            return self.env["res.partner"]
        domain = [("edi_endpoint", "=", str(delivery.location)), ("commercial_partner_id", "=", self.distributor_id.id)]
        return self.env["res.partner"].search(domain, limit=1)

    # ------------------------------------------------------------ what is told

    def _head_notes(self, document):
        """Sentences on the head of a file that did not stop the order; extended by modules that read more from it."""
        if not document.order:
            return []
        return [*self._reference_notes(document.order), *self._delivery_notes(document.order), *document.order.notes]

    def _reference_notes(self, order):
        if order.customer_reference:
            yield self.env._("Customer reference: %(reference)s", reference=order.customer_reference)
        currency = self._get_order_currency()
        if order.currency and currency and order.currency != currency.name:
            yield self.env._(
                "The file is in %(file)s, the price list in %(own)s: prices were not compared.", file=order.currency, own=currency.name
            )

    def _get_order_currency(self):
        pricelist = self.distributor_id.with_company(self.company_id).property_product_pricelist
        return pricelist.currency_id or self.company_id.currency_id

    def _delivery_notes(self, order):
        period, location = order.delivery.period, order.delivery
        asked = [format_date(self.env, day) for day in (period.start, period.end) if day]
        if asked and not self._get_requested_day(period):
            yield self.env._("Requested delivery %(period)s cannot be kept.", period=" – ".join(dict.fromkeys(asked)))
        address = location.address
        lines = [location.party_name, address.street, address.street2, f"{address.postcode} {address.city}".strip(), address.country]
        if self.distributor_id and any(lines) and not self._match_delivery_address(location):
            yield self.env._("Delivery address in the file: %(address)s", address=", ".join(filter(None, lines)))

    def _note_price_differences(self, document, rows, order):
        """Add a note to every row whose price in the file is not the order's."""
        if not document.order:
            return
        prices = {item.number: item for item in document.items}
        for row, line in zip(rows, order.order_line, strict=False):
            item = prices[row["row_number"]]
            if item.price is None or (item.currency or document.order.currency) not in ("", order.currency_id.name):
                continue
            if order.currency_id.compare_amounts(float(item.price) * line.product_uom_qty, line.price_subtotal):
                note = self._describe_price_difference(float(item.price), line)
                row["note"] = "\n".join(filter(None, (row["note"], note)))

    def _describe_price_difference(self, file_price, line):
        own_price = line.price_subtotal / line.product_uom_qty if line.product_uom_qty else line.price_unit
        return self.env._(
            "Price in the file %(file)s, price list %(own)s",
            file=formatLang(self.env, file_price, dp="Product Price"),
            own=formatLang(self.env, own_price, dp="Product Price"),
        )

    def _report_to_order(self, document, rows, order):
        """Tell both sides on the order what differs from the file."""
        sentences = self._head_notes(document)
        for row in rows:
            texts = [text for text in (row["note"], row["remark"]) if text]
            if texts:
                sentences.append(self.env._("Row %(row)s: %(text)s", row=row["row_number"], text="; ".join(texts)))
        if sentences:
            title = self.env._("Order file %(file)s (%(intake)s)", file=self.filename, intake=self.name)
            more = [] if len(sentences) <= MAX_LISTED else [self.env._("... and more, see %(intake)s", intake=self.name)]
            items = Markup().join(Markup("<li>%s</li>") % text for text in [*sentences[:MAX_LISTED], *more])
            order.message_post(body=Markup("<p>%s</p><ul>%s</ul>") % (title, items), subtype_xmlid="mail.mt_comment")
