from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .intake_common import IntakeCommon
from .test_engine_ubl import sample


@tagged("post_install", "-at_install")
class TestIntakeUbl(IntakeCommon):
    def test_example_becomes_an_order_at_the_price_list(self):
        intake = self.take_example()
        order = intake.order_id
        self.assertEqual((intake.state, intake.source, intake.distributor_id), ("done", "ubl", self.alpha))
        self.assertEqual((order.order_channel, order.client_order_ref, order.partner_id), ("edi", "34", self.alpha))
        self.assertEqual(self.lines(order), [(self.needle, 120, self.unit), (self.tissues, 15, self.unit)])
        self.assertEqual(order.order_line.mapped("price_unit"), [47.5, 15.0])
        self.assertEqual(intake.line_ids.mapped("file_price"), [50.0, 15.0])

    def test_every_price_difference_is_reported_on_row_and_order(self):
        intake = self.take_example()
        self.assertEqual(intake.line_ids[0].note, "Price in the file 50.00, price list 47.50")
        self.assertFalse(intake.line_ids[1].note)
        message = intake.order_id.message_ids.filtered(lambda m: "50.00" in m.body)
        self.assertIn("47.50", message.body)
        self.assertIn("Information text for the whole order", message.body)
        self.assertEqual(message.subtype_id, self.env.ref("mail.mt_comment"))

    def test_other_currency_is_reported_and_prices_not_compared(self):
        intake = self.take_example(**{self.company.currency_id.name: "XTS"})
        self.assertIn("XTS", intake.note)
        self.assertFalse(any(intake.line_ids.mapped("note")))

    def test_price_for_a_base_quantity_is_compared_for_one(self):
        hundred = {">50.000<": ">4750.00<", '<cbc:BaseQuantity unitCode="EA">1<': '<cbc:BaseQuantity unitCode="EA">100<'}
        intake = self.take_example(**hundred)
        self.assertFalse(intake.line_ids[0].note)

    def test_gtin_then_the_buyers_own_code_find_the_product(self):
        self.needle.barcode = "4006381333931"
        intake = self.take_example(**{">121212<": ">UNKNOWN<"})
        self.assertEqual(intake.line_ids[0].product_id, self.needle)
        intake.order_id._action_cancel()
        self.needle.barcode = False
        self.env["dms.distributor.product"].create({"distributor_id": self.alpha.id, "product_id": self.tea.id, "code": "123456"})
        intake = self.take_example(**{">121212<": ">UNKNOWN<"})
        self.assertEqual(intake.line_ids[0].product_id, self.tea)

    def test_code_for_pieces_counts_the_packaging_whose_gtin_is_given(self):
        self.env["product.uom"].create({"product_id": self.needle.id, "uom_id": self.case.id, "barcode": "4006381333931"})
        intake = self.take_example(**{">121212<": ">UNKNOWN<"})
        self.assertEqual(self.lines(intake.order_id)[0], (self.needle, 120, self.case))

    def test_unmatched_line_holds_the_order_and_invents_nothing(self):
        products = self.env["product.product"].with_context(active_test=False).search_count([])
        intake = self.take_example(**{">121212<": ">UNKNOWN<"})
        self.assertEqual(intake.state, "review")
        self.assertIn("UNKNOWN", self.errors(intake)[1])
        self.assertEqual(self.env["product.product"].with_context(active_test=False).search_count([]), products)

    def test_buyer_is_found_by_endpoint_then_code_then_vat(self):
        self.assertEqual(self.take_example().distributor_id, self.alpha)
        self.beta.distributor_code = "555666777"
        self.assertEqual(self.take_example(**{"987654325": "555666777"}).distributor_id, self.beta)
        self.beta.distributor_code = "T-BETA"
        self.beta.vat = "NO9311867455MVA"
        self.assertEqual(self.take_example(**{"987654325": "000000000"}).distributor_id, self.beta)

    def test_unknown_buyer_waits_for_the_desk(self):
        partners = self.env["res.partner"].search_count([])
        intake = self.take_example(**{"987654325": "000000000", "NO9311867455MVA": "NO0"})
        self.assertEqual((intake.state, bool(intake.distributor_id), bool(intake.order_id)), ("review", False, False))
        self.assertIn("Helseforetak", intake.message)
        self.assertIn("0192:000000000", intake.buyer_text)
        self.assertEqual(self.env["res.partner"].search_count([]), partners)
        with self.assertRaises(UserError):
            intake.with_user(self.desk).line_ids.intake_id.write({"state": "done"})
        intake.distributor_id = self.beta
        intake.action_check_again()
        self.assertEqual((intake.state, intake.order_id.partner_id), ("done", self.beta))
        self.assertFalse(intake.message)

    def test_electronic_address_added_later_is_found_on_check(self):
        intake = self.take_example(**{"987654325": "000000000", "NO9311867455MVA": "NO0"})
        self.beta.edi_endpoint = "0192:000000000"
        intake.action_check_again()
        self.assertEqual(intake.order_id.partner_id, self.beta)

    def test_file_of_another_distributor_than_chosen_is_refused(self):
        with self.assertRaisesRegex(UserError, "Alpha Trading"):
            self.take_example(distributor=self.beta)
        unknown = self.take_example(distributor=self.beta, **{"987654325": "000000000", "NO9311867455MVA": "NO0"})
        self.assertEqual(unknown.order_id.partner_id, self.beta)

    def test_requested_day_is_taken_when_it_can_be_kept(self):
        late = self.take_example()
        self.assertFalse(late.order_id.commitment_date)
        self.assertIn("cannot be kept", late.note)
        day = self.company._dms_today() + timedelta(days=5)
        kept = self.take_example(**{"<cbc:EndDate>2012-10-20": f"<cbc:EndDate>{day}", "<cbc:ID>34<": "<cbc:ID>35<"})
        self.assertEqual(self.company._dms_local(kept.order_id.commitment_date).date(), day)
        self.assertNotIn("cannot be kept", kept.note)
        far = self.take_example(**{"<cbc:EndDate>2012-10-20": "<cbc:EndDate>9999-12-31", "<cbc:ID>34<": "<cbc:ID>36<"})
        self.assertFalse(far.order_id.commitment_date)

    def test_delivery_location_is_the_distributors_own_address_or_told(self):
        told = self.take_example()
        self.assertEqual(told.order_id.partner_shipping_id, self.alpha)
        self.assertIn("Solheimsveien 10", told.note)
        address = self.env["res.partner"].create(
            {"name": "Ward", "type": "delivery", "parent_id": self.alpha.id, "edi_endpoint": "0088:7300010099999"}
        )
        location = {
            '<cbc:ID schemeID="0088">7300010000001</cbc:ID>\n\t\t\t<cac:Address>': '<cbc:ID schemeID="0088">7300010099999</cbc:ID>\n\t\t\t<cac:Address>'
        }
        kept = self.take_example(**location)
        self.assertEqual(kept.order_id.partner_shipping_id, address)

    def test_the_other_examples_are_read_by_gtin_and_by_name(self):
        self.beta.edi_endpoint = "0088:7300010099999"
        for number, gtin in enumerate(("4006381333931", "4006381333948", "4006381333955")):
            self.create_product(f"Sauce {number}", f"T-S{number}", 4.0, barcode=gtin)
        data = sample("UC1_Order.xml").replace(b"7300010000001", b"7300010099999").replace(b">SN-", b">T-SN-")
        for old, new in (
            (b"05704066204093", b"04006381333931"),
            (b"08722700575887", b"4006381333948"),
            (b"08722700577584", b"4006381333955"),
        ):
            data = data.replace(old, new)
        intake = self.intakes._intake(self.env["res.partner"], data, "UC1_Order.xml")
        self.assertEqual((intake.distributor_id, self.errors(intake)), (self.beta, {}))
        self.assertEqual([line.product_uom_qty for line in intake.order_id.order_line], [10, 5, 15])
        data = sample("UC2_Order.xml").replace(b"7300010000001", b"7300010099999").replace(b"Item 1<", b"T Needle 4mm<")
        intake = self.intakes._intake(self.env["res.partner"], data, "UC2_Order.xml")
        self.assertEqual(intake.line_ids[0].product_id, self.needle)
        self.assertEqual(list(self.errors(intake)), [2])

    def test_reference_of_the_buyer_is_seen_by_the_duplicate_gate(self):
        first = self.take_example()
        first.order_id.action_dms_submit()
        again = self.take_example(**{"Information text": "Other text"})
        again.order_id.action_dms_submit()
        self.assertIn("duplicate", self.open_gates(again.order_id))
        self.assertEqual(fields.Date.to_string(first.order_id.date_order)[:2], "20")
