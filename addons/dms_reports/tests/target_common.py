import contextlib
from datetime import date

from freezegun import freeze_time

from odoo.fields import Command

from .common import ReportsCommon

#: the day on which the tests look: the tenth of a month of thirty days
TODAY = "2026-06-10 12:00:00"
JUNE, MAY, JULY = date(2026, 6, 1), date(2026, 5, 1), date(2026, 7, 1)


class TargetCommon(ReportsCommon):
    """Invoices of any day, and targets of June 2026, looked at on the tenth."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        freezer = freeze_time(TODAY)
        freezer.start()
        cls.addClassCleanup(freezer.stop)
        cls.targets = cls.env["dms.sales.target"]
        cls.targets.search([("month", ">=", MAY), ("month", "<=", JULY)]).unlink()
        cls.plans = cls.env["dms.sales.plan"]
        cls.leaf = cls.env["product.category"].create({"name": "T Green Tea", "parent_id": cls.category.id})
        cls.green = cls.create_product("Green Tea", "T-GRN", 10.0, categ_id=cls.leaf.id)

    @classmethod
    def bill(cls, distributor, day, amount, product=None, quantity=1, company=None, refund=False):
        """A posted invoice of one line, untaxed."""
        line = {"product_id": (product or cls.tea).id, "quantity": quantity, "price_unit": amount / quantity, "tax_ids": [Command.clear()]}
        move = (
            cls.env["account.move"]
            .with_company(company or cls.company)
            .create(
                {
                    "move_type": "out_refund" if refund else "out_invoice",
                    "partner_id": distributor.id,
                    "invoice_date": day,
                    "invoice_line_ids": [Command.create(line)],
                }
            )
        )
        move.action_post()
        return move

    @classmethod
    def aim(cls, owner, amount=0.0, month=JUNE, categ=None, **values):
        """A target of a territory or a distributor."""
        name = "territory_id" if owner._name == "dms.territory" else "distributor_id"
        return cls.targets.create({name: owner.id, "amount": amount, "month": month, "categ_id": categ and categ.id, **values})

    @classmethod
    def plan(cls, owner, year=2026, **values):
        name = "territory_id" if owner._name == "dms.territory" else "distributor_id"
        return cls.plans.create({name: owner.id, "year": year, **values})

    def months(self, plan):
        return [plan[f"month_{number}"] for number in range(1, 13)]

    @contextlib.contextmanager
    def on(self, day):
        with freeze_time(f"{day} 12:00:00"):
            self.env.invalidate_all()
            yield
        self.env.invalidate_all()
