"""A process of its own, with its own registry and connections, that does what it is told, one line of JSON at a time.

Started by :mod:`tests.processes`. Every task goes the way of a request: one cursor, ``retrying`` around the call, a
commit at the end. A task may be told to meet another at a method (both have run it before either goes on), which makes
two transactions overlap for certain, or to die there.
"""

import contextlib
import importlib
import json
import os
import signal
import sys
import time
from unittest.mock import patch

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.service.model import call_kw, retrying
from odoo.tools import config

#: longest wait for the other process at a meeting point; it may itself be waiting for a lock of this one
PATIENCE = 2.0


def main(conf, database):
    config.parse_config(["-c", conf, "-d", database, "--log-level=warn", "--no-http"], setup_logging=True)
    Registry(database)
    reply({"ready": True})
    for line in sys.stdin:
        reply(perform(database, json.loads(line)))


def reply(answer):
    sys.stdout.write(json.dumps(answer, default=str) + "\n")
    sys.stdout.flush()


def perform(database, task):
    registry = Registry(database).check_signaling()
    tries, started = [], time.monotonic()
    try:
        with contextlib.ExitStack() as patches:
            for point in task.get("points", ()):
                patches.enter_context(stopping_point(registry, point))
            answer = {"result": run(registry, task, tries), "error": None}
    except Exception as error:  # noqa: BLE001 - the parent judges what came out
        answer = {"error": type(error).__name__, "message": str(error), "refusal": isinstance(error, UserError)}
    return {**answer, "tries": len(tries), "queries": sum(tries), "seconds": time.monotonic() - started}


def run(registry, task, tries):
    """Run a task; ``tries`` gets the number of statements of each try."""
    with registry.cursor() as cr:
        env = api.Environment(cr, task.get("uid", SUPERUSER_ID), {})
        env.transaction.default_env = env

        def act():
            before = cr.sql_log_count
            try:
                if "function" in task:
                    return find(task["function"])(env, *task["arguments"])
                return call_kw(env[task["model"]], task["method"], [task["ids"], *task["arguments"]], {})
            finally:
                tries.append(cr.sql_log_count - before)

        return retrying(act, env)


def find(name):
    """A function of this file, or of a module beside it (``race_credit.look_credit``)."""
    module, _dot, function = name.rpartition(".")
    return getattr(importlib.import_module(f"tests.{module}"), function) if module else FUNCTIONS[name]


@contextlib.contextmanager
def stopping_point(registry, point):
    """Stop after a method has run for the first time: to meet the other process, or to die."""
    original = getattr(registry[point["model"]], point["method"])
    passed = []

    def stopping(records, *args, **kwargs):
        result = original(records, *args, **kwargs)
        if not passed:
            passed.append(1)
            if point.get("die"):
                records.env.flush_all()
                os.kill(os.getpid(), signal.SIGKILL)
            meet(point["folder"], point["name"], point.get("patience", PATIENCE))
        return result

    with patch.object(registry[point["model"]], point["method"], stopping):
        yield


def meet(folder, name, patience):
    open(os.path.join(folder, name), "w").close()
    deadline = time.monotonic() + patience
    while len(os.listdir(folder)) < 2 and time.monotonic() < deadline:
        time.sleep(0.005)


# ------------------------------------------------------------ what tests make and look at, committed


def make_world(env):
    """A distributor with a portal user, two clerks of the desk and a salesperson; returns their ids."""
    company = env.company
    pricelist = env["product.pricelist"].create({"name": "Race", "company_id": False})
    classes = {
        auto: env["dms.distributor.class"].create(
            {"name": f"Race {auto}", "code": f"RACE{auto:d}", "pricelist_id": pricelist.id, "auto_confirm": auto}
        )
        for auto in (False, True)
    }
    distributors = {
        auto: env["res.partner"].create(
            {
                "name": f"Racer {auto}",
                "is_company": True,
                "is_distributor": True,
                "distributor_state": "active",
                "distributor_class_id": classes[auto].id,
            }
        )
        for auto in (False, True)
    }
    group = env.ref("dms_orders.group_dms_user")
    users = {name: make_user(env, name, group, company) for name in ("first", "second", "third")}
    contact = env["res.partner"].create({"name": "Buyer", "parent_id": distributors[False].id, "email": "buyer@example.com"})
    portal = make_user(env, "buyer", env.ref("base.group_portal"), company, partner_id=contact.id)
    return {
        **{name: user.id for name, user in users.items()},
        "buyer": portal.id,
        "distributor": distributors[False].id,
        "automatic": distributors[True].id,
    }


