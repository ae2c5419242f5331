from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import PDF, ReturnsCommon

PAST_SUBMIT = {"submitted", "approved", "received", "inspected"}


@tagged("post_install", "-at_install")
class TestReturnLife(ReturnsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.line = cls.line_of(cls.sell({cls.tea: 100}))

    def make(self, state):
        """A return of 4 in a state."""
        case = self.create_return({self.line: 4})
        steps = {
            "submitted": lambda: self.submit(case),
            "approved": lambda: self.approve(case),
            "received": lambda: self.bring(case),
            "inspected": lambda: self.inspect(case),
        }
        if state in ("rejected", "cancelled"):
            self.submit(case)
            if state == "rejected":
                case.with_user(self.officer).action_reject("No")
            else:
                case.with_user(self.desk).action_cancel()
            return case
        for name, step in steps.items() if state != "draft" else ():
            step()
            self.assertEqual(case.state, name)
            if name == state:
                break
        return case

    def test_every_button_in_every_state_does_its_part_nothing_or_says_why(self):
        """``{button: ({state: state after it})}``; what is not listed is refused with a sentence."""
        same = {state: state for state in ("submitted", "approved", "received", "inspected")}
        table = {
            "action_submit": {"draft": "submitted", **same},
            "action_approve": {**same, "submitted": "approved"},
            "action_inspect": {"received": "inspected", "inspected": "inspected"},
            "action_cancel": {"draft": "cancelled", "submitted": "cancelled", "approved": "cancelled", "cancelled": "cancelled"},
            "action_reject": {"submitted": "rejected", "rejected": "rejected"},
        }
        users = {"action_submit": self.desk, "action_cancel": self.desk, "action_inspect": self.hand}
        for state in ("draft", "submitted", "approved", "received", "inspected", "rejected", "cancelled"):
            for button, after in table.items():
                with self.subTest(state=state, button=button):
                    case = self.make(state)
                    act = getattr(case.with_user(users.get(button, self.officer)), button)
                    arguments = ["No"] if button == "action_reject" else []
                    if state in after:
                        act(*arguments)
                        self.assertEqual(case.state, after[state])
                        pickings = case.picking_ids
                        act(*arguments)
                        self.assertEqual((case.state, case.picking_ids), (after[state], pickings), "the second time nothing happens")
                    else:
                        with self.assertRaises(UserError):
                            act(*arguments)
                        self.assertEqual(case.state, state)

    def test_unset_approves_all_and_given_what_was_given(self):
        other = self.line_of(self.sell({self.coffee: 10}))
        case = self.submit(self.create_return({self.line: 4, other: 3}))
        case.line_ids[0].with_user(self.officer).write({"approved_qty": 1, "decision_note": "One was fine"})
        self.approve(case)
        self.assertEqual(case.line_ids.mapped("approved_qty"), [1, 3])
        self.assertEqual(case.picking_ids.move_ids.mapped("product_uom_qty"), [1, 3])
        self.assertEqual((case.decided_by_id, bool(case.decided_on)), (self.officer, True))

    def test_nothing_approved_is_rejected_once(self):
        case = self.approve(self.submit(self.create_return({self.line: 4})), 0)
        self.assertEqual((case.state, case.line_ids.live_qty, case.picking_ids.ids), ("rejected", 0, []))
        self.approve(case)
        self.assertEqual(case.state, "rejected")

    def test_one_line_refused_leaves_the_other(self):
        case = self.submit(self.create_return([self.prepare_line(self.line, 4), self.prepare_line(self.line, 2, self.to_scrap)]))
        self.approve(case, 0, 2)
        self.assertEqual((case.state, case.picking_ids.move_ids.product_uom_qty), ("approved", 2))

    def test_impossible_parts_are_refused(self):
        for quantity in (5, -1, 1.5):
            with self.subTest(approved=quantity):
                case = self.submit(self.create_return({self.line: 4}))
                with self.assertRaises(UserError):
                    self.approve(case, quantity)
        for quantity in (5, -1, 1.5):
            with self.subTest(accepted=quantity):
                case = self.send_back({self.line: 4})
                with self.assertRaises(UserError):
                    self.inspect(case, quantity)

    def test_accepting_nothing_is_a_verdict(self):
        case = self.inspect(self.send_back({self.line: 4}), 0)
        self.assertEqual((case.state, case.line_ids.accepted_qty, case.line_ids.live_qty), ("inspected", 0, 0))
        self.assertEqual(self.lying(self.tea, self.quarantine), 4)

    def test_cancel_calls_the_transfers_off(self):
        case = self.make("approved")
        case.with_user(self.desk).action_cancel()
        self.assertEqual((case.picking_ids.mapped("state"), case.line_ids.live_qty), (["cancel"], 0))

    def test_cancel_after_a_part_has_arrived_is_refused(self):
        case = self.bring(self.make("approved"), {self.tea: 1}, cancel_rest=False)
        with self.assertRefused("inspect"):
            case.with_user(self.desk).action_cancel()

    def test_maker_submitter_and_salesperson_do_not_decide_even_with_full_rights(self):
        self.line.order_id.user_id = self.officer2
        made = self.create_return({self.line: 1}, user=self.officer)
        submitted = self.submit(self.create_return({self.line: 1}), user=self.officer)
        sold = self.submit(self.create_return({self.line: 1}))
        for case, user in ((self.submit(made), self.officer), (submitted, self.officer), (sold, self.officer2)):
            for rights in (case.with_user(user), case.with_user(user).sudo()):
                with self.assertRefused("second person"):
                    rights.action_approve()
        self.bring(self.approve(sold))
        for rights in (sold.with_user(self.officer2), sold.with_user(self.officer2).sudo()):
            with self.assertRefused("second person"):
                rights.action_inspect()

    def test_split_gives_two_dispositions(self):
        case = self.send_back({self.line: 5})
        new = case.line_ids.with_user(self.hand).action_split(2)
        new.with_user(self.hand).disposition = "scrap"
        scrapped = new._get_deliveries()  # the new line is a line like any other
        self.assertTrue(scrapped)
        before = self.lying(self.tea, self.shelf)
        self.inspect(case)
        self.assertEqual(sorted(case.line_ids.mapped("accepted_qty")), [2, 3])
        self.assertEqual(self.lying(self.tea, self.shelf), before + 3)
        self.assertEqual(self.lying(self.tea, self.inspection), 0)
        self.assertEqual(sum(case.line_ids.mapped("live_qty")), 5)

    def test_split_refuses_what_is_no_part(self):
        case = self.submit(self.create_return({self.line: 5}))
        for quantity in (0, -1, 5, 6, 1.5, float("nan"), float("inf"), "2", None, True):
            with self.subTest(quantity=quantity), self.assertRaises(UserError):
                case.line_ids.with_user(self.officer).action_split(quantity)
        case.line_ids.with_user(self.officer).action_split(2)
        self.assertEqual(case.line_ids.mapped("quantity"), [3, 2])
        self.approve(case)
        with self.assertRaises(UserError):
            case.line_ids[0].with_user(self.officer).action_split(1)

    def test_files_of_destroyed_goods_receive_them(self):
        case = self.submit(self.create_return({self.line: 4}))
        case.line_ids.with_user(self.officer).disposition = "destroyed_at_distributor"
        self.approve(case)
        self.assertEqual((case.state, case.picking_ids.ids), ("approved", []))
        case._attach_evidence("gone.pdf", PDF)
        self.assertEqual((case.state, case.line_ids.received_qty), ("received", 4))
