"""What can be read through the ORM's own doors, by the wrong people and with probing domains."""

from odoo import fields
from odoo.exceptions import AccessError
from odoo.service.model import call_kw
from odoo.tests import tagged

from .test_rpc import REFUSALS, RpcCommon


@tagged("post_install", "-at_install")
class TestHostileReads(RpcCommon):
    SECRET = "Zanzibar secret"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.beta.write({"name": f"Beta {cls.SECRET}", "distributor_state_reason": cls.SECRET, "ref": cls.SECRET})
        cls.tea.order_min_qty = 50
        cls.mine = cls.create_order(cls.alpha, {cls.tea: 1}, dms_is_shared=True, client_order_ref="mine")
        cls.theirs = cls.create_order(cls.beta, {cls.tea: 1}, dms_is_shared=True, client_order_ref=cls.SECRET)
        (cls.mine | cls.theirs).action_dms_submit()
        cls.theirs.dms_hold_ids.message = cls.SECRET
        cls.mine.dms_hold_ids.write({"release_note": "internal note", "values": {"note": "internal note"}})
        cls.alpha.distributor_state_reason = "internal note"
        cls.env.flush_all()
        cls.env.invalidate_all()

    def answer(self, user, record, method, *args, **kwargs):
        """The answer as text; a refusal is an empty one."""
        try:
            with self.env.cr.savepoint():
                self.env.invalidate_all()
                model = self.env(user=user, context={})[record._name]
                positional = args if getattr(getattr(type(model), method), "_api_model", False) else (record.ids, *args)
                return repr(call_kw(model, method, positional, kwargs))
        except REFUSALS:
            return ""

    def assertTellsNothing(self, text, secrets=()):
        for secret in (self.SECRET, *secrets):
            self.assertNotIn(secret, text)

    def readers(self):
        yield self.alpha_user, self.theirs
        yield self.area_manager, self.theirs
        yield self.users["public"], self.theirs

    def test_foreign_order_is_read_by_no_method(self):
        spec = {
            "name": {}, "client_order_ref": {}, "partner_id": {"fields": {"name": {}, "display_name": {}}},
            "order_line": {"fields": {"name": {}, "order_id": {"fields": {"client_order_ref": {}}}}},
            "dms_hold_ids": {"fields": {"message": {}}}, "distributor_id": {"fields": {"display_name": {}}},
        }  # fmt: skip
        for user, order in self.readers():
            for method, arguments in (
                ("read", (["name", "client_order_ref"],)),
                ("web_read", (spec,)),
                ("export_data", (["client_order_ref", "partner_id/name", "order_line/order_id/client_order_ref"],)),
                ("onchange", ({"note": "x"}, ["note"], {**spec, "note": {}})),
                ("copy", ()),
                ("read_progress_bar", ([("id", "=", order.id)], "client_order_ref", {"field": "state", "colors": {}})),
                ("get_formview_action", ()),
                ("message_get_suggested_recipients", ()),
            ):
                if hasattr(order, method):
                    self.assertTellsNothing(self.answer(user, order, method, *arguments))

    def test_searches_do_not_probe_what_is_foreign_or_internal(self):
        found = {
            "sale.order": [
                [("client_order_ref", "ilike", "zanzibar")],
                [("partner_id.ref", "ilike", "zanzibar")],
                [("distributor_id.name", "ilike", "zanzibar")],
                [("dms_hold_ids.message", "ilike", "zanzibar")],
                [("order_line.order_id.client_order_ref", "ilike", "zanzibar")],
                [("dms_hold_ids.release_note", "ilike", "internal")],
                [("dms_hold_ids.values", "ilike", "internal")],
                [("dms_hold_ids.order_id.client_order_ref", "ilike", "zanzibar")],
                [("dms_open_hold_ids", "!=", False)],
                [("territory_id.manager_id.login", "ilike", "t_")],
                [("dms_class_id.min_order_amount", "=", 0)],
                [("dms_submitted_by_id.login", "ilike", "t_")],
                [("dms_priority", ">", 0)],
                [("partner_id.distributor_state_reason", "ilike", "internal")],
                [("partner_id.licence_ids.number", "ilike", "1")],
            ],
            "res.partner": [
                [("distributor_state_reason", "ilike", "internal")],
                [("distributor_class_id.code", "ilike", "T-")],
                [("territory_id.code", "ilike", "T-")],
                [("assortment_ids.name", "ilike", "a")],
                [("edi_endpoint", "!=", "x")],
                [("parent_distributor_id.name", "ilike", "zanzibar")],
                [("sale_order_ids.client_order_ref", "ilike", "zanzibar")],
                [("ref", "ilike", "zanzibar")],
            ],
            "dms.order.hold": [
                [("message", "ilike", "zanzibar")],
                [("release_note", "ilike", "internal")],
                [("values", "ilike", "internal")],
                [("order_id.client_order_ref", "ilike", "zanzibar")],
                [("gate_id.release_group_ids.name", "ilike", "a")],
                [("released_by_id.login", "ilike", "t_")],
                [("user_id.login", "ilike", "t_")],
                [("territory_id.code", "ilike", "T-")],
            ],
        }
        for model, domains in found.items():
            for domain in domains:
                for method in ("search", "search_count"):
                    text = self.answer(self.alpha_user, self.env[model], method, domain)
                    self.assertIn(text, ("", "[]", "0", f"{model}()"), f"{model} {method} {domain}")

    def test_ordering_and_grouping_by_internal_fields(self):
        for user in (self.alpha_user, self.users["public"]):
            for name in ("territory_id", "dms_class_id", "dms_priority", "dms_submitted_by_id"):
                self.assertEqual(self.answer(user, self.env["sale.order"], "search", [], order=name), "", name)
                self.assertEqual(self.answer(user, self.env["sale.order"], "formatted_read_group", [], [name], ["__count"]), "", name)
            for name in ("release_note", "released_amount:sum", "territory_id"):
                groupby, aggregates = ([], [name]) if ":" in name else ([name], ["__count"])
                self.assertEqual(self.answer(user, self.env["dms.order.hold"], "formatted_read_group", [], groupby, aggregates), "", name)

    def test_groups_count_only_what_one_reads(self):
        for user in (self.alpha_user, self.area_manager):
            for model, groupby in (
                ("sale.order", ["client_order_ref"]),
                ("dms.order.hold", ["message"]),
                ("sale.order.line", ["order_id"]),
            ):
                text = self.answer(user, self.env[model], "formatted_read_group", [], groupby, ["__count"])
                self.assertTrue(text)
                self.assertTellsNothing(text)
                self.assertNotIn(self.theirs.name, text)

    def test_answers_about_ones_own_order_hold_nothing_internal(self):
        own = self.mine
        names = [name for name, field in own._fields.items() if own.with_user(self.alpha_user)._has_field_access(field, "read")]
        text = self.answer(self.alpha_user, own, "read", [name for name in names if not own._fields[name].type == "binary"])
        hold_names = [
            n for n, f in own.dms_hold_ids._fields.items() if own.dms_hold_ids.with_user(self.alpha_user)._has_field_access(f, "read")
        ]
        text += self.answer(self.alpha_user, own.dms_hold_ids, "read", hold_names)
        self.assertTrue(text)
        self.assertTellsNothing(text, ("internal note", self.area_a.name, self.distributor_class.name))

    def test_onchange_tells_no_foreign_terms(self):
        spec = {"partner_id": {}, "pricelist_id": {"fields": {"display_name": {}}}, "payment_term_id": {"fields": {"display_name": {}}},
                "distributor_id": {"fields": {"display_name": {}}}, "warehouse_id": {"fields": {"display_name": {}}}}  # fmt: skip
        secret = self.env["product.pricelist"].create({"name": f"List {self.SECRET}"})
        self.beta.specific_property_product_pricelist = secret
        for user in (self.alpha_user, self.area_manager, self.users["public"]):
            text = self.answer(user, self.env["sale.order"], "onchange", {"partner_id": self.beta.id}, ["partner_id"], spec)
            self.assertTellsNothing(text)

    def test_name_search_finds_no_foreign_distributor(self):
        for user in (self.alpha_user, self.area_manager):
            for model in ("res.partner", "sale.order", "dms.order.hold"):
                self.assertTellsNothing(self.answer(user, self.env[model], "name_search", "Zanz"))
                self.assertTellsNothing(self.answer(user, self.env[model], "name_search", self.theirs.name))

    def test_can_decide_is_searched_truthfully(self):
        hold = self.mine.dms_hold_ids
        Hold = self.env["dms.order.hold"].with_user(self.desk2)
        for domain, expected in (
            ([("can_decide", "=", True)], True),
            ([("can_decide", "=", False)], False),
            ([("can_decide", "!=", True)], False),
            ([("can_decide", "in", [True, False])], True),
        ):
            self.assertEqual(hold in Hold.search(domain), expected, domain)
        self.assertNotIn(hold, Hold.with_user(self.desk).search([("can_decide", "=", True)]))
        with self.assertRaises(AccessError):
            self.env["dms.order.hold"].with_user(self.alpha_user).search([("can_decide", "=", True)])

    def test_licence_state_is_searched_truthfully(self):
        licence_type = self.env["dms.licence.type"].create({"name": "T", "code": "T-S"})
        today = fields.Date.context_today(licence_type)
        licence = self.env["dms.licence"].create({"partner_id": self.alpha.id, "type_id": licence_type.id, "number": "1", "date_to": today})
        self.assertEqual(licence.state, "expiring")
        for domain, expected in (
            ([("state", "=", "expiring")], True),
            ([("state", "!=", "expiring")], False),
            ([("state", "in", ("valid", "expiring"))], True),
            ([("state", "not in", ("valid", "expired"))], True),
        ):
            self.assertEqual(licence in self.env["dms.licence"].search(domain), expected, domain)
