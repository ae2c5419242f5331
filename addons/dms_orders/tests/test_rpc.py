"""Every public method of the module, called as a caller from outside would, with a context made to switch guards off."""

from odoo.exceptions import AccessError, MissingError, UserError
from odoo.fields import Command
from odoo.service.model import call_kw
from odoo.tests import tagged
from odoo.tools import mute_logger

from .access_common import PublicMethodsMixin
from .common import DmsCommon

REFUSALS = (UserError, AccessError, MissingError)
ROLES = ("sales", "employee", "portal_a", "portal_b", "public")
OK, NO = "ok", "refused"
NOBODY = dict.fromkeys(ROLES, NO)
ANYBODY = dict.fromkeys(ROLES, OK)  # gives an action back that holds nothing but what the caller said
MAKERS = {**NOBODY, "sales": OK, "portal_a": OK}

#: (model, method): (record of the fixture, arguments, outcome per role). A new public method must be decided here.
METHODS = {
    ("sale.order", "action_dms_submit"): ("draft", (), MAKERS),
    ("sale.order", "action_confirm"): ("held", (), {**NOBODY, "sales": OK}),
    ("sale.order", "action_draft"): ("cancelled", (), {**NOBODY, "sales": OK}),
    ("sale.order", "action_dms_check"): ("held", (), NOBODY),
    ("sale.order", "action_dms_amend"): ("held", "amendment", MAKERS),
    ("sale.order", "action_dms_request_cancel"): ("confirmed", ("Not needed",), MAKERS),
    ("dms.order.hold", "action_release"): ("hold", ("let it pass",), NOBODY),
    ("dms.order.hold", "action_reject"): ("hold", ("drop it",), NOBODY),
    ("dms.order.hold", "action_open_order"): ("hold", (), {**NOBODY, "portal_a": OK}),
    ("dms.order.hold", "action_decide"): ("hold", (), ANYBODY),
    ("dms.order.revision", "action_accept"): ("request", (), NOBODY),
    ("dms.order.revision", "action_refuse"): ("request", ("no",), NOBODY),
    ("dms.order.revision", "action_open_refusal"): ("request", (), ANYBODY),
    ("dms.order.intake", "action_check_again"): ("intake", (), NOBODY),
    ("dms.order.intake", "action_create_order"): ("intake", (), NOBODY),
    ("dms.order.intake", "action_cancel"): ("intake", (), NOBODY),
    ("dms.order.intake", "action_download"): ("intake", (), {**NOBODY, "portal_a": OK}),
    ("dms.order.intake", "action_view_order"): ("intake", (), {**NOBODY, "portal_a": OK}),
    ("res.partner", "action_distributor_activate"): ("suspended", (), NOBODY),
    ("res.partner", "action_distributor_suspend"): ("alpha", ("why not",), NOBODY),
    ("res.partner", "action_distributor_close"): ("alpha", ("why not",), NOBODY),
    ("dms.territory", "action_view_distributors"): ("area_a", (), ANYBODY),
    ("dms.territory", "get_import_templates"): ("area_a", (), ANYBODY),
    ("dms.distributor.class", "get_import_templates"): ("distributor_class", (), ANYBODY),
    ("dms.assortment", "get_import_templates"): ("assortment", (), ANYBODY),
    ("res.partner", "get_import_templates"): ("alpha", (), ANYBODY),
    ("dms.hold.decision", "action_release"): ("decision", (), NOBODY),
    ("dms.hold.decision", "action_reject"): ("decision", (), NOBODY),
    ("dms.revision.refusal", "action_refuse"): ("refusal", (), NOBODY),
    ("dms.distributor.state.wizard", "action_apply"): ("state_wizard", (), NOBODY),
    ("dms.order.upload", "action_upload"): ("upload", (), NOBODY),
}


