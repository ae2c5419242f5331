from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import DmsSchemesCommon


@tagged("post_install", "-at_install")
class TestOrderTerms(DmsSchemesCommon):
    """Days, currencies, companies, taxes and documents: what the benefits of an order follow."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.dms_duplicate_minutes = 0

    def test_order_in_another_currency_converts_at_its_own_rate(self):
        euro = self.env.ref("base.EUR") if self.company.currency_id != self.env.ref("base.EUR") else self.env.ref("base.USD")
        euro.active = True
        self.env["res.currency.rate"].create({"currency_id": euro.id, "rate": 2.0, "name": "2020-01-01", "company_id": self.company.id})
        pricelist = self.env["product.pricelist"].create({"name": "T foreign", "currency_id": euro.id, "company_id": False})
        self.alpha.specific_property_product_pricelist = pricelist
        self.create_scheme([(100, "lump_amount", 7)], basis="amount", scope="basket", budget_amount=10)
        order = self.create_order(lines={self.tea: 9})
        self.assertEqual((order.currency_id, order.amount_untaxed), (euro, 180.0), "90 of the company is below 100")
        order.order_line.product_uom_qty = 10
        row = order.scheme_application_ids
        self.assertEqual((row.base_amount, row.benefit_amount, row.benefit_company_amount), (200.0, 14.0, 7.0))
        self.assertTied(order)
        order.action_confirm()
        second = self.create_order(lines={self.tea: 20})
        self.assertEqual(second.scheme_discount_total, 6.0, "3 of the company are left")
        self.assertTied(second)

    def test_fiscal_position_changes_taxes_and_not_the_benefit(self):
        tax = self.tax.copy({"name": "T 5 incl", "amount": 5.0, "amount_type": "percent", "price_include_override": "tax_included"})
        juice = self.create_product("Juice", "T-JUI", 10.5, taxes_id=[Command.set(tax.ids)])
        position = self.env["account.fiscal.position"].create({"name": "T abroad"})
        free = self.tax.copy({"name": "T 0", "amount": 0.0, "fiscal_position_ids": [Command.set(position.ids)]})
        free.original_tax_ids = tax
        self.create_scheme([(0, "percent", 10)], product_ids=juice)
        home = self.create_order(lines={juice: 10})
        self.assertEqual((home.order_line.scheme_discount, home.amount_untaxed), (10.0, 90.0))
        abroad = self.create_order(lines={juice: 10}, fiscal_position_id=position.id)
        self.assertEqual((abroad.order_line.scheme_discount, abroad.amount_untaxed), (10.0, 90.0))
        self.assertTied(home)
        self.assertTied(abroad)

    def test_schemes_are_those_of_the_day_of_submission(self):
        self.create_scheme([(0, "percent", 10)], date_from="2026-03-01", date_to="2026-03-31")
        with freeze_time("2026-03-31 12:00:00"):
            order = self.create_order(lines={self.tea: 10})
            late = self.create_order(lines={self.tea: 10}, date_order="2026-03-20 12:00:00")
            self.assertEqual((order.scheme_discount_total, late.scheme_discount_total), (10.0, 10.0))
            order.action_dms_submit()
        with freeze_time("2026-04-01 12:00:00"):
            order.action_confirm()
            self.assertEqual((order.state, order.scheme_discount_total), ("sale", 10.0), "it was handed in in time")
            late.action_dms_submit()
            self.assertEqual((late.dms_state, self.open_gates(late)), ("on_hold", {"scheme"}), "it gets less than was shown")
            self.assertEqual(late.scheme_discount_total, 0.0)

    def test_last_day_is_that_of_the_company(self):
        self.company.partner_id.tz = "Pacific/Auckland"
        self.create_scheme([(0, "percent", 10)], date_to="2026-03-31")
        order = self.create_order(lines={self.tea: 10}, date_order="2026-03-31 10:00:00")
        self.assertEqual(order.scheme_discount_total, 10.0, "23:00 in Auckland")
        order.date_order = "2026-03-31 11:30:00"
        self.assertEqual(order.scheme_discount_total, 0.0, "half past midnight on the first of April")

    def test_held_for_less_clears_when_the_budget_is_back(self):
        self.create_scheme([(0, "percent", 10)], budget_amount=10.0)
        first, second = self.create_order(lines={self.tea: 10}), self.create_order(self.beta, lines={self.tea: 10})
        (first | second).action_confirm()
        self.assertEqual((first.state, second.dms_state), ("sale", "on_hold"))
        first.with_user(self.desk).action_cancel()
        second._dms_recheck_holds()
        self.assertEqual((second.dms_state, second.scheme_discount_total), ("submitted", 10.0))
        second.action_confirm()
        self.assertEqual(second.state, "sale")

    def test_release_lets_the_smaller_benefit_pass(self):
        self.create_scheme([(0, "percent", 10)], budget_amount=10.0)
        first, second = self.create_order(lines={self.tea: 10}), self.create_order(self.beta, lines={self.tea: 12})
        first.action_confirm()
        second.action_confirm()
        second.dms_hold_ids.with_user(self.manager).action_release("they agreed by phone")
        second.with_user(self.desk2).action_confirm()
        self.assertEqual((second.state, second.scheme_discount_total), ("sale", 0.0))

    def test_batch_counts_each_order_on_top_of_those_before(self):
        scheme = self.create_scheme([(0, "percent", 10)], budget_amount=25.0)
        self.env.ref("dms_schemes.gate_scheme").active = False
        orders = self.env["sale.order"]
        for partner, quantity in ((self.alpha, 10), (self.beta, 11), (self.alpha, 12)):
            orders |= self.create_order(partner, lines={self.tea: quantity})
        orders.action_confirm()
        self.assertEqual(orders.mapped("scheme_discount_total"), [10.0, 11.0, 4.0])
        committed = scheme.application_ids.filtered(lambda row: row.state == "committed")
        self.assertEqual(sum(committed.mapped("benefit_company_amount")), 25.0)

    def test_cancelled_order_gives_its_benefit_back_and_a_reset_earns_anew(self):
        self.create_scheme([(0, "percent", 10)])
        order = self.create_order(lines={self.tea: 10})
        order.action_confirm()
        order.with_user(self.desk).action_cancel()
        self.assertEqual(order.scheme_application_ids.mapped("state"), ["reversed"])
        order.with_user(self.desk).action_draft()
        live = order.scheme_application_ids.filtered(lambda row: row.state != "reversed")
        self.assertEqual((live.state, live.benefit_amount), ("draft", 10.0))
        self.assertTied(order)

    def test_part_of_an_invoice_and_its_credit_note_keep_the_books(self):
        self.create_scheme([(0, "percent", 10)])
        order = self.create_order(lines={self.tea: 10})
        order.action_confirm()
        row = order.scheme_application_ids
        self.deliver(order, {self.tea: 4})
        invoice = self.invoice(order)
        self.assertEqual((row.consumed_company_amount, row.returned_amount), (4.0, 0.0))
        refund = invoice._reverse_moves([{"invoice_date": invoice.invoice_date}])
        refund.invoice_line_ids.quantity = 1
        refund.action_post()
        self.assertEqual((row.consumed_company_amount, row.returned_amount), (3.0, 1.0))
        refund.button_draft()
        self.assertEqual((row.consumed_company_amount, row.returned_amount), (4.0, 0.0))

    def test_off_invoice_schemes_reduce_nothing_and_are_kept(self):
        self.create_scheme([(0, "percent", 10)], timing="off_invoice")
        order = self.create_order(lines={self.tea: 10})
        self.assertEqual((order.amount_untaxed, order.scheme_discount_total), (100.0, 0.0))
        self.assertEqual(order.scheme_application_ids.benefit_amount, 10.0)

    def test_variants_qualify_each_by_itself_and_by_category(self):
        attribute = self.env["product.attribute"].create(
            {"name": "T size", "value_ids": [Command.create({"name": name}) for name in ("S", "L")]}
        )
        template = self.env["product.template"].create(
            {
                "name": "T cup",
                "list_price": 10.0,
                "categ_id": self.category.id,
                "attribute_line_ids": [Command.create({"attribute_id": attribute.id, "value_ids": [Command.set(attribute.value_ids.ids)]})],
            }
        )
        small, large = template.product_variant_ids
        self.create_scheme([(0, "percent", 10)], product_ids=small)
        self.create_scheme([(0, "percent", 5)], categ_ids=self.category)
        order = self.create_order(lines={small: 10, large: 10})
        self.assertEqual(order.order_line.mapped("scheme_discount"), [14.5, 5.0])
        self.assertTied(order)
