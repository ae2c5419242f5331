from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import PDF, ReturnsCommon

UNKNOWN = 99999999


@tagged("post_install", "-at_install")
class TestReturnLiteral(ReturnsCommon):
    """What callers from outside may send to a return, and what its actions do with it in every state."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.line = cls.line_of(cls.sell({cls.tea: 200}))
        cls.foreign = cls.line_of(cls.sell({cls.tea: 5}, cls.beta))

    def refuse(self, act):
        """A sentence, and no error of the database; the sentence."""
        with mute_logger("odoo.sql_db"), self.assertRaises(UserError) as caught, self.cr.savepoint():
            act()
            self.env.flush_all()
        self.env.invalidate_all()
        return str(caught.exception)

    def test_ids_that_are_none_are_refused_like_those_of_others(self):
        foreign = self.refuse(lambda: self.create_return([self.prepare_line(self.foreign, 1)]))
        for wrong in (UNKNOWN, 2**40, -1):
            for name in ("sale_line_id", "product_id", "lot_id", "product_uom_id", "reason_id"):
                with self.subTest(name=name, value=wrong):
                    values = {**self.prepare_line(self.line, 1, product_uom_id=self.unit.id), name: wrong}
                    sentence = self.refuse(lambda values=values: self.create_return([values]))
                    self.assertNotIn(str(wrong), sentence)
                    if name == "sale_line_id":
                        self.assertEqual(sentence, foreign)
            with self.subTest(name="distributor_id", value=wrong):
                self.refuse(lambda wrong=wrong: self.env["dms.return"].with_user(self.desk).create({"distributor_id": wrong}))

    def test_ids_that_are_none_are_not_written_either(self):
        case = self.create_return({self.line: 1})
        for name in ("sale_line_id", "product_id", "lot_id", "product_uom_id", "reason_id"):
            with self.subTest(name=name):
                self.refuse(lambda name=name: case.line_ids.with_user(self.desk).write({name: UNKNOWN}))
                self.refuse(
                    lambda name=name: case.with_user(self.desk).write({"line_ids": [Command.update(case.line_ids.id, {name: UNKNOWN})]})
                )
        self.assertEqual(case.line_ids.sale_line_id, self.line)

    def test_a_refusal_and_a_reversal_need_a_reason(self):
        case = self.submit(self.create_return({self.line: 1}))
        for reason in (None, "", "  ", "\0", 7, ["No"], False):
            with self.subTest(reason=reason):
                self.assertIn("Say why", self.refuse(lambda reason=reason: case.with_user(self.officer).action_reject(reason)))
        self.assertEqual((case.state, case.rejection_reason), ("submitted", False))
        case.with_user(self.officer).action_reject("Too old")
        case.with_user(self.officer).action_reject("Once more")
        self.assertEqual((case.state, case.rejection_reason), ("rejected", "Too old"))

    def test_settle_and_reverse_in_every_state(self):
        """``{button: {state: state after it}}``; what is not listed is refused with a sentence."""
        table = {
            "action_settle": {"inspected": "settled", "settled": "settled"},
            "action_reverse": {"settled": "cancelled", "cancelled": "cancelled"},
        }
        users = {"action_settle": self.officer, "action_reverse": self.claims_manager}
        for state in ("draft", "submitted", "approved", "received", "inspected", "settled", "rejected", "cancelled"):
            for button, after in table.items():
                with self.subTest(state=state, button=button):
                    case = self.make(state)
                    arguments = ["Why"] if button == "action_reverse" else []
                    act = getattr(case.with_user(users[button]), button)
                    for _time in range(2):
                        if state in after:
                            act(*arguments)
                        else:
                            self.refuse(lambda act=act, arguments=arguments: act(*arguments))
                        self.assertEqual(case.state, after.get(state, state))

    def make(self, state):
        case = self.create_return({self.line: 1})
        if state != "draft":
            self.submit(case)
        if state in ("rejected", "cancelled"):
            case.with_user(self.officer).action_reject("No") if state == "rejected" else case.with_user(self.desk).action_cancel()
        elif state not in ("draft", "submitted"):
            self.approve(case)
            steps = {"received": self.bring, "inspected": self.inspect, "settled": lambda c: c.with_user(self.officer).action_settle()}
            for name, step in steps.items() if state != "approved" else ():
                step(case)
                if name == state:
                    break
        self.assertEqual(case.state, state)
        return case

    def test_actions_on_nothing_do_nothing(self):
        none = self.env["dms.return"]
        for button, user, arguments in (
            ("action_submit", self.desk, []),
            ("action_approve", self.officer, []),
            ("action_reject", self.officer, ["No"]),
            ("action_inspect", self.hand, []),
            ("action_settle", self.officer, []),
            ("action_cancel", self.desk, []),
            ("action_reverse", self.claims_manager, ["No"]),
        ):
            with self.subTest(button=button):
                self.assertTrue(getattr(none.with_user(user), button)(*arguments))

    def test_share_counts_a_batch_together(self):
        reason = self.create_reason("SHARE", max_share_percent=50)
        first, second = (self.create_return([self.prepare_line(self.line, size, reason)]) for size in (3, 2))
        with self.share_of(100.0):  # 50.00 may come back
            self.refuse(
                lambda: (
                    (first | second | self.create_return([self.prepare_line(self.line, 1, reason)])).with_user(self.desk).action_submit()
                )
            )
            (first | second).with_user(self.desk).action_submit()
            self.assertEqual((first | second).mapped("state"), ["submitted", "submitted"])

    def share_of(self, bought):
        return patch.object(type(self.env["dms.return"]), "_get_bought_before", lambda case: bought)

    def test_destroyed_goods_are_received_with_their_proof_and_never_moved(self):
        case = self.create_return([self.prepare_line(self.line, 4, self.destroyed)])
        self.assertIn("attach", self.refuse(lambda: self.submit(case)))
        case._attach_evidence("gone.pdf", PDF)
        self.approve(self.submit(case), 3)
        self.assertEqual((case.state, case.line_ids.received_qty, case.picking_ids.ids), ("received", 3, []))
        rows = self.env["dms.stock.ledger"].search([("source_key", "=", f"destroyed:{case.line_ids.id}")])
        self.assertEqual((rows.kind, rows.quantity, rows.distributor_id), ("return", -3, self.alpha))
        self.inspect(case, 2)
        self.assertEqual(case.line_ids.move_ids.ids, [])
