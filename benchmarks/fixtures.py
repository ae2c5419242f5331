"""Records that several benchmarks start from."""

from odoo.fields import Command


def create_products(env, count, prefix="BENCH"):
    """``count`` storable products with codes ``BENCH-0000`` and rising prices, sold in units."""
    return env["product.product"].create(
        [
            {
                "name": f"Benchmark product {number}",
                "default_code": f"{prefix}-{number:04}",
                "list_price": 5 + number % 50,
                "is_storable": True,
                "taxes_id": [Command.clear()],
            }
            for number in range(count)
        ]
    )


def create_distributor(env, products, name="Benchmark distributor"):
    """A distributor that every gate has something to look at: class minimum, assortment, licence."""
    licence_type = env["dms.licence.type"].create({"name": "Benchmark", "code": name, "product_ids": [Command.set(products[:3].ids)]})
    distributor_class = env["dms.distributor.class"].create({"name": name, "code": name, "min_order_amount": 1})
    distributor = env["res.partner"].create(
        {
            "name": name,
            "is_company": True,
            "is_distributor": True,
            "distributor_state": "active",
            "distributor_class_id": distributor_class.id,
        }
    )
    env["dms.licence"].create({"partner_id": distributor.id, "type_id": licence_type.id, "number": "1"})
    env["dms.assortment"].create(
        {"name": name, "product_ids": [Command.set(products.ids)], "distributor_ids": [Command.set(distributor.ids)]}
    )
    return distributor


def create_order(env, partner, products, **values):
    """A draft of ten units and more of each product."""
    lines = [Command.create({"product_id": product.id, "product_uom_qty": 10 + number}) for number, product in enumerate(products)]
    return env["sale.order"].create({"partner_id": partner.id, "order_line": lines, **values})
