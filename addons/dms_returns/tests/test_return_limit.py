from odoo.tests import tagged

from .common import ReturnsCommon


@tagged("post_install", "-at_install")
class TestReturnLimit(ReturnsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.picking = cls.sell({cls.tea: 10})
        cls.line = cls.line_of(cls.picking)

    def left(self, line=None):
        line = line or self.line
        return line._dms_read_returnable()[line]["left"]

    def test_what_counts_at_every_stage(self):
        case = self.create_return({self.line: 8})
        self.assertEqual(self.left(), 10, "drafts do not count")
        self.submit(case)
        self.assertEqual(self.left(), 2, "requested")
        self.approve(case, 6)
        self.assertEqual(self.left(), 4, "approved")
        self.bring(case, {self.tea: 5})
        self.assertEqual(self.left(), 5, "received")
        self.inspect(case, 3)
        self.assertEqual(self.left(), 7, "accepted")
        case.sudo()._enter("settled")
        self.assertEqual(self.left(), 7, "settled included")

    def test_rejected_and_cancelled_give_back(self):
        for button, arguments in (("action_reject", ["No"]), ("action_cancel", [])):
            case = self.submit(self.create_return({self.line: 8}))
            getattr(case.with_user(self.officer), button)(*arguments)
            self.assertEqual(self.left(), 10)

    def test_two_drafts_of_all_one_is_submitted(self):
        first, second = self.create_return({self.line: 10}), self.create_return({self.line: 1})
        self.submit(first)
        with self.assertRefused("only 0 are left"):
            self.submit(second)

    def test_a_batch_counts_together(self):
        batch = self.create_return({self.line: 6}) | self.create_return({self.line: 5})
        with self.assertRefused("11 .*only 10"):
            batch.with_user(self.desk).action_submit()
        self.assertEqual(batch.mapped("state"), ["draft", "draft"])

    def test_two_lines_of_one_order_line_count_together(self):
        case = self.create_return([self.prepare_line(self.line, 6), self.prepare_line(self.line, 5, self.to_scrap)])
        with self.assertRefused("11 .*only 10"):
            self.submit(case)

    def test_goods_sent_again_may_come_back_again(self):
        back = self.give_back(self.picking, {self.tea: 4})
        self.assertEqual(self.left(), 6)
        self.give_back(back, {self.tea: 4})
        self.assertEqual(self.left(), 10)

    def test_a_return_not_to_refund_is_back_all_the_same(self):
        back = self.give_back(self.picking, {self.tea: 4})
        back.move_ids.to_refund = False
        self.assertEqual(self.left(), 6)

    def test_what_pages_offer_is_the_distributors_own_and_left(self):
        foreign = self.line_of(self.sell({self.tea: 5}, self.beta))
        gone = self.line_of(self.sell({self.coffee: 2}))
        self.submit(self.create_return({gone: 2}))
        lines = self.line | foreign | gone
        self.assertEqual(set(lines._dms_get_returnable(self.alpha)), {self.line})

    def test_queries_do_not_grow_with_lines(self):
        """Ours for 60 lines as for 20, core's transfers apart."""
        counts = {}
        for size in (20, 60):
            products = [self.create_product(f"Q{size}-{n}", f"Q{size}-{n}", 1.0) for n in range(size)]
            lines = self.line_of(self.sell(dict.fromkeys(products, 5)))
            case = self.create_return({line: 2 for line in lines})
            self.env.flush_all()
            self.env.invalidate_all()
            counts[size] = [self.count(step) for step in (lambda c=case: self.submit(c), lambda c=case: self.approve(c))]
            counts[size].append(self.count(lambda c=case: self.bring(c)))
            self.env.invalidate_all()
            counts[size].append(self.count(lambda c=case: self.inspect(c)))
        per_line = [(large - small) / 40 for small, large in zip(counts[20], counts[60], strict=True)]
        self.assertLess(per_line[0], 0.1, counts)
        self.assertLess(per_line[1], 2, counts)  # core computes the delivered quantity line by line
        self.assertLess(max(per_line), 10, counts)  # and moves goods so

    def count(self, act):
        before = self.env.cr.sql_log_count
        act()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before
