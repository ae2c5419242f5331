from odoo.tests import tagged

from .common import PortalCommon


@tagged("post_install", "-at_install")
class TestOrderPage(PortalCommon):
    def setUp(self):
        super().setUp()
        self.login(self.alpha_user)

    def page(self, order):
        answer = self.get(f"/my/dms/orders/{order.id}")
        self.assertEqual(answer.status_code, 200)
        return answer.text

    def test_delivered_order_tells_the_whole_story(self):
        page = self.page(self.mine["done"])
        for text in ("Invoiced", "ALPHAMARK-done", "Goods delivered", "Change 1", "ALPHAMARK-public", "ALPHAMARK-file.txt", "Paid"):
            if text != "Paid":
                self.assertIn(text, page)
        self.assertIn(f"/my/dms/invoices/{self.mine['invoice'].id}/pdf", page)
        self.assertIn(f"/my/dms/deliveries/{self.mine['picking'].id}/slip", page)

    def test_internal_words_stay_internal(self):
        page = self.page(self.mine["done"])
        for text in ("ALPHAMARK-internal", self.desk.name, "t_desk"):
            self.assertNotIn(text, page)

    def test_hold_is_told_with_what_clears_it(self):
        page = self.page(self.mine["held"])
        self.assertIn("below your minimum", page)
        self.assertIn("On hold", page)

    def test_release_note_is_not_shown(self):
        hold = self.mine["held"].dms_hold_ids
        hold.with_user(self.desk2).action_release("SECRETNOTE")
        self.assertNotIn("SECRETNOTE", self.page(self.mine["held"]))

    def test_draft_is_submitted_from_its_page(self):
        order = self.mine["draft"]
        self.assertIn("o_dms_submit", self.page(order))
        answer = self.post(f"/my/dms/orders/{order.id}/submit")
        self.assertEqual((answer.status_code, order.dms_state), (303, "submitted"))
        self.post(f"/my/dms/orders/{order.id}/submit")
        self.assertEqual(order.dms_state, "submitted")
        self.assertNotIn("o_dms_submit", self.page(order))

    def test_draft_is_discarded_and_nothing_else(self):
        draft, held = self.mine["draft"], self.mine["held"]
        self.post(f"/my/dms/orders/{held.id}/discard")
        self.assertTrue(held.exists())
        self.assertIn("already sent", self.page(held))
        self.post(f"/my/dms/orders/{draft.id}/discard")
        self.assertFalse(draft.exists())

    def test_cancel_goes_by_the_matrix(self):
        held = self.mine["held"]
        self.post(f"/my/dms/orders/{held.id}/cancel", {"reason": "Ordered twice"})
        self.assertEqual(held.dms_state, "cancelled")
        self.assertIn("Ordered twice", self.page(held))

    def test_cancel_of_delivered_goods_is_refused_with_a_sentence(self):
        done = self.mine["done"]
        self.post(f"/my/dms/orders/{done.id}/cancel", {"reason": "too late"})
        self.assertIn("cannot be cancelled", self.page(done))
        self.assertEqual(done.state, "sale")

    def test_message_reaches_both_sides_once(self):
        order = self.mine["done"]
        for _click in range(2):
            self.post(f"/my/dms/orders/{order.id}/message", {"token": self.token(), "body": "When does it arrive?"})
        messages = order.message_ids.filtered(lambda message: "When does it arrive" in (message.body or ""))
        self.assertEqual(len(messages), 1)
        self.assertEqual(messages.author_id, self.alpha_user.partner_id)
        self.assertFalse(messages.subtype_id.internal)
        self.assertIn("When does it arrive?", self.page(order))

    def test_desk_quotation_that_was_sent_can_be_accepted(self):
        quotation = self.create_order(self.alpha, {self.tea: 2})
        quotation.action_quotation_sent()
        self.assertIn("o_dms_submit", self.page(quotation))
        self.post(f"/my/dms/orders/{quotation.id}/submit")
        self.assertEqual(quotation.dms_state, "submitted")

    def test_lists_search_filter_and_page(self):
        self.env["sale.order"].browse([self.create_portal_order(self.alpha, {self.tea: n}).id for n in range(1, 23)])
        first = self.get("/my/dms/orders").text
        self.assertEqual(first.count("o_dms_list_row"), 20)
        second = self.get("/my/dms/orders/page/2").text
        self.assertGreater(second.count("o_dms_list_row"), 0)
        found = self.get("/my/dms/orders?search=ALPHAMARK-held").text
        self.assertEqual(found.count("o_dms_list_row"), 1)
        self.assertIn("No order fits", self.get("/my/dms/orders?search=zzzz").text)
        held = self.get("/my/dms/orders?status=on_hold").text
        self.assertEqual(held.count("o_dms_list_row"), 1)

    def test_other_modules_add_sections_and_links(self):
        self.env["ir.ui.view"].create(
            {"type": "qweb", "name": "t", "key": "dms_portal.t_section", "arch": "<t t-name='x'><p t-out=\"values['text']\"/></t>"}
        )
        portal = type(self.env["dms.portal"])
        section = {"key": "t", "title": "Claims", "template": "dms_portal.t_section", "values": {"text": "none yet"}}
        self.patch(portal, "_get_order_sections", lambda model, order: [section])
        self.patch(portal, "_get_order_actions", lambda model, order: [{"label": "Report damage", "url": "/x"}])
        page = self.page(self.mine["done"])
        for text in ("Claims", "none yet", "Report damage"):
            self.assertIn(text, page)
