"""The value of a part of an order: taxes, rounding, currencies, down payments, online payments, the horizon."""

import random
from datetime import datetime, time, timedelta

from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import CreditCommon


@tagged("post_install", "-at_install")
class TestExposureValues(CreditCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.round = cls.company.currency_id.round

    def with_taxes(self, *taxes):
        (self.tea | self.coffee | self.syrup).taxes_id = [Command.set([tax.id for tax in taxes])]

    def create_tax(self, amount, **values):
        return self.env["account.tax"].create({"name": f"T {amount} {values}", "amount": amount, "type_tax_use": "sale", **values})

    # ------------------------------------------------------------ taxes and rounding

    def test_tax_is_included(self):
        self.with_taxes(self.create_tax(15))
        order = self.confirm({self.tea: 10})
        self.assertPosition(O=115)
        self.deliver(order, {self.tea: 3})
        self.assertPosition(O=80.5, D=34.5)
        self.invoice(order)
        self.assertPosition(O=80.5, R=34.5)

    def test_tax_included_in_the_price(self):
        self.with_taxes(self.create_tax(20, price_include_override="tax_included"))
        order = self.confirm({self.tea: 3})
        self.assertPosition(O=30)
        self.deliver(order, {self.tea: 1})
        self.assertPosition(O=20, D=10)

    def test_order_wholly_open_counts_its_total_whatever_the_rounding(self):
        """Global rounding moves cents between lines: the order counts what it says it costs."""
        dice = random.Random(3)
        taxes = self.create_tax(6.6), self.create_tax(15), self.create_tax(7.7, price_include_override="tax_included")
        for method in ("round_per_line", "round_globally"):
            self.company.tax_calculation_rounding_method = method
            for _round in range(5):
                lines = [
                    Command.create(
                        {
                            "product_id": self.service.id,
                            "product_uom_qty": dice.choice((1, 3, 7)),
                            "price_unit": dice.randint(1, 9999) / 100,
                            "discount": dice.choice((0, 0, 12.5)),
                            "tax_ids": [Command.set(dice.choice(taxes).ids)],
                        }
                    )
                    for _line in range(9)
                ]
                order = self.confirm({}, order_line=lines)
                self.assertPosition(O=order.amount_total, message=method)
                order._action_cancel()

    def test_parts_are_rounded_line_by_line_then_scaled_to_the_order(self):
        self.company.tax_calculation_rounding_method = "round_globally"
        tax = self.create_tax(15)
        line = {"product_id": self.service.id, "product_uom_qty": 3, "price_unit": 1.11, "tax_ids": [Command.set(tax.ids)]}
        order = self.confirm({}, order_line=[Command.create(line) for _line in range(5)])
        lines = order.order_line
        lines.qty_delivered = 1
        scale = order.amount_total / sum(lines.mapped("price_total"))
        opened = self.round(scale * sum(self.round(line.price_total * 2 / 3) for line in lines))
        delivered = self.round(scale * sum(self.round(line.price_total * 1 / 3) for line in lines))
        self.assertPosition(O=opened, D=delivered)

    def test_order_in_a_foreign_currency_counts_at_its_own_rate(self):
        currency = self.create_foreign_currency({"2020-01-01": 1.7})
        self.trade_in(currency)
        order = self.confirm({self.tea: 10})
        rate, total = order.currency_rate, order.amount_total
        self.assertAlmostEqual(rate, 1.7)
        self.assertPosition(O=self.round(total / rate))
        self.env["res.currency.rate"].create({"currency_id": currency.id, "company_id": self.company.id, "name": self.today, "rate": 3.4})
        self.assertPosition(O=self.round(total / rate), message="the order's stored rate, not today's")
        self.deliver(order, {self.tea: 3})
        self.assertPosition(O=self.round(currency.round(total * 0.7) / rate), D=self.round(currency.round(total * 0.3) / rate))
        invoice = self.invoice(order)
        self.assertPosition(O=self.round(currency.round(total * 0.7) / rate), R=invoice.amount_residual_signed)

    def test_currency_without_a_rate_counts_one_to_one(self):
        currency = self.create_foreign_currency({})
        self.trade_in(currency)
        self.confirm({self.tea: 10})
        self.assertPosition(O=100)

    def test_currency_without_decimals(self):
        currency = self.env["res.currency"].create({"name": "TYE", "symbol": "Y", "rounding": 1.0})
        self.env["res.currency.rate"].create({"currency_id": currency.id, "company_id": self.company.id, "name": "2020-01-01", "rate": 150})
        self.trade_in(currency)
        order = self.confirm({self.tea: 7})
        self.deliver(order, {self.tea: 3})
        total = order.amount_total
        part = currency.round(total * 4 / 7)
        self.assertPosition(O=self.round(part / 150), D=self.round(currency.round(total * 3 / 7) / 150))

    # ------------------------------------------------------------ down payments

    def assertUnchanged(self, action, *args, **kwargs):
        self.env.flush_all()
        before = self.account.exposure_amount
        result = action(*args, **kwargs)
        self.env.flush_all()
        self.assertAlmostEqual(self.account.exposure_amount, before, 6, str(action))
        return result

    def test_down_payment_and_final_invoice_leave_the_exposure_as_it_was(self):
        tax = self.create_tax(15)
        for taxes in ((), (tax,)):
            self.with_taxes(*taxes)
            order = self.confirm({self.tea: 10, self.coffee: 4})
            total = order.amount_total
            deposit = self.assertUnchanged(self.create_down_payment, order, percent=30)
            self.assertPosition(R=deposit.amount_total, O=total - deposit.amount_total)
            self.deliver(order)
            self.assertPosition(R=deposit.amount_total, D=total - deposit.amount_total)
            self.assertUnchanged(self.invoice_rest, order)
            self.assertPosition(R=total)
            self.pay(total, *order.invoice_ids)

    def test_down_payment_paid_lowers_the_exposure(self):
        order = self.confirm({self.tea: 10})
        deposit = self.create_down_payment(order, amount=40)
        self.pay(40, deposit)
        self.assertPosition(O=60)
        self.deliver(order, {self.tea: 5})
        self.assertPosition(O=10, D=50, message="the down payment lowers what is open first")
        self.deliver(order, {self.tea: 3})
        self.assertPosition(D=60, message="then what was delivered")

    def test_partial_delivery_and_invoice_with_a_down_payment(self):
        order = self.confirm({self.tea: 10})
        self.create_down_payment(order, amount=40)
        self.deliver(order, {self.tea: 6})
        self.assertPosition(R=40, D=60)
        self.assertUnchanged(self.invoice_rest, order)  # deducts the whole down payment
        self.deliver(order)
        self.assertUnchanged(self.invoice_rest, order)
        self.assertPosition(R=100)

    def test_two_down_payments(self):
        order = self.confirm({self.tea: 10})
        self.assertUnchanged(self.create_down_payment, order, amount=20)
        self.assertUnchanged(self.create_down_payment, order, percent=10)
        self.assertPosition(R=30, O=70)
        self.deliver(order, {self.tea: 2})
        self.assertUnchanged(self.invoice_rest, order)
        self.deliver(order)
        self.assertUnchanged(self.invoice_rest, order)
        self.assertEqual(self.account.receivable_amount, 100)

    def test_credited_down_payment_opens_the_order_again(self):
        order = self.confirm({self.tea: 10})
        deposit = self.create_down_payment(order, amount=40)
        self.assertUnchanged(self.reverse, deposit)
        self.assertPosition(O=100)

    def test_deducted_beyond_what_was_paid_in_advance_raises_the_rest(self):
        """A negative balance of down payments is owed: the goods were invoiced at less than their value."""
        order = self.confirm({self.tea: 10})
        deposit = self.create_down_payment(order, amount=40)
        self.deliver(order)
        self.assertUnchanged(self.invoice_rest, order)
        self.assertUnchanged(self.reverse, deposit)
        self.assertPosition(R=60, D=40)

    def test_draft_down_payment_counts_nothing(self):
        order = self.confirm({self.tea: 10})
        deposit = self.create_down_payment(order, amount=40, post=False)
        self.assertPosition(O=100)
        self.assertUnchanged(deposit.action_post)
        self.assertPosition(O=60, R=40)

    def test_down_payment_of_a_foreign_currency(self):
        currency = self.create_foreign_currency({"2020-01-01": 2.0})
        self.trade_in(currency)
        order = self.confirm({self.tea: 10})
        self.assertEqual(order.amount_total, 200)
        self.assertPosition(O=100)
        self.assertUnchanged(self.create_down_payment, order, amount=80)
        self.assertPosition(R=40, O=60)
        self.deliver(order)
        self.assertUnchanged(self.invoice_rest, order)
        self.assertPosition(R=100)

    def test_down_payment_beyond_a_short_closed_order_is_owed_to_the_distributor(self):
        order = self.confirm({self.tea: 10})
        deposit = self.create_down_payment(order, amount=40)
        self.pay(40, deposit)
        self.deliver(order, {self.tea: 1})
        self.short_close(order)
        self.assertPosition(D=-30)

    # ------------------------------------------------------------ paid online

    def test_online_payment_counts_once(self):
        order = self.confirm({self.tea: 10})
        for state in ("draft", "pending", "cancel", "error"):
            self.pay_online(order, state=state)
        self.assertPosition(O=100)
        transaction = self.pay_online(order, 70)
        self.assertPosition(O=30)
        transaction.payment_id = self.pay(70)
        self.assertPosition(O=100, R=-70, message="booked: it lowers what is receivable, and the order no more")
        transaction.payment_id.move_id.button_draft()
        self.assertPosition(O=30)

    def test_online_payment_of_an_order_not_confirmed_counts_when_it_is(self):
        order = self.create_order(lines={self.tea: 10})
        self.pay_online(order, 100)
        self.assertPosition()
        order.action_confirm()
        self.assertPosition()

    def test_online_payment_of_two_orders_is_shared(self):
        orders = self.confirm({self.tea: 10}) | self.confirm({self.tea: 30})
        self.pay_online(orders, 100)
        self.assertPosition(O=300)

    def test_online_payment_of_the_order_being_checked(self):
        self.set_limit(0)
        order = self.create_order(lines={self.tea: 10})
        self.pay_online(order, 100)
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_online_payment_of_a_part_holds_the_rest(self):
        self.set_limit(0)
        order = self.create_order(lines={self.tea: 10})
        self.pay_online(order, 60)
        order.action_confirm()
        self.assertEqual(order.dms_state, "on_hold")
        self.assertIn("40.00", order.dms_hold_ids.message)

    def test_one_online_payment_does_not_pay_two_orders_in_full(self):
        self.set_limit(0)
        orders = self.create_order(lines={self.tea: 10}) | self.create_order(lines={self.tea: 10})
        self.pay_online(orders, 100)
        orders.action_confirm()
        self.env.flush_all()
        self.assertLessEqual(self.account.exposure_amount, 0)

    def test_booked_online_payment_of_the_order_being_checked(self):
        self.set_limit(0)
        order = self.create_order(lines={self.tea: 10})
        self.pay_online(order, 100).payment_id = self.pay(100)
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        self.assertPosition(R=-100, O=100)

    # ------------------------------------------------------------ the horizon

    def promise(self, days):
        """Noon of a day, as UTC."""
        return self.company._dms_utc(datetime.combine(self.day(days), time(12)))

    def test_horizon_counts_what_is_promised_by_its_last_day(self):
        for days in (0, 1, 10, 11, 300):
            order = self.create_order(lines={self.tea: 1})
            order.action_confirm()
            order.commitment_date = self.promise(days)
        for horizon, counted in ((False, 50), (0, 10), (1, 20), (9, 20), (10, 30), (11, 40), (299, 40), (300, 50)):
            self.company.credit_horizon_days = horizon
            self.assertPosition(O=counted, message=f"horizon {horizon}")

    def test_last_moment_of_the_day_counts_in_the_time_zone_of_the_company(self):
        self.company.partner_id.tz = "Pacific/Auckland"
        order = self.confirm({self.tea: 1})
        day = self.company._dms_today() + timedelta(days=5)
        self.company.credit_horizon_days = 5
        order.commitment_date = self.company._dms_utc(datetime.combine(day, time(23, 59, 59)))
        self.assertPosition(O=10)
        order.commitment_date = self.company._dms_utc(datetime.combine(day + timedelta(days=1), time(0, 0)))
        self.assertPosition()

    def test_without_a_promise_the_lead_time_of_each_line_counts(self):
        order = self.confirm({self.tea: 1, self.coffee: 2})
        order.commitment_date = False
        tea, coffee = order.order_line
        tea.customer_lead, coffee.customer_lead = 3, 8
        for horizon, counted in ((0, 0), (2, 0), (3, 10), (7, 10), (8, 60)):
            self.company.credit_horizon_days = horizon
            self.assertPosition(O=counted, message=f"horizon {horizon}")

    def test_horizon_spares_neither_what_was_delivered_nor_the_order_checked(self):
        order = self.confirm({self.tea: 10})
        order.commitment_date = self.promise(100)
        self.deliver(order, {self.tea: 4})
        self.company.credit_horizon_days = 30
        self.assertPosition(D=40)
        self.set_limit(139)
        late = self.create_order(lines={self.tea: 10}, commitment_date=self.promise(90))
        late.action_confirm()
        self.assertEqual(late.dms_state, "on_hold")
        self.set_limit(140)
        late.action_confirm()
        self.assertEqual(late.state, "sale")
        self.assertPosition(D=40)

    def test_amendment_of_an_order_beyond_the_horizon_counts_it_whole(self):
        self.company.credit_horizon_days = 30
        order = self.confirm({self.tea: 10}, commitment_date=self.promise(90))
        self.set_limit(105)
        revision = order.action_dms_amend([{"line_id": order.order_line.id, "product_id": self.tea.id, "quantity": 11}])
        self.assertEqual(revision.state, "on_hold")

    def test_horizon_moves_on_with_the_day(self):
        self.company.credit_horizon_days = 1
        order = self.confirm({self.tea: 10})
        order.commitment_date = self.promise(3)
        self.assertPosition()
        with freeze_time(datetime.combine(self.day(2), time(12))):
            self.env.invalidate_all()
            self.assertPosition(O=100)

    def test_horizon_of_other_companies_does_not_matter(self):
        other = self.env["res.company"].create({"name": "T Other"})
        other.credit_horizon_days = 0
        order = self.confirm({self.tea: 10})
        order.commitment_date = self.promise(50)
        self.assertPosition(O=100)
