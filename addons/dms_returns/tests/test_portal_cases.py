import io

from lxml import html
from PIL import Image

from odoo.tests import tagged

from .case_portal_common import CasePortalCommon


@tagged("post_install", "-at_install")
class TestPortalReturns(CasePortalCommon):
    def setUp(self):
        super().setUp()
        self.login(self.alpha_user)
        self.form = f"/my/dms/returns/new?delivery={self.mine['picking'].id}"

    def test_what_is_left_of_a_delivery_is_offered(self):
        text, tree = self.open_page(self.form)
        row = tree.xpath(f"//*[@data-key='{self.mine['line'].id}-0']")[0]
        self.assertIn("8", row.xpath(".//*[contains(@class, 'o_dms_left')]")[0].text_content(), "10 delivered, 2 of them on a return")
        self.assertIn("T Plain", text)
        self.assertIn("T photo", text)

    def test_form_makes_one_return_however_often_it_is_sent(self):
        data = {"token": self.token(), "reason_id": self.plain.id, "note": "wrong size", self.key(self.mine["line"]): "3"}
        first = self.send(self.form, data)
        again = self.send(self.form, data)
        self.assertEqual(first.headers["Location"], again.headers["Location"])
        case = self.returns_of(self.alpha)[-1]
        self.assertEqual(
            (case.state, case.line_ids.quantity, case.note, case.submitted_by_id), ("submitted", 3.0, "wrong size", self.alpha_user)
        )
        self.assertEqual(len(self.returns_of(self.alpha)), 2)

    def test_more_than_is_left_and_nonsense_are_told_on_the_form(self):
        for text in ("9", "two", "-1", "1e40", "NaN"):
            answer = self.post(self.form, {"token": self.token(text), "reason_id": self.plain.id, self.key(self.mine["line"]): text})
            self.assertEqual(answer.status_code, 422, text)
            self.assertIn('role="alert"', answer.text)
        answer = self.post(self.form, {"token": self.token("r"), self.key(self.mine["line"]): "1"})
        self.assertIn("Choose why", answer.text)
        answer = self.post(self.form, {"token": self.token("q"), "reason_id": self.plain.id})
        self.assertIn("Type how much", answer.text)
        self.assertEqual(len(self.returns_of(self.alpha)), 1)

    def test_each_line_has_the_reason_chosen_for_it_or_the_common_one(self):
        coffee = self.sell_more(self.coffee)
        form, key = f"/my/dms/returns/new?order={coffee.order_id.id}", self.key(coffee)
        tea = self.key(coffee.order_id.order_line - coffee)
        own = key.replace("quantity", "reason")
        for number, (reasons, found) in enumerate(
            (
                ({"reason_id": self.plain.id}, {self.tea: self.plain, self.coffee: self.plain}),
                ({"reason_id": self.plain.id, own: self.other.id}, {self.tea: self.plain, self.coffee: self.other}),
                ({own: self.other.id, tea.replace("quantity", "reason"): self.plain.id}, {self.tea: self.plain, self.coffee: self.other}),
            )
        ):
            with self.subTest(reasons=reasons):
                self.send(form, {"token": self.token(f"reasons {number}"), **reasons, key: "1", tea: "2"})
                lines = self.returns_of(self.alpha)[-1].line_ids
                self.assertEqual({line.product_id: line.reason_id for line in lines}, found)

    def test_reason_that_is_none_is_told_and_what_was_chosen_is_kept(self):
        key = self.key(self.mine["line"])
        own = key.replace("quantity", "reason")
        for wrong in ("999999", "-1", "x", str(self.env["dms.return.reason"].create({"name": "Old", "code": "OLD", "active": False}).id)):
            answer = self.post(self.form, {"token": self.token(wrong), "reason_id": "", own: wrong, key: "1"})
            self.assertEqual(answer.status_code, 422, wrong)
            self.assertIn("Choose why", answer.text)
        answer = self.post(self.form, {"token": self.token("kept"), "reason_id": self.plain.id, own: self.proven.id, key: "99"})
        tree = html.fromstring(answer.text)
        chosen = {name: tree.xpath(f"//select[@name='{name}']/option[@selected]/@value") for name in ("reason_id", own)}
        self.assertEqual(chosen, {"reason_id": [str(self.plain.id)], own: [str(self.proven.id)]})
        shown = tree.xpath("//div[contains(@class, 'o_dms_evidence') and not(contains(@class, 'd-none'))]//input/@name")
        self.assertEqual(shown, [f"file_{self.photo_type.id}"])
        self.assertEqual(len(self.returns_of(self.alpha)), 1)

    def test_two_reasons_ask_for_the_same_proof_once(self):
        self.other.write({"evidence_type_ids": [(6, 0, self.photo_type.ids)]})
        _text, tree = self.open_page(self.form)
        asked = tree.xpath(f"//input[@name='file_{self.photo_type.id}']/ancestor::*[@data-choice]/@data-choice")
        self.assertEqual([sorted(map(int, choice.split())) for choice in asked], [sorted((self.proven | self.other).ids)])

    def sell_more(self, product):
        """A delivered line of ``product`` beside one of tea."""
        order = self.create_order(self.alpha, {self.tea: 9, product: 9})
        order.action_confirm()
        self.deliver(order)
        self.env.flush_all()
        return order.order_line.filtered(lambda line: line.product_id == product)

    def test_missing_proof_keeps_a_draft_that_is_sent_with_it(self):
        answer = self.send(self.form, {"reason_id": self.proven.id, self.key(self.mine["line"]): "1"})
        case = self.returns_of(self.alpha)[-1]
        self.assertEqual(case.state, "draft")
        text, _tree = self.open_page(answer.headers["Location"])
        self.assertIn("Please attach T photo.", text)
        self.send(f"/my/dms/returns/{case.id}/submit", files={f"file_{self.photo_type.id}": ("a.png", self.draw("a"), "image/png")})
        case.invalidate_recordset()
        self.assertEqual(case.state, "submitted")
        self.assertEqual(case.evidence_ids.dms_evidence_type_id, self.photo_type)

    def test_kept_return_is_not_sent_and_can_be_discarded(self):
        self.send(self.form, {"reason_id": self.plain.id, "keep": "1", self.key(self.mine["line"]): "1"})
        case = self.returns_of(self.alpha)[-1]
        self.assertEqual(case.state, "draft")
        self.send(f"/my/dms/returns/{case.id}/cancel")
        case.invalidate_recordset()
        self.assertEqual(case.state, "cancelled")

    def test_price_and_state_of_the_form_are_ignored(self):
        data = {"reason_id": self.plain.id, "state": "settled", "credit_amount": "9999", "distributor_id": self.beta.id}
        self.send(self.form, {**data, self.key(self.mine["line"]): "1"})
        case = self.returns_of(self.alpha)[-1]
        self.assertEqual((case.state, case.distributor_id), ("submitted", self.alpha))
        self.assertLess(case.credit_amount, 9999)

    def test_page_follows_the_return_and_says_where_to_send_it(self):
        case = self.mine["return"]
        case.with_user(self.officer).action_approve()
        self.env.flush_all()
        text, tree = self.open_page(f"/my/dms/returns/{case.id}")
        self.assertTrue(tree.xpath("//*[contains(@class, 'o_dms_send_to')]"))
        self.assertIn("Approved", text)
        card, _tree = self.open_page("/my/dms")
        self.assertIn(case.name, card, "an approved return waits for the distributor")

    def test_message_is_sent_once_and_read_by_both_sides(self):
        case, path = self.mine["return"], f"/my/dms/returns/{self.mine['return'].id}/message"
        for _time in range(2):
            self.send(path, {"token": self.token(), "body": "<b>When</b> does it come?"})
        said = case.message_ids.filtered(lambda message: "When" in message.body)
        self.assertEqual(len(said), 1)
        self.assertEqual((said.author_id, said.subtype_id), (self.alpha_user.partner_id, self.env.ref("mail.mt_comment")))
        self.assertNotIn("<b>", said.body)

    def test_document_is_a_pdf(self):
        answer = self.get(f"/my/dms/returns/{self.mine['return'].id}/pdf")
        self.assertEqual((answer.status_code, answer.headers["Content-Type"]), (200, "application/pdf"))
        self.assertIn(self.mine["return"].name, answer.text, "in tests core gives the page that is printed")


