"""A distributor's credit position taken from the documents one by one: slow, plain, and written from the rules alone."""

from datetime import timedelta

BUCKETS = {"not_due_amount": (-10**6, 0), "due_30_amount": (1, 30), "due_60_amount": (31, 60), "due_90_amount": (61, 90), "due_over_amount": (91, 10**6)}  # fmt: skip


class ObviousCredit:
    """What ``partner`` (a commercial partner) owes ``company``, and may owe."""

    def __init__(self, partner, company):
        self.env = partner.env
        self.partner = partner
        self.company = company
        self.today = company._dms_today()
        self.cents = company.currency_id.round
        self.items = self.get_items()

    def figures(self):
        receivable = self.cents(sum(item.amount_residual for item in self.items))
        parts = [self.order_parts(order) for order in self.orders()]
        opened = self.cents(sum(opened for opened, _delivered in parts))
        delivered = self.cents(sum(delivered for _opened, delivered in parts))
        drafts = self.cents(sum(move.amount_total_signed for move in self.drafts()))
        exposure = self.cents(receivable + opened + delivered + drafts)
        limit = self.limit()
        return {
            "receivable_amount": receivable,
            "open_order_amount": opened,
            "uninvoiced_amount": delivered,
            "draft_amount": drafts,
            "exposure_amount": exposure,
            "limit_amount": limit,
            "available_amount": self.cents(limit - exposure),
            **self.overdue(),
            **{name: self.cents(self.bucket(*days)) for name, days in BUCKETS.items()},
        }

    # ------------------------------------------------------------ what is booked

    def get_items(self):
        """Open receivable items of the partner and all of its contacts."""
        items = self.env["account.move.line"].search([("company_id", "=", self.company.id), ("parent_state", "=", "posted")])
        items = [item for item in items if item.amount_residual]
        return [
            item
            for item in items
            if item.account_id.account_type == "asset_receivable" and item.partner_id.commercial_partner_id == self.partner
        ]

    def days_overdue(self, item):
        return (self.today - (item.date_maturity or item.date)).days

    def bucket(self, first, last):
        return sum(item.amount_residual for item in self.items if first <= self.days_overdue(item) <= last)

    def overdue(self):
        late = [item for item in self.items if item.amount_residual > 0 and self.days_overdue(item) > 0]
        return {
            "overdue_amount": self.cents(sum(item.amount_residual for item in late)),
            "overdue_days": max((self.days_overdue(item) for item in late), default=0),
        }

    def drafts(self):
        if not self.company.credit_include_drafts:
            return []
        domain = [("state", "=", "draft"), ("move_type", "=", "out_invoice"), ("company_id", "=", self.company.id)]
        moves = self.env["account.move"].search(domain)
        return [m for m in moves if m.partner_id.commercial_partner_id == self.partner and not m.line_ids.sale_line_ids]

    def limit(self):
        account = self.env["dms.credit.account"].search([("partner_id", "=", self.partner.id), ("company_id", "=", self.company.id)])
        granted = account.extension_ids.filtered(lambda e: e.state == "approved" and e.date_from <= self.today <= e.date_to)
        starts, ends = account.secured_from or self.today, account.secured_until or self.today
        secured = account.secured_amount if starts <= self.today <= ends else 0.0
        return self.cents(self.partner.with_company(self.company).credit_limit + sum(granted.mapped("amount")) + secured)

    # ------------------------------------------------------------ what is ordered

    def orders(self):
        orders = self.env["sale.order"].search([("state", "=", "sale"), ("company_id", "=", self.company.id)])
        return [order for order in orders if order.partner_invoice_id.commercial_partner_id == self.partner]

    def order_parts(self, order):
        """(to be delivered, delivered and to be invoiced) of an order, less what was paid ahead, in company currency."""
        lines = [line for line in order.order_line if not line.display_type and not line.is_downpayment]
        total = sum(line.price_total for line in lines)
        scale = order.amount_total / total if total else 1.0
        opened = sum(self.value(line, self.open_qty(line)) for line in lines if self.is_in_horizon(line)) * scale
        delivered = sum(self.value(line, self.uninvoiced_qty(line)) for line in lines) * scale
        ahead = self.down_payments(order) + self.online_payments(order)
        if ahead < 0:
            delivered -= ahead
        else:
            covered = min(ahead, opened)
            opened -= covered
            delivered -= ahead - covered
        return self.cents(opened / order.currency_rate), self.cents(delivered / order.currency_rate)

    def is_in_horizon(self, line):
        if self.company.credit_horizon_days is False:
            return True
        promised = line.order_id.commitment_date or line.order_id.date_order + timedelta(days=line.customer_lead)
        return self.company._dms_local(promised).date() <= self.today + timedelta(days=self.company.credit_horizon_days)

    def value(self, line, quantity):
        if line.product_uom_qty:
            return line.currency_id.round(line.price_total * quantity / line.product_uom_qty)
        price = line.price_unit * (1 - line.discount / 100)
        return line.tax_ids.compute_all(price, line.currency_id, quantity, line.product_id, line.order_id.partner_id)["total_included"]

    def open_qty(self, line):
        ahead = max(self.invoiced(line) - line.qty_delivered, 0.0)
        return max(self.pending(line) - ahead, 0.0)

    def uninvoiced_qty(self, line):
        return max(line.qty_delivered - self.invoiced(line), 0.0)

    def invoiced(self, line):
        """Posted invoices less posted credit notes, in the line's unit."""
        quantity = 0.0
        for item in line.invoice_lines:
            if item.parent_state == "posted":
                sign = {"out_invoice": 1, "out_refund": -1}[item.move_type]
                quantity += sign * item.product_uom_id._compute_quantity(item.quantity, line.product_uom_id)
        return quantity

    def pending(self, line):
        moves = self.env["stock.move"].search([("sale_line_id", "=", line.id)])
        if not moves:
            return max(line.product_uom_qty - line.qty_delivered, 0.0)
        live = [move for move in moves if move.state not in ("done", "cancel") and move.location_dest_id.usage == "customer"]
        return sum(move.product_uom._compute_quantity(move.product_uom_qty, line.product_uom_id) for move in live)

    def down_payments(self, order):
        """Posted down payments less what posted invoices deducted, with tax, in the order's currency."""
        amount = 0.0
        for item in order.order_line.filtered("is_downpayment").invoice_lines:
            if item.parent_state == "posted":
                amount += item.price_total if item.move_type == "out_invoice" else -item.price_total
        return amount

    def online_payments(self, order):
        """Done and not booked, shared by the totals of the orders they pay."""
        amount = 0.0
        for payment in order.transaction_ids:
            if payment.state == "done" and payment.payment_id.move_id.state != "posted":
                total = sum(payment.sale_order_ids.mapped("amount_total"))
                amount += payment.amount * order.amount_total / total if total else 0.0
        return amount
