"""What races about credit start from and are judged by: run by a worker, see :mod:`tests.race_worker`."""

from odoo.fields import Command

from tests.race_worker import make_user


def make_credit_pairs(env, path, count):
    """Distributors whose limit has room for one of two steps that come at once, and the tasks of both.

    :param path: key of ``CREDIT_PATHS``
    :return: ``[{"distributor": id, "orders": ids, "tasks": tasks, "exposure": amount after one step}]``; the orders of
        a pair have no product in common
    """
    return [CREDIT_PATHS[path](env, products, number) for products in [make_credit_products(env)] for number in range(count)]


def make_credit_products(env, count=2):
    """Products worth 10, untaxed, of which there is enough."""
    products = env["product.product"].create(
        [{"name": f"Credit {number}", "is_storable": True, "list_price": 10, "taxes_id": [Command.clear()]} for number in range(count)]
    )
    warehouse = env["stock.warehouse"].search([("company_id", "=", env.company.id)], limit=1)
    for product in products:
        env["stock.quant"]._update_available_quantity(product, warehouse.lot_stock_id, 1e6)
    return products


def make_debtor(env, name, limit, auto_confirm=False):
    """A distributor that is held to a limit."""
    distributor = env["res.partner"].create(
        {
            "name": f"Debtor {name}",
            "is_company": True,
            "is_distributor": True,
            "distributor_state": "active",
            "distributor_class_id": find_class(env, auto_confirm).id,
        }
    )
    account = env["dms.credit.account"]._get_account(distributor, env.company)
    account.policy = "hold"
    account.credit_limit = limit
    return distributor


def find_class(env, auto_confirm):
    """The class of debtors, who pay list prices."""
    code = f"CREDIT{auto_confirm:d}"
    found = env["dms.distributor.class"].search([("code", "=", code)], limit=1)
    if found:
        return found
    pricelist = env["product.pricelist"].create({"name": code, "company_id": False})
    return env["dms.distributor.class"].create({"name": code, "code": code, "auto_confirm": auto_confirm, "pricelist_id": pricelist.id})


def make_credit_order(env, distributor, product, quantity=10, confirmed=False, **values):
    """An order worth ten times its quantity."""
    lines = [Command.create({"product_id": product.id, "product_uom_qty": quantity})]
    order = env["sale.order"].create({"partner_id": distributor.id, "dms_is_shared": True, "user_id": False, "order_line": lines, **values})
    if confirmed:
        order.action_confirm()
        assert order.state == "sale", order.dms_hold_ids.mapped("message")
    return order


def make_pair(distributor, orders, tasks, exposure):
    return {"distributor": distributor.id, "orders": orders.ids, "tasks": tasks, "exposure": exposure}


def call(user, records, method, *arguments):
    return {"uid": user.id, "model": records._name, "ids": records.ids, "method": method, "arguments": arguments}


def clerks(env):
    """The two clerks of :func:`make_world`."""
    return env["res.users"].search([("login", "in", ("race_first", "race_second"))], order="login")


def pair_of_the_desk(env, products, number):
    """Two clerks confirm two orders."""
    distributor = make_debtor(env, f"desk {number}", 150)
    orders = env["sale.order"].union(*(make_credit_order(env, distributor, product) for product in products))
    tasks = [call(user, order, "action_confirm") for user, order in zip(clerks(env), orders, strict=True)]
    return make_pair(distributor, orders, tasks, 100)


def pair_of_the_portal(env, products, number):
    """The distributor hands in two orders that need no desk."""
    distributor = make_debtor(env, f"portal {number}", 150, auto_confirm=True)
    contact = env["res.partner"].create({"name": "Buyer", "parent_id": distributor.id})
    buyer = make_user(env, f"buyer_{distributor.id}", env.ref("base.group_portal"), env.company, partner_id=contact.id)
    orders = env["sale.order"].union(*(make_credit_order(env, distributor, product) for product in products))
    return make_pair(distributor, orders, [call(buyer, order, "action_dms_submit") for order in orders], 100)


def pair_of_amendments(env, products, number):
    """Two confirmed orders are raised from 10 to 14."""
    distributor = make_debtor(env, f"amendment {number}", 250)
    orders = env["sale.order"].union(*(make_credit_order(env, distributor, product, confirmed=True) for product in products))
    tasks = [
        call(
            user,
            order,
            "action_dms_amend",
            [{"line_id": order.order_line.id, "product_id": order.order_line.product_id.id, "quantity": 14}],
        )
        for user, order in zip(clerks(env), orders, strict=True)
    ]
    return make_pair(distributor, orders, tasks, 240)


