from odoo.tests import tagged

from .common import CreditCommon


@tagged("post_install", "-at_install")
class TestCreditVerdicts(CreditCommon):
    def get_messages(self, orders, user):
        found = orders.with_env(self.env(user=user, su=True))._dms_get_verdicts()
        return {orders.browse(order_id): [verdict["message"] for verdict in verdicts] for order_id, verdicts in found.items()}

    def test_what_is_left_is_told_to_who_may_read_credit_and_to_the_distributor_alone(self):
        self.set_limit(1000)
        order = self.create_order(lines={self.tea: 10})
        left = self.account._money(self.account.available_amount - order.amount_total)
        for user, expected in (
            (self.controller, f"Fits the credit of the distributor: {left} left after this order."),
            (self.alpha_user, f"Fits your credit: {left} left after this order."),
        ):
            self.assertEqual(self.get_messages(order, user)[order], [expected], user.login)
        for user in (self.desk, self.salesperson):
            self.assertEqual(self.get_messages(order, user)[order], [], user.login)

    def test_verdicts_of_a_batch_are_asked_together(self):
        self.set_limit(1000)
        self.set_limit(5, self.beta)
        orders = self.create_order(lines={self.tea: 10}) | self.create_order(self.beta, {self.tea: 10})
        messages = self.get_messages(orders, self.controller)
        self.assertEqual(list(messages), list(orders))
        self.assertIn("Fits", messages[orders[0]][0])
        self.assertEqual(len(messages[orders[1]]), 1)
        self.assertNotIn("Fits", messages[orders[1]][0])
