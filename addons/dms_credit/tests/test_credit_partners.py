"""What happens to partners and companies: archived, merged, in another company, no distributor any more."""

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .test_credit_gates import GateCommon


@tagged("post_install", "-at_install")
class TestOddPartners(GateCommon):
    def test_distributor_without_an_account_is_not_checked(self):
        self.set_limit(10)
        self.account.unlink()
        self.assertConfirmed(self.confirm({self.tea: 10}))
        self.env["dms.credit.account"]._create_missing(self.alpha)
        self.assertTrue(self.get_account())

    def test_archived_partner(self):
        self.set_limit(10)
        order = self.create_order()
        self.alpha.active = False
        self.assertEqual(self.get_account(), self.account)
        order.action_confirm()
        self.assertEqual(self.open_gates(order), {"suspended", "credit_limit"})
        self.pay(90)
        self.assertPosition(R=-90)
        self.alpha.active = True
        self.recheck()
        self.assertEqual(order.dms_state, "submitted")

    def test_archived_payer(self):
        contact = self.env["res.partner"].create({"name": "Accounts", "parent_id": self.alpha.id, "type": "invoice"})
        self.set_limit(10)
        order = self.create_order(partner_invoice_id=contact.id)
        contact.active = False
        order.action_confirm()
        self.assertHeld(order, "credit_limit")

    def test_no_longer_a_distributor_and_again(self):
        self.set_limit(10)
        self.alpha.is_distributor = False
        order = self.confirm({self.tea: 10})
        self.assertEqual((order.state, order.dms_state), ("sale", False))
        self.alpha.is_distributor = True
        self.assertEqual(self.get_account(), self.account)
        self.assertHeld(self.confirm({self.tea: 1}), "credit_limit")

    def test_deleted_distributor_takes_its_account_along(self):
        gone = self.create_distributor("Gone")
        account = self.get_account(gone)
        account.action_set_limit(5, "r")
        gone.unlink()
        self.assertFalse(account.exists())

    # ------------------------------------------------------------ companies

    def other_company(self):
        company = self.env["res.company"].create({"name": "T Other", "currency_id": self.company.currency_id.id})
        self.env.user.company_ids |= company
        return company

    def test_payment_in_another_company_makes_no_room(self):
        other = self.other_company()
        self.set_limit(60)
        order = self.confirm({self.tea: 10})
        accounts = (
            self.env["account.account"]
            .with_company(other)
            .create(
                [
                    {"name": "R", "code": "R1", "account_type": "asset_receivable", "reconcile": True, "company_ids": other.ids},
                    {"name": "B", "code": "B1", "account_type": "asset_cash", "company_ids": other.ids},
                ]
            )
        )
        journal = self.env["account.journal"].create({"name": "J", "code": "TJ", "type": "general", "company_id": other.id})
        lines = [Command.create({"account_id": accounts[0].id, "partner_id": self.alpha.id, "credit": 90})]
        lines.append(Command.create({"account_id": accounts[1].id, "debit": 90}))
        entry = self.env["account.move"].with_company(other).create({"journal_id": journal.id, "line_ids": lines})
        entry.action_post()
        self.recheck()
        self.assertHeld(order, "credit_limit")
        self.assertPosition()
        self.assertPosition(R=-90, account=self.get_account(company=other))

    def test_order_that_changes_company_is_checked_there(self):
        other = self.other_company()
        self.env["stock.warehouse"].search([("company_id", "=", other.id)]) or self.env["stock.warehouse"].create(
            {"name": "T Other", "code": "TO", "company_id": other.id}
        )
        self.set_limit(10)
        elsewhere = self.get_account(company=other)
        elsewhere.policy = "hold"
        elsewhere.action_set_limit(100, "r")
        self.assertEqual((self.alpha.credit_limit, self.alpha.with_company(other).credit_limit), (10, 100))
        env = self.env(context={**self.env.context, "allowed_company_ids": [other.id, self.company.id]})
        line = Command.create({"product_id": self.tea.id, "product_uom_qty": 10, "price_unit": 10, "tax_ids": False})
        order = env["sale.order"].create({"partner_id": self.alpha.id, "company_id": other.id, "order_line": [line]})
        self.assertEqual((order.company_id, order.amount_total), (other, 100))
        order.action_confirm()
        self.assertConfirmed(order)
        self.assertPosition()
        self.assertPosition(O=100, account=elsewhere)

    def test_limit_is_written_for_the_company_at_work(self):
        other = self.other_company()
        self.alpha.with_company(other).write({"credit_limit": 7})
        self.assertEqual((self.account.has_limit, self.account.credit_limit), (False, 0))
        self.assertEqual(self.get_account(company=other).limit_amount, 7)

    def test_accounts_of_another_company_are_not_seen(self):
        other = self.other_company()
        elsewhere = self.get_account(company=other)
        with self.assertRaises(AccessError):
            elsewhere.with_user(self.controller).with_context(allowed_company_ids=self.company.ids).read(["limit_amount"])
        with self.assertRaises(AccessError):
            elsewhere.with_user(self.controller).action_set_limit(5, "r")

    # ------------------------------------------------------------ merge

    def merge(self, partners, target):
        wizard = self.env["base.partner.merge.automatic.wizard"].create(
            {"partner_ids": [Command.set(partners.ids)], "dst_partner_id": target.id}
        )
        wizard.action_merge()
        self.env.invalidate_all()

    def test_two_distributors_become_one(self):
        self.set_limit(300)
        self.set_limit(50, self.beta)
        self.other_account.action_stop("bounced")
        self.grant(20, account=self.other_account)
        order, held = self.confirm({self.tea: 4}), self.create_order(self.beta, {self.tea: 9})
        held.action_confirm()
        self.create_invoice(30, self.today, partner=self.beta)
        history = self.other_account.change_ids.mapped("label")
        self.merge(self.alpha | self.beta, self.alpha)
        self.assertEqual(self.env["dms.credit.account"].search([("partner_id", "=", self.alpha.id), ("company_id", "=", self.company.id)]), self.account)  # fmt: skip
        self.assertPosition(R=30, O=40)
        self.assertEqual((self.account.credit_limit, self.account.limit_amount, self.account.has_limit), (300, 320, True))
        self.assertFalse(self.account.is_stopped, "the terms of the one that stays")
        self.assertLessEqual(set(history), set(self.account.change_ids.mapped("label")), "the history of both")
        self.assertEqual((held | order).distributor_id, self.alpha)
        self.env["sale.order"]._cron_dms_recheck_holds()
        self.assertEqual(held.dms_state, "submitted")

    def test_limit_of_zero_stays_when_distributors_are_merged(self):
        self.set_limit(0)
        self.set_limit(500, self.beta)
        self.merge(self.alpha | self.beta, self.alpha)
        self.assertEqual((self.account.has_limit, self.account.credit_limit), (True, 0))

    def test_distributor_without_a_limit_has_none_after_a_merge(self):
        """Core takes over values that are empty: no limit is a decision as well."""
        self.account.policy = "hold"
        self.set_limit(500, self.beta)
        self.merge(self.alpha | self.beta, self.alpha)
        self.assertFalse(self.account.has_limit)
        self.assertConfirmed(self.confirm({self.tea: 99}))

    def test_distributor_merged_into_a_plain_customer(self):
        self.set_limit(70)
        code = self.alpha.distributor_code
        self.merge(self.alpha | self.customer, self.customer)
        account = self.get_account(self.customer)
        self.assertTrue(self.customer.is_distributor)
        self.assertEqual(self.customer.distributor_code, code)
        self.assertEqual((account.has_limit, account.credit_limit, account.policy), (True, 70, "hold"))

    def test_plain_customer_merged_into_a_distributor(self):
        self.set_limit(70)
        self.customer.credit_limit = 900
        self.create_invoice(30, self.today, partner=self.customer)
        self.merge(self.alpha | self.customer, self.alpha)
        self.assertEqual(self.account.credit_limit, 70)
        self.assertPosition(R=30)

    def test_accounts_in_a_company_the_user_does_not_see_are_merged_too(self):
        """Who merges sees one company; limits, history, notices and exposure of the other become one all the same."""
        other = self.env["res.company"].create({"name": "T Hidden", "currency_id": self.company.currency_id.id})
        mine, theirs = self.get_account(company=other), self.get_account(self.beta, other)
        mine.action_set_limit(500, "r")
        theirs.policy = "hold"
        theirs.action_set_limit(70, "r")
        self.set_limit(300)
        advices = self.env["dms.payment.advice"].create(
            [
                {"distributor_id": partner.id, "company_id": other.id, "amount": 5, "date": self.today, "reference": "HIDDEN", "state": "submitted"}
                for partner in self.alpha | self.beta
            ]
        )  # fmt: skip
        history = set(theirs.change_ids.ids)
        clerk = new_test_user(
            self.env,
            "t_merger",
            groups="base.group_partner_manager,dms_orders.group_dms_manager",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        (self.alpha | self.beta).write({"email": "same@example.com"})
        self.env.flush_all()
        wizards = self.env["base.partner.merge.automatic.wizard"].with_user(clerk).with_context(allowed_company_ids=self.company.ids)
        values = {"partner_ids": [Command.set((self.alpha | self.beta).ids)], "dst_partner_id": self.alpha.id}
        wizards.create(values).action_merge()
        self.env.invalidate_all()
        self.assertFalse(self.beta.exists() or theirs.exists())
        self.assertEqual(self.get_account(company=other), mine)
        self.assertEqual((mine.credit_limit, mine.has_limit, mine.policy), (500, True, "none"), "the terms of the one that stays")
        self.assertEqual((self.account.credit_limit, self.account.has_limit, self.account.policy), (300, True, "hold"))
        self.assertLessEqual(history, set(mine.change_ids.ids), "the history of both")
        self.assertEqual(advices.distributor_id, self.alpha)
        self.assertEqual(len(set(advices.mapped("reference"))), 2)
        with self.assertRaises(AccessError):
            mine.with_user(clerk).read(["limit_amount"])

    def test_account_of_one_side_only_moves_in_a_company_the_user_does_not_see(self):
        other = self.env["res.company"].create({"name": "T Hidden", "currency_id": self.company.currency_id.id})
        self.get_account(company=other).unlink()
        theirs = self.get_account(self.beta, other)
        theirs.policy = "hold"
        theirs.action_set_limit(70, "r")
        self.merge(self.alpha | self.beta, self.alpha)
        self.assertEqual(self.get_account(company=other), theirs)
        self.assertEqual((theirs.partner_id, theirs.has_limit, theirs.credit_limit, theirs.policy), (self.alpha, True, 70, "hold"))

    def test_distributor_is_not_merged_with_its_contact(self):
        with self.assertRaises(UserError):
            self.merge(self.alpha | self.alpha_user.partner_id, self.alpha)

    def test_contacts_of_two_distributors(self):
        one = self.env["res.partner"].create({"name": "Accounts", "parent_id": self.alpha.id, "type": "invoice"})
        two = self.env["res.partner"].create({"name": "Accounts", "parent_id": self.beta.id, "type": "invoice"})
        self.confirm({self.tea: 1}, partner_invoice_id=one.id)
        self.confirm({self.tea: 2}, self.beta, partner_invoice_id=two.id)
        self.merge(one | two, one)
        self.assertPosition(O=30)
        self.assertPosition(account=self.other_account)
