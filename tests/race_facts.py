"""What races about sales facts start from and are judged by: run by a worker, see :mod:`tests.race_worker`."""

from odoo import SUPERUSER_ID
from odoo.tools import SQL

TABLES = ("dms_sales_fact", "dms_sales_month", "dms_sales_area")


def fold(env):
    return env["dms.sales.upkeep"]._fold(1000)


def rebuild(env):
    return env["dms.sales.fact"]._rebuild()


def confirm(env, order):
    env(user=SUPERUSER_ID)["sale.order"].browse(order).action_confirm()


def change(env, order, quantity):
    env(user=SUPERUSER_ID)["sale.order"].browse(order).order_line.product_uom_qty = quantity


def look(env, distributor):
    """What is ordered by facts, days and months, and by documents; whether all is folded and the tables are what a rebuild makes.

    The rebuild is rolled back, and so leaves what is looked at as it was.
    """
    env = env(user=SUPERUSER_ID)
    facts = env["dms.sales.fact"]
    mine = [("distributor_id", "=", distributor)]
    [[months]] = facts._read_group(mine, [], ["ordered_qty:sum"])
    [[days]] = facts._read_group([*mine, ("product_id", "!=", -1)], [], ["ordered_qty:sum"])
    orders = env["sale.order"].search([("distributor_id", "=", distributor), ("state", "=", "sale")])
    stale = env["dms.sales.upkeep"]._count_stale()
    return {
        "documents": sum(orders.order_line.mapped("product_uom_qty")),
        "months": months,
        "days": days,
        "stale": stale,
        "checks": env["dms.sales.check"]._check(env.company).filtered(lambda check: check.state != "even").mapped("basis"),
        "same": stale or is_as_rebuilt(env),
    }


def is_as_rebuilt(env):
    savepoint = env.cr.savepoint()
    before = [rows(env, table) for table in TABLES]
    env["dms.sales.fact"]._rebuild()
    same = before == [rows(env, table) for table in TABLES]
    savepoint.close(rollback=True)
    return same


def rows(env, table):
    return sorted(env.execute_query(SQL("SELECT * FROM %s", SQL.identifier(table))), key=repr)
