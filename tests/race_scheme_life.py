"""What races about approving and closing schemes start from and are judged by: run by a worker, see :mod:`tests.race_worker`."""

from datetime import timedelta

from odoo import SUPERUSER_ID
from odoo.fields import Command, Date

from tests.race_schemes import make_buyer, make_scheme, make_scheme_order
from tests.race_worker import make_user


def approvers(env):
    """Two who approve, neither of whom wrote anything."""
    group = env.ref("dms_schemes.group_scheme_approver")
    found = [
        env["res.users"].search([("login", "=", f"race_{name}")]) or make_user(env, name, group, env.company) for name in ("ann", "ben")
    ]
    return [user.id for user in found]


def make_drafts(env, code, count):
    """Ids of ``count`` drafts, each with a code of its own, of ten percent off one product each, and of the products."""
    products = env["product.product"].create([{"name": f"{code} {number}", "list_price": 10} for number in range(count)])
    slab = Command.create({"threshold": 1, "benefit": "percent", "value": 10})
    values = [
        {"name": f"{code}-{number}", "code": f"{code}-{number}", "slab_ids": [slab], "product_ids": [Command.set(product.ids)]}
        for number, product in enumerate(products)
    ]
    return env["dms.scheme"].with_user(SUPERUSER_ID).create(values).ids, products.ids


def make_versions(env, code):
    """Ids of an approved version and two drafts of the next ones, to start on the same day; no user can make two drafts."""
    product = env["product.product"].create({"name": code, "list_price": 10})
    first = make_scheme(env, code, product)
    start = first.company_id._dms_today() + timedelta(days=5)
    drafts = [
        first.sudo().copy({"code": code, "version": version, "previous_id": first.id, "date_from": start + timedelta(days=extra)}).id
        for version, extra in ((2, 0), (3, 3))
    ]
    return [first.id, *drafts]


def look_versions(env, ids):
    """State and days of schemes, and what the edition in use has of them."""
    schemes = env["dms.scheme"].browse(ids)
    edition = env["dms.scheme.edition"].search([("company_id", "=", env.company.id)], limit=1)
    return {
        "versions": [[scheme.state, Date.to_string(scheme.date_from), Date.to_string(scheme.date_to)] for scheme in schemes],
        "edition": sorted(entry[0] for entry in edition.entries if entry[0] in ids),
        "days": count_in_force(env, edition, ids),
    }


def count_in_force(env, edition, ids):
    """How many of some schemes are in force on each of the next days, by the book in use."""
    book = env["dms.scheme.edition"]._get_book(edition.id)
    today = env.company._dms_today()
    return [sum(scheme.id in ids and scheme.is_in_force(today + timedelta(days=ahead)) for scheme in book.schemes) for ahead in range(20)]


def order_benefit(env, name, product, quantity=10):
    """What schemes take off a new order of one product."""
    order = make_scheme_order(env, make_buyer(env, name), env["product.product"].browse(product), quantity)
    return order.scheme_discount_total
