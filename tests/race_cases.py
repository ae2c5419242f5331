"""What further races about returns, claims and deductions start from and are judged by: run by a worker, see :mod:`tests.race_worker`."""

from odoo import SUPERUSER_ID
from odoo.fields import Command

from tests.race_claims import make_claimant, make_officers
from tests.race_credit import clerks
from tests.race_worker import make_user

REASON = "RACE-CASES"


def make_deliveries(env, quantities):
    """An order of one line delivered in parts; ``{"distributor", "line"}``."""
    env = env(user=SUPERUSER_ID)
    distributor = env["res.partner"].create({"name": "Returner", "is_company": True, "is_distributor": True, "distributor_state": "active"})
    product = env["product.product"].create({"name": "Raced in parts", "is_storable": True, "list_price": 10})
    line = Command.create({"product_id": product.id, "product_uom_qty": sum(quantities)})
    order = env["sale.order"].create({"partner_id": distributor.id, "user_id": False, "order_line": [line]})
    order.action_confirm()
    for quantity in quantities:
        picking = order.picking_ids.filtered(lambda picking: picking.state not in ("done", "cancel"))
        picking.move_ids.write({"quantity": quantity, "picked": True})
        picking._action_done()
    return {"distributor": distributor.id, "line": order.order_line.id}


def prepare_line(env, delivery, quantity):
    reason = env["dms.return.reason"].sudo().search([("code", "=", REASON)]) or env["dms.return.reason"].sudo().create(
        {"name": "Race", "code": REASON}
    )
    return {"sale_line_id": delivery["line"], "quantity": quantity, "reason_id": reason.id}


def make_return(env, delivery, quantity, approved=False):
    """A draft of the first clerk, or what was approved; ``{"id", "line", "pickings"}``."""
    values = {"distributor_id": delivery["distributor"], "line_ids": [Command.create(prepare_line(env, delivery, quantity))]}
    case = env["dms.return"].with_user(clerks(env)[0]).create(values)
    if approved:
        case.action_submit()
        case.with_user(make_officers(env)[0]).action_approve()
    case = case.sudo()
    return {"id": case.id, "line": case.line_ids.id, "pickings": case.picking_ids.ids}


def add_line(env, case, delivery, quantity):
    """The first clerk adds to his draft."""
    env["dms.return.line"].with_user(clerks(env)[0]).create({"return_id": case, **prepare_line(env, delivery, quantity)})


def receive(env, picking):
    picking = env(user=SUPERUSER_ID)["stock.picking"].browse(picking)
    picking.move_ids.picked = True
    picking._action_done()


def look_return(env, case):
    case = env(user=SUPERUSER_ID)["dms.return"].browse(case)
    lines = case.line_ids.sorted("id")
    return {
        "state": case.state,
        "line_states": lines.mapped("state"),
        "quantities": lines.mapped("quantity"),
        "received": sum(lines.mapped("received_qty")),
        "accepted": sum(lines.mapped("accepted_qty")),
        "moved": len(lines.move_ids.filtered(lambda move: not move.picking_id)),
        "live": len(case._get_live_transfers()),
    }


def make_short_paid(env, kept_back, claimed=60.0):
    """A claim that was submitted, or approved, and deductions that name it; ``{"claim", "deductions", "invoice"}``."""
    claimant = make_claimant(env)
    officer = make_officers(env)[0]
    env = env(user=SUPERUSER_ID)
    values = {"distributor_id": claimant["distributor"], "claim_type_id": claimant["types"]["spend"], "amount_claimed": claimed}
    claim = env["dms.claim"].create(values)
    claim.action_submit()
    values = {"distributor_id": claimant["distributor"], "invoice_id": claimant["invoice"]}
    deductions = [env["dms.deduction"].with_user(officer).create({**values, "amount": amount}).id for amount in kept_back]
    return {"claim": claim.id, "deductions": deductions, "invoice": claimant["invoice"]}


def make_managers(env):
    """Two claims managers; their ids."""
    group, found = env.ref("dms_returns.group_claims_manager"), []
    for name in ("claims_chief", "claims_vice"):
        user = env["res.users"].search([("login", "=", f"race_{name}")]) or make_user(env, name, group, env.company)
        found.append(user.id)
    return found


def approve(env, claim):
    env["dms.claim"].with_user(make_officers(env)[0]).browse(claim).action_approve()


def look_short_paid(env, paid):
    env = env(user=SUPERUSER_ID)
    claim, deductions = env["dms.claim"].browse(paid["claim"]), env["dms.deduction"].browse(paid["deductions"])
    parts = deductions.child_ids
    return {
        "claim": claim.state,
        "states": deductions.mapped("state"),
        "closed": deductions.mapped("is_closed"),
        "matched": sum(claim.deduction_ids.mapped("amount")),
        "parts": sorted(parts.mapped("amount")),
        "open": env["account.move"].browse(paid["invoice"]).amount_residual,
        "reversals": len(claim.refund_id.reversal_move_ids),
    }


def add_claim_line(env, claim):
    """The first clerk adds what is not claimed for anything to a draft."""
    env["dms.claim.line"].with_user(clerks(env)[0]).create({"claim_id": claim, "name": "late"})


def look_claim_lines(env, claim):
    return env(user=SUPERUSER_ID)["dms.claim"].browse(claim).line_ids.mapped("state")


def look_protection(env, protection):
    protection = env(user=SUPERUSER_ID)["dms.price.protection"].browse(protection)
    return {
        "state": protection.state,
        "claims": protection.item_ids.claim_id.mapped("state"),
        "live": any(protection.item_ids.mapped("is_live")),
    }
