import base64

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .intake_common import IntakeCommon
from .test_engine_sheet import workbook


@tagged("post_install", "-at_install")
class TestIntakeAccess(IntakeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.good, cls.bad = workbook(["T-TEA", 1]), workbook(["T-TEA", 1], ["NOPE", 1])

    def portal(self, user):
        return self.env["dms.order.intake"].with_user(user)

    def test_distributor_sends_its_own_order(self):
        intake = self.portal(self.alpha_user)._intake_portal(self.good, "order.xlsx")
        order = intake.sudo().order_id
        self.assertEqual((intake.distributor_id, intake.is_shared, intake.state), (self.alpha, True, "done"))
        self.assertEqual((order.distributor_id, order.dms_is_shared, order.order_channel), (self.alpha, True, "upload"))
        self.assertEqual(order.with_user(self.alpha_user2).name, order.name, "a colleague reads it")
        self.assertEqual(order.create_uid, self.alpha_user)
        pasted = self.portal(self.alpha_user)._intake_portal_lines("T-TEA 2")
        self.assertEqual(pasted.sudo().order_id.order_channel, "portal")

    def test_distributor_reads_its_bad_rows_and_leaves_them_out(self):
        intake = self.portal(self.alpha_user)._intake_portal(self.bad, "order.xlsx")
        self.assertEqual(intake.state, "review")
        self.assertIn("NOPE", intake.line_ids.filtered("error").error)
        self.assertEqual(intake.with_user(self.alpha_user2).line_ids, intake.line_ids)
        intake._portal_create_order()
        self.assertEqual(intake.state, "done")
        self.assertTrue(intake.sudo().order_id.dms_is_shared)

    def test_distributor_sees_nothing_of_others_and_nothing_of_the_desk(self):
        theirs = self.portal(self.beta_user)._intake_portal(self.bad, "order.xlsx")
        desk = self.intakes._intake(self.alpha, self.bad, "desk.xlsx")
        for intake in (theirs.sudo(), desk.sudo()):
            for record in (intake, intake.line_ids):
                with self.assertRaises(AccessError):
                    record.with_user(self.alpha_user).mapped("display_name")
            with self.assertRaises(AccessError):
                intake.with_user(self.alpha_user)._portal_create_order()
        self.assertFalse(self.portal(self.alpha_user).search([]))
        self.assertEqual(self.portal(self.beta_user).search([]), theirs)

    def test_distributor_changes_nothing_by_itself(self):
        intake = self.portal(self.alpha_user)._intake_portal(self.bad, "order.xlsx")
        for call in (
            lambda: intake.write({"state": "done"}),
            lambda: intake.write({"distributor_id": self.beta.id}),
            lambda: intake.unlink(),
            lambda: intake.line_ids.write({"error": False}),
            lambda: intake.action_check_again(),
            lambda: intake.action_create_order(),
            lambda: intake.action_cancel(),
            lambda: intake.create({"source": "sheet", "order_channel": "upload"}),
            lambda: self.env["dms.order.upload"].with_user(self.alpha_user).create({}),
            lambda: self.env["dms.distributor.product"].with_user(self.alpha_user).search([]),
        ):
            with self.assertRaises(AccessError):
                call()

    def test_file_naming_another_distributor_is_refused_neutrally(self):
        with self.assertRaisesRegex(UserError, "another company") as caught:
            self.portal(self.beta_user)._intake_portal(self.example(), "order.xml")
        self.assertNotIn("Alpha", str(caught.exception))
        unknown = self.example(**{"987654325": "000000000", "NO9311867455MVA": "NO0"})
        intake = self.portal(self.beta_user)._intake_portal(unknown, "order.xml")
        self.assertEqual((intake.distributor_id, intake.sudo().order_id.order_channel), (self.beta, "edi"))
        self.assertEqual(self.portal(self.alpha_user)._intake_portal(self.example(), "order.xml").distributor_id, self.alpha)

    def test_others_cannot_send_orders(self):
        self.beta.distributor_state = "suspended"
        for user in (self.beta_user, self.salesperson, self.desk):
            with self.assertRaises(AccessError):
                self.portal(user)._intake_portal(self.good, "order.xlsx")

    def test_desk_file_sent_again_by_the_distributor_becomes_visible_to_it(self):
        desk = self.intakes._intake(self.alpha, self.bad, "order.xlsx")
        own = self.portal(self.alpha_user)._intake_portal(self.bad, "order.xlsx")
        self.assertEqual(own, desk)
        self.assertTrue(own.line_ids)

    def test_area_manager_reads_own_territories_only(self):
        mine = self.intakes._intake(self.alpha, self.bad, "a.xlsx")
        other = self.intakes._intake(self.beta, self.bad, "b.xlsx")
        seen = self.env["dms.order.intake"].with_user(self.area_manager)
        self.assertEqual(seen.search([("id", "in", (mine | other).ids)]), mine)
        self.assertTrue(mine.with_user(self.area_manager).line_ids)
        with self.assertRaises(AccessError):
            mine.with_user(self.area_manager).action_check_again()
        self.env["dms.distributor.product"].create({"distributor_id": self.beta.id, "product_id": self.tea.id, "code": "X"})
        self.assertFalse(self.env["dms.distributor.product"].with_user(self.area_manager).search([("distributor_id", "=", self.beta.id)]))

    def test_nobody_outside_the_groups_sees_intakes(self):
        self.intakes._intake(self.alpha, self.bad, "a.xlsx")
        for user in (self.salesperson, self.employee):
            with self.assertRaises(AccessError):
                self.portal(user).search([])

    def test_desk_decides_distributor_and_reference_only(self):
        intake = self.intakes._intake(self.alpha, self.bad, "a.xlsx")
        intake.write({"client_order_ref": "PO 8", "distributor_id": self.beta.id})
        for values in ({"state": "done"}, {"order_id": 1}, {"checksum": "x"}, {"is_shared": True}, {"error_count": 0}):
            with self.assertRaises(AccessError):
                intake.write(values)
        intake.action_create_order()
        self.assertEqual((intake.order_id.partner_id, intake.order_id.client_order_ref), (self.beta, "PO 8"))
        with self.assertRaises(UserError):
            intake.write({"distributor_id": self.alpha.id})
        with self.assertRaises(UserError):
            intake.action_cancel()
        with self.assertRaises(UserError):
            intake.with_user(self.manager).unlink()

    def test_other_company_sees_nothing(self):
        company = self.env["res.company"].create({"name": "T Other"})
        intake = self.intakes._intake(self.alpha, self.bad, "a.xlsx")
        self.desk2.write({"company_ids": [(6, 0, company.ids)], "company_id": company.id})
        with self.assertRaises(AccessError):
            intake.with_user(self.desk2).with_company(company).read(["name"])

    # ------------------------------------------------------------ the desk's wizard

    def attachment(self, name, data):
        values = {"name": name, "datas": base64.b64encode(data), "res_model": "dms.order.upload", "res_id": 0}
        return self.env["ir.attachment"].with_user(self.desk).create(values)

    def upload(self, *files, **values):
        attachments = self.env["ir.attachment"].union(*(self.attachment(*file) for file in files))
        wizard = self.env["dms.order.upload"].with_user(self.desk).create({"attachment_ids": [(6, 0, attachments.ids)], **values})
        return wizard.action_upload()

    def test_one_right_file_opens_its_order(self):
        action = self.upload(("order.xlsx", workbook(["T-TEA", 1])), distributor_id=self.alpha.id, client_order_ref="PO 1")
        self.assertEqual(action["res_model"], "sale.order")
        self.assertEqual(self.env["sale.order"].browse(action["res_id"]).client_order_ref, "PO 1")

    def test_one_file_with_bad_rows_opens_its_intake(self):
        action = self.upload(("order.xlsx", workbook(["NOPE", 1])), distributor_id=self.alpha.id)
        self.assertEqual(action["res_model"], "dms.order.intake")

    def test_several_files_and_lines_open_the_list(self):
        action = self.upload(("a.xlsx", workbook(["T-TEA", 1])), ("b.xml", self.example()), distributor_id=self.alpha.id, text="T-COF 2")
        intakes = self.env["dms.order.intake"].search(action["domain"])
        self.assertEqual(sorted(intakes.mapped("source")), ["paste", "sheet", "ubl"])

    def test_one_unreadable_file_takes_in_none_and_is_named(self):
        before = self.env["dms.order.intake"].search_count([])
        with self.assertRaisesRegex(UserError, "b.xlsx: The file is"), self.env.cr.savepoint():
            self.upload(("a.xlsx", workbook(["T-TEA", 1])), ("b.xlsx", b"PK\x03\x04 broken"), distributor_id=self.alpha.id)
        self.assertEqual(self.env["dms.order.intake"].search_count([]), before)

    def test_nothing_chosen_or_no_right_is_refused(self):
        with self.assertRaises(UserError):
            self.upload(distributor_id=self.alpha.id)
        with self.assertRaises(AccessError):
            self.env["dms.order.upload"].with_user(self.area_manager).create({})
