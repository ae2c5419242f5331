import io
import zlib

from lxml import html
from PIL import Image

from odoo.tests import tagged

from .portal_common import PDF, CreditPortalCommon, having, words

#: amounts that nobody transfers
BAD_AMOUNTS = ("", "0", "-5", "NaN", "inf", "1e40", "1e400", "9" * 30, "ten", "1.234", "0x10", "٣", "5 €", "\0")
#: days that are no date of a transfer
BAD_DAYS = ("2024-02-30", "yesterday", "0001-01-01", "9999-12-31", "1e3")


class FormCase(CreditPortalCommon):
    def setUp(self):
        super().setUp()
        self.login(self.alpha_user)

    def sentence(self, answer, path=None):
        """What is wrong, as the page says it: on the answer itself, or where it leads."""
        page = html.fromstring((self.get(answer.headers["Location"]) if answer.status_code == 303 else answer).text)
        found = [words(box) for box in having(page, "alert-danger")]
        return found[0] if found else ""

    def assertSentence(self, answer, message):
        text = self.sentence(answer)
        self.assertTrue(text.endswith("."), f"{message}: {text!r}")
        self.assertNotRegex(text, r"Traceback|psycopg|Odoo|TypeError|ValueError|None")
        return text


@tagged("post_install", "-at_install")
class TestPortalPayments(FormCase):
    def send(self, files=None, token="a", **values):
        data = {"token": self.token(token), "amount": "250.00", "date": self.today.isoformat(), "reference": "NEW 1", **values}
        return self.post("/my/dms/credit/payments/new", data, files=files)

    def made(self):
        return self.advices_of(self.alpha) - self.mine["advice"]

    def test_notice_is_made_with_all_it_says(self):
        files = {"proof": ("slip.pdf", PDF, "application/pdf")}
        answer = self.send(files, note="all of it\n<b>x</b>", invoice_ids=self.mine["overdue"].id)
        advice = self.made()
        self.assertEqual(answer.headers["Location"].rpartition("/")[2], str(advice.id))
        self.assertEqual((advice.amount, advice.reference, advice.state, advice.is_from_portal), (250.0, "NEW 1", "submitted", True))
        self.assertEqual(advice.invoice_ids, self.mine["overdue"])
        self.assertEqual(advice.create_uid, self.alpha_user)
        page = self.get(f"/my/dms/credit/payments/{advice.id}").text
        for text in ("NEW 1", "all of it", "&lt;b&gt;", "slip.pdf", self.mine["overdue"].name, self.money(250)):
            self.assertIn(text, page)

    def test_double_click_makes_one(self):
        first, second = self.send(), self.send()
        self.assertEqual(len(self.made()), 1)
        self.assertEqual(first.headers["Location"], second.headers["Location"])

    def test_told_twice_shows_the_first_and_keeps_what_was_typed(self):
        self.send()
        answer = self.send(token="b", reference="new-1", note="MYNOTE", invoice_ids=self.mine["overdue"].id)
        self.assertEqual(answer.status_code, 422)
        self.assertIn(self.made().name, self.sentence(answer))
        page = html.fromstring(answer.text)
        self.assertEqual(page.xpath("//*[@name='amount']/@value")[0], "250.00")
        self.assertIn("MYNOTE", words(page.xpath("//*[@name='note']")[0]))
        self.assertEqual(page.xpath("//*[@name='invoice_ids' and @checked]/@value"), [str(self.mine["overdue"].id)])
        self.assertEqual(len(self.made()), 1)

    def test_two_at_once_read_a_sentence(self):
        self.patch(type(self.env["dms.payment.advice"]), "_refuse_repeated", lambda *args: None)
        self.send()
        with self.assertLogs("odoo.sql_db", "ERROR"):
            answer = self.send(token="b")
        self.assertIn("announced already", self.sentence(answer))
        self.assertEqual(len(self.made()), 1)

    def test_what_is_wrong_is_told_and_nothing_is_made(self):
        other = self.theirs["overdue"]
        table = [{"amount": amount} for amount in BAD_AMOUNTS] + [{"date": day} for day in BAD_DAYS]
        table += [{"reference": text} for text in ("", "   ", "---", "x" * 101, "\0")]
        table += [{"currency_id": value} for value in (2**31 - 2, 2**70, "x", -1, self.env.ref("base.AED").id)]
        table += [
            {"invoice_ids": value} for value in (other.id, 2**31 - 2, 2**70, "x", -1, "1 OR 1=1", [self.mine["overdue"].id, other.id])
        ]
        for number, values in enumerate(table):
            answer = self.send(token=str(number), **values)
            self.assertEqual(answer.status_code, 422, values)
            self.assertSentence(answer, values)
            self.assertNotIn("BETAMARK", answer.text)
        self.assertFalse(self.made())

    def test_foreign_and_unknown_invoices_read_the_same(self):
        texts = {self.sentence(self.send(token=str(id_), invoice_ids=id_)) for id_ in (self.theirs["overdue"].id, 2**31 - 2)}
        self.assertEqual(len(texts), 1)

    def test_what_the_form_does_not_ask_for_is_ignored(self):
        self.send(state="matched", distributor_id=self.beta.id, company_id=99, payment_id=1, is_from_portal="", name="MINE", create_uid=1)
        advice = self.made()
        self.assertEqual((advice.state, advice.distributor_id, advice.company_id), ("submitted", self.alpha, self.company))
        self.assertNotEqual(advice.name, "MINE")

    def test_bad_tokens_are_refused(self):
        for token in ("", "short", "x" * 65, "ä" * 20):
            data = {"token": token, "amount": "5", "date": self.today.isoformat(), "reference": "R"}
            self.assertIn("out of date", self.sentence(self.post("/my/dms/credit/payments/new", data)))
        self.assertFalse(self.made())

    def test_long_texts_are_cut(self):
        self.send(note="N" * 50_000)
        self.assertEqual(len(self.made().note), 2000)

    # ------------------------------------------------------------ proof

    def picture(self, kind):
        data = io.BytesIO()
        Image.new("RGB", (20, 20), "red").save(data, kind)
        return data.getvalue()

    def test_files_that_are_no_proof_leave_no_notice(self):
        bomb = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + b"\xff" * 17 + zlib.compress(b"\0" * 1000)
        for number, (name, content) in enumerate(
            (
                ("a.exe", b"MZ"),
                ("a.svg", b"<svg onload='alert(1)'/>"),
                ("a.html", b"<script>alert(1)</script>"),
                ("a.pdf", b"<script>alert(1)</script>"),
                ("a.png", PDF),
                ("a.png", bomb),
                ("a.gif", self.picture("GIF")),
                ("a.pdf", b""),
                ("a.pdf", PDF + b"0" * (5 * 1024 * 1024)),
                ("../../etc/passwd", PDF),
            )
        ):
            answer = self.send({"proof": (name, content)}, token=str(number), reference=f"R {number}")
            self.assertEqual(answer.status_code, 422, name)
            self.assertSentence(answer, name)
        self.assertFalse(self.made())

    def test_more_files_than_allowed_are_refused(self):
        files = [("proof", (f"{number}.pdf", PDF + str(number).encode())) for number in range(6)]
        self.assertIn("No more files", self.sentence(self.send(files)))
        self.assertFalse(self.made())

    def test_proof_can_be_added_while_the_notice_waits(self):
        advice = self.mine["advice"]
        path = f"/my/dms/credit/payments/{advice.id}"
        for _time in range(2):
            self.post(f"{path}/proof", {"token": self.token()}, files={"proof": ("slip.jpg", self.picture("JPEG"))})
        self.assertEqual(sorted(advice._get_proofs().mapped("name")), ["ALPHAMARK-proof.pdf", "slip.jpg"])
        self.assertSentence(self.post(f"{path}/proof", files={"proof": ("a.exe", b"MZ")}), "exe")
        advice._end("matched")
        self.assertSentence(self.post(f"{path}/proof", files={"proof": ("b.pdf", PDF + b"b")}), "matched")
        self.assertNotIn('type="file"', self.get(path).text)

    def test_proof_comes_as_a_download(self):
        path = f"/my/dms/credit/payments/{self.mine['advice'].id}/proof/{self.mine['proof'].id}"
        answer = self.get(path)
        self.assertEqual(answer.content, PDF + b"ALPHAMARK")
        self.assertTrue(answer.headers["Content-Disposition"].startswith("attachment"))
        self.assertEqual(answer.headers["X-Content-Type-Options"], "nosniff")
        self.assertIn("default-src 'none'", answer.headers["Content-Security-Policy"])

    # ------------------------------------------------------------ list, page, withdrawal

    def test_list_tells_each_state_in_plain_words(self):
        advice = self.mine["advice"]
        labels = {"submitted": "Waiting", "matched": "Received", "rejected": "Not accepted", "cancelled": "Withdrawn"}
        for state, word in labels.items():
            advice.sudo().write({"state": state, "rejection_reason": "BECAUSE" if state == "rejected" else False})
            page = self.page("/my/dms/credit/payments")
            self.assertEqual(words(having(page, "o_dms_state")[0]), word)
            shown = [other for other in labels if "ALPHAMARK-transfer" in self.get(f"/my/dms/credit/payments?status={other}").text]
            self.assertEqual(shown, [state])
            self.assertEqual("BECAUSE" in self.get(f"/my/dms/credit/payments/{advice.id}").text, state == "rejected")

    def test_notice_that_waits_is_withdrawn_once(self):
        advice = self.mine["advice"]
        path = f"/my/dms/credit/payments/{advice.id}"
        for _time in range(2):
            self.assertEqual(self.post(f"{path}/cancel").status_code, 303)
        self.assertEqual(advice.state, "cancelled")
        self.assertNotIn(f"{path}/cancel", self.get(path).text)

    def test_notice_that_was_dealt_with_is_not_withdrawn(self):
        advice = self.mine["advice"]
        advice._end("matched")
        self.assertSentence(self.post(f"/my/dms/credit/payments/{advice.id}/cancel"), "matched")
        self.assertEqual(advice.state, "matched")

    def test_form_offers_open_invoices_and_tells_announced_ones(self):
        late = self.create_receivable(30, -5)
        paid = self.create_receivable(20, -5)
        paid._reverse_moves(cancel=True)
        page = self.page("/my/dms/credit/payments/new")
        offered = {int(value) for value in page.xpath("//*[@name='invoice_ids']/@value")}
        self.assertLessEqual({late.id, self.mine["overdue"].id}, offered)
        self.assertFalse({paid.id, self.theirs["overdue"].id} & offered)
        announced = [words(row) for row in having(page, "o_dms_choice") if "Announced" in words(row)]
        self.assertEqual(len(announced), 1)
        self.assertIn(self.mine["overdue"].name, announced[0])

    def test_overdue_ones_are_ticked_unless_announced(self):
        late = self.create_receivable(30, -5)
        page = self.page("/my/dms/credit/payments/new?preset=overdue")
        self.assertEqual(page.xpath("//*[@name='invoice_ids' and @checked]/@value"), [str(late.id)])

    def test_empty_list_helps(self):
        gamma = self.create_distributor("Gamma Foods")
        self.login(self.create_portal_user(gamma, "t_gamma"))
        self.assertIn("o_dms_empty", self.get("/my/dms/credit/payments").text)
        self.assertIn("no open invoice", self.get("/my/dms/credit/payments/new").text)

    def test_odd_addresses_are_harmless(self):
        for query in ("status=nonsense", "status[]=a", "preset=%00", "page=1e9"):
            for page in ("payments", "payments/new", "limits", "statement", "payments/page/99999"):
                self.assertEqual(self.get(f"/my/dms/credit/{page}?{query}").status_code, 200, (page, query))


