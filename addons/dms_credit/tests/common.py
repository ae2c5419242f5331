from datetime import timedelta

from odoo.fields import Command

from .receivables_common import ReceivablesCommon

TERMS = {"R": "receivable_amount", "O": "open_order_amount", "D": "uninvoiced_amount", "F": "draft_amount"}


class CreditCommon(ReceivablesCommon):
    """Distributors with credit accounts, people who keep and release credit, and short ways to documents that move a position.

    Goods are without tax and taxes are rounded line by line unless a test says otherwise, so that amounts read as they are.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write({"tax_calculation_rounding_method": "round_per_line", "dms_duplicate_minutes": 0})
        (cls.tea | cls.coffee | cls.syrup).taxes_id = False
        cls.service = cls.env["product.product"].create(
            {"name": "Training", "type": "service", "list_price": 50.0, "invoice_policy": "delivery", "taxes_id": False}
        )
        cls.today = cls.company._dms_today()

    @classmethod
    def setUpStaff(cls):
        super().setUpStaff()
        cls.controller = cls.create_credit_user("t_controller", "dms_credit.group_credit_controller")
        cls.controller2 = cls.create_credit_user("t_controller2", "dms_credit.group_credit_controller")
        cls.credit_manager = cls.create_credit_user("t_credit_manager", "dms_credit.group_credit_manager")
        cls.accountant = cls.create_credit_user("t_accountant", "account.group_account_invoice")

    # ------------------------------------------------------------ terms and positions

    @classmethod
    def get_account(cls, partner=None, company=None):
        account = cls.env["dms.credit.account"]._get_account(partner or cls.alpha, company or cls.company)
        return account.with_env(cls.env)

    @classmethod
    def set_limit(cls, amount, partner=None, policy="hold"):
        """Give a distributor (default: alpha) a limit, None for no limit, and a policy."""
        account = cls.get_account(partner)
        account.policy = policy
        account.action_set_limit(amount, "for this test")
        return account

    @classmethod
    def trade_in(cls, currency, partner=None):
        """Have a distributor order by a price list in ``currency``."""
        pricelist = cls.env["product.pricelist"].create({"name": f"In {currency.name}", "currency_id": currency.id})
        (partner or cls.alpha).specific_property_product_pricelist = pricelist

    @classmethod
    def grant(cls, amount, first=0, last=0, account=None):
        """An approved temporary limit, from ``first`` to ``last`` in days from today."""
        extension = cls.env["dms.credit.extension"].create(
            {
                "account_id": (account or cls.account).id,
                "amount": amount,
                "date_from": cls.day(first),
                "date_to": cls.day(last),
                "reason": "season",
            }
        )
        extension.with_user(cls.controller).action_approve()
        return extension

    @classmethod
    def day(cls, number):
        """The day ``number`` days from the company's today."""
        return cls.today + timedelta(days=number)

    def assertPosition(self, R=0.0, O=0.0, D=0.0, F=0.0, account=None, message=None):  # noqa: E741, N803 - the readings' names
        account = account or self.account
        self.env.flush_all()
        self.assertEqual(account.currency_id, account.company_id.currency_id)
        got = {letter: round(account[name], 6) for letter, name in TERMS.items()}
        self.assertEqual(got, {"R": R, "O": O, "D": D, "F": F}, message)
        self.assertEqual(round(account.exposure_amount, 6), round(R + O + D + F, 2), message)

    # ------------------------------------------------------------ orders and deliveries

    @classmethod
    def confirm(cls, lines=None, partner=None, **values):
        """A confirmed order; ``lines`` as in ``create_order``."""
        order = cls.create_order(partner, lines, **values)
        order.action_confirm()
        return order

    @classmethod
    def give_back(cls, order, quantities, to_refund=True):
        """Take ``{product: quantity}`` back by core's own return of the order's deliveries."""
        picking = order.picking_ids.filtered(lambda p: p.state == "done" and p.location_dest_id.usage == "customer")[:1]
        wizard = cls.env["stock.return.picking"].create({"picking_id": picking.id})
        for line in wizard.product_return_moves:
            line.write({"quantity": quantities.get(line.product_id, 0), "to_refund": to_refund})
        back = cls.env["stock.picking"].browse(wizard.action_create_returns()["res_id"])
        for move in back.move_ids:
            move.write({"quantity": move.product_uom_qty, "picked": True})
        back._action_done()
        return back

    @classmethod
    def short_close(cls, order):
        """Cancel what was not delivered."""
        order.picking_ids.filtered(lambda picking: picking.state not in ("done", "cancel")).action_cancel()

    # ------------------------------------------------------------ invoices and money

    @classmethod
    def invoice_part(cls, order, quantities, post=True):
        """Invoice ``{product: quantity}`` of an order, whatever was delivered."""
        move = order._create_invoices(final=True)
        for line in move.invoice_line_ids.filtered("product_id"):
            line.quantity = quantities.get(line.product_id, 0.0)
        if post:
            move.action_post()
        return move

    @classmethod
    def reverse(cls, invoice, quantities=None, post=True):
        """A credit note made from an invoice, linked to its order lines; ``{product: quantity}`` for a part."""
        note = invoice._reverse_moves([{"invoice_date": invoice.invoice_date}])
        for line in note.invoice_line_ids.filtered("product_id") if quantities is not None else ():
            line.quantity = quantities.get(line.product_id, 0.0)
        if post:
            note.action_post()
        return note

    @classmethod
    def create_down_payment(cls, order, amount=None, percent=None, post=True):
        """A down payment invoice; ``amount`` with tax, in the order's currency."""
        values = {"advance_payment_method": "fixed", "fixed_amount": amount} if amount else {"advance_payment_method": "percentage", "amount": percent}  # fmt: skip
        wizard = cls.env["sale.advance.payment.inv"].create({"sale_order_ids": [Command.set(order.ids)], **values})
        move = wizard._create_invoices(order)
        if post:
            move.action_post()
        return move

    @classmethod
    def invoice_rest(cls, order):
        """The final invoice, which deducts down payments."""
        move = order._create_invoices(final=True)
        move.action_post()
        return move

    @classmethod
    def pay(cls, amount, *invoices, partner=None, on=None):
        """A posted payment, allocated to invoices if there are any."""
        payment = cls.create_payment(amount, on or cls.today, partner)
        if invoices:
            cls.match(payment, *invoices)
        return payment

    @classmethod
    def pay_online(cls, orders, amount=None, state="done", **values):
        """An online payment of orders, as it is before core has booked it."""
        provider = cls.env["payment.provider"].search([("code", "=", "none"), ("name", "=", "T Online")]) or cls._create_provider()
        return cls.env["payment.transaction"].create(
            {
                "provider_id": provider.id,
                "payment_method_id": provider.payment_method_ids[:1].id,
                "reference": f"T-{orders[:1].name}-{cls.env['payment.transaction'].search_count([])}",
                "amount": sum(orders.mapped("amount_total")) if amount is None else amount,
                "currency_id": orders[:1].currency_id.id,
                "partner_id": orders[:1].partner_id.id,
                "sale_order_ids": [Command.set(orders.ids)],
                "operation": "online_direct",
                "state": state,
                **values,
            }
        )

    @classmethod
    def _create_provider(cls):
        method = cls.env.ref("payment.payment_method_unknown")
        provider = cls.env["payment.provider"].create(
            {"name": "T Online", "code": "none", "state": "test", "payment_method_ids": [Command.set(method.ids)]}
        )
        method.active = True
        return provider

    # ------------------------------------------------------------ holds

    @classmethod
    def recheck(cls):
        """What the job does right after a transaction that made room."""
        cls.env["sale.order"]._cron_dms_recheck_requested()

    def open_holds(self, order):
        return order.dms_hold_ids.filtered(lambda hold: hold.state == "open")
