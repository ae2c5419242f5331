from odoo.fields import Command
from odoo.tests import tagged

from .common import DmsCommon


@tagged("post_install", "-at_install")
class TestPartnerMerge(DmsCommon):
    """Core's wizard joins partners of which one, or each, is a distributor."""

    def merge(self, partners, target):
        values = {"partner_ids": [Command.set(partners.ids)], "dst_partner_id": target.id}
        self.env["base.partner.merge.automatic.wizard"].create(values).action_merge()

    def test_code_and_address_move_to_a_partner_that_has_none(self):
        self.alpha.edi_endpoint = "0088:7399999999999"
        code, order = self.alpha.distributor_code, self.create_order()
        self.merge(self.alpha | self.customer, self.customer)
        self.assertEqual((self.customer.distributor_code, self.customer.edi_endpoint), (code, "0088:7399999999999"))
        self.assertTrue(self.customer.is_distributor)
        self.assertEqual(order.distributor_id, self.customer)

    def test_distributor_that_stays_keeps_its_own(self):
        self.beta.edi_endpoint = "0088:7399999999999"
        code = self.alpha.distributor_code
        self.merge(self.alpha | self.beta, self.alpha)
        self.assertEqual((self.alpha.distributor_code, self.alpha.edi_endpoint), (code, "0088:7399999999999"))