class RpcCommon(DmsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {
            "sales": cls.salesperson,
            "employee": cls.employee,
            "portal_a": cls.alpha_user,
            "portal_b": cls.beta_user,
            "public": cls.env.ref("base.public_user"),
        }

    @classmethod
    def hostile_context(cls, order):
        """Every key that anybody could have hoped to switch a guard with, and defaults for the fields of the life cycle."""
        switches = ("dms_confirming", "dms_guarded", "dms_guard_passed", "sale_write_from_compute", "skip_dms", "su", "sudo")
        core = {"install_mode": True, "tracking_disable": True, "active_test": False, "import_file": True, "module": "dms_orders"}
        defaults = {
            "state": "sale", "dms_state": "confirmed", "dms_submitted_on": "2020-01-01 00:00:00", "dms_submitted_by_id": 1,
            "distributor_id": False, "territory_id": cls.south.id, "dms_class_id": False, "dms_terms_frozen": True,
            "order_channel": "backend", "dms_priority": -1, "released_by_id": 1, "released_amount": 1e12,
            "released_until": "2099-01-01 00:00:00", "amount_total": 0, "amount_untaxed": 1e12, "price_unit": 0.01,
            "distributor_state": "active", "is_distributor": False, "dms_is_shared": True,
        }  # fmt: skip
        return {
            **dict.fromkeys(switches, order.ids),
            **core,
            **{f"default_{name}": value for name, value in defaults.items()},
            "ir_cron_progress_id": 1,
            "uid": 1,
            "allowed_company_ids": cls.company.ids,
        }

    def rpc(self, user, record, method, *args, context=None, **kwargs):
        """The call as it comes in through ``call_kw``: records by id, the context by the caller."""
        self.env.flush_all()
        self.env.invalidate_all()  # a cached value would be read without a check, unlike in a request of its own
        model = self.env(user=user, context={})[record._name]
        positional = args if getattr(getattr(type(model), method), "_api_model", False) else (record.ids, *args)
        result = call_kw(model, method, positional, {**kwargs, "context": context or {}})
        self.env.flush_all()
        return result

    def refused(self, user, record, method, *args, **kwargs):
        """Whether a call is refused in words; any other exception is a fault and comes through."""
        try:
            with self.env.cr.savepoint(), mute_logger("odoo.sql_db", "odoo.models"):
                self.rpc(user, record, method, *args, **kwargs)
        except REFUSALS:
            return True
        finally:
            self.env.invalidate_all()
        return False

    def tried(self, user, record, method, *args, check=None, **kwargs):
        """Outcome of a call whose effects are looked at by ``check`` and then undone."""
        savepoint = self.env.cr.savepoint()
        try:
            if self.refused(user, record, method, *args, **kwargs):
                return NO
            if check:
                check()
            return OK
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all()

    #: what must not change where a call is refused
    WATCHED = {
        "sale_order": "state, dms_state, dms_submitted_on, dms_submitted_by_id, distributor_id, territory_id, dms_class_id, dms_terms_frozen,"
        " order_channel, dms_priority, partner_id, pricelist_id, amount_total, amount_untaxed, currency_rate, dms_is_shared",
        "sale_order_line": "order_id, product_id, product_uom_qty, price_unit, discount, qty_delivered, price_subtotal",
        "dms_order_hold": "order_id, state, released_by_id, released_until, released_amount, release_note",
        "dms_order_revision": "order_id, state, kind, reason, answer",
        "dms_order_intake": "state, distributor_id, order_id, is_current",
        "res_partner": "is_distributor, distributor_state, distributor_state_reason, distributor_code, distributor_class_id, territory_id",
        "dms_order_gate": "active",
        "stock_picking": "state",
    }  # fmt: skip

    def fingerprint(self):
        self.env.flush_all()
        found = {}
        for table, columns in self.WATCHED.items():
            self.env.cr.execute(f"SELECT id, {columns} FROM {table} ORDER BY id")
            found[table] = self.env.cr.fetchall()
        return found


@tagged("post_install", "-at_install")
class TestPublicMethods(PublicMethodsMixin, RpcCommon):
    METHODS = METHODS

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        suspended = cls.create_distributor("Gamma", cls.area_a, distributor_state="suspended")
        cls.records = {
            "alpha": cls.alpha,
            "suspended": suspended,
            "area_a": cls.area_a,
            "distributor_class": cls.distributor_class,
            "assortment": cls.env["dms.assortment"].create({"name": "All", "categ_ids": cls.category.ids}),
            "draft": cls.create_order(lines={cls.coffee: 2}, dms_is_shared=True, user=cls.salesperson),
            "cancelled": cls.create_order(lines={cls.coffee: 4}, dms_is_shared=True, user=cls.salesperson),
            **cls.create_held(),
            **cls.create_requested(),
        }
        cls.records["cancelled"]._action_cancel()
        cls.records["intake"] = cls.env["dms.order.intake"].with_user(cls.desk)._intake_lines(cls.alpha, "T-TEA 3\nT-NONE 4")
        cls.records["intake"].sudo().is_shared = True
        cls.records.update(cls.create_wizards())
        cls.env.flush_all()

    @classmethod
    def create_held(cls):
        cls.tea.order_min_qty = 50
        held = cls.create_order(lines={cls.tea: 10}, user=cls.salesperson)
        held.action_dms_submit()
        return {"held": held, "hold": held.dms_hold_ids}

    @classmethod
    def create_requested(cls):
        confirmed = cls.create_order(lines={cls.coffee: 7}, user=cls.salesperson)
        confirmed.action_confirm()
        printed = cls.create_order(lines={cls.coffee: 9}, user=cls.salesperson)
        printed.action_confirm()
        printed.picking_ids.printed = True
        change = {"line_id": printed.order_line.id, "product_id": cls.coffee.id, "quantity": 10}
        request = printed.with_user(cls.alpha_user2).action_dms_amend([change]).sudo()
        return {"confirmed": confirmed, "request": request}

    @classmethod
    def create_wizards(cls):
        return {
            "decision": cls.env["dms.hold.decision"].create({"hold_ids": cls.records["hold"].ids, "note": "n"}),
            "refusal": cls.env["dms.revision.refusal"].create({"revision_ids": cls.records["request"].ids, "reason": "r"}),
            "state_wizard": cls.env["dms.distributor.state.wizard"].create(
                {"partner_ids": [Command.set(cls.alpha.ids)], "state": "closed", "reason": "r"}
            ),
            "upload": cls.env["dms.order.upload"].create({"distributor_id": cls.alpha.id, "text": "T-TEA 60"}),
        }

    def get_arguments(self, arguments, record):
        if arguments != "amendment":
            return arguments
        line = record.order_line
        return ([{"line_id": line.id, "product_id": line.product_id.id, "quantity": 60}],)

    def test_outcome_per_role(self):
        wrong = []
        for (model, method), (key, arguments, outcomes) in METHODS.items():
            record = self.records[key]
            self.assertTrue(record, key)
            for role in ROLES:
                for context in ({}, self.hostile_context(self.records["held"])):
                    case = f"{model}.{method} by {role}{' with a hostile context' if context else ''}"
                    given = self.get_arguments(arguments, record)
                    got = self.tried(self.users[role], record, method, *given, context=context, check=self.check_nothing_slipped_through)
                    if got != outcomes[role]:
                        wrong.append(f"{case}: {got}")
        self.assertFalse(wrong, "\n" + "\n".join(wrong))

    def check_nothing_slipped_through(self):
        """A call that was allowed confirmed nothing that is held, and released nothing."""
        held = self.records["held"]
        self.assertEqual(held.state, "cancel" if held.dms_hold_ids.state == "rejected" else "draft")
        self.assertIn(held.dms_hold_ids.state, ("open", "cleared"))
        self.assertFalse(held.picking_ids)

    def test_allowed_calls_of_the_distributor_stay_with_its_own(self):
        """What portal user A may do with A's records, B may not do with them, nor A with B's."""
        foreign = self.create_order(self.beta, {self.coffee: 2}, dms_is_shared=True)
        change = [{"line_id": foreign.order_line.id, "product_id": self.coffee.id, "quantity": 3}]
        for method, arguments in (("action_dms_submit", ()), ("action_dms_amend", (change,)), ("action_dms_request_cancel", ("x",))):
            both = foreign | self.records["draft"]
            for records in (foreign, both) if method == "action_dms_submit" else (foreign,):
                self.assertTrue(self.refused(self.alpha_user, records, method, *arguments), method)
        self.assertFalse(foreign.dms_submitted_on or self.records["draft"].dms_submitted_on)

    def test_unusable_arguments_are_refused_in_words(self):
        held, hold, request = self.records["held"], self.records["hold"], self.records["request"]
        line = held.order_line
        good = {"line_id": line.id, "product_id": self.tea.id, "quantity": 60}
        for lines in (
            None, 5, "x", {}, [None], [5], ["x"], [[1]], [{}], [{**good, "quantity": "60"}], [{**good, "quantity": {}}],
            [{**good, "line_id": [line.id]}], [{**good, "line_id": {"id": 1}}], [{**good, "line_id": "1 OR 1=1"}],
            [{**good, "product_id": [self.tea.id]}], [{**good, "line_id": None, "product_id": True}],
            [{**good, "line_id": None, "product_id": -1}], [{**good, "quantity": 10**400}],
        ):  # fmt: skip
            self.assertTrue(self.refused(self.alpha_user, held, "action_dms_amend", lines), lines)
        for note in (None, "", "  ", {}, [], 0, False, 5, ["x"], {"x": 1}):
            self.assertTrue(self.refused(self.desk2, hold, "action_release", note), note)
            self.assertTrue(self.refused(self.desk2, hold, "action_reject", note), note)
            self.assertTrue(self.refused(self.desk2, request, "action_refuse", note), note)
            self.assertTrue(self.refused(self.alpha_user, held, "action_dms_request_cancel", note), note)
        self.assertEqual((hold.state, request.state, line.product_uom_qty), ("open", "requested", 10))

    def test_calls_on_no_record_and_on_what_is_gone(self):
        gone = self.create_order()
        gone.unlink()
        for method, arguments in (
            ("action_dms_submit", ()),
            ("action_confirm", ()),
            ("action_dms_request_cancel", ("x",)),
            ("action_dms_amend", ([],)),
        ):
            self.assertTrue(self.refused(self.salesperson, gone, method, *arguments), method)
        nothing = self.env["sale.order"]
        for method in ("action_dms_submit", "action_confirm", "action_draft"):
            self.refused(self.salesperson, nothing, method)  # may pass, must not break

    # ------------------------------------------------------------ makers and deciders

    def test_maker_is_not_checker_whatever_the_way(self):
        """By user id: creator, submitter and salesperson of the order, each also with full rights and a false context."""
        clerk = self.desk2
        for making in ("create_uid", "user_id", "dms_submitted_by_id"):
            order = self.create_order(lines={self.tea: 10}, user=clerk if making == "create_uid" else self.manager)
            order.user_id = clerk if making == "user_id" else False
            order.with_user(clerk if making == "dms_submitted_by_id" else self.manager).action_dms_submit()
            hold = order.dms_hold_ids.filtered(lambda hold: hold.gate == "quantity")
            context = {**self.hostile_context(order), "uid": self.desk.id}
            for method in ("action_release", "action_reject"):
                self.assertTrue(self.refused(clerk, hold, method, "mine", context=context), making)
                with self.assertRaises(UserError), self.env.cr.savepoint():
                    getattr(hold.with_user(clerk).sudo(), method)("mine, with full rights")
                wizard = self.env["dms.hold.decision"].with_user(clerk).create({"hold_ids": hold.ids, "note": "by wizard"})
                self.assertTrue(self.refused(clerk, wizard, method), making)
            self.assertEqual(hold.state, "open")
            self.assertFalse(self.refused(self.desk, hold, "action_release", "by another"), making)

    def test_a_batch_with_one_own_order_is_refused_as_a_whole(self):
        mine = self.create_order(lines={self.tea: 11}, user=self.desk2)
        theirs = self.create_order(lines={self.tea: 12}, user=self.desk)
        (mine | theirs).with_user(self.manager).action_dms_submit()
        holds = (mine | theirs).dms_hold_ids
        self.assertTrue(self.refused(self.desk2, holds, "action_release", "both"))
        self.assertEqual(set(holds.mapped("state")), {"open"})

    def test_changing_the_makers_does_not_make_a_checker(self):
        """The salesperson is anybody's to change; creator and submitter stay."""
        order = self.create_order(lines={self.tea: 10}, user=self.desk2)
        order.action_dms_submit()
        for values in ({"create_uid": self.desk.id}, {"dms_submitted_by_id": self.desk.id}):
            self.refused(self.desk2, order, "write", values)
        self.assertEqual(order.create_uid, self.desk2)
        self.assertTrue(self.refused(self.desk2, order.dms_hold_ids, "action_release", "mine"))
