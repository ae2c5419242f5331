"""Credit positions of 1 and of 500 distributors, against OCA's ``sale_financial_risk`` and core's ``credit_to_invoice``.

200,000 journal items, a quarter of them open, and 50,000 lines of 5,000 confirmed orders, half of them delivered in
part. The products are invoiced on order, because core counts nothing of what is invoiced on delivery before it is
delivered; so all three must come to the same figures. Each side starts from a cold cache, and the clock is on the wall,
since the database does the work.
"""

import time

from odoo.fields import Command
from odoo.tools import SQL

from benchmarks.fixtures import copy_of, create_order, create_products, replicate, vacuum
from benchmarks.runner import at_least

PACKAGES = ("odoo-addon-sale-financial-risk==19.0.1.0.1", "odoo-addon-account-financial-risk==19.0.1.0.0.6")
NEEDS = ("sale_financial_risk",)

DISTRIBUTORS = 500
ORDERS = 5000
LINES = 10
INVOICES = 50000  # open ones, and as many that are paid, of two items each
FIGURES = ("receivable_amount", "open_order_amount", "uninvoiced_amount", "exposure_amount")
PARTS = ("risk_sale_order", "risk_invoice_open", "risk_invoice_unpaid", "risk_total")


def run(bench):
    env = bench.env
    env.company.account_use_credit_limit = True
    original, distributors = create_distributors(env)
    create_open_orders(original, distributors)
    create_ledger(original, distributors)
    vacuum(env)
    accounts = env["dms.credit.account"].search([("partner_id", "in", distributors.ids), ("company_id", "=", env.company.id)])
    check(bench, accounts, distributors)
    one, its_account = distributors[7].browse(distributors[7].id), accounts.filtered(lambda account: account.partner_id == distributors[7])
    return [
        bench.row("credit_1", timed(bench, its_account, FIGURES, one, PARTS, rounds=41), at_least(10), max_queries=3),
        bench.row("credit_500", timed(bench, accounts, FIGURES, distributors, PARTS), at_least(5), max_queries=3),
        bench.row(
            "credit_500_core", timed(bench, accounts, FIGURES, distributors, ("credit", "credit_to_invoice"), rounds=5), at_least(50)
        ),
    ]


def timed(bench, accounts, figures, partners, parts, rounds=15):
    """Read fields of accounts and of partners, each from a cold cache."""
    return bench.interleave(
        lambda _fresh: read(accounts, figures),
        lambda _fresh: read(partners, parts),
        rounds=rounds,
        prepare_ours=bench.env.invalidate_all,
        prepare_peer=bench.env.invalidate_all,
        clock=time.perf_counter,
    )


def read(records, names):
    return [record[name] for record in records for name in names]


def check(bench, accounts, distributors):
    """All three know the same exposure of each distributor, and ours is the sum of its terms."""
    ours = {account.partner_id.id: round(account.exposure_amount, 2) for account in accounts}
    terms = {account.partner_id.id: round(sum(account[name] for name in FIGURES[:-1]), 2) for account in accounts}
    bench.check(ours, terms, "exposure and the sum of its terms")
    bench.check(ours, {partner.id: round(partner.risk_total, 2) for partner in distributors}, "exposure and OCA's total risk")
    core = {partner.id: round(partner.credit + partner.credit_to_invoice, 2) for partner in distributors}
    bench.check(ours, core, "exposure and core's credit")
    assert all(account[name] > 0 for account in accounts for name in FIGURES), "every term has something to count"


def create_distributors(env):
    """One whose documents are copied, and those that get the copies."""
    risks = {
        f"risk_{name}_include": True for name in ("sale_order", "invoice_open", "invoice_unpaid", "account_amount", "account_amount_unpaid")
    }
    common = {"is_company": True, "is_distributor": True, "distributor_state": "active", "credit_limit": 1e9, **risks}
    partners = env["res.partner"].create([{"name": f"Benchmark {number}", **common} for number in range(DISTRIBUTORS + 1)])
    return partners[0], partners[1:]


