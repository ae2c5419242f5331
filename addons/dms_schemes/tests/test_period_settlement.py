import random
from datetime import date, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .period_common import FEB, GOLDEN, JAN, MAR, PeriodCommon


@tagged("post_install", "-at_install")
class TestSettlement(PeriodCommon):
    """Claim by one person, approval by another, a credit note that pays once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.scheme = cls.create_rebate()
        cls.bill({cls.tea: 150}, "2026-01-10")
        cls.scheme._accrue(JAN)
        cls.row = cls.env["dms.scheme.accrual"].search([("scheme_id", "=", cls.scheme.id)])

    def claim(self, user=None):
        self.row.with_user(user or self.author).action_claim()

    def test_credit_note_pays_what_is_owed(self):
        self.claim()
        self.assertEqual((self.row.state, self.row.claimed_by_id), ("claimed", self.author))
        self.row.with_user(self.approver).action_settle()
        note = self.row.settlement_move_id
        self.assertEqual((note.move_type, note.state, note.partner_id, note.amount_total), ("out_refund", "posted", self.alpha, 15.0))
        self.assertEqual((note.journal_id.type, note.amount_tax), ("sale", 0.0))
        self.assertEqual(note.invoice_line_ids.account_id, self.scheme.accrual_account_id)
        self.assertEqual((self.row.state, self.row.settled_amount, self.row.open_amount), ("settled", 15.0, 0.0))
        self.assertEqual((self.row.settled_by_id, self.balance(self.scheme, self.alpha)), (self.approver, 0.0))
        self.assertSettled(self.scheme)

    def test_settling_twice_pays_once(self):
        note = self.settle(self.row)
        self.row.with_user(self.approver).action_settle()
        self.row.with_user(self.approver2).action_settle()
        self.row.with_user(self.author).action_claim()
        self.assertEqual(self.row.settlement_move_id, note)
        self.assertEqual(self.env["account.move"].search_count([("move_type", "=", "out_refund"), ("partner_id", "=", self.alpha.id)]), 1)

    def test_who_asked_never_approves(self):
        self.claim(self.approver)
        for rows in (self.row.with_user(self.approver), self.row.with_user(self.approver).sudo()):
            with self.assertRaisesRegex(UserError, "second person"):
                rows.action_settle()
            with self.assertRaisesRegex(UserError, "second person"):
                rows.action_release("not owed")
        self.assertEqual(self.row.state, "claimed")
        self.row.with_user(self.approver2).action_settle()
        self.assertEqual(self.row.state, "settled")

    def test_nobody_settles_what_nobody_asked_for(self):
        with self.assertRaisesRegex(UserError, "ask for the settlement first"):
            self.row.with_user(self.approver).action_settle()

    def test_roles_that_do_not_decide_are_refused(self):
        for user in (self.desk, self.manager, self.employee, self.alpha_user, self.area_manager):
            for method, args in (("action_claim", ()), ("action_settle", ()), ("action_release", ("x",)), ("action_reopen", ())):
                with self.assertRaises(AccessError, msg=f"{user.login} {method}"):
                    getattr(self.row.with_user(user), method)(*args)
        self.claim()
        with self.assertRaises(AccessError):
            self.row.with_user(self.author).action_settle()
        with self.assertRaises(AccessError):
            self.row.with_user(self.author).action_release("x")

    def test_claim_is_taken_back_by_who_asked(self):
        self.claim(self.approver)
        with self.assertRaises(AccessError):
            self.row.with_user(self.author).action_reopen()
        self.row.with_user(self.approver).action_reopen()
        self.assertEqual((self.row.state, self.row.claimed_by_id.id), ("open", False))
        self.scheme._accrue(FEB)
        self.assertEqual(self.amounts(self.scheme), [15.0])
        self.assertEqual(self.settle(self.row).amount_total, 15.0)

    def test_later_document_is_an_adjustment_of_the_next_period(self):
        self.settle(self.row)
        self.bill({self.tea: 30}, "2026-01-20")
        self.scheme._accrue(FEB)
        later = self.rows_of(self.scheme) - self.row
        self.assertEqual((later.amount, later.is_adjustment, later.date_from), (3.0, True, date(2026, 2, 1)))
        self.assertFalse(self.row.is_adjustment)

    def test_later_document_of_the_same_month_does_not_touch_what_was_claimed(self):
        self.claim()
        self.bill({self.tea: 30}, "2026-01-20")
        self.scheme._accrue(JAN)
        later = self.rows_of(self.scheme) - self.row
        self.assertEqual((self.row.amount, later.amount, later.is_adjustment), (15.0, 3.0, True))
        self.assertSettled(self.scheme)

    def test_negative_adjustment_is_carried_to_the_next_settlement(self):
        self.settle(self.row)
        self.credit({self.tea: 50}, "2026-01-25")
        self.scheme._accrue(FEB)
        adjustment = self.rows_of(self.scheme) - self.row
        self.assertEqual(adjustment.amount, -5.0)
        with self.assertRaisesRegex(UserError, "carried forward"):
            adjustment.with_user(self.author).action_claim()
        self.bill({self.tea: 200}, "2026-03-05")
        self.scheme._accrue(MAR)
        march = self.rows_of(self.scheme)[-1]
        note = self.settle(march)
        self.assertEqual((note.amount_total, adjustment.state, march.state), (15.0, "settled", "settled"))
        self.assertSettled(self.scheme)

    def test_claim_asks_for_what_is_owed_now(self):
        self.credit({self.tea: 50}, "2026-01-25")
        self.claim()
        self.assertEqual(sum(self.rows_of(self.scheme).filtered(lambda row: row.state == "claimed").mapped("open_amount")), 10.0)

    def test_release_gives_it_back_to_the_expense_account(self):
        with self.assertRaisesRegex(UserError, "Say why"):
            self.row.with_user(self.approver).action_release("  ")
        self.row.with_user(self.approver).action_release("left us")
        self.assertEqual((self.row.state, self.row.released_amount, self.row.settlement_move_id.id), ("settled", 15.0, False))
        self.assertEqual((self.row.release_reason, self.balance(self.scheme, self.alpha)), ("left us", 0.0))
        self.scheme._accrue(FEB)
        self.row.with_user(self.approver).action_release("again")
        self.assertEqual(self.amounts(self.scheme), [15.0], "what was released is not accrued again")
        self.assertSettled(self.scheme)

    def test_tax_on_the_settlement_where_it_is_configured(self):
        tax = self.env["account.tax"].create({"name": "T 10", "amount": 10.0, "type_tax_use": "sale", "company_id": self.company.id})
        with self.assertRaisesRegex(UserError, "account of its own"):
            self.create_rebate(settlement_tax_id=tax.id)
        account = self.env["account.account"].create({"name": "T tax", "code": "TTAX01", "account_type": "liability_current"})
        tax.repartition_line_ids.filtered(lambda part: part.repartition_type == "tax").account_id = account
        scheme = self.create_rebate(settlement_tax_id=tax.id)
        scheme._accrue(JAN)
        note = self.settle(self.rows_of(scheme))
        self.assertEqual((note.amount_untaxed, note.amount_total), (15.0, 16.5))
        self.assertSettled(scheme)

    def test_several_schemes_of_one_distributor_in_one_credit_note(self):
        other = self.create_rebate([(0, "percent", 2)])
        other._accrue(JAN)
        self.bill({self.tea: 100}, "2026-01-15", self.beta)
        other._accrue(JAN)
        rows = self.row | self.rows_of(other)
        rows.with_user(self.author).action_claim()
        rows.with_user(self.approver).action_settle()
        self.assertEqual(len(rows.settlement_move_id), 2)
        self.assertEqual(self.row.settlement_move_id, self.rows_of(other, self.alpha).settlement_move_id)
        self.assertEqual(self.row.settlement_move_id.amount_total, 18.0)
        self.assertSettled(self.scheme | other)

    def test_archived_distributor_is_still_paid(self):
        self.alpha_user.active = self.alpha_user2.active = False
        self.alpha.child_ids.active = False
        self.alpha.active = False
        self.assertEqual(self.settle(self.row).amount_total, 15.0)

    def test_booked_entries_stay_as_they_are(self):
        self.settle(self.row)
        for move in self.row.move_id | self.row.settlement_move_id:
            for change in (move.button_draft, move.button_cancel, move._reverse_moves):
                with self.assertRaisesRegex(UserError, "accruals of schemes"):
                    change()
        with self.assertRaises(AccessError):
            self.row.unlink()
        with self.assertRaises(AccessError):
            self.row.line_ids.unlink()

    def test_merged_distributors_keep_their_accruals(self):
        self.bill({self.tea: 100}, "2026-01-15", self.beta)
        self.scheme._accrue(JAN)
        (self.alpha_user | self.alpha_user2 | self.beta_user).action_archive()
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.alpha | self.beta).ids, self.alpha)
        self.scheme._accrue(FEB)
        rows = self.rows_of(self.scheme)
        self.assertEqual((rows.distributor_id, sum(rows.mapped("amount"))), (self.alpha, 25.0))
        self.assertEqual(self.balance(self.scheme, self.alpha), 25.0)


@tagged("post_install", "-at_install")
class TestRandomAccruals(PeriodCommon):
    """Whatever happens in whatever order: the account owes what the rows say, and the rows what the documents give."""

    def setUp(self):
        super().setUp()
        self.rebate = self.create_rebate(GOLDEN, mode="marginal")
        self.capped = self.create_rebate([(50, "percent", 5)], budget_amount=40.0, max_per_distributor=30.0)
        self.schemes = self.rebate | self.capped
        self.documents = []

    def test_random_histories_tie(self):
        for seed in range(6):
            with self.subTest(seed=seed):
                self.run_history(random.Random(seed))

    def run_history(self, dice):
        today = date(2026, 1, 5)
        steps = (self.do_bill, self.do_bill, self.do_credit, self.do_reset, self.do_accrue, self.do_accrue, self.do_settle, self.do_release)
        for _step in range(25):
            today = min(today + timedelta(days=dice.randint(0, 9)), date(2026, 5, 31))
            dice.choice(steps)(dice, today)
        for scheme in self.schemes:
            scheme._accrue(today)
        self.assertSettled(self.schemes)
        self.assertOwed()

    def assertOwed(self):
        for partner in self.alpha | self.beta:
            base = self.invoiced(partner)
            rows = self.rows_of(self.rebate, partner)
            self.assertAlmostEqual(sum(rows.mapped("base_amount")), base, places=2)
            self.assertAlmostEqual(sum(rows.mapped("amount")), self.golden(base), places=2)
        capped = self.rows_of(self.capped)
        self.assertLessEqual(sum(capped.mapped("amount")), 40.0)

    def golden(self, base):
        """The bands, one by one, in whole cents and rounded half up."""
        cents = round(base * 100)
        bands = ((0, 10000, 1), (10000, 30000, 2), (30000, 10**12, 3))
        return (sum(max(min(cents, high) - low, 0) * rate for low, high, rate in bands) + 5) // 10 / 100

    def invoiced(self, partner):
        moves = [move for move in self.documents if move.state == "posted" and move.commercial_partner_id == partner]
        inside = [move for move in moves if date(2026, 1, 1) <= move.invoice_date <= date(2026, 3, 31)]
        return round(sum(move.amount_untaxed_signed for move in inside), 2)

    def do_bill(self, dice, today):
        on = today - timedelta(days=dice.choice((0, 0, 3, 40)))
        self.documents.append(self.bill({self.tea: dice.randint(1, 40000) / 100}, on, dice.choice((self.alpha, self.beta))))

    def do_credit(self, dice, today):
        on = today - timedelta(days=dice.choice((0, 10)))
        self.documents.append(self.credit({self.tea: dice.randint(1, 20000) / 100}, on, dice.choice((self.alpha, self.beta))))

    def do_reset(self, dice, today):
        if self.documents:
            move = dice.choice(self.documents)
            if move.state == "posted":
                move.button_draft()
                if dice.random() < 0.5:
                    move.invoice_line_ids.price_unit = dice.randint(1, 30000) / 100
            if dice.random() < 0.6:
                move.action_post()

    def do_accrue(self, dice, today):
        dice.choice(self.schemes)._accrue(today)

    def do_settle(self, dice, today):
        rows = self.env["dms.scheme.accrual"].search(
            [("scheme_id", "in", self.schemes.ids), ("state", "=", "open"), ("open_amount", ">", 0)]
        )
        if rows:
            try:
                with self.env.cr.savepoint():
                    self.settle(dice.choice(rows))
            except UserError:
                self.env.invalidate_all()

    def do_release(self, dice, today):
        rows = self.env["dms.scheme.accrual"].search([("scheme_id", "in", self.schemes.ids), ("state", "=", "open")])
        if rows and dice.random() < 0.3:
            dice.choice(rows).with_user(self.approver).action_release("agreed")
