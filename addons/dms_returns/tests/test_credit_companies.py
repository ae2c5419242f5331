from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .refund_common import RefundCommon


@tagged("post_install", "-at_install")
class TestCreditCompanies(RefundCommon):
    """A return and a claim on an invoice in a foreign currency of a second company: exact in both currencies, the first untouched."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        home = cls.env["res.currency"].create({"name": "THO", "symbol": "H", "rounding": 0.01})
        cls.foreign = cls.env["res.currency"].create({"name": "TFO", "symbol": "F", "rounding": 0.05})
        cls.sister = cls.env["res.company"].create({"name": "T Sister", "currency_id": home.id})
        cls.env["account.chart.template"].try_loading("generic_coa", company=cls.sister, install_demo=False)
        cls.env.user.company_ids |= cls.sister
        cls.foreign.rate_ids = [Command.create({"name": "2020-01-01", "rate": 1.37, "company_id": cls.sister.id})]
        tax = (
            cls.env["account.tax"]
            .with_company(cls.sister)
            .create({"name": "T 7.7", "amount": 7.7, "type_tax_use": "sale", "company_id": cls.sister.id, "amount_type": "percent"})
        )
        cls.tea.taxes_id = [Command.link(tax.id)]
        cls.prices = cls.env["product.pricelist"].create({"name": "T", "currency_id": cls.foreign.id, "company_id": False})
        cls.distributor_class.pricelist_id = cls.prices
        cls.prices.item_ids = [Command.create({"compute_price": "fixed", "fixed_price": 13.35, "applied_on": "3_global"})]
        there = {"company_id": cls.sister.id, "company_ids": [Command.set(cls.sister.ids)]}
        cls.sister_officer = new_test_user(cls.env, "t_sister_officer", groups="dms_returns.group_claims_officer", **there)
        cls.sister_desk = new_test_user(cls.env, "t_sister_desk", groups="dms_orders.group_dms_user", **there)
        kind = {"name": "T", "code": "T-SISTER", "kind": "price_difference", "company_id": cls.sister.id}
        cls.claim_type = cls.env["dms.claim.type"].create(kind)

    def sell(self):
        line = Command.create({"product_id": self.tea.id, "product_uom_qty": 7})
        values = {"partner_id": self.alpha.id, "pricelist_id": self.prices.id, "user_id": False, "order_line": [line]}
        order = self.env["sale.order"].with_company(self.sister).create({**values, "company_id": self.sister.id})
        order.action_confirm()
        self.assertEqual((order.state, order.currency_id), ("sale", self.foreign), order.dms_hold_ids.mapped("message"))
        self.deliver(order)
        invoice = order._create_invoices()
        invoice.action_post()
        return order, invoice

    def give_back_there(self, line, quantity):
        case = self.inspected({line: quantity}, company_id=self.sister.id)
        return self.settle(case.with_context(allowed_company_ids=self.sister.ids), self.sister_officer).sudo()

    def pay_claim(self, invoice, amount):
        line = {"source_model": "account.move.line", "source_id": invoice.invoice_line_ids.id, "amount_claimed": amount}
        values = {"distributor_id": self.alpha.id, "claim_type_id": self.claim_type.id, "line_ids": [Command.create(line)]}
        there = self.env["dms.claim"].with_context(allowed_company_ids=self.sister.ids)
        claim = there.with_user(self.sister_desk).create({**values, "company_id": self.sister.id})
        claim.action_submit()
        claim.with_user(self.sister_officer).action_approve()
        claim.with_user(self.sister_officer).action_settle()
        return claim.sudo()

    def test_both_currencies_are_exact_and_the_first_company_is_untouched(self):
        order, invoice = self.sell()
        self.foreign.rate_ids.rate = 9.0  # what is credited is what was invoiced, at its rate
        known = self.env["account.move"].search([]) | invoice
        line, untaxed = order.order_line, invoice.amount_untaxed_signed
        notes = self.give_back_there(line, 2)
        claim = self.pay_claim(invoice, 11.11)
        self.assertAlmostEqual(-claim.refund_id.amount_untaxed_signed, 11.11, delta=0.05 / 1.37)
        for quantity in (3, 2):
            notes |= self.give_back_there(line, quantity)
        notes |= claim.refund_id
        self.assertEqual(len(notes), 4)
        self.assertEqual((notes.company_id, notes.currency_id), (self.sister, self.foreign))
        self.assertEqual(set(notes.mapped("invoice_currency_rate")), {invoice.invoice_currency_rate})
        self.assertNotEqual(untaxed, invoice.amount_untaxed)
        for name in ("amount_untaxed", "amount_tax", "amount_total", "amount_untaxed_signed", "amount_tax_signed", "amount_total_signed"):
            sign = -1 if name.endswith("signed") else 1
            self.assertAlmostEqual(sum(notes.mapped(name)) * sign, invoice[name], places=2, msg=name)
        self.assertEqual(invoice.amount_residual, 0.0)
        self.assertAlmostEqual(sum(notes.line_ids.mapped("amount_currency")), 0.0, places=6)
        made = self.env["account.move"].search([]) - known
        self.assertEqual(made.company_id, self.sister)
        self.assertEqual(self.env["dms.return"].search([("distributor_id", "=", self.alpha.id)]).company_id, self.sister)

    def test_limit_of_the_line_is_that_of_its_company(self):
        order, invoice = self.sell()
        rest = invoice.invoice_line_ids._dms_get_rests()[invoice.invoice_line_ids]
        self.assertEqual(rest.claimable, invoice._dms_in_units(invoice.amount_untaxed_signed, True))
        self.give_back_there(order.order_line, 7)
        rest = invoice.invoice_line_ids._dms_get_rests()[invoice.invoice_line_ids]
        self.assertEqual((rest.claimable, rest.left.is_nothing), (0, True))
