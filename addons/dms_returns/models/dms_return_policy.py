from collections import defaultdict
from datetime import timedelta

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import format_date
from odoo.tools.date_utils import get_quarter

#: part of a step that a quantity may be off it
TOLERANCE = 1e-6


class DmsReturn(models.Model):
    """What may come back at all: decided before it is submitted, with every reason at once, and never again at review."""

    _inherit = "dms.return"

    def _get_policy_findings(self):
        """Sentences on what this return cannot be submitted for, its limit left out; empty where it may go."""
        self.ensure_one()
        if not self.line_ids:
            return [self.env._("%(name)s has no lines yet.", name=self.name)]
        deliveries = self.line_ids._get_deliveries()
        findings = [sentence for line in self.line_ids for sentence in line._get_findings(deliveries[line.sale_line_id])]
        return [*findings, *self._find_share(), *self._find_evidence()]

    def _get_submit_findings(self):
        """The same with what exceeds the limits of the delivered lines, as they stand."""
        return [*self._get_policy_findings(), *self.line_ids._get_limit_findings(self.line_ids._get_requested())]

    def _find_evidence(self):
        missing = self._get_missing_evidence()
        return [self.env._("Please attach %(missing)s.", missing=", ".join(missing))] if missing else []

    def _find_share(self):
        """One sentence for each reason of which more comes back than its share of what was bought in the quarter before.

        For returns of one distributor and company, which count together.
        """
        reasons = self.line_ids.reason_id.filtered("max_share_percent")
        bought = self[:1]._get_bought_before() if reasons else 0.0
        return [sentence for reason in reasons for sentence in self._find_share_of(reason, bought)]

    def _find_share_of(self, reason, bought):
        currency = self.currency_id
        lines = self.line_ids.filtered(lambda line: line.reason_id == reason)
        value = sum(line._in_own_unit(line.quantity) * line._get_unit_value() for line in lines) + self._get_value_this_quarter(reason)
        allowed = currency.round(max(bought, 0.0) * reason.max_share_percent / 100)
        if currency.compare_amounts(value, allowed) <= 0:
            return []
        return [
            self.env._(
                "%(reason)s: goods worth %(value)s would come back this quarter; %(allowed)s is what may, %(percent)s %% of the quarter before.",
                reason=reason.name,
                value=currency.format(currency.round(value)),
                allowed=currency.format(allowed),
                percent=f"{reason.max_share_percent:g}",
            )
        ]

    def _get_value_this_quarter(self, reason):
        """Untaxed value, in company currency, of what the distributor has submitted for ``reason`` since the quarter began."""
        start = fields.Datetime.to_datetime(get_quarter(self.company_id._dms_today())[0])
        domain = Domain("reason_id", "=", reason.id) & Domain("company_id", "=", self.company_id.id) & Domain("live_qty", ">", 0)
        domain &= Domain("distributor_id", "=", self.distributor_id.id) & Domain("return_id", "not in", self.ids)
        domain &= Domain("return_id.submitted_on", ">=", self.company_id._dms_utc(start))
        others = self.env["dms.return.line"].sudo().search(domain)  # of the same distributor
        return sum(line.live_qty * line._get_unit_value() for line in others)

    def _get_bought_before(self):
        """Invoiced less credited in the calendar quarter before, untaxed, in company currency."""
        first, last = get_quarter(get_quarter(self.company_id._dms_today())[0] - timedelta(days=1))
        domain = Domain("parent_state", "=", "posted") & Domain("move_id.move_type", "in", ("out_invoice", "out_refund"))
        domain &= Domain("display_type", "=", "product") & Domain("product_id", "!=", False) & Domain("is_downpayment", "=", False)
        domain &= Domain("company_id", "=", self.company_id.id) & Domain("invoice_date", ">=", first) & Domain("invoice_date", "<=", last)
        domain &= Domain("move_id.commercial_partner_id", "=", self.distributor_id.id)
        items = self.env["account.move.line"].sudo()  # totals of the distributor's own invoices
        return -(items._read_group(domain, [], ["balance:sum"])[0][0] or 0.0)