@tagged("post_install", "-at_install")
class TestPortalClaims(CasePortalCommon):
    def setUp(self):
        super().setUp()
        self.login(self.alpha_user)

    def form(self, claim_type, **about):
        return "/my/dms/claims/new?" + "&".join([f"type_id={claim_type.id}", *(f"{name}={record.id}" for name, record in about.items())])

    def test_type_then_document_then_form(self):
        text, _tree = self.open_page("/my/dms/claims/new")
        self.assertIn("T price_difference", text)
        text, _tree = self.open_page(self.form(self.difference))
        self.assertIn(self.mine["invoice"].name, text)
        text, tree = self.open_page(self.form(self.difference, invoice=self.mine["invoice"]))
        self.assertTrue(tree.xpath("//input[starts-with(@name, 'amount_i')]"))
        self.difference.is_portal = False
        self.assertNotIn("T price_difference", self.open_page("/my/dms/claims/new")[0])
        self.assertEqual(self.post(self.form(self.difference, invoice=self.mine["invoice"]), {"token": self.token()}).status_code, 404)

    def test_claim_of_an_invoice_line_is_sent_once(self):
        line = self.mine["invoice"].invoice_line_ids[:1]
        data = {"token": self.token(), "reference": "DN-1", f"amount_i{line.id}": "4.50"}
        for _time in range(2):
            self.send(self.form(self.difference, invoice=self.mine["invoice"]), data)
        claim = self.claims_of(self.alpha)[1:]
        self.assertEqual((len(claim), claim.amount_claimed, claim.reference), (1, 4.5, "DN-1"))
        self.assertEqual((claim.line_ids.source_id, claim.invoice_id), (line.id, self.mine["invoice"]))
        self.assertEqual(claim.submitted_by_id, self.alpha_user)

    def test_claim_of_one_sum_with_a_file(self):
        self.send(self.form(self.spend), {"amount": "120"}, files={"file": ("slip.pdf", b"%PDF-1.4 slip", "application/pdf")})
        claim = self.claims_of(self.alpha)[-1]
        self.assertEqual((claim.amount_claimed, claim.evidence_count), (120.0, 1))
        text, _tree = self.open_page(f"/my/dms/claims/{claim.id}")
        self.assertIn("slip.pdf", text)

    def test_lines_of_another_invoice_are_ignored(self):
        foreign = self.theirs["invoice"].invoice_line_ids[:1]
        answer = self.post(self.form(self.difference, invoice=self.mine["invoice"]), {"token": self.token(), f"amount_i{foreign.id}": "4"})
        self.assertEqual(answer.status_code, 422)
        self.assertEqual(len(self.claims_of(self.alpha)), 1)

    def test_claim_is_withdrawn_until_it_is_decided(self):
        claim = self.mine["claim"]
        self.send(f"/my/dms/claims/{claim.id}/cancel")
        claim.invalidate_recordset()
        self.assertEqual(claim.state, "cancelled")
        text, _tree = self.open_page(f"/my/dms/claims/{claim.id}")
        self.assertNotIn("o_dms_cancel_case", text)


