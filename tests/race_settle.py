"""What races about the credit of returns start from and are judged by: run by a worker, see :mod:`tests.race_worker`."""

from odoo import SUPERUSER_ID
from odoo.fields import Command

from tests.race_credit import clerks


def make_returns(env, quantities, policy="net", bought=100):
    """An invoiced order of tea at 10 less 10 % from 100 on, and a return of it for each quantity, ready to be settled."""
    clerks(env).group_ids = [Command.link(env.ref("dms_returns.group_claims_officer").id)]
    env = env(user=SUPERUSER_ID)
    env["dms.scheme"].search([("state", "=", "approved")]).action_close()  # those of the demo
    line = make_invoiced_line(env, bought)
    reason = env["dms.return.reason"].create({"name": "Race", "code": f"RACE{line.id}", "scheme_policy": policy})
    cases = env["dms.return"]
    for quantity in quantities:
        values = {"sale_line_id": line.id, "quantity": quantity, "accepted_qty": quantity, "reason_id": reason.id}
        cases |= cases.create({"distributor_id": line.order_id.distributor_id.id, "line_ids": [Command.create(values)]})
        cases[-1]._enter("inspected")
    return {"cases": cases.ids, "line": line.id}


def make_invoiced_line(env, bought):
    product = env["product.product"].create(
        {"name": "Raced tea", "is_storable": True, "list_price": 10, "invoice_policy": "delivery", "taxes_id": [Command.clear()]}
    )
    slab = {"threshold": 100, "benefit": "percent", "value": 10}
    scheme = env["dms.scheme"].create(
        {
            "name": "Race", "code": f"RACE{product.id}", "date_from": False, "product_ids": [Command.set(product.ids)],
            "slab_ids": [Command.create(slab)],
        }
    )  # fmt: skip
    scheme.with_user(make_approver(env)).action_approve()
    prices = env["product.pricelist"].create({"name": "Race list", "company_id": False})
    values = {"name": "Returner", "is_company": True, "property_product_pricelist": prices.id}
    distributor = env["res.partner"].create({**values, "is_distributor": True, "distributor_state": "active"})
    line = Command.create({"product_id": product.id, "product_uom_qty": bought})
    order = env["sale.order"].create({"partner_id": distributor.id, "user_id": False, "order_line": [line]})
    order.action_confirm()
    order.picking_ids.move_ids.write({"quantity": bought, "picked": True})
    order.picking_ids._action_done()
    order._create_invoices().action_post()
    return order.order_line


def make_approver(env):
    approver = clerks(env)[0]
    approver.group_ids = [Command.link(env.ref("dms_schemes.group_scheme_approver").id)]
    return approver


def make_claim(env, returns, amount, of_invoice=False):
    """An approved claim on the invoice line of the returns, or of one sum on their invoice; its id."""
    env = env(user=SUPERUSER_ID)
    line = env["sale.order.line"].browse(returns["line"])
    account = line.invoice_lines.account_id
    kind = env["dms.claim.type"].create({"name": "Race", "code": f"RACE{line.id}", "kind": "spend", "account_id": account.id})
    source = Command.create({"source_model": "account.move.line", "source_id": line.invoice_lines.id, "amount_claimed": amount})
    about = {"invoice_id": line.invoice_lines.move_id.id, "amount_claimed": amount} if of_invoice else {"line_ids": [source]}
    values = {"distributor_id": line.order_id.distributor_id.id, "claim_type_id": kind.id, **about}
    claim = env["dms.claim"].create(values)
    claim.action_submit()
    claim.with_user(clerks(env)[0]).action_approve()
    return claim.id


def look_claim(env, claim):
    claim = env(user=SUPERUSER_ID)["dms.claim"].browse(claim)
    return {"state": claim.state, "credited": claim.refund_id.amount_untaxed}


def look_returns(env, returns):
    env = env(user=SUPERUSER_ID)
    cases, line = env["dms.return"].browse(returns["cases"]), env["sale.order.line"].browse(returns["line"])
    return {
        "states": cases.mapped("state"),
        "refunds": [len(case.refund_ids) for case in cases],
        "credited": round(sum(cases.refund_ids.mapped("amount_untaxed")), 2),
        "returned": round(sum(line.order_id.scheme_application_ids.mapped("returned_amount")), 2),
        "qty_invoiced": line.qty_invoiced,
    }
