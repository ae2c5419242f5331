from odoo.tests import tagged

from .claims_common import PDF, ClaimsCommon


@tagged("post_install", "-at_install")
class TestClaimReceipt(ClaimsCommon):
    """What did not arrive in good order becomes drafts, which the distributor completes."""

    def test_short_receipt_drafts_a_claim_for_each_kind(self):
        picking = self.buy({self.tea: 10, self.coffee: 4}, missing={self.tea: 3, self.coffee: {"quantity": 1, "damaged": True}})
        short, damaged = self.claims_of(picking)
        self.assertEqual((short.kind, damaged.kind), ("shortage", "transit_damage"))
        self.assertEqual((short.amount_claimed, short.amount_calculated), (30.0, 30.0))
        self.assertEqual((damaged.amount_claimed, damaged.amount_calculated), (25.0, 25.0))
        self.assertEqual((short.distributor_id, short.state, short.line_ids.quantity), (self.alpha, "draft", 3.0))
        self.assertEqual(short.line_ids.invoice_line_id.move_id, self.invoice_of(picking))

    def test_receipt_told_again_drafts_nothing(self):
        picking = self.buy(missing={self.tea: 3})
        picking._dms_short_receipt([picking.move_line_ids._prepare_dms_shortfall(3, False)])
        picking.with_user(self.alpha_user).action_dms_confirm_receipt({picking.move_line_ids.id: 5})
        self.assertEqual(len(self.claims_of(picking)), 1)

    def test_full_receipt_drafts_nothing(self):
        self.assertFalse(self.claims_of(self.buy()))

    def test_distributor_completes_and_submits(self):
        self.types["shortage"].evidence_required = True
        claim = self.claims_of(self.buy(missing={self.tea: 3}))
        with self.assertRaisesRegex(Exception, "attach"):
            claim.with_user(self.alpha_user).action_submit()
        claim.with_user(self.alpha_user)._attach_evidence("photo.pdf", PDF + b"tea")
        claim.with_user(self.alpha_user).action_submit()
        self.assertEqual((claim.state, claim.is_automatic, claim.amount_approved), ("approved", True, 30.0))

    def test_uninvoiced_goods_are_claimed_at_the_price_ordered(self):
        picking = self.buy({self.tea: 10}, missing={self.tea: 2}, invoiced=False)
        claim = self.claims_of(picking)
        self.assertEqual((claim.amount_calculated, claim.line_ids.invoice_line_id.id), (20.0, False))
        self.submit(claim)
        self.invoice(picking.sale_id)
        note = self.settle(claim)
        self.assertEqual((note.reversed_entry_id, note.amount_untaxed), (self.invoice_of(picking), 20.0))

    def test_goods_received_in_full_have_no_shortfall(self):
        """Nobody is paid without a person for goods he said had arrived."""
        picking = self.buy()
        claim = self.submit(self.create_claim("shortage", [(picking.move_line_ids, 20.0)]))
        self.assertEqual((claim.state, claim.amount_calculated), ("submitted", 0.0))

    def test_missing_goods_are_not_damaged_as_well(self):
        picking = self.buy(missing={self.tea: 3})
        claim = self.create_claim("transit_damage", [(picking.move_line_ids, 30.0)])
        self.assertEqual(claim.amount_calculated, 0.0)

    def test_units_are_the_products_own(self):
        order = self.create_order(self.alpha, {self.tea: 24}, user_id=False)
        order.order_line.write({"product_uom_id": self.case.id, "product_uom_qty": 2})
        order.action_confirm()
        self.deliver(order)
        self.invoice(order)
        picking = order.picking_ids
        picking.action_dms_confirm_receipt({line.id: line.quantity / 2 for line in picking.move_line_ids})
        claim = self.claims_of(picking)
        self.assertEqual(claim.line_ids.quantity, 12.0)
        self.assertAlmostEqual(claim.amount_calculated, order.amount_untaxed / 2, places=2)
