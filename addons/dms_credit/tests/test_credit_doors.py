"""Core's own pages in front of a credit hold: signing and paying end in a sentence and a way on, never in an error."""

from lxml import html

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import CreditCommon
from .portal_common import words

SIGNATURE = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


class DoorCommon(CreditCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.provider = cls._create_provider()
        cls.provider.is_published = True
        cls.env["account.payment.method.line"].create(
            {
                "name": "T Online",
                "journal_id": cls.bank.id,
                "payment_method_id": cls.env.ref("account.account_payment_method_manual_in").id,
                "payment_provider_id": cls.provider.id,
                "payment_account_id": cls.outstanding.id,
            }
        )

    def offer(self, **values):
        """A quotation of the desk, sent to the distributor, of a value of 100."""
        order = self.create_order(lines={self.tea: 10}, **{"require_signature": False, "require_payment": False, **values})
        order.action_quotation_sent()
        self.env.flush_all()
        self.authenticate("t_alpha", "t_alpha")
        return order

    def assertHeld(self, order, gate):
        self.env.invalidate_all()
        self.assertEqual((order.state, order.dms_state), ("sent", "on_hold"))
        self.assertEqual(self.open_gates(order), {gate})
        self.assertFalse(order.picking_ids)

    def page(self, url):
        answer = self.url_open(url)
        self.assertEqual(answer.status_code, 200)
        return html.fromstring(answer.text)

    def notice(self, page):
        return " ".join(words(element) for element in page.xpath("//*[@name='dms_holds']"))

    def offers(self, page):
        """What the page lets the distributor do."""
        links = [words(link) for link in page.xpath("//*[@name='sale_order_actions']//a[@data-bs-target='#modalaccept']")]
        form = page.xpath("//*[@id='payment_method']")
        self.assertEqual(bool(form), any("Pay" in link for link in links), "whoever sees the button finds the form")
        return {word.lower() for word in ("Sign", "Pay") if any(word in link for link in links)}


@tagged("post_install", "-at_install")
class TestSignDoor(DoorCommon):
    def sign(self, order):
        return self.make_jsonrpc_request(f"/my/orders/{order.id}/accept", {"name": "Someone", "signature": SIGNATURE})

    def test_signing_over_the_limit_shows_the_hold(self):
        self.set_limit(60)
        order = self.offer(require_signature=True)
        self.assertEqual(self.offers(self.page(f"/my/orders/{order.id}")), {"sign"})
        answer = self.sign(order)
        self.assertTrue(answer["force_refresh"])
        self.assertHeld(order, "credit_limit")
        page = self.page(answer["redirect_url"])
        self.assertIn("Exceeds your credit by", self.notice(page))
        self.assertEqual(self.offers(page), set())
        self.assertIn("error", self.sign(order), "a second click is answered in words")
        self.assertHeld(order, "credit_limit")

    def test_signed_order_goes_on_when_there_is_room(self):
        self.distributor_class.auto_confirm = True
        self.set_limit(60)
        order = self.offer(require_signature=True)
        self.sign(order)
        self.assertHeld(order, "credit_limit")
        self.set_limit(100)
        self.recheck()
        self.assertEqual((order.state, self.open_gates(order)), ("sale", set()))
        self.assertEqual(self.notice(self.page(f"/my/orders/{order.id}")), "")

    def test_reason_of_a_stop_is_not_on_the_page(self):
        self.set_limit(1000)
        self.account.action_stop("they are bankrupt")
        order = self.offer(require_signature=True)
        page = self.page(self.sign(order)["redirect_url"])
        self.assertHeld(order, "credit_stop")
        self.assertIn("Please contact our credit department", self.notice(page))
        self.assertNotIn("bankrupt", html.tostring(page, encoding="unicode"))


@tagged("post_install", "-at_install")
class TestPayDoor(DoorCommon):
    def start(self, order, amount=None, **values):
        """Start an online payment as the page's form does: the answer, or the message it shows instead."""
        params = {
            "access_token": order._portal_ensure_token(),
            "provider_id": self.provider.id,
            "payment_method_id": self.provider.payment_method_ids[:1].id,
            "token_id": None,
            "amount": order.amount_total if amount is None else amount,
            "flow": "direct",
            "tokenization_requested": False,
            "landing_route": f"/my/orders/{order.id}",
            **values,
        }
        self.env.flush_all()
        request = {"jsonrpc": "2.0", "method": "call", "params": params}
        with mute_logger("odoo.http"):
            answer = self.url_open(f"/my/orders/{order.id}/transaction", json=request).json()
        if "error" in answer:
            self.assertEqual(answer["error"]["data"]["name"], "odoo.exceptions.ValidationError")
            return answer["error"]["data"]["message"]
        return answer["result"]

    def assertRefused(self, sentence, order, amount=None):
        self.assertIn(sentence, self.start(order, amount))
        self.env.invalidate_all()
        self.assertFalse(order.transaction_ids)

    def arrive(self, order):
        """The provider confirms the payment: core books it and confirms the order, if it may."""
        transaction = order.transaction_ids
        transaction._set_done()
        transaction._post_process()
        return transaction

    def test_order_over_the_limit_is_confirmed_by_paying_it(self):
        """Prepaid value is no exposure: the payment is not refused for want of credit."""
        self.set_limit(60)
        order = self.offer(require_payment=True)
        self.assertEqual(self.offers(self.page(f"/my/orders/{order.id}")), {"pay"})
        self.assertIn("reference", self.start(order))
        self.arrive(order)
        self.assertEqual((order.state, self.open_gates(order)), ("sale", set()))
        self.assertEqual(self.notice(self.page(f"/my/orders/{order.id}")), "")

    def test_held_order_that_paying_clears_may_be_paid(self):
        self.set_limit(60)
        order = self.offer(require_payment=True)
        order.action_confirm()
        self.assertHeld(order, "credit_limit")
        page = self.page(f"/my/orders/{order.id}")
        self.assertIn("Exceeds your credit by", self.notice(page))
        self.assertEqual(self.offers(page), {"pay"})
        self.start(order)
        self.arrive(order)
        self.assertEqual((order.state, self.open_gates(order)), ("sale", set()))

    def test_part_of_the_money_is_not_enough(self):
        self.set_limit(60)
        order = self.offer(require_payment=True)
        for amount in (30, 0, -5, float("1e40")):
            self.assertRefused("Exceeds your credit by", order, amount)
        self.assertEqual((order.state, order.dms_state), ("sent", "draft"))
        self.assertIn("reference", self.start(order, 40.0), "with what is missing it fits")

    def test_what_paying_does_not_clear_is_said_before_money_is_taken(self):
        self.set_limit(1000)
        self.create_invoice(50, self.day(-40), due=self.day(-20))
        order = self.offer(require_payment=True)
        self.assertRefused("is overdue", order)
        self.assertEqual(order.state, "sent")
        order.action_confirm()
        self.assertHeld(order, "overdue")
        page = self.page(f"/my/orders/{order.id}")
        self.assertIn("Pay it to have the order released", self.notice(page))
        self.assertEqual(self.offers(page), set(), "paying this order would not clear it")
        self.pay(50, self.env["account.move"].search([("partner_id", "=", self.alpha.id), ("state", "=", "posted")]))
        self.recheck()
        self.assertEqual((order.state, self.open_gates(order)), ("sent", set()))

    def test_order_beyond_a_limit_that_is_exceeded_anyway_is_not_offered_for_payment(self):
        self.set_limit(60)
        self.create_invoice(90, self.today, due=self.day(30))
        order = self.offer(require_payment=True)
        order.action_confirm()
        self.assertHeld(order, "credit_limit")
        page = self.page(f"/my/orders/{order.id}")
        self.assertEqual(self.offers(page), set())
        self.assertRefused("Exceeds your credit by", order)

    def test_stop_between_the_form_and_the_money(self):
        """The money arrives all the same: it is booked, the order waits, its page says why."""
        self.set_limit(1000)
        order = self.offer(require_payment=True)
        self.start(order)
        self.account.action_stop("bounced")
        transaction = self.arrive(order)
        self.assertHeld(order, "credit_stop")
        self.assertEqual(transaction.state, "done")
        page = self.page(f"/my/orders/{order.id}")
        self.assertIn("Please contact our credit department", self.notice(page))
        self.assertNotIn("bounced", html.tostring(page, encoding="unicode"))
        self.assertEqual(self.offers(page), set(), "it is paid already")
        self.account.action_lift_stop("settled")
        self.recheck()
        self.assertFalse(self.open_gates(order))