def distributor_of_copy(distributors):
    """SQL of the distributor of copy ``g``: each has as many."""
    return SQL("(%s)[g %% %s + 1]", distributors.ids, len(distributors))


def create_open_orders(original, distributors):
    """Copies of one confirmed order, of which half the lines are delivered in part, with its deliveries."""
    env = original.env
    products = create_products(env, LINES)
    products.invoice_policy = "order"
    seed = create_order(env, original, products)
    seed.action_confirm()
    deliver_in_part(seed)
    whose = distributor_of_copy(distributors)
    partners = dict.fromkeys(("partner_id", "partner_invoice_id", "partner_shipping_id", "distributor_id"), whose)
    order = replicate(env, seed, ORDERS, name=SQL("'BENCH/' || g"), access_token=SQL("NULL"), **partners)
    lines = replicate(
        env,
        seed.order_line,
        ORDERS,
        order_id=SQL("%s + g", order),
        order_partner_id=whose,
        risk_partner_id=whose,
    )
    pickings = replicate(
        env, seed.picking_ids, ORDERS, name=SQL("'BENCH/' || g || '/' || r"), sale_id=SQL("%s + g", order), partner_id=whose
    )
    replicate(
        env,
        seed.picking_ids.move_ids,
        ORDERS,
        sale_line_id=copy_of(seed.order_line, lines, "sale_line_id"),
        picking_id=copy_of(seed.picking_ids, pickings, "picking_id"),
    )


def deliver_in_part(order):
    """Four of ten and more of every other line leave."""
    picking = order.picking_ids
    for move in picking.move_ids[::2]:
        move.write({"quantity": 4, "picked": True})
    picking._action_done()


def create_ledger(original, distributors):
    """Copies of an open and of a paid invoice over 80, due on the days around today."""
    open_invoice, paid_invoice = (create_invoice(original) for _number in range(2))
    pay(paid_invoice)
    env, whose = original.env, distributor_of_copy(distributors)
    for number, seed in enumerate((open_invoice, paid_invoice)):
        move = replicate(
            env,
            seed,
            INVOICES,
            name=SQL("'BENCH/%s/' || g", number),
            partner_id=whose,
            commercial_partner_id=whose,
            access_token=SQL("NULL"),
        )
        residual = {
            name: SQL("seed.%s * (g %% 7 + 1) / 8", SQL.identifier(name)) for name in ("amount_residual", "amount_residual_currency")
        }
        due = SQL("seed.date_maturity - 60 + g %% 120")
        replicate(env, seed.line_ids, INVOICES, move_id=SQL("%s + g", move), partner_id=whose, date_maturity=due, **residual)


def create_invoice(partner):
    line = Command.create({"name": "Goods", "quantity": 1, "price_unit": 80, "tax_ids": [Command.clear()]})
    invoice = partner.env["account.move"].create({"move_type": "out_invoice", "partner_id": partner.id, "invoice_line_ids": [line]})
    invoice.action_post()
    return invoice


def pay(invoice):
    """Post the money as an entry of the bank and settle the invoice with it."""
    bank = invoice.env["account.journal"].search([("type", "=", "bank"), ("company_id", "=", invoice.company_id.id)], limit=1)
    owed = invoice.line_ids.filtered(lambda line: line.account_type == "asset_receivable")
    lines = [
        {"account_id": account.id, "partner_id": invoice.partner_id.id, "balance": balance}
        for account, balance in ((bank.default_account_id, owed.balance), (owed.account_id, -owed.balance))
    ]
    entry = invoice.env["account.move"].create({"journal_id": bank.id, "line_ids": [Command.create(line) for line in lines]})
    entry.action_post()
    (owed + entry.line_ids.filtered(lambda line: line.account_id == owed.account_id)).reconcile()
