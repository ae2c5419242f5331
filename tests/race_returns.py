"""What races about returns start from and are judged by: run by a worker, see :mod:`tests.race_worker`."""

from odoo import SUPERUSER_ID
from odoo.fields import Command

from tests.race_credit import clerks
from tests.race_worker import make_user


def make_officers(env):
    """Two claims officers; ``{"first": id, "second": id}``."""
    group = env.ref("dms_returns.group_claims_officer")
    return {name: make_user(env, f"officer_{name}", group, env.company).id for name in ("first", "second")}


def make_delivery(env, quantity=10):
    """A distributor with a delivered line of a fresh product; ``{"distributor", "line", "picking"}``."""
    env = env(user=SUPERUSER_ID)
    distributor = env["res.partner"].create({"name": "Returner", "is_company": True, "is_distributor": True, "distributor_state": "active"})
    product = env["product.product"].create({"name": "Raced", "is_storable": True, "list_price": 10})
    values = Command.create({"product_id": product.id, "product_uom_qty": quantity})
    order = env["sale.order"].create({"partner_id": distributor.id, "user_id": False, "order_line": [values]})
    order.action_confirm()
    order.picking_ids.move_ids.write({"quantity": quantity, "picked": True})
    order.picking_ids._action_done()
    return {"distributor": distributor.id, "line": order.order_line.id, "picking": order.picking_ids.id}


def make_return(env, delivery, quantity, *steps):
    """A return of the first clerk; its id. ``steps``: ``(user id, button)`` of what is done with it."""
    reason = env["dms.return.reason"].search([("code", "=", "RACE")]) or env["dms.return.reason"].create({"name": "Race", "code": "RACE"})
    line = {"sale_line_id": delivery["line"], "quantity": quantity, "reason_id": reason.id}
    case = (
        env["dms.return"].with_user(clerks(env)[0]).create({"distributor_id": delivery["distributor"], "line_ids": [Command.create(line)]})
    )
    for user, button in steps:
        if button == "receive":
            receive(env, case.id)
        else:
            getattr(case.with_user(user), button)()
    return case.id


def receive(env, case):
    """Validate what is on its way of a return; nothing where it has arrived."""
    pickings = env(user=SUPERUSER_ID)["dms.return"].browse(case).picking_ids.filtered(lambda picking: picking.state == "assigned")
    pickings.move_ids.picked = True
    pickings._action_done()


def return_by_hand(env, delivery, quantity):
    """Take back a delivery by core's own transfer."""
    env = env(user=SUPERUSER_ID)
    picking = env["stock.picking"].browse(delivery["picking"])
    wizard = env["stock.return.picking"].with_context(active_id=picking.id, active_model="stock.picking").create({"picking_id": picking.id})
    wizard.product_return_moves.quantity = quantity
    back = wizard._create_return()
    back.move_ids.write({"quantity": quantity, "picked": True})
    back._action_done()


def look_returns(env, delivery):
    """What the returns of a delivered line, its transfers and its limit say."""
    env = env(user=SUPERUSER_ID)
    line = env["sale.order.line"].browse(delivery["line"])
    lines = line.dms_return_line_ids
    moves = lines.move_ids
    return {
        "states": sorted(lines.mapped("state")),
        "live": sum(lines.mapped("live_qty")),
        "left": line._dms_read_returnable()[line]["left"],
        "transfers": len(moves.picking_id),
        "received": sum(lines.mapped("received_qty")),
        "inspected": sum(moves.filtered(lambda move: not move.picking_id and move.state == "done").mapped("quantity")),
        "delivered": line.qty_delivered,
    }
