"""What races about the stock of distributors start from and are judged by: run by a worker, see :mod:`tests.race_worker`."""

from odoo import SUPERUSER_ID
from odoo.fields import Command

from tests.race_credit import clerks

PRICE = 10.0


def make_stock(env, quantity=100):
    """A distributor with so much of a fresh product; ``{"distributor", "product"}``."""
    env = env(user=SUPERUSER_ID)
    distributor = env["res.partner"].create({"name": "Stockist", "is_company": True, "is_distributor": True, "distributor_state": "active"})
    product = env["product.product"].create({"name": "Raced", "is_storable": True, "list_price": PRICE})
    env["dms.stock.ledger"]._append(
        [
            {
                "company_id": env.company.id,
                "distributor_id": distributor.id,
                "product_id": product.id,
                "date": env.company._dms_today(),
                "quantity": quantity,
                "kind": "receipt",
                "source_key": f"race:{product.id}",
            }
        ]
    )
    return {"distributor": distributor.id, "product": product.id}


def make_statement(env, stock, quantity, **values):
    """A draft of the first clerk; its id."""
    line = Command.create({"product_id": stock["product"], "quantity": quantity})
    statements = env["dms.stock.statement"].with_user(clerks(env)[0])
    return statements.create({"distributor_id": stock["distributor"], "line_ids": [line], **values}).id


def make_delivery(env, stock):
    """A delivery in transit; its id."""
    env = env(user=SUPERUSER_ID)
    line = Command.create({"product_id": stock["product"], "product_uom_qty": 10})
    order = env["sale.order"].create({"partner_id": stock["distributor"], "user_id": False, "order_line": [line]})
    order.action_confirm()
    order.picking_ids.move_ids.write({"quantity": 10, "picked": True})
    order.picking_ids._action_done()
    return order.picking_ids.id


def create_referenced(env, stock, reference):
    return make_statement(env, stock, 1, reference=reference)


def take_in_file(env, stock):
    """A file as a draft of the first clerk; its id."""
    statements = env["dms.stock.statement"].with_user(clerks(env)[0])
    data = f"Code,Quantity\nX-{stock['product']},1\n".encode()
    return statements._take_in(env["res.partner"].browse(stock["distributor"]), data, "list.csv", "sellout").id


def look_stock(env, stock):
    """What the ledger, the position and the statements of the distributor say."""
    env = env(user=SUPERUSER_ID)
    own = [("distributor_id", "=", stock["distributor"])]
    position = env["dms.stock.position"].search(own)
    distributor = env["res.partner"].browse(stock["distributor"])
    return {
        "ledger": sorted(env["dms.stock.ledger"].search(own).mapped("quantity")),
        "on_hand": position.on_hand_qty,
        "in_transit": position.in_transit_qty,
        "states": sorted(env["dms.stock.statement"].search(own).mapped("state")),
        "difference": env["dms.stock.position"]._find_difference(env.company, distributor),
    }
