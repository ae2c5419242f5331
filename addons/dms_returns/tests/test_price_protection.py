from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.dms_inventory.engine.ageing import Receipt, age

from ..models import dms_price_protection_claims as drafting
from .claims_common import ClaimsCommon


@tagged("post_install", "-at_install")
class TestPriceProtection(ClaimsCommon):
    """A drop of a price list is paid for on what was held, newest receipts first, once."""

    def setUp(self):
        super().setUp()
        self.numbers_before = self.env["dms.claim"].search_count([])

    @classmethod
    def protect(cls, prices=None, user=None, **values):
        """A draft of ``{product: (old, new)}`` on the price list of all distributors of these tests."""
        prices = {cls.tea: (10.0, 8.0)} if prices is None else prices
        lines = [Command.create({"product_id": product.id, "old_price": old, "new_price": new}) for product, (old, new) in prices.items()]
        return (
            cls.env["dms.price.protection"]
            .with_user(user or cls.officer)
            .create(
                {
                    "pricelist_id": cls.pricelist.id,
                    "date": cls.today,
                    "claim_type_id": cls.types["price_protection"].id,
                    "line_ids": lines,
                    **values,
                }
            )
            .with_env(cls.env)
        )

    def run_all(self, protection, user=None):
        protection.with_user(user or self.officer).action_compute()
        protection.with_user(user or self.officer).action_draft_claims()
        return self.claims(protection)

    def claims(self, protection):
        self.env.invalidate_all()
        return protection.item_ids.claim_id

    def receive_at(self, product, quantity, back, price, distributor=None, **values):
        self.env["dms.stock.ledger"]._append(
            [
                {
                    "company_id": self.company.id,
                    "distributor_id": (distributor or self.alpha).id,
                    "product_id": product.id,
                    "date": self.day(back),
                    "quantity": quantity,
                    "kind": "receipt",
                    "price_unit": price,
                    "source_key": f"test:{next(self.numbers)}",
                    **values,
                }
            ]
        )

    def hold_invoiced(self):
        """Ten of tea at 10, invoiced, half of which is still held; a protection of them of 2 each, its claim approved; the order line."""
        picking = self.buy()
        self.receive_at(self.tea, 10, 3, 10.0, move_id=picking.move_ids.id)
        self.append(self.tea, -5, 2, "sellout")
        self.append(self.tea, 3, 1)  # what no delivery explains
        claim = self.run_all(self.protect())
        self.assertEqual(claim.amount_claimed, 16.0)
        if self.submit(claim, self.desk).state == "submitted":
            self.approve(claim, self.officer2)
        return picking.move_ids.sale_line_id, claim

    def give_back(self, line, quantity):
        reason = self.env["dms.return.reason"].search([("code", "=", "T-PROTECTED")]) or self.env["dms.return.reason"].create(
            {"name": "Protected", "code": "T-PROTECTED"}
        )
        values = {"sale_line_id": line.id, "quantity": quantity, "accepted_qty": quantity, "reason_id": reason.id}
        case = self.env["dms.return"].create({"distributor_id": self.alpha.id, "line_ids": [Command.create(values)]})
        case._enter("inspected")
        case.with_user(self.officer).action_settle()
        return case

    def test_protected_goods_come_back_for_what_is_still_paid(self):
        line, claim = self.hold_invoiced()
        tax = line.invoice_lines.move_id.amount_tax
        claim.with_user(self.accountant).action_settle()
        refunds = (self.give_back(line, 4) | self.give_back(line, 6)).refund_ids
        self.assertEqual(refunds.mapped("amount_untaxed"), [36.0, 54.0])
        self.assertAlmostEqual(sum(refunds.mapped("amount_tax")), tax, places=2)

    def test_protected_goods_are_claimed_for_what_is_still_paid(self):
        line, claim = self.hold_invoiced()
        claim.with_user(self.accountant).action_settle()
        with self.assertRaisesRegex(UserError, "left to be claimed"), self.cr.savepoint():
            self.submit(self.create_claim("spend", [(line.invoice_lines, 90.01)]))
        self.env.invalidate_all()
        self.submit(self.create_claim("transit_damage", [(line.invoice_lines, 90.0)]))

    def test_protection_that_was_taken_back_is_credited_again(self):
        line, claim = self.hold_invoiced()
        claim.with_user(self.accountant).action_settle()
        claim.with_user(self.claims_manager).action_reverse("A mistake")
        self.assertEqual(self.give_back(line, 10).refund_ids.amount_untaxed, 100.0)

    def test_goods_that_came_back_are_not_protected_any_more(self):
        line, claim = self.hold_invoiced()
        case = self.give_back(line, 10)
        with self.assertRaisesRegex(UserError, "left to be claimed"), self.cr.savepoint():
            claim.with_user(self.accountant).action_settle()
        self.env.invalidate_all()
        self.assertEqual(claim.state, "approved")
        case.with_user(self.claims_manager).action_reverse("Never came")
        claim.with_user(self.accountant).action_settle()
        self.assertEqual(claim.state, "settled")

    def test_held_stock_times_the_drop(self):
        self.append(self.tea, 10, 20)
        self.append(self.tea, -4, 5, "sellout")
        self.append(self.tea, 7, 3, distributor=self.beta)
        claims = self.run_all(self.protect())
        self.assertEqual({claim.distributor_id: claim.amount_claimed for claim in claims}, {self.alpha: 12.0, self.beta: 14.0})
        self.assertEqual(claims.mapped("amount_calculated"), claims.mapped("amount_claimed"))
        self.assertEqual(set(claims.mapped("state")), {"draft"})

    def test_no_more_is_lost_than_was_paid_above_the_new_price(self):
        for paid, drop in ((10.0, 2.0), (12.0, 2.0), (9.0, 1.0), (8.0, 0.0), (5.0, 0.0), (0.0, 0.0)):
            product = self.create_product(f"P{paid}", f"T-P{paid}", 10.0)
            self.receive_at(product, 5, 3, paid)
            protection = self.protect({product: (10.0, 8.0)})
            protection.with_user(self.officer).action_compute()
            with self.subTest(paid=paid):
                self.assertEqual((protection.item_ids.drop, protection.amount), (drop, 5 * drop))

    def test_newest_receipts_are_held(self):
        for back, quantity, price in ((30, 10, 12.0), (20, 10, 9.0), (10, 4, 10.0)):
            self.receive_at(self.tea, quantity, back, price)
        self.append(self.tea, -12, 5, "sellout")
        protection = self.protect()
        protection.with_user(self.officer).action_compute()
        item = protection.item_ids
        # 12 held: 4 at 10 lose 2, 8 at 9 lose 1
        self.assertEqual((item.quantity, item.amount), (12.0, 16.0))
        self.assertAlmostEqual(item.price_paid, (4 * 10 + 8 * 9) / 12)

    def test_same_layers_as_the_engine_of_ageing(self):
        moves = [(40, 7, 11.0), (33, 3, 9.5), (33, 2, 8.5), (12, 6, 10.0), (4, 1, 12.0)]
        for back, quantity, price in moves:
            self.receive_at(self.tea, quantity, back, price)
        self.append(self.tea, -8, 2, "sellout")
        receipts = [
            Receipt(row.id, row.date, row.quantity, row.price_unit)
            for row in self.env["dms.stock.ledger"].search([("kind", "=", "receipt"), ("product_id", "=", self.tea.id)])
        ]
        expected = sum(
            quantity * max(min(10.0, receipt.price) - 8.0, 0.0) for receipt, quantity, _days, _bucket in age(11, receipts, self.today)
        )
        protection = self.protect()
        protection.with_user(self.officer).action_compute()
        self.assertAlmostEqual(protection.amount, expected, places=2)

    def test_price_invoiced_counts(self):
        picking = self.buy({self.tea: 10})
        self.assertEqual(self.invoice_of(picking).amount_untaxed, 100.0)
        protection = self.protect({self.tea: (11.0, 8.0)}, date=self.today)
        self.env.cr.execute("ALTER TABLE dms_stock_ledger DISABLE TRIGGER dms_stock_ledger_append_only")
        self.env.cr.execute("UPDATE dms_stock_ledger SET date = %s, price_unit = 99 WHERE picking_id = %s", [self.day(1), picking.id])
        self.env.cr.execute("ALTER TABLE dms_stock_ledger ENABLE TRIGGER dms_stock_ledger_append_only")
        protection.with_user(self.officer).action_compute()
        self.assertEqual((protection.item_ids.price_paid, protection.amount), (10.0, 20.0))

    def test_stock_of_the_day_itself_is_not_protected(self):
        self.append(self.tea, 5, 1)
        self.append(self.tea, 100, 0)
        self.assertEqual(self.run_all(self.protect()).amount_claimed, 10.0)

    def test_look_back_is_inclusive_and_needs_a_receipt(self):
        self.append(self.tea, 5, 10)
        self.append(self.tea, 3, 11)
        self.append(self.tea, 2, 1, "count")
        for days, amount in ((10, 10.0), (11, 16.0), (0, 20.0)):
            protection = self.protect(lookback_days=days)
            protection.with_user(self.officer).action_compute()
            with self.subTest(days=days):
                self.assertEqual(protection.amount, amount)
            protection.with_user(self.officer).action_cancel()

    def test_others_price_lists_are_left_out(self):
        self.append(self.tea, 5, 3)
        self.append(self.tea, 5, 3, distributor=self.beta)
        self.beta.property_product_pricelist = self.env["product.pricelist"].create({"name": "Own", "company_id": False})
        claims = self.run_all(self.protect())
        self.assertEqual(claims.distributor_id, self.alpha)

    def test_prices_are_taken_from_all_lists(self):
        self.append(self.tea, 5, 3)
        self.append(self.coffee, 5, 3)
        self.append(self.tea, 5, 3, distributor=self.beta)
        own = self.env["product.pricelist"].create({"name": "Own", "company_id": False})
        self.beta.property_product_pricelist = own
        start = self.company._dms_utc(self.company._dms_local(self.env.cr.now()).replace(hour=0, minute=0, second=0, microsecond=0))
        for pricelist, price in ((self.pricelist, 7.0), (own, 6.0)):
            self.env["product.pricelist.item"].create(
                {
                    "pricelist_id": pricelist.id,
                    "applied_on": "0_product_variant",
                    "product_id": self.tea.id,
                    "compute_price": "fixed",
                    "fixed_price": price,
                    "date_start": start,
                }
            )
        protection = self.protect({}, pricelist_id=False)
        claims = self.run_all(protection)
        ours = protection.line_ids.filtered(lambda line: line.pricelist_id in self.pricelist | own)
        self.assertEqual(
            {(line.pricelist_id, line.product_id, line.drop) for line in ours}, {(self.pricelist, self.tea, 3.0), (own, self.tea, 4.0)}
        )
        self.assertEqual({claim.distributor_id: claim.amount_claimed for claim in claims}, {self.alpha: 15.0, self.beta: 20.0})

    def test_without_a_drop_it_says_so(self):
        self.append(self.tea, 5, 3)
        protection = self.protect({})
        with self.assertRaisesRegex(UserError, "no price dropped"), self.cr.savepoint():
            protection.with_user(self.officer).action_compute()
        self.assertEqual(protection.state, "draft")
        future = self.protect(date=self.today + timedelta(days=1))
        with self.assertRaisesRegex(UserError, "not in force"), self.cr.savepoint():
            future.with_user(self.officer).action_compute()

    def test_run_twice_and_a_second_protection_pay_once(self):
        self.append(self.tea, 5, 3)
        protection = self.protect()
        for _time in range(2):
            claims = self.run_all(protection)
        self.assertEqual((len(claims), protection.state), (1, "done"))
        second = self.protect()
        self.assertFalse(self.run_all(second))
        self.assertEqual(second.state, "done")
        self.assertEqual(self.env["dms.claim"].search_count([]), self.numbers_before + 1)

    def test_later_drop_is_another_one(self):
        self.append(self.tea, 5, 30)
        self.run_all(self.protect(date=self.day(10)))
        claims = self.run_all(self.protect({self.tea: (8.0, 7.0)}))
        self.assertEqual(claims.amount_claimed, 5.0)

    def test_computed_again_follows_the_ledger_until_claims_are_made(self):
        self.append(self.tea, 5, 3)
        protection = self.protect()
        protection.with_user(self.officer).action_compute()
        self.append(self.tea, 1, 3)
        protection.with_user(self.officer).action_compute()
        self.assertEqual(protection.amount, 12.0)
        claims = self.run_all(protection)
        self.append(self.tea, 1, 3)
        self.run_all(protection)
        self.assertEqual((self.claims(protection), claims.amount_claimed), (claims, 12.0))

    def test_claims_are_approved_without_a_person_and_paid(self):
        self.append(self.tea, 5, 3)
        claim = self.run_all(self.protect())
        self.submit(claim, self.desk)
        self.assertEqual((claim.state, claim.is_automatic), ("approved", True))
        note = self.settle(claim)
        self.assertEqual(self.items(note), [("asset_receivable", -10.0), ("expense", 10.0)])
        self.assertIn("Tea", note.invoice_line_ids.name)

    def test_job_drafts_batch_by_batch(self):
        for distributor in (self.alpha, self.beta):
            self.append(self.tea, 5, 3, distributor=distributor)
        protection = self.protect()
        protection.with_user(self.officer).action_compute()
        with patch.object(drafting, "AT_ONCE", 0), patch.object(drafting, "BATCH", 1):
            action = protection.with_user(self.officer).action_draft_claims()
            self.assertEqual((action["tag"], protection.claim_count, protection.is_requested), ("display_notification", 0, True))
            self.env["dms.price.protection"]._cron_draft_claims()
            self.env["dms.price.protection"]._cron_draft_claims()
        self.assertEqual((len(self.claims(protection)), protection.state, protection.is_requested), (2, "done", False))

    def test_stock_claimed_by_hand_is_not_drafted_again(self):
        self.append(self.tea, 5, 3)
        protection = self.protect()
        protection.with_user(self.officer).action_compute()
        claim = self.create_claim("price_protection", [(protection.item_ids, 10.0)])
        self.assertEqual((claim.amount_calculated, self.run_all(protection)), (10.0, claim))
        self.assertEqual(protection.state, "done")

    def test_cancelled_protection_cancels_its_drafts_and_frees_the_stock(self):
        self.append(self.tea, 5, 3)
        protection = self.protect()
        claim = self.run_all(protection)
        protection.with_user(self.officer).action_cancel()
        self.assertEqual((protection.state, claim.state), ("cancelled", "cancelled"))
        again = self.run_all(self.protect())
        self.submit(again)
        with self.assertRaisesRegex(UserError, again.name):
            again.line_ids._get_sources("dms.price.protection.item").protection_id.with_user(self.officer).action_cancel()

    def test_line_of_a_cancelled_protection_is_not_submitted(self):
        self.append(self.tea, 5, 3)
        protection = self.protect()
        claim = self.run_all(protection)
        protection.item_ids.sudo().is_live = False
        with self.assertRaisesRegex(UserError, "cancelled"):
            self.submit(claim)

    def test_roles_and_hostile_values_are_refused(self):
        protection = self.protect()
        for user in (self.desk, self.area_manager, self.accountant, self.alpha_user, self.salesperson):
            for step in ("action_fill", "action_compute", "action_draft_claims", "action_cancel"):
                with self.assertRaises(AccessError, msg=(user.login, step)):
                    getattr(protection.with_user(user), step)()
            with self.assertRaises(AccessError):
                self.protect(user=user)
        for values in ({"state": "done"}, {"is_requested": True}, {"name": "PP/1"}):
            with self.assertRaises(AccessError):
                protection.with_user(self.officer).write(values)
        for prices in ((float("nan"), 1.0), (-1.0, 0.0), (1e40, 1.0)):
            with self.assertRaises(UserError), self.cr.savepoint():
                self.protect({self.tea: prices})
        protection.with_user(self.officer).action_compute()
        with self.assertRaises(UserError):
            protection.with_user(self.officer).write({"date": self.day(3)})
        with self.assertRaises(UserError):
            protection.line_ids.with_user(self.officer).write({"new_price": 1.0})
        with self.assertRaises(UserError):
            protection.with_user(self.officer).unlink()
