from dateutil.relativedelta import relativedelta

from odoo.fields import Command

from odoo.addons.dms_inventory.tests.stock_portal_common import StockPortalCommon


class ReportPortalCommon(StockPortalCommon):
    """Two distributors with purchases, sell-out and a target of this month; each with a product of its own, named by its mark."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.month = cls.today.replace(day=1)
        for documents, mark, aim in ((cls.mine, "ALPHAMARK", 1000), (cls.theirs, "BETAMARK", 987654)):
            cls.invoice(documents["second"])
            cls.aim(documents["distributor"], aim)
            cls.sell(documents["distributor"], {cls.tea: 2}, f"{mark}-priced", price_unit=12.5)
        cls.env.flush_all()

    @classmethod
    def bill(cls, distributor, amount, back=0, product=None, quantity=1, refund=False):
        """A posted invoice of one line, untaxed, of the middle of a month that is so many months back."""
        day = cls.month + relativedelta(months=-back, days=14 if back else 0)
        line = {"product_id": (product or cls.tea).id, "quantity": quantity, "price_unit": amount / quantity, "tax_ids": [Command.clear()]}
        move = cls.env["account.move"].create(
            {
                "move_type": "out_refund" if refund else "out_invoice",
                "partner_id": distributor.id,
                "invoice_date": day,
                "invoice_line_ids": [Command.create(line)],
            }
        )
        move.action_post()
        return move

    @classmethod
    def aim(cls, distributor, amount, back=0, **values):
        """A target of a month that is so many months back."""
        month = cls.month + relativedelta(months=-back)
        return cls.env["dms.sales.target"].create({"distributor_id": distributor.id, "month": month, "amount": amount, **values})

    def purchases(self, distributor):
        """Net sales of a distributor by its documents."""
        moves = self.env["account.move"].search(
            [("commercial_partner_id", "=", distributor.id), ("state", "=", "posted"), ("move_type", "in", ("out_invoice", "out_refund"))]
        )
        return sum(moves.mapped("amount_untaxed_signed"))
