import io

from PIL import Image

from odoo.fields import Command

from odoo.addons.dms_orders.tests.common import DmsCommon


class PaymentCommon(DmsCommon):
    """Accountants, a bank, a foreign currency, a second company; invoices and payments by a call each."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accountant = cls.create_staff("t_acc1", "account.group_account_invoice")
        cls.accountant2 = cls.create_staff("t_acc2", "account.group_account_invoice")
        cls.controller = cls.create_staff("t_controller", "dms_credit.group_credit_controller")
        cls.reader = cls.create_staff("t_reader", "base.group_user,dms_credit.group_credit_reader")
        cls.bank = cls.env["account.journal"].search([("type", "=", "bank"), ("company_id", "=", cls.company.id)], limit=1)
        cls.currency = cls.company.currency_id
        cls.foreign = cls.env["res.currency"].create({"name": "TFC", "symbol": "T"})
        cls.env["res.currency.rate"].create(
            {"currency_id": cls.foreign.id, "name": "2020-01-01", "rate": 2.0, "company_id": cls.company.root_id.id}
        )
        cls.today = cls.company._dms_today()
        cls.advices = cls.env["dms.payment.advice"]

    @classmethod
    def submit(cls, user=None, distributor=None, **values):
        """A notice as the page of the portal makes it."""
        user = user or cls.alpha_user
        values = {"amount": "100.00", "reference": "INV 1", "date": str(cls.today), **values}
        return cls.env["dms.payment.advice"].with_user(user)._submit(distributor or user.commercial_partner_id, values).with_env(cls.env)

    @classmethod
    def create_invoice(cls, amount, distributor=None, **values):
        invoice = cls.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": (distributor or cls.alpha).id,
                "invoice_date": cls.today,
                "invoice_line_ids": [Command.create({"name": "Goods", "quantity": 1, "price_unit": amount, "tax_ids": [Command.clear()]})],
                **values,
            }
        )
        invoice.action_post()
        return invoice

    @classmethod
    def create_payment(cls, amount=100.0, partner=None, **values):
        payment = cls.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": (partner or cls.alpha).id,
                "amount": amount,
                "date": cls.today,
                "journal_id": cls.bank.id,
                **values,
            }
        )
        payment.action_post()
        cls.env.flush_all()  # the number is given as long as the payment is posted
        return payment

    @classmethod
    def create_other_company(cls):
        """A company beside the first, with a bank."""
        company = cls.env["res.company"].create({"name": "Other Maker", "currency_id": cls.currency.id})
        cls.env["account.chart.template"].try_loading("generic_coa", company=company, install_demo=False)
        bank = cls.env["account.journal"].search([("type", "=", "bank"), ("company_id", "=", company.id)], limit=1)
        return company, bank

    @classmethod
    def picture(cls, image_format="PNG", size=(40, 30), **values):
        data = io.BytesIO()
        Image.new("RGB", size, "white").save(data, image_format, **values)
        return data.getvalue()

    def notes(self, record, subtype):
        """Texts of the record's messages of one subtype."""
        wanted = self.env.ref(subtype)
        return " ".join(record.message_ids.filtered(lambda message: message.subtype_id == wanted).mapped("body"))
