import json

from odoo.tests import tagged

from .common import PortalCommon


@tagged("post_install", "-at_install")
class TestRpc(PortalCommon):
    """What a distributor's session may call by itself, without our pages."""

    def setUp(self):
        super().setUp()
        self.login(self.alpha_user)

    def test_frame_and_pad_are_no_endpoints(self):
        for model in ("dms.portal", "dms.portal.pad", "dms.portal.catalogue", "dms.portal.token"):
            for name in dir(type(self.env[model])):
                own = name in {n for cls in type(self.env[model]).__mro__ if "dms" in cls.__module__ for n in vars(cls)}
                if own and callable(getattr(type(self.env[model]), name, None)):
                    self.assertTrue(name.startswith("_"), f"{model}.{name} can be called by anybody")

    def test_tokens_are_out_of_reach(self):
        self.assertRefused("dms.portal.token", "search_read", [])
        self.assertRefused("dms.portal.token", "create", [{"token": "x" * 20, "distributor_id": self.alpha.id, "kind": "draft"}])

    def test_orders_cannot_be_written(self):
        order = self.mine["draft"]
        self.assertRefused("sale.order", "create", [{"partner_id": self.alpha.id}])
        self.assertRefused("sale.order", "write", order.ids, {"client_order_ref": "x"})
        self.assertRefused("sale.order.line", "write", order.order_line.ids, {"price_unit": 0.01})
        self.assertRefused("sale.order", "unlink", order.ids)
        self.assertRefused("dms.order.revision", "create", [{"order_id": order.id, "number": 9, "state": "applied"}])

    def test_foreign_orders_cannot_be_read_or_acted_on(self):
        order = self.theirs["held"]
        self.assertRefused("sale.order", "read", order.ids, ["name"])
        self.assertRefused("sale.order", "action_dms_submit", order.ids)
        self.assertRefused("sale.order", "action_dms_amend", order.ids, [])
        self.assertRefused("sale.order", "action_dms_request_cancel", order.ids, "no")
        readable = {
            "sale.order": ["name", "client_order_ref"],
            "sale.order.line": ["name", "order_id"],
            "dms.order.hold": ["message", "order_id"],
            "dms.order.revision": ["order_id"],
            "stock.picking": ["name", "origin"],
            "account.move": ["name", "ref"],
        }
        texts = [text for name in ("draft", "held", "done", "picking", "invoice") for text in (self.theirs[name].name, "BETAMARK")]
        for model, fields in readable.items():
            answer = self.call_kw(model, "search_read", [], fields, limit=500)
            self.assertTrue(answer["result"], f"{model}: nothing of the own was read either")
            for text in texts:
                self.assertNotIn(text, json.dumps(answer), model)

    def test_nobody_closes_the_access_of_others(self):
        self.assertRefused("res.partner", "action_dms_close_portal_access", self.beta_user.partner_id.ids)
        self.assertRefused("res.partner", "action_dms_close_portal_access", self.alpha_user2.partner_id.ids)
        self.assertTrue(self.alpha_user2.active)

    def test_stock_and_terms_are_no_fields_of_the_portal(self):
        self.assertRefused("res.company", "read", self.company.ids, ["dms_portal_stock_shown"])
        self.assertRefused("res.partner", "read", self.alpha.ids, ["dms_has_portal_access"])
        self.assertRefused("res.partner", "search_read", [("distributor_class_id.min_order_amount", ">", 0)], ["name"])
