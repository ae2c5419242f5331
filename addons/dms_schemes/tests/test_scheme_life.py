from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.service.model import call_kw, get_public_method
from odoo.tests import tagged

from .common import DmsSchemesCommon

#: a context that would like to be let through
HOSTILE = {
    "default_state": "approved",
    "default_author_ids": [],
    "default_version": 9,
    "default_approved_by_id": 1,
    "dms_scheme_life": True,
    "su": True,
    "uid": 1,
    "allowed_company_ids": [],
    "install_mode": True,
    "import_file": True,
    "tracking_disable": True,
    "active_test": False,
}


class SchemeLifeCommon(DmsSchemesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.dms_duplicate_minutes = 0
        cls.today = cls.company._dms_today()

    def next_version(self, scheme, **values):
        version = self.env["dms.scheme"].browse(scheme.with_user(self.author).action_new_version()["res_id"])
        if values:
            version.with_user(self.author).write(values)
        return version

    def approve(self, scheme):
        scheme.with_user(self.approver).action_approve()

    def in_force(self, scheme, day):
        """Versions of a code in force on a day, by the edition in use."""
        editions = self.env["dms.scheme.edition"]
        book = editions._get_book(editions._get_current_id(self.company.id))
        return [each.version for each in book.schemes if each.code == scheme.code and each.is_in_force(day)]


@tagged("post_install", "-at_install")
class TestSchemeApproval(SchemeLifeCommon):
    """The approver is not an author, whatever the author wrote, and an approved scheme stays as it is."""

    def assertOwn(self, scheme):
        self.assertIn(self.approver, scheme.author_ids)
        for call in (scheme.with_user(self.approver).action_approve, scheme.with_user(self.approver).sudo().action_approve):
            with self.assertRaisesRegex(UserError, "your own"):
                call()
        self.assertEqual(scheme.state, "draft")

    def test_creator_does_not_approve(self):
        values = {"name": "Mine", "code": "MINE", "slab_ids": [Command.create({"value": 5})]}
        self.assertOwn(self.env["dms.scheme"].with_user(self.approver).create(values).with_env(self.env))

    def test_who_changed_a_term_does_not_approve(self):
        for values in ({"date_to": "2099-12-31"}, {"product_ids": [Command.link(self.tea.id)]}, {"budget_amount": 5.0}, {"name": "Other"}):
            scheme = self.draft_scheme([(0, "percent", 5)])
            scheme.with_user(self.approver).write(values)
            self.assertOwn(scheme)

    def test_who_wrote_only_a_slab_does_not_approve(self):
        for change in (
            lambda scheme: scheme.slab_ids.write({"value": 6}),
            lambda scheme: scheme.slab_ids.create({"scheme_id": scheme.id, "threshold": 10, "value": 9}),
            lambda scheme: scheme.slab_ids[0].unlink(),
            lambda scheme: scheme.write({"slab_ids": [Command.update(scheme.slab_ids[0].id, {"value": 7})]}),
        ):
            scheme = self.draft_scheme([(0, "percent", 5), (5, "percent", 6)])
            change(scheme.with_user(self.approver))
            self.assertOwn(scheme)

    def test_who_wrote_only_a_translation_of_the_name_does_not_approve(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        scheme = self.draft_scheme([(0, "percent", 5)])
        scheme.with_user(self.approver).update_field_translations("name", {"fr_FR": "Été"})
        self.assertOwn(scheme)
        scheme = self.draft_scheme([(0, "percent", 5)])
        scheme.with_user(self.approver).with_context(lang="fr_FR").write({"name": "Hiver"})
        self.assertOwn(scheme)

    def test_who_made_the_next_version_or_a_copy_does_not_approve_it(self):
        scheme = self.create_scheme([(0, "percent", 5)])
        version = self.env["dms.scheme"].browse(scheme.with_user(self.approver).action_new_version()["res_id"])
        self.assertOwn(version)
        self.assertOwn(scheme.with_user(self.approver).copy().with_env(self.env))

    def test_words_for_the_portal_make_no_author(self):
        scheme = self.draft_scheme([(0, "percent", 5)])
        scheme.with_user(self.approver).write({"description": "<p>Buy</p>", "user_id": self.approver.id})
        self.approve(scheme)
        self.assertEqual((scheme.state, scheme.approved_by_id), ("approved", self.approver))

    def test_author_does_not_approve_or_close(self):
        scheme = self.draft_scheme([(0, "percent", 5)])
        for method in ("action_approve", "action_close"):
            with self.assertRaises(AccessError):
                getattr(scheme.with_user(self.author), method)()

    def test_approving_twice_approves_once(self):
        scheme = self.create_scheme([(0, "percent", 5)])
        on = scheme.approved_on
        edition = self.env["dms.scheme.edition"]._get_current_id(self.company.id)
        self.approve(scheme)
        self.assertEqual((scheme.state, scheme.approved_on), ("approved", on))
        self.assertGreaterEqual(self.env["dms.scheme.edition"]._get_current_id(self.company.id), edition)

    # ------------------------------------------------------------ an approved scheme stays

    def test_terms_of_an_approved_scheme_stay_whatever_way_they_are_written(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        scheme = self.create_scheme([(0, "percent", 5)], product_ids=self.tea)
        other = self.draft_scheme([(0, "percent", 50)])
        before = scheme._compile()
        for user in (self.author, self.approver, self.env.user):
            mine = scheme.with_user(user).with_context(**{**HOSTILE, "allowed_company_ids": self.company.ids})
            for change in (
                lambda mine=mine: mine.write({"budget_amount": 1.0}),
                lambda mine=mine: mine.write({"name": "Other"}),
                lambda mine=mine: mine.write({"product_ids": [Command.clear()]}),
                lambda mine=mine: mine.write({"slab_ids": [Command.create({"threshold": 1, "value": 99})]}),
                lambda mine=mine: mine.write({"slab_ids": [Command.update(mine.slab_ids.id, {"value": 99})]}),
                lambda mine=mine: mine.write({"slab_ids": [Command.clear()]}),
                lambda mine=mine: mine.write({"slab_ids": [Command.set(other.slab_ids.ids)]}),
                lambda mine=mine: mine.slab_ids.write({"value": 99}),
                lambda mine=mine: mine.slab_ids.create({"scheme_id": mine.id, "threshold": 1, "value": 99}),
                lambda mine=mine: mine.slab_ids.copy({"threshold": 7}),
                lambda mine=mine: mine.slab_ids.unlink(),
                lambda mine=mine: other.slab_ids.with_env(mine.env).write({"scheme_id": mine.id}),
                lambda mine=mine: mine.slab_ids.write({"scheme_id": other.id}),
                lambda mine=mine: mine.unlink(),
                lambda mine=mine: mine.update_field_translations("name", {"fr_FR": "Autre"}),
                lambda mine=mine: mine.web_save({"max_per_order": 3.0}, {"name": {}}),
            ):
                with self.assertRaises(UserError), self.env.cr.savepoint():
                    change()
        self.env.invalidate_all()
        self.assertEqual(scheme._compile(), before)
        self.assertEqual(scheme.author_ids, self.author)

    def test_import_of_an_approved_scheme_is_refused(self):
        scheme = self.create_scheme([(0, "percent", 5)])
        result = scheme.with_user(self.author).load([".id", "budget_amount"], [[str(scheme.id), "7"]])
        self.assertFalse(result["ids"])
        self.assertIn("make a new version", str(result["messages"]))
        self.assertEqual(scheme.budget_amount, 0.0)

    def test_life_is_not_written_by_hand(self):
        scheme = self.draft_scheme([(0, "percent", 5)])
        for values in (
            {"state": "approved"},
            {"version": 7},
            {"author_ids": [Command.clear()]},
            {"approved_by_id": self.approver.id},
            {"approved_on": "2025-01-01"},
            {"closed_on": "2025-01-01"},
            {"previous_id": scheme.id},
        ):
            for user in (self.author, self.approver):
                with self.assertRaises(AccessError):
                    scheme.with_user(user).with_context(dms_scheme_life=True).write(values)
                with self.assertRaises(AccessError):
                    self.env["dms.scheme"].with_user(user).create({"name": "x", "code": "X", **values})
        forged = self.env["dms.scheme"].with_user(self.author).with_context(**{**HOSTILE, "allowed_company_ids": self.company.ids})
        made = forged.create({"name": "Forged", "code": "FORGED", "slab_ids": [Command.create({"value": 5})]})
        self.assertEqual((made.state, made.version, made.approved_by_id.id, made.author_ids), ("draft", 1, False, self.author))

    # ------------------------------------------------------------ who, by RPC

    def test_every_public_method_asks_who_calls(self):
        scheme = self.draft_scheme([(0, "percent", 5)])
        approved = self.create_scheme([(0, "percent", 5)])
        test = self.env["dms.scheme.backtest"].create({"scheme_id": scheme.id, "date_from": "2025-01-01", "date_to": "2025-01-02"})
        methods = ("action_approve", "action_request_approval", "action_close", "action_new_version", "action_backtest", "action_check")
        calls = [(approved if name == "action_new_version" else scheme, name) for name in (*methods, "action_run_examples")]
        calls += [(test, "action_run"), (test, "action_open_orders")]
        for user in (self.desk, self.manager, self.area_manager, self.salesperson, self.employee, self.alpha_user):
            for records, name in calls:
                with self.subTest(user=user.login, method=name), self.assertRaises(AccessError):
                    self.rpc(user, records, name)
        self.assertEqual((scheme.state, approved.state), ("draft", "approved"))

    def rpc(self, user, records, name, **kwargs):
        """As a request calls it, with a context of the caller's choice."""
        self.assertTrue(get_public_method(records, name))
        context = {**HOSTILE, "allowed_company_ids": self.company.ids}
        model = self.env(user=user.id, su=False)[records._name]
        return call_kw(model, name, [records.ids], {"context": context, **kwargs})

    def test_decisions_by_rpc_do_what_they_say_under_any_context(self):
        scheme = self.draft_scheme([(0, "percent", 5)])
        self.rpc(self.approver, scheme, "action_approve")
        self.assertEqual(scheme.state, "approved")
        version = self.env["dms.scheme"].browse(self.rpc(self.author, scheme, "action_new_version")["res_id"])
        self.assertEqual((version.state, version.version, version.author_ids), ("draft", 2, self.author))
        self.rpc(self.author, scheme, "action_backtest")
        self.rpc(self.approver, scheme, "action_close")
        self.assertEqual(scheme.state, "closed")

    def test_private_methods_are_no_endpoints(self):
        for name in ("_write_life", "_get_refusals", "_renew_findings", "_keep_result", "_run", "_take_turn", "_compile"):
            with self.assertRaises(AccessError):
                get_public_method(self.env["dms.scheme"], name)

    def test_other_companies_schemes_are_out_of_reach(self):
        other = self.env["res.company"].create({"name": "T Other"})
        values = {"name": "Theirs", "code": "THEIRS", "company_id": other.id, "slab_ids": [Command.create({"value": 5})]}
        scheme = self.env["dms.scheme"].create(values)
        test = self.env["dms.scheme.backtest"].create({"scheme_id": scheme.id, "date_from": "2025-01-01", "date_to": "2025-01-02"})
        for records, names in ((scheme, ("action_approve", "action_close", "action_backtest", "action_check")), (test, ("action_run",))):
            for name in names:
                with self.assertRaises(AccessError):
                    getattr(records.with_user(self.approver), name)()
        with self.assertRaises(AccessError):
            self.env["dms.scheme.backtest"].with_user(self.author).create(
                {"scheme_id": scheme.id, "date_from": "2025-01-01", "date_to": "2025-01-02"}
            ).action_run()


@tagged("post_install", "-at_install")
class TestSchemeVersions(SchemeLifeCommon):
    """One version of a code is in force on any day; orders keep what they were promised."""

    def test_next_version_ends_the_one_before_on_the_day_before(self):
        first = self.create_scheme([(0, "percent", 10)])
        start = self.today + timedelta(days=10)
        second = self.next_version(first, date_from=start)
        self.assertEqual((second.version, second.previous_id, second.code, second.state), (2, first, first.code, "draft"))
        self.approve(second)
        self.assertEqual((first.state, first.date_to), ("approved", start - timedelta(days=1)))
        self.assertEqual(self.in_force(first, start - timedelta(days=1)), [1])
        self.assertEqual(self.in_force(first, start), [2])
        third = self.next_version(second, date_from=start + timedelta(days=5))
        self.approve(third)
        for ahead in range(-5, 30):
            self.assertEqual(len(self.in_force(first, self.today + timedelta(days=ahead))), 1, ahead)

    def test_version_that_starts_before_the_one_before_takes_its_place(self):
        first = self.create_scheme([(0, "percent", 10)])
        second = self.next_version(first, date_from=self.today + timedelta(days=20))
        self.approve(second)
        third = self.next_version(second, date_from=self.today + timedelta(days=10))
        self.approve(third)
        versions = [self.in_force(first, self.today + timedelta(days=ahead)) for ahead in (0, 9, 10, 19, 20, 40)]
        self.assertEqual(versions, [[1], [1], [3], [3], [3], [3]])

    def test_version_without_a_first_day_starts_today(self):
        first = self.create_scheme([(0, "percent", 10)])
        second = self.next_version(first, date_from=False)
        self.approve(second)
        self.assertEqual(second.date_from, self.today)
        self.assertEqual(self.in_force(first, self.today - timedelta(days=1)), [1])
        self.assertEqual(self.in_force(first, self.today), [2])

    def test_version_that_ended_before_keeps_its_last_day(self):
        last = self.today - timedelta(days=3)
        first = self.create_scheme([(0, "percent", 10)], date_to=last)
        second = self.next_version(first, date_to=False)
        self.approve(second)
        self.assertEqual(first.date_to, last)

    def test_second_draft_of_a_code_is_refused(self):
        first = self.create_scheme([(0, "percent", 10)])
        self.next_version(first)
        with self.assertRaisesRegex(UserError, "is a draft already"):
            first.with_user(self.author).action_new_version()
        with self.assertRaisesRegex(UserError, "change it as it is"):
            self.draft_scheme([(0, "percent", 1)]).with_user(self.author).action_new_version()

    def test_next_version_has_the_same_terms(self):
        lists = {"product_ids": self.tea, "territory_ids": self.region, "class_ids": self.distributor_class}
        first = self.create_scheme([(0, "percent", 10), (5, "percent", 12)], budget_amount=50.0, stacking="exclusive", **lists)
        second = self.next_version(first)
        old, new = first._compile(), second._compile()
        for name in ("products", "territories", "classes", "budget", "stacking", "sequence", "scope", "mode", "basis"):
            self.assertEqual(getattr(new, name), getattr(old, name), name)
        self.assertEqual([(slab.threshold, slab.value) for slab in new.slabs], [(0.0, 10.0), (5.0, 12.0)])

    # ------------------------------------------------------------ open orders

    def test_change_and_close_leave_orders_that_were_handed_in(self):
        first = self.create_scheme([(0, "percent", 10), (20, "percent", 20)])
        submitted, confirmed = (self.create_order(lines={self.tea: 10}) for _number in range(2))
        submitted.action_dms_submit()
        confirmed.action_confirm()
        second = self.next_version(first)
        second.slab_ids[0].with_user(self.author).value = 15
        self.approve(second)
        self.env.registry.clear_cache()
        for order in (submitted, confirmed):
            order.action_apply_schemes()
            self.assertEqual(order.amount_untaxed, 90.0)
        confirmed.action_dms_amend([{"line_id": confirmed.order_line.id, "product_id": self.tea.id, "quantity": 20}])
        self.assertEqual(confirmed.amount_untaxed, 160.0, "the slab of the version it was handed in with")
        submitted.action_confirm()
        self.assertEqual((submitted.state, submitted.amount_untaxed, submitted.scheme_application_ids.scheme_id), ("sale", 90.0, first))
        self.assertEqual(self.create_order(lines={self.tea: 10}).amount_untaxed, 85.0)
        second.with_user(self.approver).action_close()
        self.env.registry.clear_cache()
        confirmed.action_dms_amend([{"line_id": confirmed.order_line.id, "product_id": self.tea.id, "quantity": 30}])
        self.assertEqual(confirmed.amount_untaxed, 240.0)
        self.assertEqual(self.create_order(lines={self.tea: 10}).amount_untaxed, 100.0)
        self.assertTied(confirmed)

    def test_draft_of_an_order_follows_what_is_in_force(self):
        scheme = self.create_scheme([(0, "percent", 10)])
        order = self.create_order(lines={self.tea: 10})
        scheme.with_user(self.approver).action_close()
        order.action_apply_schemes()
        self.assertEqual(order.amount_untaxed, 100.0)

    def test_closed_scheme_is_not_opened_again(self):
        scheme = self.create_scheme([(0, "percent", 10)])
        scheme.with_user(self.approver).action_close()
        on = scheme.closed_on
        scheme.with_user(self.approver).action_close()
        self.approve(scheme)
        self.assertEqual((scheme.state, scheme.closed_on), ("closed", on))
        with self.assertRaises(UserError):
            scheme.with_user(self.author).write({"budget_amount": 1.0})

    def test_new_scheme_of_a_closed_code_is_its_next_version(self):
        scheme = self.create_scheme([(0, "percent", 10)])
        scheme.with_user(self.approver).action_close()
        version = self.next_version(scheme)
        self.approve(version)
        self.assertEqual((version.version, self.create_order(lines={self.tea: 10}).amount_untaxed), (2, 90.0))
