"""What a portal user reads as his account changes, and what the companies of a user decide."""

from odoo import SUPERUSER_ID
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import DmsCommon
from .test_access_tables import AccessTableCommon


@tagged("post_install", "-at_install")
class TestPortalAccess(AccessTableCommon):
    """What a portal user reads as his distributor's account, its branches and he himself change."""

    DOCUMENTS = (
        "sale.order", "sale.order.line", "dms.order.hold", "dms.order.revision", "dms.order.revision.line",
        "dms.order.intake", "dms.order.intake.line", "account.move", "account.move.line", "stock.picking",
    )  # fmt: skip

    def assertSees(self, user, sides):
        for model in self.DOCUMENTS:
            self.assertEqual(self.seen(user, model), sides, model)

    def test_colleagues_share_everything(self):
        self.assertSees(self.alpha_user, {"alpha"})
        self.assertSees(self.alpha_user2, {"alpha"})
        self.assertSees(self.beta_user, {"beta"})

    def test_suspended_or_closed_distributor_reads_nothing(self):
        for state in ("suspended", "closed"):
            self.alpha.action_distributor_suspend(state) if state == "suspended" else self.alpha.action_distributor_close(state)
            self.assertSees(self.alpha_user, set())
            self.assertSees(self.beta_user, {"beta"})
            self.alpha.action_distributor_activate()
            self.assertSees(self.alpha_user, {"alpha"})
        self.alpha.distributor_state = "prospect"
        self.assertSees(self.alpha_user, {"alpha"})

    def test_archived_distributor_reads_nothing(self):
        self.assertSees(self.alpha_user, {"alpha"})
        self.alpha.active = False
        self.assertSees(self.alpha_user, set())

    def test_parent_sees_branches_only_by_the_flag(self):
        self.beta.parent_distributor_id = self.alpha
        self.assertSees(self.alpha_user, {"alpha"})
        self.alpha.distributor_sees_branches = True
        self.assertSees(self.alpha_user, {"alpha", "beta"})
        self.assertSees(self.beta_user, {"beta"})
        self.beta.distributor_state = "suspended"
        self.assertSees(self.alpha_user, {"alpha"})
        self.beta.distributor_state = "active"
        self.assertSees(self.alpha_user, {"alpha", "beta"})
        self.alpha.distributor_state = "suspended"
        self.assertSees(self.alpha_user, set())
        self.alpha.distributor_state = "active"
        self.beta.parent_distributor_id = False
        self.assertSees(self.alpha_user, {"alpha"})

    def test_child_company_is_no_branch_without_the_flag(self):
        """Core shows a parent the documents of its child companies: for distributors only the flag counts."""
        self.beta.parent_id = self.alpha
        self.env.flush_all()
        self.assertSees(self.alpha_user, {"alpha"})
        self.assertSees(self.beta_user, {"beta"})

    def test_branches_are_read_not_acted_upon(self):
        self.beta.parent_distributor_id = self.alpha
        self.alpha.distributor_sees_branches = True
        order = self.sides["beta"]["sale.order"].with_user(self.alpha_user)
        self.assertTrue(order.name)
        line = order.order_line[0]
        for attempt in (
            lambda: order.action_dms_request_cancel("not ours"),
            lambda: order.action_dms_amend([{"line_id": line.id, "product_id": line.product_id.id, "quantity": 60}]),
            lambda: order.action_dms_submit(),
        ):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                attempt()

    def test_contact_moved_from_one_to_the_other_takes_nothing_along(self):
        self.assertSees(self.alpha_user, {"alpha"})  # the rules are cached now
        self.alpha_user.partner_id.parent_id = self.beta
        self.assertSees(self.alpha_user, {"beta"})
        self.alpha_user.partner_id.parent_id = False
        self.assertSees(self.alpha_user, set())

    def test_contact_below_a_contact_that_is_moved(self):
        manager = self.env["res.partner"].create({"name": "Manager", "parent_id": self.alpha.id})
        self.alpha_user.partner_id.parent_id = manager
        self.assertSees(self.alpha_user, {"alpha"})
        manager.parent_id = self.beta
        self.assertSees(self.alpha_user, {"beta"})

    def test_user_given_another_partner(self):
        self.assertSees(self.alpha_user, {"alpha"})
        contact = self.env["res.partner"].create({"name": "New", "parent_id": self.beta.id, "email": "new@example.com"})
        self.alpha_user.partner_id = contact
        self.assertSees(self.alpha_user, {"beta"})

    def test_no_longer_a_distributor(self):
        self.alpha.is_distributor = False
        self.assertEqual(self.seen(self.alpha_user, "dms.order.hold"), set())

    def test_what_the_desk_has_not_shared_is_hidden_with_all_its_rows(self):
        draft = self.create_order(self.alpha, {self.tea: 8})
        revision = draft.action_dms_amend([{"line_id": draft.order_line.id, "product_id": self.tea.id, "quantity": 9}])
        rows = {
            "sale.order": draft,
            "sale.order.line": draft.order_line,
            "dms.order.revision": revision,
            "dms.order.revision.line": revision.line_ids,
        }
        for model in rows:
            self.assertEqual(self.seen(self.alpha_user, model, {"draft": rows, **self.sides}), {"alpha"}, model)

    def test_intake_of_the_desk_is_hidden(self):
        intake = self.sides["alpha"]["dms.order.intake"]
        intake.is_shared = False
        for model in ("dms.order.intake", "dms.order.intake.line"):
            self.assertEqual(self.seen(self.alpha_user, model), set())

    def test_draft_invoice_is_hidden(self):
        order = self.sides["alpha"]["account.move"].line_ids.sale_line_ids.order_id
        credit = self.sides["alpha"]["account.move"]._reverse_moves()
        self.assertTrue(order)
        with self.assertRaises(AccessError):
            credit.with_user(self.alpha_user).read(["name"])


