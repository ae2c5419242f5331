"""Pages of the portal, against core's for a customer who is no distributor: home, orders, one order, the order pad.

Real requests, answered in this process: routing, session, rights, database, template. Both have as many orders, of as many lines, all
on one page. Core's home asks for its counters in a request of their own, which belongs to it. Core has no order pad: that is set
against its page of an order.
"""

import re
import time

from werkzeug.test import Client

from odoo import api, http, sql_db
from odoo.service import security
from odoo.service.server import load_server_wide_modules

from benchmarks.fixtures import create_distributor, create_order, create_products, vacuum
from benchmarks.runner import Sample, Times, at_least

ORDERS = 20
LINES = 20
ROUNDS = 15
BUDGET = 25


def run(bench):
    env = bench.env
    products = create_products(env, LINES)
    distributor = create_distributor(env, products)
    customer = env["res.partner"].create({"name": "Benchmark customer", "is_company": True})
    ours, our_order = create_side(env, distributor, products, order_channel="portal", dms_is_shared=True)
    peer, peer_order = create_side(env, customer, products)
    env.cr.execute("UPDATE sale_order SET state = 'sale' WHERE partner_id = ANY(%s)", [(distributor | customer).ids])
    vacuum(env)
    load_server_wide_modules()
    ours, peer = Visitor(env, ours), Visitor(env, peer)
    pages = {
        "portal_home": ("/my/dms", "/my/home"),
        "portal_orders": ("/my/dms/orders", "/my/orders"),
        "portal_order": (f"/my/dms/orders/{our_order.id}", f"/my/orders/{peer_order.id}"),
        "portal_pad": ("/my/dms/pad", f"/my/orders/{peer_order.id}"),
        "portal_pad_data": ("/my/dms/pad/data", f"/my/orders/{peer_order.id}"),
    }
    check(bench, (ours, our_order), (peer, peer_order), pages)
    return [bench.row(name, compare(ours, peer, *paths), at_least(1), max_queries=BUDGET) for name, paths in pages.items()]


def create_side(env, partner, products, **values):
    """A portal user of a partner that has orders, and the last of them."""
    user = env["res.users"].create(
        {
            "name": f"User of {partner.name}",
            "login": f"portal.{partner.id}@example.com",
            "partner_id": env["res.partner"].create({"name": "User", "parent_id": partner.id}).id,
            "group_ids": [(6, 0, [env.ref("base.group_portal").id])],
        }
    )
    for _number in range(ORDERS):
        order = create_order(env, partner, products, **values)
    order.message_subscribe(user.partner_id.ids)
    return user, order


class Visitor:
    """A browser in which somebody is logged in."""

    def __init__(self, env, user):
        session = http.root.session_store.new()
        session.update(http.get_default_session(), db=env.cr.dbname, _trace_disable=True)
        session.uid, session.login = user.id, user.login
        own = api.Environment(env.cr, user.id, {})
        session.session_token = security.compute_session_token(session, own)
        session.context = dict(own["res.users"].context_get())
        http.root.session_store.save(session)
        self.client = Client(http.root)
        self.client.set_cookie("session_id", session.sid, domain="localhost")

    def get(self, path):
        answer = self.client.get(path)
        assert answer.status_code == 200, (path, answer.status)
        text = answer.get_data(as_text=True)
        if counters := re.findall(r'data-placeholder_count="(\w+)"', text):
            answer = self.client.post("/my/counters", json={"jsonrpc": "2.0", "method": "call", "params": {"counters": counters}})
            assert counters[0] in answer.json["result"], answer.json
        return text

    def measure(self, path):
        queries, start = sql_db.sql_counter, time.process_time()
        self.get(path)
        return Sample(time.process_time() - start, sql_db.sql_counter - queries)


def check(bench, ours, peer, pages):
    """Both show every order, and every product of one."""
    for place, (visitor, order) in enumerate((ours, peer)):
        text = visitor.get(pages["portal_orders"][place])
        orders = order.search([("partner_id", "=", order.partner_id.id)])
        bench.check(len(orders), ORDERS, "number of orders")
        bench.check([name for name in orders.mapped("name") if name not in text], [], "orders that are not shown")
        text = visitor.get(pages["portal_order"][place])
        bench.check([name for name in order.order_line.product_id.mapped("name") if name not in text], [], "products not shown")


def compare(ours, peer, path, peer_path):
    """Requests in turns, three of each to warm up."""
    samples = [(ours.measure(path), peer.measure(peer_path)) for _number in range(ROUNDS + 3)][3:]
    return Times(tuple(sample for sample, _peer in samples), tuple(sample for _ours, sample in samples))
