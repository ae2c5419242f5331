"""Each number of an account opens the documents it is made of; sums, order and searches by figures; settings; the workbench."""

from odoo.tests import Form, tagged

from .common import CreditCommon


@tagged("post_install", "-at_install")
class TestDocuments(CreditCommon):
    """The lists add up to the figures, to the cent."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.credit_include_drafts = True
        cls.create_invoice(310.55, cls.day(-40), due=cls.day(-10))
        cls.create_invoice(99.99, cls.day(-5), due=cls.day(25))
        cls.create_credit_note(20, cls.day(-60), due=cls.day(-60))
        cls.pay(45.5)
        contact = cls.env["res.partner"].create({"name": "Former buyer", "parent_id": cls.alpha.id, "active": False})
        cls.create_payment(12.34, cls.day(-3), contact)
        cls.create_invoice(500, cls.day(-3), partner=cls.beta)
        cls.draft = cls.create_invoice(0.01, cls.day(0)).copy({"invoice_line_ids": [], "partner_id": cls.alpha.id})
        cls.confirm({cls.tea: 10})
        part = cls.confirm({cls.tea: 6, cls.coffee: 4})
        cls.deliver(part, {cls.tea: 6})
        cls.invoice(cls.delivered({cls.coffee: 2}))
        cls.create_down_payment(cls.confirm({cls.coffee: 8}), amount=50)
        cls.delivered({cls.tea: 3})
        cls.confirm({cls.tea: 7}, cls.beta)

    @classmethod
    def delivered(cls, lines):
        order = cls.confirm(lines)
        cls.deliver(order)
        return order

    def find(self, action, user=None):
        return self.env[action["res_model"]].with_user(user or self.controller).search(action["domain"])

    def assertAdds(self, method, field, figure):
        account = self.account.with_user(self.controller)
        found = self.find(getattr(account, method)())
        self.assertEqual(round(sum(found.mapped(field)), 2), round(account[figure], 2), figure)
        return found

    def test_receivable_opens_its_items(self):
        items = self.assertAdds("action_open_receivable", "amount_residual", "receivable_amount")
        self.assertIn("Former buyer", items.partner_id.mapped("name"))
        self.assertTrue(items.filtered(lambda item: item.amount_residual < 0))

    def test_overdue_opens_what_is_past_its_due_date_without_credits(self):
        items = self.assertAdds("action_open_overdue", "amount_residual", "overdue_amount")
        self.assertEqual(len(items), 1)

    def test_orders_open_with_the_amounts_that_count(self):
        self.assertTrue(self.assertAdds("action_open_ordered", "credit_open_amount", "open_order_amount"))
        self.assertTrue(self.assertAdds("action_open_uninvoiced", "credit_uninvoiced_amount", "uninvoiced_amount"))

    def test_orders_beyond_the_horizon_are_not_opened(self):
        late = self.confirm({self.tea: 20})
        late.commitment_date = f"{self.day(90)} 12:00:00"
        self.company.credit_horizon_days = 30
        orders = self.assertAdds("action_open_ordered", "credit_open_amount", "open_order_amount")
        self.assertNotIn(late, orders)

    def test_drafts_open_those_that_come_from_no_order(self):
        self.draft.invoice_line_ids = [
            (0, 0, {"name": "Stands", "quantity": 1, "price_unit": 80, "account_id": self.income.id, "tax_ids": False})
        ]
        self.delivered({self.coffee: 1})._create_invoices()
        self.assertEqual(self.assertAdds("action_open_drafts", "amount_total_signed", "draft_amount"), self.draft)

    def test_what_waits_opens_too(self):
        self.set_limit(10)
        order = self.create_order(lines={self.tea: 1})
        order.action_dms_submit()
        account = self.account.with_user(self.controller)
        self.assertEqual(account.hold_count, len(self.open_holds(order)))
        self.assertIn(self.account, account.search([("hold_count", ">", 0)]))
        self.assertNotIn(self.other_account, account.search([("hold_count", ">", 0)]))
        self.assertEqual(self.find(account.action_open_holds()), self.open_holds(order))
        extension = self.grant(100)
        self.assertEqual(self.find(account.action_open_extensions()), extension)
        self.assertFalse(self.find(account.action_open_advice()))
        raised = account.search([("extension_amount", ">", 0)])
        self.assertIn(self.account, raised)
        self.assertNotIn(self.other_account, raised)

    def test_figures_add_up_in_groups(self):
        accounts = self.account | self.other_account
        rows = self.env["dms.credit.account"]._read_group(
            [("id", "in", accounts.ids)], ["territory_id"], ["exposure_amount:sum", "overdue_days:max", "exposure_amount:sum_currency"]
        )
        self.assertEqual({territory: amount for territory, amount, *_rest in rows}, {a.territory_id: a.exposure_amount for a in accounts})
        self.assertEqual({territory: days for territory, _amount, days, _other in rows}[self.area_a], 10)
        self.assertTrue(all(amount == same for _territory, amount, _days, same in rows))
        empty = self.env["dms.credit.account"]._read_group([("id", "=", 0)], [], ["exposure_amount:sum"])
        self.assertFalse(empty[0][0])

    def test_accounts_are_sorted_by_a_figure(self):
        domain = [("id", "in", (self.account | self.other_account).ids)]
        accounts = self.env["dms.credit.account"].with_user(self.controller)
        for name in ("exposure_amount", "available_amount", "overdue_days"):
            expected = accounts.search(domain).sorted(name)
            self.assertEqual(accounts.search(domain, order=name), expected, name)
            self.assertEqual(accounts.search(domain, order=f"{name} ASC"), expected, name)
            self.assertEqual(accounts.search(domain, order=f"{name} DESC, id"), expected[::-1], name)
        self.assertTrue(accounts.fields_get(["exposure_amount"])["exposure_amount"]["sortable"])
        self.assertEqual(accounts.fields_get(["exposure_amount"])["exposure_amount"]["aggregator"], "sum")

    def test_screens_ask_for_the_order_by_all_figures_at_once(self):
        accounts = self.env["dms.credit.account"].with_user(self.controller)
        accounts.fields_get(["exposure_amount"], ["sortable"])
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        accounts.fields_get(attributes=["sortable", "aggregator"])
        self.assertLess(self.env.cr.sql_log_count - before, 25)

    def test_list_is_exported_with_its_figures(self):
        self.controller.group_ids += self.env.ref("base.group_allow_export")
        accounts = self.account.with_user(self.controller)
        rows = accounts.export_data(["partner_id/name", "exposure_amount", "overdue_days"])["datas"]
        self.assertEqual(rows, [[self.alpha.name, self.account.exposure_amount, 10]])


@tagged("post_install", "-at_install")
class TestWorkedExample(CreditCommon):
    """The example of the README, step by step."""

    def test_worked_example_of_the_readme(self):
        self.account.write({"secured_kind": "guarantee", "secured_amount": 2000, "secured_until": self.day(60)})
        self.set_limit(9000)
        self.create_invoice(7300, self.day(-5), due=self.day(25))
        self.pay(500)
        order = self.confirm({self.tea: 240})
        self.deliver(order, {self.tea: 60})
        self.assertPosition(R=6800, O=1800, D=600)
        account = self.account
        self.assertEqual((account.exposure_amount, account.limit_amount, account.available_amount), (9200, 11000, 1800))
        held = self.confirm({self.tea: 210})
        self.assertEqual(self.open_gates(held), {"credit_limit"})
        self.assertIn("300.00", self.open_holds(held).message)
        self.pay(300)
        self.recheck()
        self.assertFalse(self.open_gates(held))


@tagged("post_install", "-at_install")
class TestWorkbench(CreditCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_limit(100)
        cls.order = cls.create_order(lines={cls.tea: 15})
        cls.order.with_user(cls.desk).action_dms_submit()
        cls.hold = cls.order.dms_hold_ids.with_user(cls.controller)

    def find(self, *domain):
        return self.hold.search([("is_credit_hold", "=", True), ("order_id", "=", self.order.id), *domain])

    def test_holds_are_found_by_figures_and_advice(self):
        self.assertEqual(self.find(("credit_over_amount", ">", 49)), self.hold)
        self.assertFalse(self.find(("credit_over_amount", ">", 51)))
        self.assertFalse(self.find(("credit_overdue_days", ">", 0)))
        self.assertEqual(self.find(("credit_advice", "=", self.hold.credit_advice)), self.hold)
        self.assertFalse(self.find(("credit_advised_amount", ">", 0)))

    def test_account_is_one_click_away(self):
        self.assertEqual(self.hold.credit_account_id, self.account)
        self.assertEqual(self.hold.action_open_credit_account()["res_id"], self.account.id)

    def test_decision_keeps_its_figures_readably(self):
        self.assertFalse(self.hold.credit_snapshot_text)
        self.hold.action_release("Agreed by phone")
        self.create_invoice(900, self.day(0))
        text = self.hold.credit_snapshot_text
        for amount in (100, 150):
            self.assertIn(str(self.company.currency_id.format(amount)), str(text))
        self.assertNotIn("900", str(text))
        self.assertNotIn("{", str(text))

    def test_snapshot_of_an_account_without_limit_says_so(self):
        self.account.action_stop("to see")
        self.account.action_set_limit(None, "prepaid")
        order = self.create_order(lines={self.tea: 2})
        order.action_dms_submit()
        hold = self.open_holds(order)
        hold.with_user(self.controller).action_release("once")
        self.assertIn("No limit", str(hold.credit_snapshot_text))


@tagged("post_install", "-at_install")
class TestSettings(CreditCommon):
    """The horizon may be empty, and empty is not zero."""

    def save(self, **values):
        self.env["res.config.settings"].create(values).execute()
        self.company.invalidate_recordset()
        return self.company.credit_horizon_days

    def test_horizon_is_saved_empty_zero_and_as_a_number(self):
        for is_set, days, expected in ((True, 0, 0), (False, 0, False), (True, 30, 30), (False, 30, False), (True, 7, 7), (True, 0, 0)):
            with self.subTest(is_set=is_set, days=days):
                self.assertIs(self.save(credit_horizon_is_set=is_set, credit_horizon_days=days), expected)

    def test_page_shows_what_is_saved_and_leaves_it(self):
        for days in (False, 0, 12):
            self.company.credit_horizon_days = days
            with Form(self.env["res.config.settings"]) as form:
                self.assertEqual(form.credit_horizon_is_set, days is not False)
                if days:
                    self.assertEqual(form.credit_horizon_days, days)
            form.record.execute()
            self.company.invalidate_recordset()
            self.assertIs(self.company.credit_horizon_days, days)

    def test_other_settings_are_the_company_s(self):
        self.save(credit_include_drafts=True, credit_overdue_tolerance=12.5, credit_release_days=3, credit_delivery_days=4)
        company = self.company
        self.assertEqual((company.credit_include_drafts, company.credit_overdue_tolerance), (True, 12.5))
        self.assertEqual((company.credit_release_days, company.credit_delivery_days), (3, 4))