@tagged("post_install", "-at_install")
class TestPortalLimits(FormCase):
    def setUp(self):
        super().setUp()
        self.mine["asked"].with_user(self.controller).action_reject("ANSWERED")
        self.before = self.requests_of(self.account)

    def ask(self, token="a", **values):
        days = {"date_from": self.today.isoformat(), "date_to": self.day(20).isoformat()}
        return self.post("/my/dms/credit/limits", {"token": self.token(token), "amount": "1500", "reason": "Fair", **days, **values})

    def made(self):
        return self.requests_of(self.account) - self.before

    def test_request_is_made_and_listed(self):
        self.assertEqual(self.ask().status_code, 303)
        made = self.made()
        self.assertEqual((made.amount, made.state, made.is_from_portal, made.partner_id), (1500.0, "draft", True, self.alpha))
        page = self.get("/my/dms/credit/limits").text
        for text in ("Fair", "Waiting for our answer", self.money(1500)):
            self.assertIn(text, page)
        self.assertNotIn('name="amount"', page, "one request waits at a time")

    def test_double_click_makes_one(self):
        self.ask()
        self.assertEqual(self.ask().status_code, 303)
        self.assertEqual(len(self.made()), 1)

    def test_second_request_waits_for_the_answer_to_the_first(self):
        self.ask()
        self.assertIn("still waiting", self.sentence(self.ask(token="b")))
        self.assertEqual(len(self.made()), 1)

    def test_what_is_wrong_is_told_and_what_was_typed_stays(self):
        table = [{"amount": amount} for amount in BAD_AMOUNTS] + [{"date_from": day} for day in (*BAD_DAYS, "", "\0")]
        table += [{"date_to": day} for day in (*BAD_DAYS, "", self.day(-1).isoformat(), self.day(900).isoformat())]
        table += [{"reason": text} for text in ("", "   ", "\0")]
        for number, values in enumerate(table):
            answer = self.ask(token=str(number), **values)
            self.assertEqual(answer.status_code, 422, values)
            self.assertSentence(answer, values)
            kept = html.fromstring(answer.text).xpath("//*[@name='amount']")[0].get("value") or ""
            self.assertEqual(kept, values.get("amount", "1500").replace("\0", "").strip()[:40], values)
        self.assertFalse(self.made())

    def test_states_and_answers_are_told(self):
        self.ask()
        made = self.made()
        self.approve(made)
        self.assertIn("Granted, valid today", self.get("/my/dms/credit/limits").text)
        made.write({"state": "expired"})
        self.assertIn("Ended", self.get("/my/dms/credit/limits").text)
        page = self.get("/my/dms/credit/limits").text
        self.assertIn("ANSWERED", page)
        self.assertIn("ALPHAMARK-answer", page)
        self.assertNotIn("ALPHAMARK-staffreason", page)

    def test_account_without_limit_has_nothing_to_raise(self):
        self.account.action_set_limit(None, "free")
        self.assertIn("no limit", self.sentence(self.ask()))
        self.assertNotIn('<form action="/my/dms/credit/limits"', self.get("/my/dms/credit/limits").text)
        self.assertFalse(self.made())

    def test_long_reason_is_cut(self):
        self.ask(reason="R" * 9000)
        self.assertEqual(len(self.made().reason), 2000)

    def test_what_the_form_does_not_ask_for_is_ignored(self):
        self.ask(state="approved", partner_id=self.beta.id, account_id=self.other_account.id, is_from_portal="", decided_by_id=1)
        made = self.made()
        self.assertEqual((made.state, made.account_id, made.decided_by_id.id), ("draft", self.account, False))
        self.assertEqual(made.activity_ids.user_id, self.account._get_responsible(), "who decides is told")
