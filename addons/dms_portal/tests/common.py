import hashlib
import json

from odoo import http
from odoo.fields import Command
from odoo.tests import HttpCase
from odoo.tools import mute_logger

from odoo.addons.dms_orders.tests.common import DmsCommon

#: queries a page may cost, warm, whatever the number of rows
BUDGET = 25


class PortalCommon(DmsCommon, HttpCase):
    """Two distributors with the same kinds of documents, each with texts of its own to be searched in every answer."""

    #: texts that no refusal may have in it
    secret_marks = ("BETAMARK",)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["dms.assortment"].search([]).active = False
        cls.tea.write({"order_min_qty": 0, "order_multiple": 0})
        cls.closed_product = cls.create_product("Retired Cordial", "T-OLD", 5.0, sale_ok=False)
        cls.mine = cls.setUpDocuments(cls.alpha, cls.alpha_user, "ALPHAMARK")
        cls.theirs = cls.setUpDocuments(cls.beta, cls.beta_user, "BETAMARK")

    @classmethod
    def setUpDocuments(cls, distributor, user, mark):
        """``{name: record}``: one order in each situation, its delivery, invoice, files and messages."""
        cls.env["res.partner"].create(
            {"name": f"{mark} Depot", "type": "delivery", "parent_id": distributor.id, "street": f"{mark} Street"}
        )
        draft = cls.create_portal_order(distributor, {cls.tea: 3}, client_order_ref=f"{mark}-draft")
        held = cls.create_held_order(distributor, mark)
        done = cls.create_portal_order(distributor, {cls.tea: 12, cls.coffee: 6}, client_order_ref=f"{mark}-done")
        done.action_confirm()
        done.with_user(user).action_dms_amend(cls.amendment(done, {cls.tea: 10}))
        cls.deliver(done)
        invoice = cls.invoice(done)
        invoice.ref = f"{mark}-invoice"
        cls.post_messages(done, user, mark)
        return {
            "distributor": distributor,
            "user": user,
            "draft": draft,
            "held": held,
            "done": done,
            "picking": done.picking_ids[:1],
            "invoice": invoice,
            "file": cls.attach(done, user, f"{mark}-file.txt"),
            "internal_file": cls.attach(done, cls.desk, f"{mark}-internal.txt"),
        }

    @classmethod
    def create_portal_order(cls, distributor, lines, **values):
        return cls.create_order(distributor, lines, order_channel="portal", dms_is_shared=True, **values)

    @classmethod
    def create_held_order(cls, distributor, mark):
        held = cls.create_portal_order(distributor, {cls.coffee: 2}, client_order_ref=f"{mark}-held")
        cls.distributor_class.min_order_amount = 1000
        held.action_dms_submit()
        cls.distributor_class.min_order_amount = 0
        return held

    @classmethod
    def amendment(cls, order, quantities):
        return [
            {"line_id": line.id, "product_id": line.product_id.id, "quantity": float(quantities[line.product_id])}
            for line in order.order_line
            if line.product_id in quantities
        ]

    @classmethod
    def post_messages(cls, order, user, mark):
        order.message_post(body=f"{mark}-public", message_type="comment", subtype_xmlid="mail.mt_comment")
        order.message_post(body=f"{mark}-internal", message_type="comment", subtype_xmlid="mail.mt_note")

    @classmethod
    def attach(cls, order, user, name):
        return (
            cls.env["ir.attachment"]
            .with_user(user)
            .sudo()
            .create({"name": name, "raw": name.encode(), "res_model": "sale.order", "res_id": order.id})
        )

    # ------------------------------------------------------------ requests

    def login(self, user):
        self.authenticate(user.login, user.login)

    def get(self, path, **kwargs):
        return self.url_open(path, allow_redirects=kwargs.pop("allow_redirects", False), **kwargs)

    def post(self, path, data=None, **kwargs):
        """POST of a form with the token against foreign pages."""
        values = {"csrf_token": http.Request.csrf_token(self), **(data or {})}
        return self.url_open(path, data=values, allow_redirects=False, **kwargs)

    def call(self, path, **params):
        """Result of a JSON-RPC route."""
        body = json.dumps({"jsonrpc": "2.0", "method": "call", "id": 1, "params": params})
        answer = self.url_open(path, data=body, headers={"Content-Type": "application/json"}).json()
        self.assertNotIn("error", answer, answer)
        return answer["result"]

    def call_kw(self, model, method, *args, **kwargs):
        """Answer of a method called with the session of the logged-in user, without the pages."""
        params = {"model": model, "method": method, "args": list(args), "kwargs": kwargs}
        body = json.dumps({"jsonrpc": "2.0", "method": "call", "id": 1, "params": params})
        return self.url_open("/web/dataset/call_kw", data=body, headers={"Content-Type": "application/json"}).json()

    def assertRefused(self, model, method, *args, **kwargs):
        with mute_logger(
            "odoo.http", "odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_access", "odoo.addons.base.models.ir_model"
        ):
            answer = self.call_kw(model, method, *args, **kwargs)
        self.assertIn("error", answer, (model, method, args))
        for mark in self.secret_marks:
            self.assertNotIn(mark, json.dumps(answer), (model, method))

    # ------------------------------------------------------------ queries

    def count(self, action):
        """Queries of an action, the cache of records being empty."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        action()
        return self.cr.sql_log_count - before

    def warm(self, path):
        """Queries of a page that was asked for before."""
        self.get(path)
        return min(self.count(lambda: self.assertEqual(self.get(path).status_code, 200)) for _time in range(2))

    # ------------------------------------------------------------ records

    def line(self, product, quantity, unit=None):
        return {"product_id": product.id, "uom_id": (unit or product.uom_id).id, "quantity": quantity}

    def token(self, seed="a"):
        return hashlib.sha256(f"{self._testMethodName}{seed}".encode()).hexdigest()[:40]

    def orders_of(self, distributor):
        return self.env["sale.order"].search([("distributor_id", "=", distributor.id)])

    def commands(self, *values):
        return [Command.create(value) for value in values]


class RpcIsolationMixin:
    """What a distributor's session may call by itself, without the pages, of models with records on both sides.

    A test brings ``readable`` (``{model: fields}`` that are read) and ``readable_fields`` (the list of its module).
    """

    readable, readable_fields = {}, {}

    def setUp(self):
        super().setUp()
        self.login(self.alpha_user)

    def own_and_foreign(self, model):
        """One row of each side."""
        rows = self.env[model]
        return (rows.search([("distributor_id", "=", partner.id)], limit=1) for partner in (self.alpha, self.beta))

    def test_own_is_read_and_nothing_foreign(self):
        for model, fields in self.readable.items():
            own, foreign = self.own_and_foreign(model)
            self.assertTrue(own and foreign, f"{model}: the test would prove nothing")
            answer = self.call_kw(model, "search_read", [], fields, limit=500)
            ids = {row["id"] for row in answer["result"]}
            self.assertIn(own.id, ids, model)
            self.assertNotIn(foreign.id, ids, model)
            self.assertNotIn("BETAMARK", json.dumps(answer), model)
            self.assertRefused(model, "read", foreign.ids, ["create_date"])

    def test_what_is_decided_to_be_readable_can_be_read(self):
        for model in self.readable:
            own, _foreign = self.own_and_foreign(model)
            names = [name for name in self.readable_fields[model] if not name.startswith("activity_")]  # core's own refuse themselves
            answer = self.call_kw(model, "read", own.ids, sorted(names), load=None)
            self.assertEqual(len(answer.get("result", ())), 1, answer)