@tagged("post_install", "-at_install")
class TestHostileUploads(CasePortalCommon):
    def setUp(self):
        super().setUp()
        self.login(self.alpha_user)
        self.path = f"/my/dms/returns/{self.mine['return'].id}"

    def upload(self, name, content, mimetype="image/png"):
        self.send(f"{self.path}/files", files={"file": (name, content, mimetype)})
        self.env.invalidate_all()
        return self.open_page(self.path)[0]

    def test_what_is_no_picture_and_no_pdf_is_refused_with_a_sentence(self):
        svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
        page = b"<html><script>alert(1)</script></html>"
        before = self.mine["return"].evidence_count
        for name, content in (
            ("a.svg", svg), ("a.png", svg), ("a.pdf", page), ("a.html", page), ("a.png", page), ("a.jpg", self.draw("x")), ("a.exe", b"MZ"),
            ("a.png", b""), ("a.png", b"\x89PNG\r\n\x1a\n broken"), ("../../etc/passwd", b"root"),
        ):  # fmt: skip
            text = self.upload(name, content)
            self.assertIn("alert-danger", text, name) if content else None
            self.assertEqual(self.mine["return"].evidence_count, before, name)

    def test_25_mb_are_refused(self):
        before = self.mine["return"].evidence_count
        text = self.upload("big.pdf", b"%PDF-1.4" + b"0" * (25 * 1024 * 1024), "application/pdf")
        self.assertIn("larger than 5 MB", text)
        self.assertEqual(self.mine["return"].evidence_count, before)

    def test_picture_is_drawn_anew_and_served_as_a_download(self):
        drawn = io.BytesIO()
        Image.new("RGB", (30, 20), (1, 2, 3)).save(drawn, "JPEG", comment=b"SECRET-PLACE")
        self.upload("photo.jpg", drawn.getvalue(), "image/jpeg")
        kept = self.mine["return"].evidence_ids.filtered(lambda file: file.name == "photo.jpg")
        self.assertNotIn(b"SECRET-PLACE", kept.raw)
        self.assertFalse(kept.public)
        answer = self.get(f"{self.path}/files/{kept.id}")
        self.assertIn("attachment", answer.headers["Content-Disposition"])
        self.assertIn("default-src 'none'", answer.headers["Content-Security-Policy"])

    def test_no_more_files_than_allowed(self):
        files = [("file", (f"{n}.png", self.draw(str(n), size=(20 + n, 20)), "image/png")) for n in range(25)]
        self.post(f"{self.path}/files", {"token": self.token()}, files=files)
        self.env.invalidate_all()
        self.assertLessEqual(self.mine["return"].evidence_count, 20)
