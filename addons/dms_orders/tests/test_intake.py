import psycopg2

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.dms_orders.engine.errors import CODES, Problem
from odoo.addons.dms_orders.models.dms_order_intake_message import SENTENCES

from .intake_common import IntakeCommon
from .test_engine_sheet import RAW_HEADER, raw_workbook, workbook


@tagged("post_install", "-at_install")
class TestIntake(IntakeCommon):
    def test_right_file_becomes_a_priced_draft(self):
        intake = self.intake(["T-TEA", 24, None], ["T-COF", 2, "Case of 12"], client_order_ref="PO 7")
        order = intake.order_id
        self.assertEqual((intake.state, intake.row_count, intake.error_count), ("done", 2, 0))
        self.assertEqual((order.state, order.dms_state, order.order_channel), ("draft", "draft", "upload"))
        self.assertEqual((order.client_order_ref, order.distributor_id, order.pricelist_id), ("PO 7", self.alpha, self.pricelist))
        self.assertEqual(self.lines(order), [(self.tea, 24, self.unit), (self.coffee, 2, self.case)])
        self.assertEqual(order.order_line.mapped("price_unit"), [10.0, 300.0])
        self.assertFalse(order.dms_is_shared)
        self.assertEqual(intake.attachment_id.sudo().raw[:2], b"PK")
        self.assertFalse(intake.attachment_id.sudo().public)

    def test_csv_and_pasted_lines_give_the_same_order(self):
        rows = [(self.tea, 24, self.unit), (self.coffee, 2, self.case)]
        self.assertEqual(self.lines(self.intake_text("Code;Menge;Einheit\nT-TEA;24;\nT-COF;2;Case of 12\n").order_id), rows)
        pasted = self.intakes._intake_lines(self.alpha, "T-TEA 24\nT-COF x 2 Case of 12")
        self.assertEqual((self.lines(pasted.order_id), pasted.source), (rows, "paste"))

    def test_priced_as_core_prices_the_same_lines(self):
        """Taxes, fiscal position, description, price and discount are core's, in a foreign currency too."""
        currency = self.env["res.currency"].create({"name": "TST", "symbol": "T", "rate_ids": [Command.create({"rate": 2.5})]})
        self.pricelist.currency_id = currency
        self.pricelist.item_ids = [
            Command.create({"applied_on": "3_global", "compute_price": "percentage", "percent_price": 7.5}),
            Command.create({"applied_on": "0_product_variant", "product_id": self.tea.id, "compute_price": "fixed", "fixed_price": 3.21}),
            Command.create(
                {
                    "applied_on": "0_product_variant",
                    "product_id": self.tea.id,
                    "compute_price": "fixed",
                    "fixed_price": 2.5,
                    "min_quantity": 100,
                }
            ),
        ]
        other_tax = self.tax.copy({"name": "T half", "amount": 7.5})
        position = self.env["account.fiscal.position"].create({"name": "T position"})
        other_tax.write({"fiscal_position_ids": [Command.link(position.id)], "original_tax_ids": [Command.link(self.tax.id)]})
        self.alpha.with_company(self.company).property_account_position_id = position
        self.coffee.description_sale = "Roasted"
        rows = [["T-TEA", 99, None], ["T-TEA", 9, "Case of 12"], ["T-COF", 5, None], ["T-SYR", 1, "Case of 12"]]
        ours = self.intake(*rows).order_id
        peer = self.create_order(self.alpha, {})
        peer.order_line = [
            Command.create({"product_id": product.id, "product_uom_qty": quantity, "product_uom_id": unit.id})
            for product, quantity, unit in self.lines(ours)
        ]
        names = ("price_unit", "discount", "name", "tax_ids", "price_subtotal", "price_total", "customer_lead", "analytic_distribution")
        for name in names:
            self.assertEqual(ours.order_line.mapped(name), peer.order_line.mapped(name), name)
        for name in ("amount_total", "amount_tax", "currency_id", "fiscal_position_id", "payment_term_id", "warehouse_id", "territory_id"):
            self.assertEqual(ours[name], peer[name], name)
        self.assertEqual(ours.order_line.mapped("price_unit")[0], 3.21)
        self.assertIn(other_tax, ours.order_line.tax_ids)

    def test_analytic_model_is_found_as_core_finds_it(self):
        plan = self.env["account.analytic.plan"].create({"name": "T"})
        account = self.env["account.analytic.account"].create({"name": "T", "plan_id": plan.id})
        self.env["account.analytic.distribution.model"].create(
            {"partner_id": self.alpha.id, "analytic_distribution": {str(account.id): 100}}
        )
        order = self.intake(["T-TEA", 1, None]).order_id
        self.assertEqual(order.order_line.analytic_distribution, {str(account.id): 100})

    def test_products_are_found_by_code_barcode_own_code_and_name(self):
        self.tea.barcode = "4006381333931"
        self.env["product.uom"].create({"product_id": self.coffee.id, "uom_id": self.case.id, "barcode": "14006381333938"})
        self.env["dms.distributor.product"].create({"distributor_id": self.alpha.id, "product_id": self.syrup.id, "code": " OUR-9 "})
        self.env["dms.distributor.product"].create({"distributor_id": self.beta.id, "product_id": self.tea.id, "code": "OUR-9"})
        intake = self.intake(
            ["T-TEA", None, None, 1],
            [None, 4006381333931, None, 2],
            [None, "04006381333931", None, 3],
            [None, "14006381333938", None, 4],
            ["OUR-9", None, None, 5],
            [None, None, "T Wet tissues", 6],
            ["[T-COF] Coffee", None, None, 7],
            header=("Code", "EAN", "Name", "Qty"),
        )
        self.assertFalse(self.errors(intake))
        self.assertEqual(
            self.lines(intake.order_id),
            [
                (self.tea, 1, self.unit),
                (self.tea, 2, self.unit),
                (self.tea, 3, self.unit),
                (self.coffee, 4, self.case),
                (self.syrup, 5, self.unit),
                (self.tissues, 6, self.unit),
                (self.coffee, 7, self.unit),
            ],
        )

    def test_sellers_code_goes_before_barcode_and_own_code(self):
        self.tea.barcode = "4006381333931"
        self.env["dms.distributor.product"].create({"distributor_id": self.alpha.id, "product_id": self.tea.id, "code": "T-COF"})
        intake = self.intake(["T-COF", "4006381333931", 1], header=("Code", "EAN", "Qty"))
        self.assertEqual(intake.order_id.order_line.product_id, self.coffee)
        self.assertIn("another product", intake.line_ids.note)

    def test_every_bad_row_is_listed_and_nothing_created(self):
        archived = self.create_product("Old", "T-OLD", 1.0, active=False)
        self.create_product("Not sold", "T-NOT", 1.0, sale_ok=False)
        self.create_product("Twin", "T-TWIN", 1.0)
        self.create_product("Twin", "T-TWIN", 1.0)
        other_company = self.env["res.company"].create({"name": "T Other"})
        self.create_product("Foreign", "T-FOREIGN", 1.0, company_id=other_company.id, taxes_id=False)
        orders = self.env["sale.order"].search_count([])
        intake = self.intake(
            ["T-TEA", 1, None],
            ["NOPE", 1, None],
            ["T-OLD", 1, None],
            ["T-NOT", 1, None],
            ["T-FOREIGN", 1, None],
            ["T-TWIN", 1, None],
            ["T-TEA", -1, None],
            ["T-TEA", 0, None],
            ["T-TEA", 1e30, None],
            ["T-TEA", 0.5, None],
            ["T-TEA", "lots", None],
            ["T-TEA", 1, "kg"],
            ["T-TEA", 1, "flurb"],
            ["T-TEA", "=1+1", None],
            [None, 5, None],
            [1e5 + 0.5, 5, None],
        )
        self.assertEqual(intake.state, "review")
        self.assertFalse(intake.order_id)
        self.assertEqual(self.env["sale.order"].search_count([]), orders)
        errors = self.errors(intake)
        self.assertEqual(sorted(errors), list(range(3, 18)))
        self.assertEqual(errors[6], errors[3].replace("NOPE", "T-FOREIGN"), "a product of another company is as unknown as any")
        self.assertIn("no longer sold", errors[4])
        self.assertIn("Several products", errors[7])
        self.assertIn("whole pieces", errors[11])
        self.assertIn("formula", errors[15])
        self.assertEqual((intake.row_count, intake.error_count), (16, 15))
        self.assertIn("15 of 16", intake.message)
        self.assertFalse(archived.active)

    def test_two_reasons_of_one_row_are_both_told(self):
        [error] = self.errors(self.intake(["NOPE", -1, None])).values()
        self.assertIn("NOPE", error)
        self.assertIn("negative", error)

    def test_name_beside_a_wrong_code_is_not_followed(self):
        header = ("Code", "Name", "Qty")
        self.assertIn("NOPE", self.errors(self.intake(["NOPE", "T Wet tissues", 1], header=header))[2])
        self.assertFalse(self.errors(self.intake([None, "T Wet tissues", 1], header=header)))
        self.assertFalse(self.errors(self.intake(["T Wet tissues", 1], header=("Product", "Qty"))))

    def test_same_product_twice_gives_two_lines(self):
        order = self.intake(["T-TEA", 1, None], ["T-TEA", 2, None]).order_id
        self.assertEqual(self.lines(order), [(self.tea, 1, self.unit), (self.tea, 2, self.unit)])

    def test_bad_rows_can_be_left_out(self):
        intake = self.intake(["T-TEA", 1, None], ["NOPE", 1, None])
        intake.action_create_order()
        self.assertEqual((intake.state, intake.error_count), ("done", 1))
        self.assertEqual(self.lines(intake.order_id), [(self.tea, 1, self.unit)])
        at_once = self.intake(["T-COF", 1, None], ["NOPE", 1, None], leave_out_bad_rows=True)
        self.assertEqual(self.lines(at_once.order_id), [(self.coffee, 1, self.unit)])
        with self.assertRaisesRegex(UserError, "None of the rows"):
            self.intake(["NOPE", 1, None], leave_out_bad_rows=True)

    def test_check_again_after_the_product_was_made(self):
        intake = self.intake(["NEW-1", 3, None])
        self.assertEqual(intake.state, "review")
        product = self.create_product("New", "NEW-1", 4.0)
        intake.action_check_again()
        self.assertEqual((intake.state, intake.error_count), ("done", 0))
        self.assertEqual(self.lines(intake.order_id), [(product, 3, self.unit)])
        with self.assertRaises(UserError):
            intake.action_check_again()

    def test_unreadable_files_leave_nothing(self):
        before = self.env["dms.order.intake"].search_count([]), self.env["ir.attachment"].search_count([])
        bad = {
            ("a.xlsx", b""): "empty",
            ("a.csv", b"Foo;Bar\n1;2\n"): "Quantity",
            ("a.csv", b"Code;Qty\nA\0;1\n"): "Line 2",
            ("a.csv", "Code;Qty\nMüsli;1\n".encode() + "Käse;2\n".encode("cp1252")): "encodings",
            ("a.csv", b"Code;Qty\n" + b"T-TEA;1\n" * 50_000): "5000 rows",
            ("a.xlsx", raw_workbook("<row/>" * 3_000_000)): "unpacks",
            ("a.xlsx", raw_workbook(RAW_HEADER, strings="<!DOCTYPE a><sst/>")): "document type",
            ("a.pdf", b"%PDF-1.4"): "pdf",
            ("a.xlsx", b"Code;Qty\n"): "content",
            ("a.xml", b"<Order"): "damaged",
            ("a.xml", b"<a/>"): "not a UBL order",
            ("a.xml", b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'): "document type",
        }
        for (filename, data), sentence in bad.items():
            with self.assertRaisesRegex(UserError, sentence):
                self.intakes._intake(self.alpha, data, filename)
        after = self.env["dms.order.intake"].search_count([]), self.env["ir.attachment"].search_count([])
        self.assertEqual(before, after)

    def test_row_limit_is_a_setting(self):
        self.company.dms_intake_max_rows = 2
        with self.assertRaisesRegex(UserError, "2 rows"):
            self.intake(*[["T-TEA", 1, None]] * 3)
        with self.assertRaises(psycopg2.errors.CheckViolation), mute_logger("odoo.sql_db"):
            self.company.dms_intake_max_rows = 10**6
            self.company.flush_recordset()

    def test_rows_without_distributor_or_for_a_customer_are_refused(self):
        for partner in (self.env["res.partner"], self.customer):
            with self.assertRaises(UserError):
                self.intakes._intake(partner, workbook(["T-TEA", 1, None]), "a.xlsx")

    def test_queries_do_not_grow_with_the_rows(self):
        products = [self.create_product(f"Bulk {number}", f"T-B{number:03}", number + 1.0) for number in range(60)]
        self.intake(["T-TEA", 1, None])

        def count(rows):
            data = workbook(*rows)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(self.intakes._intake(self.alpha, data, "a.xlsx").state, "done")
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        few = count([[product.default_code, 1, None] for product in products[:10]])
        many = count([[product.default_code, 2, None] for product in products])
        self.assertLessEqual(many - few, 5)

    def test_every_code_of_the_engine_has_its_sentence(self):
        self.assertEqual(set(SENTENCES), set(CODES))
        for code, names in CODES.items():
            sentence = self.intakes._get_sentence(Problem(code, dict.fromkeys(names, "7")))
            self.assertTrue(sentence.rstrip(")7”").endswith((".", ":")) or "7" in sentence, code)

    def test_templates_that_ship_are_read(self):
        from odoo.tools import file_open

        for name in ("order_template.xlsx", "order_template.csv"):
            with file_open(f"dms_orders/static/xlsx/{name}", "rb") as stream:
                intake = self.intakes._intake(self.alpha, stream.read(), name)
            self.assertEqual([line.code for line in intake.line_ids], ["ABC-100", "00123"])

    # ------------------------------------------------------------ units

    def unit_of(self, product, quantity, unit, code=None):
        intake = self.intake([code or product.default_code, quantity, unit])
        return intake.line_ids.product_uom_id if not self.errors(intake) else intake.line_ids.error

    def test_units_are_found_by_name_word_and_packaging(self):
        self.assertEqual(self.unit_of(self.tea, 1, "units"), self.unit)
        self.assertEqual(self.unit_of(self.tea, 2, "Stück"), self.unit)
        self.assertEqual(self.unit_of(self.tea, 3, "CASE OF 12"), self.case)
        self.assertEqual(self.unit_of(self.tea, 4, "box"), self.case, "the only packaging")
        dozen = self.env.ref("uom.product_uom_dozen")
        dozen.active = True
        self.assertEqual(self.unit_of(self.tea, 5, "Dozens"), dozen)
        self.assertEqual(self.unit_of(self.tea, 7, "DZN"), dozen)
        self.assertEqual(self.unit_of(self.tea, 6, None), self.unit)

    def test_packaging_word_with_two_packagings_must_be_clear(self):
        pallet = self.env["uom.uom"].create({"name": "Pallet of 60", "relative_factor": 60, "relative_uom_id": self.unit.id})
        self.tea.uom_ids = [Command.link(pallet.id)]
        self.assertEqual(self.unit_of(self.tea, 1, "pallet"), pallet)
        self.assertEqual(self.unit_of(self.tea, 2, "case"), self.case)
        self.assertIn("not known", self.unit_of(self.tea, 3, "box"))

    def test_weights_convert_and_may_be_fractional(self):
        kilo = self.env.ref("uom.product_uom_kgm")
        self.create_product("Flour", "T-FLOUR", 2.0, uom_id=kilo.id, uom_ids=False)
        intake = self.intake(["T-FLOUR", "1,5", "kg"], ["T-FLOUR", 250, "g"], ["T-FLOUR", 1.005, "kg"], ["T-FLOUR", 1, "pcs"])
        self.assertEqual(sorted(self.errors(intake)), [4, 5])
        self.assertIn("decimals", self.errors(intake)[4])

    def test_half_a_case_is_whole_pieces(self):
        self.assertEqual(self.unit_of(self.tea, 0.5, "case"), self.case)
        self.assertIn("whole pieces", self.unit_of(self.tea, 0.3, "case"))

    def test_converted_quantity_is_bounded(self):
        self.assertIn("too large", self.unit_of(self.tea, 10**9, "case"))

    def test_barcode_of_a_packaging_against_another_unit_is_refused(self):
        self.env["product.uom"].create({"product_id": self.coffee.id, "uom_id": self.case.id, "barcode": "14006381333938"})
        self.assertEqual(self.unit_of(self.coffee, 1, None, "14006381333938"), self.case)
        self.assertEqual(self.unit_of(self.coffee, 2, "case", "14006381333938"), self.case)
        self.assertIn("barcode", self.unit_of(self.coffee, 3, "pcs", "14006381333938"))

    # ------------------------------------------------------------ twice

    def test_same_file_again_is_refused_with_the_first(self):
        data = workbook(["T-TEA", 1, None])
        first = self.intakes._intake(self.alpha, data, "order.xlsx")
        with self.assertRaisesRegex(UserError, first.order_id.name):
            self.intakes._intake(self.alpha, data, "renamed.xlsx")
        other = self.intakes._intake(self.beta, data, "order.xlsx")
        self.assertNotEqual(other.order_id, first.order_id)

    def test_same_file_after_the_order_was_cancelled_is_taken(self):
        data = workbook(["T-TEA", 1, None])
        first = self.intakes._intake(self.alpha, data, "order.xlsx")
        first.order_id._action_cancel()
        second = self.intakes._intake(self.alpha, data, "order.xlsx")
        self.assertEqual(second.state, "done")
        self.assertEqual((first.is_current, second.is_current), (False, True))

    def test_same_file_in_review_is_the_same_intake(self):
        data = workbook(["NOPE", 1, None])
        first = self.intakes._intake(self.alpha, data, "order.xlsx")
        self.assertEqual(self.intakes._intake(self.alpha, data, "order.xlsx"), first)
        first.action_cancel()
        self.assertNotEqual(self.intakes._intake(self.alpha, data, "order.xlsx"), first)

    def test_pasted_lines_may_come_again_another_day(self):
        first = self.intakes._intake_lines(self.alpha, "T-TEA 5")
        with self.assertRaises(UserError):
            self.intakes._intake_lines(self.alpha, " T-TEA   5 \n\n")
        first.sudo().checksum = "the lines of yesterday"
        self.assertEqual(self.intakes._intake_lines(self.alpha, "T-TEA 5").state, "done")

    def test_two_at_once_make_one(self):
        first = self.intakes._intake(self.alpha, workbook(["T-TEA", 1, None]), "order.xlsx")
        with self.assertRaises(psycopg2.errors.UniqueViolation), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self.env["dms.order.intake"].create(
                {
                    "distributor_id": self.alpha.id,
                    "source": "sheet",
                    "order_channel": "upload",
                    "checksum": first.checksum,
                    "is_current": True,
                }
            )
