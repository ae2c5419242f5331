import json
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tests.test_cursor import TestCursor

from odoo.addons.bus.models.bus import dispatch
from odoo.addons.bus.tests.common import WebsocketCase
from odoo.addons.dms_orders.models.dms_limit_lock import DmsLimitLock

from .common import PortalCommon


@tagged("post_install", "-at_install")
class TestLiveStatus(PortalCommon):
    def sent(self, action):
        """``[(partner id, payload)]`` of what ``action`` sends, as it stands on the bus when committed."""
        self.env.flush_all()
        self.env.cr.precommit.run()
        bus = self.env["bus.bus"].sudo()
        last = bus.search([], order="id desc", limit=1).id or 0
        action()
        self.env(context={**self.env.context, "tracking_disable": False}).flush_all()
        self.env.cr.precommit.run()
        rows = bus.search([("id", ">", last)])
        messages = [(json.loads(row.channel), json.loads(row.message)) for row in rows]
        return [(channel, m["payload"]) for channel, m in messages if m["type"] == "dms.order/status"]

    def live(self, order):
        return order.with_context(tracking_disable=False)

    def test_every_change_reaches_the_users_of_the_distributor_and_nobody_else(self):
        order = self.mine["draft"]
        sent = self.sent(lambda: self.live(order).action_dms_submit())
        channels = {tuple(channel[1:]) for channel, _payload in sent}
        users = self.alpha_user | self.alpha_user2
        self.assertEqual(channels, {("res.partner", partner.id) for partner in users.partner_id})
        payload = sent[0][1]
        self.assertEqual((payload["order_id"], payload["code"], payload["label"]), (order.id, "submitted", "Submitted"))
        sent = self.sent(lambda: self.live(order).action_confirm())
        self.assertEqual({payload["code"] for _channel, payload in sent}, {"confirmed"})
        sent = self.sent(lambda: self.deliver(order.with_context(tracking_disable=False)))
        self.assertEqual({payload["code"] for _channel, payload in sent}, {"delivered"})

    def test_unshared_drafts_and_other_customers_send_nothing(self):
        draft = self.create_order(self.alpha, {self.tea: 1})
        self.assertFalse(self.sent(lambda: self.live(draft).write({"note": "x"})))
        other = self.create_order(self.customer, {self.tea: 1})
        self.assertFalse(self.sent(lambda: self.live(other).action_confirm()))

    def test_words_are_in_the_language_of_the_reader(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.alpha_user.lang = "fr_FR"
        seen = []
        order_class = type(self.env["sale.order"])
        status = order_class._dms_portal_status
        self.patch(order_class, "_dms_portal_status", lambda order: seen.append(order.env.lang) or status(order))
        self.sent(lambda: self.live(self.mine["draft"]).action_dms_submit())
        self.assertIn("fr_FR", seen)


@tagged("post_install", "-at_install")
class TestLivePage(PortalCommon, WebsocketCase):
    @classmethod
    def setUpClass(cls):
        # a case of web sockets lets nobody open a connection of its own to look at limits that other transactions take from
        with patch.object(DmsLimitLock, "_get_raced", lambda lock, keys: {}):
            super().setUpClass()

    def test_open_page_follows_the_order(self):
        """A real browser, a real web socket; only the notification of PostgreSQL, which needs a commit, is imitated."""
        commit = TestCursor.commit

        def commit_and_notify(cursor):
            commit(cursor)
            for websocket in {ws for sockets in dispatch._channels_to_ws.values() for ws in sockets}:
                websocket.trigger_notification_dispatching()

        self.startPatcher(patch.object(TestCursor, "commit", commit_and_notify))
        order = self.mine["draft"]
        code = """
            const status = () => document.querySelector(".o_dms_order .o_dms_status").textContent.trim();
            const wait = async (what, until) => {
                for (let tries = 0; tries < 100; tries++) {
                    if (until()) { return; }
                    await new Promise((resolve) => setTimeout(resolve, 100));
                }
                throw new Error(`waited in vain for ${what}, status ${status()}`);
            };
            (async () => {
                window.samePage = true;
                await new Promise((resolve) => setTimeout(resolve, 1500));
                const form = document.querySelector("form[action$='/submit']");
                await fetch(form.action, { method: "POST", body: new FormData(form), redirect: "manual" });
                await wait("the status", () => status() === "Submitted");
                await wait("the page", () => !document.querySelector("form[action$='/submit']"));
                if (!window.samePage) { throw new Error("the page was loaded anew"); }
                console.log("test successful");
            })();
        """
        ready = "!!document.querySelector('.o_dms_order[data-listening]')"
        self.browser_js(f"/my/dms/orders/{order.id}", code, ready, login=self.alpha_user.login)