def make_user(env, name, group, company, **values):
    return (
        env["res.users"]
        .with_context(no_reset_password=True)
        .create(
            {
                "name": name.title(),
                "login": f"race_{name}",
                "email": f"race_{name}@example.com",
                "group_ids": [Command.set(group.ids)],
                "company_id": company.id,
                "company_ids": [Command.set(company.ids)],
                **values,
            }
        )
    )


def make_order(env, distributor, user, quantity=10, minimum=0, steps=(), lines=1):
    """An order of products of its own, so that nothing but the order itself can make two processes meet."""
    products = env["product.product"].browse()
    for number in range(lines):
        products += env["product.product"].create(
            {"name": f"Race {number}", "is_storable": True, "list_price": 10, "invoice_policy": "delivery"}
        )
    warehouse = env["stock.warehouse"].search([("company_id", "=", env.company.id)], limit=1)
    for product in products:
        product.default_code = f"RACE-{product.id}"
        env["stock.quant"]._update_available_quantity(product, warehouse.lot_stock_id, 10000)
    order = env["sale.order"].create(
        {
            "partner_id": distributor,
            "dms_is_shared": True,
            "user_id": False,
            "order_line": [Command.create({"product_id": product.id, "product_uom_qty": quantity}) for product in products],
        }
    )
    products.order_min_qty = minimum
    for step in steps:
        getattr(order.with_user(user), step)()
    return {"id": order.id, "lines": order.order_line.ids, "products": products.ids, "holds": order.dms_hold_ids.ids}


def make_upload(env, user, distributor, text):
    """A filled upload form of the desk."""
    form = env["dms.order.upload"].with_user(user).create({"distributor_id": distributor, "text": text})
    return form.id


def look(env, order_id):
    """Everything about an order that a race could have doubled or torn."""
    order = env["sale.order"].browse(order_id)
    return {
        "state": order.state,
        "dms_state": order.dms_state,
        "submitted": bool(order.dms_submitted_on),
        "holds": sorted((hold.gate, hold.state) for hold in order.dms_hold_ids),
        "revisions": [
            {
                "number": revision.number,
                "state": revision.state,
                "lines": [[line.sale_line_id.id, line.quantity_before, line.quantity_after] for line in revision.line_ids],
            }
            for revision in order.dms_revision_ids.sorted("number")
        ],
        "lines": {str(line.id): line.product_uom_qty for line in order.order_line},
        "pickings": len(order.picking_ids),
        "demand": sum(order.picking_ids.move_ids.filtered(lambda move: move.state != "cancel").mapped("product_uom_qty")),
        "done": sum(order.picking_ids.move_ids.filtered(lambda move: move.state == "done").mapped("quantity")),
    }


def limit(env, keys, timeout, seconds):
    """Take a shared limit and keep it for a while; returns the seconds it took to get it."""
    from odoo.addons.dms_orders.models import dms_limit_lock

    with patch.object(dms_limit_lock, "LOCK_TIMEOUT", timeout):
        started = time.monotonic()
        env["dms.limit.lock"]._lock({tuple(key) for key in keys})
        waited = time.monotonic() - started
    time.sleep(seconds)
    return waited


def send_form(env, token, distributor, product):
    """What a portal form does with its token: make an order once."""
    partner = env["res.partner"].browse(distributor)

    def make():
        time.sleep(0.2)
        line = Command.create({"product_id": product, "product_uom_qty": 1})
        return env["sale.order"].create({"partner_id": distributor, "order_channel": "portal", "order_line": [line]})

    order, new = env["dms.portal.token"]._once(partner, "race", token, make)
    return [order.id, new]


def count_orders(env, product):
    return env["sale.order"].search_count([("order_line.product_id", "=", product)])


FUNCTIONS = {function.__name__: function for function in (make_world, make_order, make_upload, look, limit, send_form, count_orders)}

if __name__ == "__main__":
    main(*sys.argv[1:])
