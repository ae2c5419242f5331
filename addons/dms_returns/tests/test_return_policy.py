from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import PDF, ReturnsCommon


@tagged("post_install", "-at_install")
class TestReturnPolicy(ReturnsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.picking = cls.sell({cls.tea: 50, cls.syrup: 10})
        cls.tea_line, cls.syrup_line = cls.line_of(cls.picking, cls.tea), cls.line_of(cls.picking, cls.syrup)

    def may(self, reason, line=None, quantity=1, **values):
        """Whether it can be submitted; nothing is left of the attempt."""
        case = self.create_return([self.prepare_line(line or self.tea_line, quantity, reason, **values)])
        findings = case._get_policy_findings()
        if findings:
            with self.assertRaises(UserError):
                self.submit(case)
        return not findings

    def sent_on(self, day, picking=None):
        """Delivered at noon of a day of the company."""
        noon = self.company._dms_utc(fields.Datetime.to_datetime(day).replace(hour=12))
        (picking or self.picking).date_done = noon

    def test_window_includes_its_last_day(self):
        reason = self.create_reason("W14", window_days=14)
        for back, allowed in ((0, True), (13, True), (14, True), (15, False)):
            with self.subTest(back=back):
                self.sent_on(self.day(back))
                self.assertEqual(self.may(reason), allowed)
        self.sent_on(self.day(900))
        self.assertTrue(self.may(self.plain), "no window, no end")

    def test_window_follows_the_day_of_the_company(self):
        self.company.partner_id.tz = "Pacific/Kiritimati"  # 14 hours ahead
        reason = self.create_reason("W1", window_days=1)
        self.picking.date_done = "2026-03-10 09:30:00"  # 23:30 there
        for now, allowed in (("2026-03-11 09:59:00", True), ("2026-03-11 10:01:00", False)):
            with self.subTest(now=now), freeze_time(now):
                self.assertEqual(self.may(reason), allowed)

    def test_window_of_the_newest_delivery_or_of_the_lot(self):
        lots = [self.create_lot("OLD"), self.create_lot("NEW")]
        order = self.create_order(self.alpha, {self.milk: 10})
        order.action_confirm()
        for lot in lots:
            self.env["stock.quant"]._update_available_quantity(self.milk, self.shelf, 5, lot_id=lot)
            picking = order.picking_ids.filtered(lambda picking: picking.state not in ("done", "cancel"))
            picking.move_ids.move_line_ids.unlink()
            ends = {"location_id": self.shelf.id, "location_dest_id": picking.location_dest_id.id, "picking_id": picking.id}
            picking.move_ids.move_line_ids = [
                Command.create({"product_id": self.milk.id, "lot_id": lot.id, "quantity": 5, "picked": True, **ends})
            ]
            picking._action_done()
            self.sent_on(self.day(20 if lot == lots[0] else 5), picking)
        reason = self.create_reason("W14", window_days=14)
        for lot, allowed in zip(lots, (False, True), strict=True):
            with self.subTest(lot=lot.name):
                self.assertEqual(self.may(reason, order.order_line, lot_id=lot.id), allowed)

    def test_category_means_itself_and_all_below(self):
        below = self.env["product.category"].create({"name": "Syrups", "parent_id": self.medicine.id})
        reason = self.create_reason("MED", categ_ids=[Command.set(self.medicine.ids)])
        self.assertTrue(self.may(reason, self.syrup_line))
        self.assertFalse(self.may(reason, self.tea_line))
        self.syrup.categ_id = below
        self.assertTrue(self.may(reason, self.syrup_line))

    def test_expiry_window_includes_both_ends_and_asks_nothing_of_the_rest(self):
        reason = self.create_reason("EXP", expiry_days_before=90, expiry_days_after=30)
        no_days = self.create_reason("ANY")
        line_type = type(self.env["dms.return.line"])
        for days, allowed in ((91, False), (90, True), (0, True), (-30, True), (-31, False)):
            expires = self.today + timedelta(days=days)
            with self.subTest(days=days), patch.object(line_type, "_get_expiry_day", lambda line, day=expires: day):
                self.assertEqual(self.may(reason), allowed)
                self.assertTrue(self.may(no_days))
        self.assertTrue(self.may(reason), "goods without an expiry date")

    def test_expiry_is_read_where_lots_have_one(self):
        line = self.create_return({self.tea_line: 1}).line_ids
        has_expiry = "expiration_date" in self.env["stock.lot"]._fields
        self.assertIsNone(line._get_expiry_day())
        self.assertEqual(has_expiry, self.env["dms.stock.expiry"]._has_expiry())

    def test_goods_that_must_come_back_are_not_destroyed(self):
        self.assertFalse(self.may(self.plain, disposition="destroyed_at_distributor"))

    def test_evidence_is_asked_for_by_kind(self):
        photo, paper = self.env["dms.evidence.type"].create([{"name": "T Photo"}, {"name": "T Paper"}])
        reason = self.create_reason("EV", evidence_required=True, evidence_type_ids=[Command.set((photo | paper).ids)])
        case = self.create_return([self.prepare_line(self.tea_line, 1, reason)])
        with self.assertRefused("T Photo, T Paper"):
            self.submit(case)
        case._attach_evidence("a.pdf", PDF, photo)
        with self.assertRefused("attach T Paper"):
            self.submit(case)
        case._attach_evidence("b.pdf", PDF + b"2", paper)
        self.assertEqual(self.submit(case).state, "submitted")

    def test_reason_of_another_company_or_archived_is_refused(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.assertFalse(self.may(self.create_reason("OTHER", company_id=other.id)))
        self.assertFalse(self.may(self.create_reason("GONE2", active=False)))

    def test_share_of_what_was_bought_the_quarter_before(self):
        reason = self.create_reason("SHARE", max_share_percent=10)
        with freeze_time("2026-02-10 12:00:00"):
            self.invoice(self.line_of(self.sell({self.tea: 100})).order_id)  # 1,000.00
        with freeze_time("2026-03-31 12:00:00"):
            bill = self.invoice(self.line_of(self.sell({self.tea: 20})).order_id)
            bill._reverse_moves([{"invoice_date": "2026-03-31", "date": "2026-03-31"}]).action_post()
        with freeze_time("2026-04-01 12:00:00"):
            self.assertTrue(self.may(reason, quantity=10))
            self.assertFalse(self.may(reason, quantity=11))
            self.submit(self.create_return([self.prepare_line(self.tea_line, 6, reason)]))
            self.submit(self.create_return([self.prepare_line(self.tea_line, 6)]))  # another reason
            self.assertTrue(self.may(reason, quantity=4))
            self.assertFalse(self.may(reason, quantity=5))
        with freeze_time("2026-07-01 12:00:00"):
            self.assertFalse(self.may(reason), "nothing was bought in the second quarter")

    def test_policy_is_not_asked_again_at_review(self):
        reason = self.create_reason("W14", window_days=14)
        case = self.submit(self.create_return([self.prepare_line(self.tea_line, 1, reason)]))
        self.sent_on(self.day(60))
        self.assertEqual(self.approve(case).state, "approved")
