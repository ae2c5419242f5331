import io

from lxml import html
from PIL import Image

from odoo.fields import Command
from odoo.tests import new_test_user

from odoo.addons.dms_portal.tests.common import PortalCommon


class CasePortalCommon(PortalCommon):
    """Two distributors with a return and a claim each: lines, a photo, a comment and an internal note, all with texts of their own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["dms.evidence.type"].search([]).active = False
        cls.photo_type = cls.env["dms.evidence.type"].create({"name": "T photo", "description": "Of the goods"})
        cls.plain, cls.other = cls.create_reason("Plain"), cls.create_reason("Other")
        cls.proven = cls.create_reason("Proven", evidence_required=True, evidence_type_ids=[Command.set(cls.photo_type.ids)])
        cls.spend, cls.difference, cls.transit = (
            cls.env["dms.claim.type"].create({"name": f"T {kind}", "code": f"T-{kind}", "kind": kind})
            for kind in ("spend", "price_difference", "transit_damage")
        )
        cls.officer = new_test_user(
            cls.env,
            "t_officer",
            groups="dms_returns.group_claims_officer",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        cls.mine |= cls.setUpCases(cls.mine, "ALPHAMARK")
        cls.theirs |= cls.setUpCases(cls.theirs, "BETAMARK")
        cls.env.flush_all()

    @classmethod
    def create_reason(cls, name, **values):
        return cls.env["dms.return.reason"].create({"name": f"T {name}", "code": f"T-{name}", **values})

    @classmethod
    def setUpCases(cls, documents, mark):
        distributor, user = documents["distributor"], documents["user"]
        line = documents["done"].order_line.filtered(lambda line: line.product_id == cls.tea)
        case = cls.create_return(distributor, {line: 2}, user, note=f"{mark}-note")
        case.with_user(user)._submit_own()
        claim = cls.create_claim(distributor, user, reference=f"{mark}-debit", amount_claimed=12.0)
        for record in (case, claim):
            record.with_user(user).sudo()._attach_evidence(f"{mark}-photo.png", cls.draw(mark), cls.photo_type)
            record.message_post(body=f"{mark}-public", message_type="comment", subtype_xmlid="mail.mt_comment")
            record.message_post(
                body=f"{mark}-internal", message_type="comment", subtype_xmlid="mail.mt_note", attachments=[(f"{mark}-secret.txt", b"x")]
            )
        files = {"return_file": case._dms_portal_files()[:1], "claim_file": claim._dms_portal_files()[:1]}
        return {"return": case, "claim": claim, "line": line, **files}

    @classmethod
    def create_return(cls, distributor, quantities, user=None, reason=None, **values):
        lines = [
            {"sale_line_id": line.id, "product_id": line.product_id.id, "quantity": quantity, "reason_id": (reason or cls.plain).id}
            for line, quantity in quantities.items()
        ]
        returns = cls.env["dms.return"].with_user(user or cls.desk).sudo()
        return returns.create({"distributor_id": distributor.id, "line_ids": [Command.create(line) for line in lines], **values}).with_env(
            cls.env
        )

    @classmethod
    def create_claim(cls, distributor, user=None, claim_type=None, **values):
        claims = cls.env["dms.claim"].with_user(user or cls.desk).sudo()
        return claims.create({"distributor_id": distributor.id, "claim_type_id": (claim_type or cls.spend).id, **values}).with_env(cls.env)

    @classmethod
    def draw(cls, text, kind="PNG", size=(40, 30)):
        """A picture that differs by ``text``."""
        drawn = io.BytesIO()
        Image.new("RGB", size, (hash(text) % 256, 40, 90)).save(drawn, kind)
        return drawn.getvalue()

    # ------------------------------------------------------------ pages

    def open_page(self, path, status=200):
        answer = self.get(path)
        self.assertEqual(answer.status_code, status, path)
        return answer.text, html.fromstring(answer.text)

    def send(self, path, data=None, files=None, status=303):
        """A form, and where it leads."""
        answer = self.post(path, {"token": self.token(path), **(data or {})}, files=files)
        told = [" ".join(alert.text_content().split()) for alert in html.fromstring(answer.text or "<p/>").xpath("//*[@role='alert']")]
        self.assertEqual(answer.status_code, status, told)
        return answer

    def key(self, line, lot=None):
        return f"quantity_{line.id}-{lot.id if lot else 0}"

    def returns_of(self, distributor):
        return self.env["dms.return"].search([("distributor_id", "=", distributor.id)], order="id")

    def claims_of(self, distributor):
        return self.env["dms.claim"].search([("distributor_id", "=", distributor.id)], order="id")

    def case_state(self, documents):
        self.env.invalidate_all()
        cases = (documents["return"], documents["claim"])
        return [(case.state, len(case.message_ids), case.evidence_count) for case in cases]
