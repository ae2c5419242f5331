from odoo.fields import Command

from odoo.addons.dms_schemes.tests.common import DmsSchemesCommon


class RefundCommon(DmsSchemesCommon):
    """Returns put straight to their inspection, and what credit notes and ledger say afterwards."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["dms.scheme"].search([("state", "=", "approved")]).action_close()
        cls.company.dms_duplicate_minutes = 0
        cls.tax20 = cls.create_tax("T 20", 20)
        (cls.tea | cls.coffee | cls.syrup).taxes_id = cls.tax20
        cls.net, cls.requalify, cls.with_free = (
            cls.env["dms.return.reason"].create({"name": policy, "code": f"T-{policy}", "scheme_policy": policy})
            for policy in ("net", "requalify", "with_free")
        )

    @classmethod
    def setUpStaff(cls):
        super().setUpStaff()
        groups = {
            "t_officer": "dms_returns.group_claims_officer",
            "t_claims_manager": "dms_returns.group_claims_manager",
            "t_accountant": "account.group_account_invoice,dms_orders.group_dms_user",
        }
        cls.officer, cls.claims_manager, cls.accountant = (cls.create_staff(*member) for member in groups.items())

    @classmethod
    def create_tax(cls, name, amount, **values):
        return cls.env["account.tax"].create(
            {"name": name, "amount": amount, "type_tax_use": "sale", "company_id": cls.company.id, "amount_type": "percent", **values}
        )

    @classmethod
    def confirmed(cls, lines, delivered=None, invoiced=True, **values):
        """A confirmed order, delivered and invoiced."""
        order = cls.create_order(lines=lines, **values)
        order.action_confirm()
        assert order.state == "sale", order.dms_hold_ids.mapped("message")
        cls.deliver(order, delivered)
        if invoiced:
            cls.invoice(order)
        return order

    @classmethod
    def line_of(cls, order, product, free=False):
        return order.order_line.filtered(lambda line: line.product_id == product and line.is_scheme_free == free)

    @classmethod
    def inspected(cls, quantities, reason=None, **values):
        """A return of ``{order line: accepted quantity}``, or of values of lines, that has only to be settled."""
        if isinstance(quantities, dict):
            quantities = [{"sale_line_id": line.id, "quantity": quantity} for line, quantity in quantities.items()]
        lines = [Command.create({"reason_id": (reason or cls.net).id, "accepted_qty": line["quantity"], **line}) for line in quantities]
        distributor = cls.env["sale.order.line"].browse(quantities[0]["sale_line_id"]).order_id.distributor_id
        case = cls.env["dms.return"].create({"distributor_id": distributor.id, "line_ids": lines, **values})
        case._enter("inspected")
        return case

    @classmethod
    def settle(cls, case, user=None):
        """Settled; the credit notes."""
        case.with_user(user or cls.officer).action_settle()
        return case.refund_ids.filtered(lambda move: move.move_type == "out_refund")

    @classmethod
    def give_back(cls, quantities, reason=None, **values):
        return cls.settle(cls.inspected(quantities, reason, **values))

    @classmethod
    def items_of(cls, moves):
        """``[(account type, debit, credit)]`` of the journal items, sorted."""
        items = moves.line_ids.filtered(lambda item: item.display_type not in ("line_note", "line_section") and item.balance)
        return sorted((item.account_id.account_type, round(item.debit, 2), round(item.credit, 2)) for item in items)

    def assertRefunds(self, orders, whole=True):
        """Credited is what was invoiced, in untaxed, tax and total, in both currencies; nothing is left to invoice."""
        invoices = orders.invoice_ids.filtered(lambda move: move.move_type == "out_invoice" and move.state == "posted")
        refunds = orders.invoice_ids.filtered(lambda move: move.move_type == "out_refund" and move.state == "posted")
        for name in ("amount_untaxed", "amount_tax", "amount_total", "amount_untaxed_signed", "amount_tax_signed", "amount_total_signed"):
            sign = -1 if name.endswith("signed") else 1
            self.assertAlmostEqual(sum(refunds.mapped(name)) * sign, sum(invoices.mapped(name)), places=2, msg=name)
        self.assertNotCreditedTwice(orders)

    def assertNotCreditedTwice(self, orders):
        """No invoice line was credited more than it was, in quantity and in money."""
        for line in orders.order_line:
            for source in line._dms_get_sources()[line]:
                self.assertLessEqual(source.credited, source.quantity + 1e-6)
            credits = [item for item, sign, _way, _document in line._dms_get_posted_lines() if sign < 0]
            credited = sum(item.amount_currency * (1 if item.move_type == "out_refund" else -1) for item in credits)
            self.assertLessEqual(round(abs(line._dms_get_net_invoiced()[0]), 6), round(line.product_uom_qty, 6))
            self.assertGreaterEqual(line._dms_get_net_invoiced()[1], 0, credited)

    def assertLedger(self, order):
        """Value before schemes less live benefits is the untaxed total; nothing was taken back that was not given."""
        self.assertTied(order)
        for row in order.scheme_application_ids:
            self.assertLessEqual(row.returned_amount, row.benefit_amount)
            self.assertGreaterEqual(row.returned_amount, 0.0)
            if row.line_ids:
                self.assertAlmostEqual(sum(row.line_ids.mapped("returned_amount")), row.returned_amount, places=2)

    def returned(self, order):
        return sum(order.scheme_application_ids.filtered(lambda row: row.state == "committed").mapped("returned_amount"))
