from odoo.tests import tagged

from .period_common import APR, FEB, JAN, MAR, PeriodCommon


@tagged("post_install", "-at_install")
class TestPeriodBase(PeriodCommon):
    """What counts towards a period scheme."""

    def base(self, scheme, partner=None, day=MAR):
        scheme._accrue(day)
        rows = self.rows_of(scheme, partner or self.alpha)
        return sum(rows.mapped("base_amount")), sum(rows.mapped("base_qty"))

    def test_posted_invoices_less_credit_notes_inside_the_dates(self):
        scheme = self.create_rebate()
        self.bill({self.tea: (10, 10)}, "2026-01-01")
        self.bill({self.tea: (5, 10)}, "2026-03-31")
        self.credit({self.tea: (2, 10)}, "2026-02-10")
        self.bill({self.tea: (1, 7)}, "2025-12-31")
        self.bill({self.tea: (1, 7)}, "2026-04-01")
        self.bill({self.tea: (1, 7)}, "2026-02-01", post=False)
        self.assertEqual(self.base(scheme, day=APR), (130.0, 13.0))

    def test_products_and_categories_are_one_list(self):
        scheme = self.create_rebate(product_ids=self.tea, categ_ids=self.medicine)
        self.bill({self.tea: 10, self.coffee: 100, self.syrup: 1000}, "2026-02-01")
        self.assertEqual(self.base(scheme), (1010.0, 2.0))

    def test_quantity_is_in_the_products_own_unit(self):
        scheme = self.create_rebate([(20, "percent", 10)], basis="quantity")
        move = self.bill({self.tea: (2, 120)}, "2026-02-01", post=False)
        move.invoice_line_ids.product_uom_id = self.case
        move.invoice_line_ids.price_unit = 120
        move.action_post()
        self.assertEqual(self.base(scheme), (240.0, 24.0))
        self.assertEqual(self.amounts(scheme), [24.0])

    def test_free_lines_services_and_down_payments_do_not_count(self):
        service = self.create_product("Training", "T-SRV", 50.0, type="service", is_storable=False)
        scheme = self.create_rebate()
        move = self.bill({self.tea: 10, self.coffee: 20, self.syrup: 40, service: 50}, "2026-02-01", post=False)
        tea, coffee, _syrup, _service = move.invoice_line_ids
        tea.is_scheme_free = True
        coffee.is_downpayment = True
        move.action_post()
        self.assertEqual(self.base(scheme), (40.0, 1.0))

    def test_net_of_on_invoice_schemes_and_untaxed(self):
        self.create_scheme([(0, "percent", 10)])
        scheme = self.create_rebate(**self.around_today())
        order = self.create_order(lines={self.tea: 10})
        order.action_confirm()
        self.deliver(order)
        self.invoice(order)
        scheme._accrue()
        self.assertEqual(sum(self.rows_of(scheme, self.alpha).mapped("base_amount")), 90.0)

    def test_contact_of_a_distributor_counts_for_it(self):
        scheme = self.create_rebate()
        self.bill({self.tea: 70}, "2026-02-01", self.alpha_user.partner_id)
        self.assertEqual(self.base(scheme), (70.0, 1.0))

    def test_customer_who_is_no_distributor_earns_nothing(self):
        scheme = self.create_rebate()
        self.bill({self.tea: 70}, "2026-02-01", self.customer)
        scheme._accrue(MAR)
        self.assertFalse(self.rows_of(scheme))

    def test_other_currency_counts_at_the_documents_rate(self):
        currency = self.env["res.currency"].create({"name": "TFC", "symbol": "T$", "rounding": 0.01})
        self.env["res.currency.rate"].create({"currency_id": currency.id, "name": "2026-01-01", "rate": 4.0, "company_id": self.company.id})
        scheme = self.create_rebate()
        self.bill({self.tea: 100}, "2026-02-01", currency_id=currency.id)
        self.assertEqual(self.base(scheme), (25.0, 1.0))
        self.assertEqual(self.amounts(scheme), [2.5])

    def test_eligibility_by_each_list(self):
        tag = self.env["res.partner.category"].create({"name": "T tag"})
        self.beta.category_id = tag
        other = self.env["dms.distributor.class"].create({"name": "Silver", "code": "T-SIL", "pricelist_id": self.pricelist.id})
        cases = [
            ({"distributor_ids": self.beta}, [self.beta]),
            ({"territory_ids": self.region}, [self.alpha]),
            ({"territory_ids": self.south}, [self.beta]),
            ({"tag_ids": tag}, [self.beta]),
            ({"class_ids": self.distributor_class}, [self.alpha, self.beta]),
            ({"class_ids": other}, []),
            ({"class_ids": self.distributor_class, "territory_ids": self.south}, [self.beta]),
        ]
        self.bill({self.tea: 100}, "2026-02-01", self.alpha)
        self.bill({self.tea: 100}, "2026-02-01", self.beta)
        for values, winners in cases:
            scheme = self.create_rebate(**values)
            scheme._accrue(MAR)
            self.assertEqual(set(self.rows_of(scheme).distributor_id), set(winners), values)

    def test_move_to_another_territory_changes_no_past_figure(self):
        scheme = self.create_rebate(territory_ids=self.region)
        self.bill({self.tea: 100}, "2026-01-10")
        scheme._accrue(JAN)
        self.alpha.territory_id = self.south
        self.bill({self.tea: 100}, "2026-02-10")
        scheme._accrue(FEB)
        self.assertEqual(self.amounts(scheme), [10.0])

    def test_territory_is_that_of_the_order(self):
        scheme = self.create_rebate(territory_ids=self.region, **self.around_today())
        order = self.create_order()
        order.action_confirm()
        self.alpha.territory_id = self.south
        self.deliver(order)
        self.invoice(order)
        scheme._accrue()
        self.assertEqual(sum(self.rows_of(scheme).mapped("base_amount")), 100.0)

    def test_other_company_is_left_alone(self):
        other = self.env["res.company"].create({"name": "T Other"})
        scheme = self.create_rebate()
        self.bill({self.tea: 100}, "2026-02-01")
        scheme._accrue(MAR)
        self.assertEqual(self.rows_of(scheme).company_id, self.company)
        self.assertFalse(self.env["dms.scheme.accrual"].search([("company_id", "=", other.id)]))

    def test_each_document_line_is_used_once(self):
        scheme = self.create_rebate()
        move = self.bill({self.tea: 10, self.coffee: 20}, "2026-01-10")
        for day in (JAN, JAN, FEB, MAR):
            scheme._accrue(day)
        sources = self.rows_of(scheme).line_ids
        self.assertEqual(sources.move_line_id, move.invoice_line_ids)
        self.assertEqual(len(sources), 2)
        self.assertEqual(sorted(sources.mapped("amount")), [10.0, 20.0])