class DmsReturnLine(models.Model):
    """The policy of a line: one predicate per rule, each says why not."""

    _inherit = "dms.return.line"

    def _get_deliveries(self):
        """What was delivered on the order lines of these lines.

        :return: ``{order line: stock.move.line records}``, the newest first
        """
        domain = Domain("move_id.sale_line_id", "in", self.sale_line_id.ids) & Domain("state", "=", "done")
        domain &= Domain("location_dest_id.usage", "=", "customer") & Domain("location_id.usage", "!=", "customer")
        sent = self.env["stock.move.line"].sudo().search(domain)  # deliveries of the return's own order lines
        sent = sent.filtered(lambda line: line.product_id == line.move_id.sale_line_id.product_id)
        found = defaultdict(sent.browse)
        found.update(sent.sorted(lambda line: (line.move_id.date, line.id), reverse=True).grouped(lambda line: line.move_id.sale_line_id))
        return found

    def _get_findings(self, delivered):
        """Why this line cannot come back, as sentences.

        :param delivered: ``stock.move.line`` records that delivered its order line, newest first
        """
        product = self.product_id.display_name
        wrong = self._find_wrong_goods(product, delivered)
        if wrong:
            return wrong
        sent = delivered.filtered(lambda line: not self.lot_id or line.lot_id == self.lot_id)
        rules = (self._find_category, self._find_reason, self._find_disposition, self._find_expiry)
        return [*self._find_window(product, sent), *(sentence for rule in rules for sentence in rule(product))]

    def _find_wrong_goods(self, product, delivered):
        """What is no question of policy: goods, lots and quantities that the distributor did not get."""
        order = self.sale_line_id.order_id
        if (
            order.distributor_id != self.distributor_id
            or order.company_id != self.company_id
            or self.product_id != self.sale_line_id.product_id
        ):
            return [self.env._("%(product)s is not what was ordered on this line by this distributor.", product=product)]
        if not delivered:
            return [self.env._("%(product)s was never delivered on %(order)s.", product=product, order=order.name)]
        if not self._is_whole(self.quantity):
            return [self.env._("%(product)s: only whole quantities come back.", product=product)]
        if self.product_id.tracking != "none" and not self.lot_id:
            return [self.env._("%(product)s: say which lot or serial number comes back.", product=product)]
        if self.lot_id and self.lot_id not in delivered.lot_id:
            return [self.env._("%(product)s: lot %(lot)s was not delivered on this line.", product=product, lot=self.lot_id.name)]
        return []

    def _is_whole(self, quantity):
        """Whether a quantity of this line is one of whole steps of its product, and a number at all."""
        steps = self._in_own_unit(quantity) / self.product_id._dms_quantity_step()
        return abs(steps - round(steps)) <= TOLERANCE * max(abs(steps), 1.0)

    def _find_category(self, product):
        allowed = self.reason_id.categ_ids
        path = self.product_id.categ_id.parent_path or ""
        if not allowed or any(path.startswith(category.parent_path) for category in allowed):
            return []
        return [self.env._("%(product)s does not come back for “%(reason)s”.", product=product, reason=self.reason_id.name)]

    def _find_reason(self, product):
        reason = self.reason_id
        if reason.active and reason.company_id in (self.company_id, self.env["res.company"]):
            return []
        return [self.env._("%(product)s: “%(reason)s” is no reason any more. Choose another.", product=product, reason=reason.name)]

    def _find_disposition(self, product):
        if self.disposition != "destroyed_at_distributor" or not self.reason_id.goods_required:
            return []
        return [
            self.env._(
                "%(product)s has to come back; it cannot be destroyed for “%(reason)s”.", product=product, reason=self.reason_id.name
            )
        ]

    def _find_window(self, product, sent):
        """Days since the delivery, the last day of the window included; of several deliveries the newest counts."""
        days = self.reason_id.window_days
        last = self.company_id._dms_local(sent[:1].move_id.date).date() + timedelta(days=days)
        if not days or self.company_id._dms_today() <= last:
            return []
        return [
            self.env._(
                "%(product)s could come back for “%(reason)s” until %(day)s.",
                product=product,
                reason=self.reason_id.name,
                day=format_date(self.env, last),
            )
        ]

    def _find_expiry(self, product):
        """Days around the expiry of the lot, both included; of goods that have none (`product_expiry`) nothing is asked."""
        expires = self._get_expiry_day() if self.reason_id.has_expiry_window else None
        if not expires:
            return []
        first = expires - timedelta(days=self.reason_id.expiry_days_before)
        last = expires + timedelta(days=self.reason_id.expiry_days_after)
        if first <= self.company_id._dms_today() <= last:
            return []
        return [
            self.env._(
                "%(product)s, lot %(lot)s, expires on %(day)s: it comes back for “%(reason)s” from %(first)s to %(last)s.",
                product=product,
                lot=self.lot_id.name,
                reason=self.reason_id.name,
                day=format_date(self.env, expires),
                first=format_date(self.env, first),
                last=format_date(self.env, last),
            )
        ]

    def _get_expiry_day(self):
        """Day on which the lot expires in its company; None where it does not."""
        lot = self.lot_id.sudo()  # the expiry of the return's own lot
        moment = lot.expiration_date if "expiration_date" in lot._fields else None
        return self.company_id._dms_local(moment).date() if moment else None

    def _get_unit_value(self):
        """What one unit of the product cost the distributor on this order line: untaxed, after discounts and schemes, company currency."""
        line = self.sale_line_id.sudo()  # prices of the return's own order line
        ordered = line._dms_reference_qty()
        return line.price_subtotal / ordered / (line.order_id.currency_rate or 1.0) if ordered else 0.0
