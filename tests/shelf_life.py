"""Deliveries of lots that expire, run by :mod:`tests.race_worker` in a database with `product_expiry`."""

from datetime import timedelta

from odoo import fields
from odoo.fields import Command


def run(env, distributor_id):
    """Deliver lots to a distributor whose class asks for 60 days, to one without, and to another customer.

    :return: what was reserved, ``{lot: quantity}``, what the transfers say, and the horizon of expiry
    """
    distributor = env["res.partner"].browse(distributor_id)
    distributor.distributor_class_id.min_shelf_days = 60
    free = env["res.partner"].create({"name": "Free", "is_company": True, "is_distributor": True, "distributor_state": "active"})
    customer = env["res.partner"].create({"name": "Plain", "is_company": True})
    ours = reserve(env, distributor, 15)
    answers = {
        "reserved": lots_of(ours),
        "note": ours.dms_shelf_life_note,
        "customer": lots_of(reserve(env, customer, 10)),
        "without rule": lots_of(reserve(env, free, 10)),
    }
    return {**answers, **force(env, distributor)}


def make_lots(env):
    """A product with 10 units that expire in 20 days and 10 in 200, where the first to expire leaves first."""
    warehouse = env["stock.warehouse"].search([("company_id", "=", env.company.id)], limit=1)
    category = env["product.category"].create({"name": "Fresh", "removal_strategy_id": env.ref("product_expiry.removal_fefo").id})
    product = env["product.product"].create(
        {"name": "Milk", "is_storable": True, "tracking": "lot", "use_expiration_date": True, "categ_id": category.id, "list_price": 2}
    )
    for name, days in (("SHORT", 20), ("LONG", 200)):
        lot = env["stock.lot"].create({"name": name, "product_id": product.id, "company_id": env.company.id})
        noon = fields.Datetime.now().replace(hour=12) + timedelta(days=days)
        lot.write({"expiration_date": noon, "removal_date": noon, "use_date": noon, "alert_date": noon})
        env["stock.quant"]._update_available_quantity(product, warehouse.lot_stock_id, 10, lot_id=lot)
    return product


def reserve(env, partner, quantity):
    """The transfer of a confirmed order of a product of its own."""
    product = make_lots(env)
    order = env["sale.order"].create(
        {"partner_id": partner.id, "order_line": [Command.create({"product_id": product.id, "product_uom_qty": quantity})]}
    )
    order.action_confirm()
    assert order.state == "sale", order.dms_hold_ids.mapped("message")
    return order.picking_ids


def lots_of(picking):
    return {line.lot_id.name: line.quantity for line in picking.move_line_ids}


def force(env, distributor):
    """Send the lot that lives too short, chosen by hand; receive it and sell a part."""
    picking = reserve(env, distributor, 10)
    line = picking.move_line_ids
    short = env["stock.lot"].search([("product_id", "=", line.product_id.id), ("name", "=", "SHORT")])
    line.lot_id = short
    banner = picking.dms_shelf_life_note
    picking.move_ids.picked = True
    picking.with_context(skip_expired=True).button_validate()
    picking.action_dms_confirm_receipt()
    statement = env["dms.stock.statement"].create(
        {
            "distributor_id": distributor.id,
            "line_ids": [Command.create({"product_id": short.product_id.id, "lot_id": short.id, "quantity": 6})],
        }
    )
    statement.action_post()
    env.flush_all()
    rows = env["dms.stock.expiry"].search([("distributor_id", "=", distributor.id)])
    menu = env.ref("dms_inventory.menu_stock_expiry")
    return {
        "banner": banner,
        "done": picking.state,
        "message": " ".join(picking.message_ids.mapped("body")),
        "horizon": [[row.lot_id.name, row.quantity, row.days_left] for row in rows],
        "menu shown": menu.id not in env["ir.ui.menu"]._load_menus_blacklist(),
    }
