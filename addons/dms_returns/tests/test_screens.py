from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import ReturnsCommon

#: window actions of the module and who opens them
ACTIONS = {
    "action_return": ("desk", "area", "officer"),
    "action_claim": ("desk", "area", "officer"),
    "action_return_line": ("desk", "area", "officer"),
    "action_settlement": ("desk", "area", "officer"),
    "action_return_reason": ("officer", "chief"),
    "action_claim_type": ("officer", "chief"),
    "action_claim_tier": ("officer", "chief"),
    "action_evidence_type": ("officer", "chief"),
    "action_service_level": ("officer", "chief"),
}


@tagged("post_install", "-at_install")
class TestScreens(ReturnsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = cls.create_roles() | {"officer": cls.officer, "chief": cls.claims_manager}
        cls.picking = cls.receive({cls.tea: 10})
        cls.order = cls.picking.sale_id
        cls.sent = cls.submit(cls.create_return({cls.line_of(cls.picking): 2}))
        cls.bill = cls.invoice(cls.order)
        cls.claim_type = cls.env["dms.claim.type"].create({"name": "T spend", "code": "T-SP", "kind": "spend"})
        values = {"distributor_id": cls.alpha.id, "claim_type_id": cls.claim_type.id, "amount_claimed": 9.0}
        cls.claim = cls.env["dms.claim"].create({**values, "invoice_id": cls.bill.id, "picking_id": cls.picking.id})
        cls.env.flush_all()

    def test_every_screen_opens_for_those_who_need_it(self):
        for name, roles in ACTIONS.items():
            action = self.env.ref(f"dms_returns.{name}")
            for role in roles:
                model = self.env[action.res_model].with_user(self.users[role])
                views = model.get_views([*((False, mode) for mode in action.view_mode.split(",")), (False, "search")])
                for kind in action.view_mode.split(","):
                    self.assertIn(kind, views["views"], (name, role))
                model.search_read([], ["display_name"], limit=2)

    def test_buttons_of_documents_count_without_a_query_for_each(self):
        orders = self.order | self.receive({self.tea: 3}).sale_id | self.receive({self.coffee: 3}).sale_id
        for records, name in ((orders, "dms_return_count"), (orders.picking_ids, "dms_return_count"), (self.bill, "dms_return_count")):
            found = records.with_user(self.desk).mapped(name)
            self.assertEqual(sum(found), 1, records._name)
        for records in (orders, orders.picking_ids, self.bill):
            self.assertEqual(sum(records.with_user(self.desk).mapped("dms_claim_count")), 1, records._name)
        few, many = (self.count_queries(records) for records in (orders[:1], orders))
        self.assertLessEqual(many, few + 1)
        self.assertEqual((self.alpha.dms_open_return_count, self.alpha.dms_open_claim_count), (1, 1))

    def count_queries(self, orders):
        self.env.invalidate_all()
        orders.order_line.mapped("name")
        before = self.cr.sql_log_count
        orders.mapped("dms_return_count")
        return self.cr.sql_log_count - before

    def test_buttons_lead_to_the_documents(self):
        for record in (self.order, self.bill, self.picking):
            self.assertEqual(record.with_user(self.desk).action_open_dms_returns()["res_id"], self.sent.id, record._name)
            self.assertEqual(record.with_user(self.desk).action_open_dms_claims()["res_id"], self.claim.id, record._name)
        self.assertEqual(self.alpha.with_user(self.desk).action_open_dms_returns()["domain"], [("distributor_id", "in", self.alpha.ids)])
        self.assertEqual(self.sent.with_user(self.desk).action_open_orders()["res_id"], self.order.id)

    def test_return_is_made_and_decided_on_its_form(self):
        line = self.line_of(self.receive({self.coffee: 6}))
        with Form(self.env["dms.return"].with_user(self.desk)) as form:
            form.distributor_id = self.alpha
            with form.line_ids.new() as row:
                row.sale_line_id = line
                row.reason_id = self.plain
                row.quantity = 4
        case = form.record
        self.assertEqual((case.line_ids.product_id, case.line_ids.product_uom_id), (self.coffee, self.coffee.uom_id))
        case.action_submit()
        with Form(case.with_user(self.officer)) as form, form.line_ids.edit(0) as row:
            row.approved_qty = 3
            row.decision_note = "One stays"
        case.with_user(self.officer).action_approve()
        self.assertEqual((case.state, case.line_ids.approved_qty), ("approved", 3.0))
        self.assertEqual(case.with_user(self.desk).picking_count, 1)

    def test_reason_is_asked_in_a_dialog(self):
        action = self.sent.with_user(self.officer).action_ask_rejection()
        wizard = self.env[action["res_model"]].with_user(self.officer).with_context(**action["context"]).create({"reason": "Too late"})
        wizard.action_apply()
        self.assertEqual((self.sent.state, self.sent.rejection_reason), ("rejected", "Too late"))

    def test_late_ones_are_found_and_marked(self):
        self.env.cr.execute("UPDATE dms_return SET stage_due = now() AT TIME ZONE 'UTC' - interval '1 day' WHERE id = %s", [self.sent.id])
        self.sent.invalidate_recordset()
        late = self.env["dms.return"].with_user(self.officer).search([("is_late", "=", True)])
        self.assertIn(self.sent, late)
        self.assertTrue(self.sent.is_late)

    def test_missing_evidence_is_named_while_it_is_a_draft(self):
        photo = self.env["dms.evidence.type"].create({"name": "T photo"})
        proven = self.create_reason("PROVEN", evidence_required=True, evidence_type_ids=[Command.set(photo.ids)])
        case = self.create_return([self.prepare_line(self.line_of(self.picking), 1, proven)])
        self.assertEqual(case.with_user(self.desk).missing_evidence, "T photo")
        case._attach_evidence("a.pdf", b"%PDF-1.4 x", photo)
        case.invalidate_recordset()
        self.assertEqual((case.with_user(self.desk).missing_evidence, case.with_user(self.desk).evidence_count), (False, 1))
