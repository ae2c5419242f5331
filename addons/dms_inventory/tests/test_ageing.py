import base64
import io
import random
from datetime import date, timedelta
from zipfile import ZipFile

from odoo.exceptions import AccessError, UserError
from odoo.tests import BaseCase, tagged

from ..engine.ageing import Receipt, age
from ..engine.attribution import newest
from .suggest_common import SuggestCommon


class TestNewest(BaseCase):
    def test_any_balance_is_the_newest_receipts_and_nothing_else(self):
        dice = random.Random(5)
        for _round in range(300):
            receipts = [(number, dice.randint(0, 40) / 4) for number in range(dice.randint(0, 6))]
            balance = dice.randint(-20, 200) / 4
            parts = newest(balance, receipts)
            self.assertAlmostEqual(sum(quantity for _key, quantity in parts), max(balance, 0.0))
            self.assertTrue(all(quantity > 0 for _key, quantity in parts))
            known = [(key, quantity) for key, quantity in parts if key is not None]
            wanted = [(key, quantity) for key, quantity in receipts if quantity > 0][: len(known)]
            self.assertEqual([key for key, _quantity in known], [key for key, _quantity in wanted], "in order, none passed over")
            self.assertEqual(known[:-1], wanted[: len(known) - 1], "all but the oldest part in full")
            if len(known) < len(parts):
                self.assertAlmostEqual(sum(q for _k, q in known), sum(q for _k, q in receipts), msg="unexplained only beyond every receipt")

    def test_age_sorts_receipts_and_knows_its_buckets(self):
        today = date(2024, 6, 30)
        receipts = [Receipt(number, today - timedelta(days=days), 10, 2.0) for number, days in enumerate((91, 0, 90, 30, 31, 60, 61))]
        parts = age(75, receipts, today)
        self.assertEqual(
            [(days, bucket) for _receipt, _quantity, days, bucket in parts],
            [(0, "d30"), (30, "d30"), (31, "d60"), (60, "d60"), (61, "d90"), (90, "d90"), (91, "older"), (None, "none")],
        )
        self.assertEqual([quantity for _receipt, quantity, _days, _bucket in parts], [10] * 7 + [5])


@tagged("post_install", "-at_install")
class TestAgeing(SuggestCommon):
    def age(self, user=None, **values):
        wizard = self.env["dms.stock.ageing"].with_user(user or self.desk)
        wizard = wizard.create({"distributor_ids": [(6, 0, (self.alpha | self.beta).ids)], **values})
        wizard.action_show()
        return wizard

    def get_parts(self, wizard):
        return [(line.product_id, line.quantity, line.bucket, line.value) for line in wizard.line_ids]

    def test_balance_is_valued_at_the_receipts_it_is_left_of(self):
        self.move(self.alpha, self.tea, 10, -100, price_unit=8.0)
        self.move(self.alpha, self.tea, 20, -40, price_unit=9.0)
        self.move(self.alpha, self.tea, 5, -3, price_unit=10.0)
        self.move(self.alpha, self.tea, -18, -1, "sellout")
        self.assertEqual(self.get_parts(self.age()), [(self.tea, 5, "d30", 50), (self.tea, 12, "d60", 108)])
        self.assertEqual(self.get_parts(self.age(date=self.day(-50))), [(self.tea, 10, "d60", 80)], "as it was on a day")

    def test_what_no_receipt_explains_is_shown_without_a_price(self):
        self.move(self.alpha, self.tea, 4, -10, "count")
        self.assertEqual(self.get_parts(self.age()), [(self.tea, 4, "none", 0)])

    def test_price_is_the_invoiced_one_in_the_own_unit_and_company_currency(self):
        self.stock(self.tea, 100)
        order = self.create_order(lines={self.tea: 2})
        order.order_line.write({"product_uom_id": self.case.id, "product_uom_qty": 2, "price_unit": 120})
        order.action_confirm()
        self.deliver(order)
        order.picking_ids.action_dms_confirm_receipt()
        self.assertEqual(self.get_parts(self.age()), [(self.tea, 24, "d30", 240)], "ordered at, before an invoice")
        moves = order._create_invoices()
        moves.invoice_line_ids.filtered("product_id").price_unit = 96
        moves.invoice_date = self.today
        moves.action_post()
        self.assertEqual(self.get_parts(self.age()), [(self.tea, 24, "d30", 192)])

    def test_reader_ages_what_he_sees_and_nobody_else_may(self):
        self.move(self.alpha, self.tea, 4, -10)
        self.move(self.beta, self.tea, 4, -10)
        wizard = self.age(self.area_manager, distributor_ids=[], territory_ids=[(6, 0, (self.region | self.south).ids)])
        self.assertEqual(wizard.line_ids.distributor_id, self.alpha)
        self.assertEqual(self.age().line_ids.distributor_id, self.alpha | self.beta)
        for user in (self.salesperson, self.alpha_user):
            with self.assertRaises(AccessError):
                self.env["dms.stock.ageing"].with_user(user).create({})
        with self.assertRaises(AccessError):
            self.age().with_user(self.desk2).action_show()
        with self.assertRaisesRegex(UserError, "up to today"):
            self.age(date=self.day(1))

    def test_spreadsheet_holds_text_as_text(self):
        self.alpha.name = "=cmd|' /C calc'!A0"
        self.move(self.alpha, self.tea, 4, -10, price_unit=2.5)
        wizard = self.age()
        action = wizard.action_download()
        self.assertEqual(action["type"], "ir.actions.act_url")
        with ZipFile(io.BytesIO(base64.b64decode(wizard.file))) as book:
            text = b"".join(book.read(name) for name in book.namelist() if name.endswith(".xml")).decode()
        self.assertIn("=cmd", text)
        self.assertNotIn("<f>", text)

    def test_statements_do_not_depend_on_products(self):
        products = [self.create_product(f"P{number}", f"T-P{number}", 1.0) for number in range(8)]
        counts = []
        for batch in (products[:2], products[2:]):
            for product in batch:
                self.move(self.alpha, product, 4, -10)
            wizard = self.env["dms.stock.ageing"].with_user(self.desk).create({"distributor_ids": [(6, 0, self.alpha.ids)]})
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            scope = wizard._get_scope()
            wizard._get_balances(scope), wizard._get_receipts(scope)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])
