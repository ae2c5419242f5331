from psycopg2.errors import RestrictViolation

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import InventoryCommon


@tagged("post_install", "-at_install")
class TestLedger(InventoryCommon):
    """Rows are added by documents, and nobody changes them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.append(cls.tea, 100, 10)
        cls.row = cls.env["dms.stock.ledger"].search([("distributor_id", "=", cls.alpha.id)])

    def test_the_model_refuses_changes_by_everybody(self):
        for user in (self.desk, self.manager, self.env.user):
            for change in ({"quantity": 5}, {"date": self.today}):
                with self.subTest(user.name), self.assertRaises(UserError):
                    self.row.with_user(user).write(change)
            with self.subTest(user.name), self.assertRaises(UserError):
                self.row.with_user(user).unlink()

    def test_nobody_creates_rows(self):
        values = {"distributor_id": self.alpha.id, "product_id": self.tea.id, "date": self.today, "quantity": 5, "kind": "receipt"}
        for user in (self.desk, self.manager, self.alpha_user):
            with self.subTest(user.name), self.assertRaises(AccessError):
                self.env["dms.stock.ledger"].with_user(user).create({**values, "flow": "receipt", "source_key": "x"})

    @mute_logger("odoo.sql_db")
    def test_the_table_refuses_changes(self):
        for statement in (
            "UPDATE dms_stock_ledger SET quantity = 5 WHERE id = %s",
            "DELETE FROM dms_stock_ledger WHERE id = %s",
            "TRUNCATE dms_stock_ledger CASCADE",
        ):
            with self.subTest(statement), self.assertRaises(RestrictViolation), self.env.cr.savepoint():
                self.env.cr.execute(statement, [self.row.id] if "%s" in statement else None)

    def test_other_partners_merge_as_before(self):
        one, two = self.env["res.partner"].create([{"name": "One"}, {"name": "Two"}])
        self.env["base.partner.merge.automatic.wizard"]._merge([one.id, two.id], one)
        self.assertFalse(two.exists())

    def test_what_the_ledger_knows_is_not_merged_or_deleted(self):
        lot = self.create_lot("T-1")
        self.append(self.milk, 3, 2, lot=lot)
        with self.assertRaisesRegex(UserError, "stock ledger"):
            self.env["base.partner.merge.automatic.wizard"]._merge([self.alpha.id, self.beta.id], self.beta)
        for record in (self.tea, self.tea.product_tmpl_id, lot):
            with self.subTest(record._name), self.assertRaises(UserError):
                record.unlink()
        fresh = self.create_distributor("Fresh")
        self.append(self.tea, 1, 1, distributor=fresh)
        with self.assertRaisesRegex(UserError, "stock ledger"):
            fresh.unlink()
        with self.assertRaisesRegex(UserError, "present unit"):
            self.tea.uom_id = self.case

    def test_the_same_event_enters_once(self):
        values = {
            "company_id": self.company.id, "distributor_id": self.alpha.id, "product_id": self.tea.id, "date": self.today,
            "quantity": 5, "kind": "receipt", "source_key": "once",
        }  # fmt: skip
        self.env["dms.stock.ledger"]._append([values])
        with self.assertRaisesRegex(Exception, "source_uniq"), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self.env["dms.stock.ledger"]._append([values])

    def test_balances_as_they_were_known(self):
        ledger = self.env["dms.stock.ledger"]
        self.append(self.tea, -30, 4, "sellout")
        for expected, date in ((70, None), (100, self.day(5)), (0, self.day(11))):
            balances = ledger._get_balances(self.company, self.alpha, date=date)
            self.assertEqual(sum(balances.get(self.tea.id, {}).values()), expected)
        before = self.row.recorded_on.replace(year=2000)
        self.assertEqual(ledger._get_balances(self.company, self.alpha, known_on=before), {})

    def test_what_may_be_taken_looks_at_later_days(self):
        self.append(self.tea, -80, 3, "sellout")
        self.append(self.tea, 50, 1)
        for back, free in ((10, 20), (4, 20), (3, 20), (2, 20), (1, 70), (0, 70), (12, 0)):
            floors = self.env["dms.stock.ledger"]._get_floors(self.company, self.alpha, self.tea.ids, self.day(back))
            with self.subTest(back=back):
                self.assertEqual(floors[self.tea.id, None, True], free)

    def test_rows_are_inserted_by_one_statement(self):
        """As the ORM would write them, without its hundred rows to a statement."""
        values = {
            "company_id": self.company.id,
            "distributor_id": self.alpha.id,
            "product_id": self.tea.id,
            "date": self.today,
            "kind": "receipt",
        }
        rows = [{**values, "quantity": 1.23456, "price_unit": 0.1 + 0.2, "source_key": f"test:insert:{number}"} for number in range(250)]
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        ledger = self.env["dms.stock.ledger"].with_user(self.desk).sudo()._insert([{**row, "flow": "receipt"} for row in rows])
        self.assertLessEqual(self.env.cr.sql_log_count - before, 3)  # what time it is, once in a transaction; territories, of reports
        one = self.env["dms.stock.ledger"].with_user(self.desk).sudo().create({**rows[0], "flow": "receipt", "source_key": "test:orm"})
        self.assertEqual(len(ledger), 250)
        own = (
            self.env["ir.model.fields"]
            .search([("model", "=", ledger._name), ("store", "=", True)])
            .filtered(lambda field: "dms_inventory" in field.modules.split(", "))
        )
        names = set(own.mapped("name")) - {"id", "source_key", "recorded_on"}  # columns of modules above are theirs
        self.env.invalidate_all()
        for name in names:
            self.assertEqual(ledger[0][name], one[name], name)
        for name in ("is_derived", "lot_id", "retailer"):
            self.env.cr.execute(
                f"SELECT DISTINCT {name} IS NULL FROM dms_stock_ledger WHERE id IN %s", [(ledger[0].id, one.id)]
            )  # names of ours
            self.assertEqual(len(self.env.cr.fetchall()), 1, name)