def pair_of_lines(env, products, number):
    """The lines of two confirmed orders are written."""
    pair = pair_of_amendments(env, products, f"line {number}")
    orders = env["sale.order"].browse(pair["orders"])
    tasks = [call(user, order.order_line, "write", {"product_uom_qty": 14}) for user, order in zip(clerks(env), orders, strict=True)]
    return {**pair, "tasks": tasks}


def pair_of_payments(env, products, number):
    """Two quotations are confirmed by a payment of a third of them: what is paid is no exposure."""
    distributor = make_debtor(env, f"payment {number}", 105)
    orders = env["sale.order"].union(
        *(make_credit_order(env, distributor, product, require_payment=True, prepayment_percent=0.3) for product in products)
    )
    env["ir.config_parameter"].set_param("sale.async_emails", "True")  # no PDF is rendered for the mail
    provider = env["payment.provider"].search([("code", "=", "none")], limit=1)
    payments = env["payment.transaction"].create(
        [
            {
                "provider_id": provider.id,
                "payment_method_id": env.ref("payment.payment_method_unknown").id,
                "amount": 30,
                "currency_id": order.currency_id.id,
                "partner_id": distributor.id,
                "reference": f"RACE-{order.id}",
                "sale_order_ids": [Command.set(order.ids)],
                "state": "done",
            }
            for order in orders
        ]
    )
    return make_pair(distributor, orders, [{"function": "race_credit.settle", "arguments": [payment.id]} for payment in payments], 70)


CREDIT_PATHS = {
    "desk": pair_of_the_desk,
    "portal": pair_of_the_portal,
    "amendment": pair_of_amendments,
    "line": pair_of_lines,
    "payment": pair_of_payments,
}


def settle(env, payment):
    """A payment has arrived, as the provider's notification tells."""
    return env["payment.transaction"].browse(payment)._check_amount_and_confirm_order().ids


def make_draft_invoice(env, distributor, amount):
    line = Command.create({"name": "Goods", "quantity": 1, "price_unit": amount, "tax_ids": [Command.clear()]})
    return env["account.move"].create({"move_type": "out_invoice", "partner_id": distributor, "invoice_line_ids": [line]}).id


def post_invoice(env, invoice):
    env["account.move"].browse(invoice).action_post()


def set_credit_limit(env, distributor, amount):
    partner = env["res.partner"].browse(distributor)
    env["dms.credit.account"]._get_account(partner, env.company).action_set_limit(amount, "reviewed")


def set_credit_gates(env, active):
    gates = env["dms.order.gate"].with_context(active_test=False).search([("code", "in", env["sale.order"]._dms_credit_gates())])
    gates.active = active


def look_credit(env, distributors):
    """Position, orders and open holds of some distributors, in their order."""
    return [look_at_debtor(env, env["res.partner"].browse(distributor)) for distributor in distributors]


def look_at_debtor(env, distributor):
    account = env["dms.credit.account"]._get_account(distributor, env.company)
    orders = env["sale.order"].search([("partner_id", "=", distributor.id)], order="id")
    return {
        "exposure": account.exposure_amount,
        "limit": account.limit_amount,
        "over": account.exposure_amount > account.limit_amount + 0.001,
        "states": [order.dms_state for order in orders],
        "totals": [order.amount_total for order in orders],
        "holds": [(hold.gate, hold.state) for hold in orders.dms_hold_ids.sorted("id")],
        "commitments": count_commitments(env, account),
    }


def count_commitments(env, account):
    env.cr.execute("SELECT COUNT(*) FROM dms_limit_commitment WHERE key = %s", [env["dms.limit.lock"]._get_number(account._limit_key())])
    return env.cr.fetchone()[0]


def is_installed(env, module):
    return bool(env["ir.module.module"].search_count([("name", "=", module), ("state", "=", "installed")]))


def make_debtors_with_orders(env, count, lines, orders):
    """Ids of orders of ``lines`` products, ``orders`` for each of ``count`` distributors, which all have room for them."""
    products = make_credit_products(env, lines)
    found = []
    for number in range(count):
        distributor = make_debtor(env, f"apart {number}", 1e9)
        for _order in range(orders):
            commands = [Command.create({"product_id": product.id, "product_uom_qty": 1 + _order}) for product in products]
            found += (
                env["sale.order"]
                .create({"partner_id": distributor.id, "dms_is_shared": True, "user_id": False, "order_line": commands})
                .ids
            )
    return found
