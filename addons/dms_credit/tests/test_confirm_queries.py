"""What a confirmation costs in SQL queries beyond the same order of a customer who is no distributor."""

from odoo.fields import Command
from odoo.tests import tagged

from .common import CreditCommon

#: queries more with every credit gate at work: price list, credit account, its lock, licences, like orders, position, what
#: the order takes of the limit; less the two that reading lines and partners at once saves
EXTRA_ON_HOLD = 5
#: without credit to check: price list, credit account, licences, like orders; less the same two
EXTRA = 2
#: what further modules of the suite may add: all of them together stay within ten
FURTHER = 5
OWN_MODULES = ("dms_orders", "dms_portal", "dms_credit")


@tagged("post_install", "-at_install")
class TestConfirmQueries(CreditCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.dms_duplicate_minutes = 10
        cls.products = cls.tea | cls.coffee | cls.syrup
        licence_type = cls.env["dms.licence.type"].create({"name": "T", "code": "T", "product_ids": [Command.set(cls.tea.ids)]})
        for distributor in cls.alpha | cls.beta:
            cls.env["dms.licence"].create({"partner_id": distributor.id, "type_id": licence_type.id, "number": "1"})
        cls.env["dms.assortment"].create({"name": "T", "product_ids": [Command.set(cls.products.ids)]})
        cls.distributor_class.write({"min_order_amount": 1, "pricelist_id": False})
        cls.set_limit(100_000)
        cls.account.review_date = cls.day(30)
        cls.create_invoice(50, cls.today, due=cls.day(10))
        cls.env.flush_all()
        installed = cls.env["ir.module.module"].search([("name", "=like", "dms%"), ("state", "=", "installed")])
        cls.further = FURTHER if set(installed.mapped("name")) - set(OWN_MODULES) else 0

    def cost(self, partner, lines, user=None, paid=False):
        """Queries of the second confirmation of such an order, what a running server keeps in memory being there."""
        for _time in range(2):
            savepoint = self.env.cr.savepoint()
            order = self.create_order(partner, dict.fromkeys(self.products, 5), client_order_ref=False)
            for number in range(lines - len(self.products)):
                product = self.products[number % 3]
                order.order_line = [Command.create({"product_id": product.id, "product_uom_qty": 1 + number})]
            if paid:
                self.pay_online(order, amount=1.0)
            self.env.flush_all()
            self.env.invalidate_all()
            order = order.with_user(user or self.desk2)
            order.env.user.has_group("base.group_user")
            before = self.env.cr.sql_log_count
            order.action_confirm()
            self.env.flush_all()
            count = self.env.cr.sql_log_count - before
            self.assertEqual(order.state, "sale", order.sudo().dms_hold_ids.mapped("message"))
            savepoint.close(rollback=True)
            self.env.cr.clear()
        return count

    def test_order_under_a_limit(self):
        for lines in (3, 12):
            extra = self.cost(self.alpha, lines) - self.cost(self.customer, lines)
            self.assertLessEqual(extra, EXTRA_ON_HOLD + self.further, f"{lines} lines")

    def test_order_without_credit_to_check(self):
        for lines in (3, 12):
            extra = self.cost(self.beta, lines) - self.cost(self.customer, lines)
            self.assertLessEqual(extra, EXTRA + self.further, f"{lines} lines")

    def test_order_of_a_class_with_a_price_list(self):
        self.distributor_class.pricelist_id = self.pricelist
        self.assertLessEqual(self.cost(self.alpha, 3) - self.cost(self.customer, 3), EXTRA_ON_HOLD + self.further)

    def test_order_that_was_paid_online_in_part(self):
        extra = self.cost(self.alpha, 3, paid=True) - self.cost(self.customer, 3, paid=True)
        self.assertLessEqual(extra, EXTRA_ON_HOLD + self.further)
