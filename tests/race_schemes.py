"""What races about budgets and caps of schemes start from and are judged by: run by a worker, see :mod:`tests.race_worker`."""

from odoo import SUPERUSER_ID
from odoo.fields import Command

from tests.race_credit import clerks, make_credit_products
from tests.race_worker import make_user


def make_scheme_pair(env, path, caps):
    """Two orders worth 100, each of which gets 10 of a scheme with caps, and the tasks that take them.

    :param path: key of ``SCHEME_PATHS``
    :return: ``{"scheme": id, "orders": ids, "tasks": tasks}``; the orders have no product in common
    """
    products = make_credit_products(env)
    scheme = make_scheme(env, f"RACE-{path}-{products[0].id}", products, **caps)
    return SCHEME_PATHS[path](env, products, scheme)


def make_scheme(env, code, products, **caps):
    """Ten percent off, approved by a second person."""
    slab = Command.create({"threshold": 1, "benefit": "percent", "value": 10})
    values = {"name": code, "code": code, "product_ids": [Command.set(products.ids)], "slab_ids": [slab], "date_from": False}
    scheme = env["dms.scheme"].with_user(SUPERUSER_ID).create({**values, **caps})
    approver = env["res.users"].search([("login", "=", "race_approver")]) or make_user(
        env, "approver", env.ref("dms_schemes.group_scheme_approver"), env.company
    )
    scheme.with_user(approver).action_approve()
    return scheme


def make_buyer(env, name):
    pricelist = env["product.pricelist"].search([("name", "=", "RACE-SCHEMES")]) or env["product.pricelist"].create(
        {"name": "RACE-SCHEMES", "company_id": False}
    )
    return env["res.partner"].create(
        {
            "name": f"Buyer {name}",
            "is_company": True,
            "is_distributor": True,
            "distributor_state": "active",
            "specific_property_product_pricelist": pricelist.id,
        }
    )


def make_scheme_order(env, distributor, product, quantity=10):
    lines = [Command.create({"product_id": product.id, "product_uom_qty": quantity})]
    return env["sale.order"].create({"partner_id": distributor.id, "dms_is_shared": True, "user_id": False, "order_line": lines})


def make_pair(scheme, orders, method="action_confirm"):
    tasks = [
        {"uid": user.id, "model": "sale.order", "ids": order.ids, "method": method, "arguments": []}
        for user, order in zip(clerks(scheme.env), orders, strict=True)
    ]
    return {"scheme": scheme.id, "orders": orders.ids, "tasks": tasks}


def orders_of_two(env, products, scheme):
    """Two distributors, an order each."""
    orders = [make_scheme_order(env, make_buyer(env, product.id), product) for product in products]
    return make_pair(scheme, env["sale.order"].union(*orders))


def orders_of_one(env, products, scheme):
    """One distributor, two orders."""
    buyer = make_buyer(env, scheme.code)
    return make_pair(scheme, env["sale.order"].union(*(make_scheme_order(env, buyer, product) for product in products)))


def amendments_of_two(env, products, scheme):
    """Two distributors raise a confirmed order from 10 to 20."""
    pair = orders_of_two(env, products, scheme)
    orders = env["sale.order"].browse(pair["orders"])
    orders.action_confirm()
    assert set(orders.mapped("state")) == {"sale"}
    for task, order in zip(pair["tasks"], orders, strict=True):
        line = order.order_line
        change = {"line_id": line.id, "product_id": line.product_id.id, "quantity": 20}
        task.update(method="action_dms_amend", arguments=[[change]])
    return pair


SCHEME_PATHS = {"two": orders_of_two, "one": orders_of_one, "amendment": amendments_of_two}


def look_schemes(env, scheme, orders):
    """What a scheme's budget has given, and the orders, in their order."""
    rows = env["dms.scheme.application"].search([("scheme_id", "=", scheme)])
    committed = rows.filtered(lambda row: row.state == "committed")
    orders = env["sale.order"].browse(orders)
    return {
        "used": sum(committed.mapped("benefit_company_amount")),
        "states": [order.dms_state for order in orders],
        "benefits": [order.scheme_discount_total for order in orders],
        "gates": [order.dms_hold_ids.filtered(lambda hold: hold.state == "open").mapped("gate") for order in orders],
    }