@tagged("post_install", "-at_install")
class TestCompanyRules(DmsCommon):
    """Records of two companies: a user of one sees nothing of the other."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env["res.company"].create({"name": "Other Maker"})
        cls.rows = {company: cls.create_rows(company) for company in (cls.company, cls.other)}
        cls.readers = {
            company: new_test_user(
                cls.env,
                f"t_reader{company.id}",
                groups="dms_orders.group_dms_manager",
                company_id=company.id,
                company_ids=[Command.set(company.ids)],
            )
            for company in (cls.company, cls.other)
        }
        cls.both = new_test_user(
            cls.env,
            "t_both",
            groups="dms_orders.group_dms_manager",
            company_id=cls.company.id,
            company_ids=[Command.set((cls.company | cls.other).ids)],
        )

    @classmethod
    def create_rows(cls, company):
        env = cls.env(user=SUPERUSER_ID, context={"allowed_company_ids": company.ids})
        code, owned = f"C{company.id}", {"company_id": company.id}
        licence_type = env["dms.licence.type"].create({"name": code, "code": code})
        order = env["sale.order"].create(
            {"partner_id": cls.alpha.id, "order_line": [Command.create({"product_id": cls.tea.id, "product_uom_qty": 1})], **owned}
        )
        cls.tea.order_min_qty = 50
        order.action_dms_submit()
        revision = order.action_dms_amend([{"line_id": order.order_line.id, "product_id": cls.tea.id, "quantity": 2}])
        intake = env["dms.order.intake"].create({"source": "paste", "order_channel": "upload", "distributor_id": cls.alpha.id, **owned})
        rows = [
            env["dms.territory"].create({"name": code, "code": code, **owned}),
            env["dms.distributor.class"].create({"name": code, "code": code, **owned}),
            env["dms.assortment"].create({"name": code, "product_ids": cls.tea.ids, **owned}),
            env["dms.licence"].create({"partner_id": cls.alpha.id, "type_id": licence_type.id, "number": code, **owned}),
            env["dms.distributor.product"].create({"distributor_id": cls.alpha.id, "product_id": cls.tea.id, "code": code, **owned}),
            intake,
            env["dms.order.intake.line"].create({"intake_id": intake.id}),
            order,
            order.sudo().dms_hold_ids,
            revision,
            revision.line_ids,
        ]
        return {row._name: row.with_env(cls.env) for row in rows}

    def test_every_model_with_a_company_is_here(self):
        models = {
            name
            for name, model in self.env.registry.items()
            if model._original_module == "dms_orders" and not model._abstract and not model._transient and "company_id" in model._fields
        }
        self.assertLessEqual(models, set(self.rows[self.company]))

    def test_each_company_sees_its_own(self):
        for model in self.rows[self.company]:
            for company, reader in self.readers.items():
                for owner, rows in self.rows.items():
                    record = rows[model].with_env(self.env(user=reader, context={}))
                    self.assertEqual(record.has_access("read"), owner == company, f"{model} of {owner.name} by {reader.login}")

    def test_the_company_switch_decides_for_who_has_both(self):
        for model in self.rows[self.company]:
            for chosen in (self.company, self.other):
                user_env = self.env(user=self.both, context={"allowed_company_ids": chosen.ids})
                for owner, rows in self.rows.items():
                    self.assertEqual(rows[model].with_env(user_env).has_access("read"), owner == chosen, model)

    def test_portal_user_reads_the_documents_of_both_only_when_he_may(self):
        env = self.env(user=self.alpha_user, context={})
        mine, foreign = (self.rows[company]["sale.order"].with_env(env) for company in (self.company, self.other))
        self.assertTrue(mine.name)
        with self.assertRaises(AccessError):
            foreign.read(["name"])
