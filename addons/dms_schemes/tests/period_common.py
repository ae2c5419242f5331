from datetime import date, timedelta

from odoo.fields import Command
from odoo.tests import new_test_user

from .common import DmsSchemesCommon

JAN, FEB, MAR, APR = date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30)
#: slabs of the golden case
GOLDEN = [(0, "percent", 10), (100, "percent", 20), (300, "percent", 30)]


class PeriodCommon(DmsSchemesCommon):
    """Period schemes over the first quarter of a year, and documents on given days."""

    @classmethod
    def setUpStaff(cls):
        super().setUpStaff()
        # what the demo's distributors bought in these months is not what these tests are about
        cls.env.cr.execute("UPDATE res_partner SET is_distributor = FALSE WHERE is_distributor")
        cls.env.invalidate_all()
        cls.approver2 = new_test_user(
            cls.env,
            "t_approver2",
            groups="dms_schemes.group_scheme_approver",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    @classmethod
    def create_rebate(cls, slabs=((0, "percent", 10),), **values):
        """An approved period scheme on amount, January to March."""
        return cls.create_scheme(list(slabs), **cls.rebate_values(**values))

    @classmethod
    def rebate_values(cls, **values):
        terms = {"scope": "period", "timing": "off_invoice", "basis": "amount", "date_from": "2026-01-01", "date_to": "2026-03-31"}
        return {**terms, **values}

    @classmethod
    def around_today(cls):
        """Dates of a scheme that runs now."""
        today = cls.company._dms_today()
        return {"date_from": today - timedelta(days=60), "date_to": today + timedelta(days=60)}

    @classmethod
    def bill(cls, lines, on, partner=None, kind="out_invoice", post=True, **values):
        """A document of ``{product: value}``, one unit each, or ``{product: (quantity, price)}``, untaxed, dated ``on``."""
        commands = []
        for product, line in lines.items():
            quantity, price = line if isinstance(line, tuple) else (1.0, line)
            vals = {"product_id": product.id, "quantity": quantity, "price_unit": price, "tax_ids": False}
            commands.append(Command.create(vals))
        move = cls.env["account.move"].create(
            {
                "move_type": kind,
                "partner_id": (partner or cls.alpha).id,
                "invoice_date": on,
                "invoice_line_ids": commands,
                **values,
            }
        )
        if post:
            move.action_post()
        return move

    @classmethod
    def credit(cls, lines, on, partner=None, **values):
        return cls.bill(lines, on, partner, "out_refund", **values)

    @classmethod
    def settle(cls, rows):
        rows.with_user(cls.author).action_claim()
        claimed = rows.search([("scheme_id", "in", rows.scheme_id.ids), ("state", "=", "claimed")])
        claimed.with_user(cls.approver).action_settle()
        return claimed.settlement_move_id

    def rows_of(self, scheme, partner=None):
        rows = self.env["dms.scheme.accrual"].search([("scheme_id", "=", scheme.id)], order="date_from, id")
        return rows.filtered(lambda row: not partner or row.distributor_id == partner)

    def amounts(self, scheme, partner=None):
        return self.rows_of(scheme, partner or self.alpha).mapped("amount")

    def balance(self, scheme, partner):
        """What the accrual account owes a distributor for a scheme, from posted journal items one by one."""
        items = self.env["account.move.line"].search(
            [
                ("account_id", "=", scheme.accrual_account_id.id),
                ("parent_state", "=", "posted"),
                ("scheme_accrual_id.scheme_id", "=", scheme.id),
                ("partner_id", "=", partner.id),
            ]
        )
        return round(-sum(items.mapped("balance")), 2)

    def assertSettled(self, schemes):
        """Accrued less settled less released is the balance of the accrual account, per scheme and distributor; entries balance."""
        self.env.flush_all()
        self.env.invalidate_all()
        for scheme in schemes:
            for partner in self.alpha | self.beta:
                rows = self.rows_of(scheme, partner)
                owed = round(sum(row.amount - row.settled_amount - row.released_amount for row in rows), 2)
                self.assertEqual(owed, self.balance(scheme, partner))
                for row in rows:
                    self.assertAlmostEqual(-sum(row.item_ids.mapped("balance")), row.open_amount, places=2)
        account = schemes.accrual_account_id
        all_items = self.env["account.move.line"].search([("account_id", "in", account.ids), ("parent_state", "=", "posted")])
        self.assertFalse(all_items.filtered(lambda item: not item.scheme_accrual_id), "nothing else is booked there")
        for move in all_items.move_id:
            self.assertAlmostEqual(sum(move.line_ids.mapped("balance")), 0.0, places=2)
