from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import ReportsCommon

NAMES = ("kpi_dms_net_sales", "kpi_dms_sellout", "kpi_dms_active_distributors")


@tagged("post_install", "-at_install")
class TestDigest(ReportsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.digest = cls.env["digest.digest"].create({"name": "T", "company_id": cls.company.id, **dict.fromkeys(NAMES, True)})
        for distributor, quantity in ((cls.alpha, 10), (cls.beta, 30)):
            picking = cls.receive({cls.tea: quantity}, distributor, cls.day(2))
            order = picking.sale_id
            move = order._create_invoices()
            move.invoice_date = cls.day(1)
            move.action_post()
            order.date_order = fields.Datetime.subtract(fields.Datetime.now(), days=1)
        cls.report([{"product_id": cls.tea.id, "quantity": 4, "price_unit": 7.5}], date=cls.day(1))

    def read_values(self, user):
        now = fields.Datetime.now()
        period = {"start_datetime": fields.Datetime.subtract(now, days=1), "end_datetime": now}
        digest = self.digest.with_user(user).with_context(**period)
        return [digest[f"{name}_value"] for name in NAMES]

    def test_figures_are_those_of_the_period_and_the_reader(self):
        facts = self.facts._read_group([("date", "=", self.day(1))], [], ["net_amount:sum", "sellout_amount:sum"])[0]
        net, sellout, active = self.read_values(self.manager)
        self.assertEqual((round(net, 2), round(sellout, 2)), tuple(round(value, 2) for value in facts))
        self.assertGreaterEqual(active, 2)
        self.env.invalidate_all()
        self.assertEqual(self.read_values(self.area_manager), [100, 30, 1])

    def test_reader_without_a_role_is_told_nothing(self):
        with self.assertRaises(AccessError):
            self.read_values(self.employee)

    def test_mail_holds_the_figures_of_those_who_may_see_them(self):
        for user, expected in ((self.manager, set(NAMES)), (self.employee, set())):
            kpis = self.digest._compute_kpis(self.company, user)
            self.assertEqual({kpi["kpi_name"] for kpi in kpis if kpi["kpi_col1"]}, expected, user.login)

    def test_form_shows_the_choices_to_roles_of_distribution(self):
        arch = self.env["digest.digest"].with_user(self.manager).get_view(view_type="form")["arch"]
        self.assertIn("kpi_dms_net_sales", arch)

    def test_figure_without_a_period_is_nothing(self):
        self.assertEqual(self.digest.with_user(self.desk).kpi_dms_net_sales_value, 0)
