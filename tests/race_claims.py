"""What races about claims start from and are judged by: run by a worker, see :mod:`tests.race_worker`."""

from odoo import SUPERUSER_ID
from odoo.fields import Command

from tests.race_worker import make_user

OFFICER = "dms_returns.group_claims_officer"


def make_officers(env):
    """Two claims officers; their ids."""
    found = []
    for name in ("claims_one", "claims_two"):
        user = env["res.users"].search([("login", "=", f"race_{name}")]) or make_user(env, name, env.ref(OFFICER), env.company)
        found.append(user.id)
    return found


def make_claimant(env):
    """A distributor with a posted invoice over 100 untaxed, a type of claim, and a price list of its own."""
    env = env(user=SUPERUSER_ID)
    pricelist = env["product.pricelist"].create({"name": "Claimant", "company_id": False})
    distributor_class = env["dms.distributor.class"].create({"name": "Claimant", "code": f"C{pricelist.id}", "pricelist_id": pricelist.id})
    distributor = env["res.partner"].create(
        {
            "name": "Claimant",
            "is_company": True,
            "is_distributor": True,
            "distributor_state": "active",
            "distributor_class_id": distributor_class.id,
        }
    )
    product = env["product.product"].create({"name": "Claimed", "is_storable": True, "list_price": 10, "taxes_id": [Command.clear()]})
    line = Command.create({"product_id": product.id, "quantity": 10, "price_unit": 10, "tax_ids": [Command.clear()]})
    invoice = env["account.move"].create({"move_type": "out_invoice", "partner_id": distributor.id, "invoice_line_ids": [line]})
    invoice.action_post()
    account = env["account.account"].search([("account_type", "=", "expense"), ("company_ids", "in", env.company.ids)], limit=1)
    kinds = {}
    for kind in ("spend", "price_protection", "price_difference"):
        claim_type = env["dms.claim.type"].create({"name": kind, "code": f"{kind}-{distributor.id}", "kind": kind})
        claim_type.account_id = account
        kinds[kind] = claim_type.id
    return {
        "distributor": distributor.id,
        "product": product.id,
        "invoice": invoice.id,
        "row": invoice.invoice_line_ids.id,
        "pricelist": pricelist.id,
        "types": kinds,
    }


def make_claim(env, claimant, amount=60.0, approved=False, sourced=False):
    """A draft on the invoice, or a claim that was approved; its id."""
    env = env(user=SUPERUSER_ID)
    values = {"distributor_id": claimant["distributor"], "claim_type_id": claimant["types"]["spend"], "invoice_id": claimant["invoice"]}
    if sourced:
        values["line_ids"] = [Command.create({"source_model": "account.move.line", "source_id": claimant["row"], "amount_claimed": amount})]
    claim = env["dms.claim"].create({**values, "amount_claimed": amount})
    if approved:
        claim.action_submit()
        claim.with_user(make_officers(env)[0]).action_approve()
    return claim.id


def make_protection(env, claimant):
    """A computed drop from 10 to 8 on 5 units; the id of the protection."""
    protection = draft_protection(env, claimant, stock=5)
    env["dms.price.protection"].with_user(SUPERUSER_ID).browse(protection).action_compute()
    return protection


def draft_protection(env, claimant, stock=0):
    env = env(user=SUPERUSER_ID)
    day = env.company._dms_today()
    if stock:
        env["dms.stock.ledger"]._append(
            [
                {
                    "company_id": env.company.id,
                    "distributor_id": claimant["distributor"],
                    "product_id": claimant["product"],
                    "date": day.replace(year=day.year - 1, day=1),
                    "quantity": stock,
                    "kind": "receipt",
                    "source_key": f"race:{claimant['product']}",
                }
            ]
        )
    line = Command.create({"product_id": claimant["product"], "old_price": 10.0, "new_price": 8.0})
    values = {
        "pricelist_id": claimant["pricelist"],
        "date": day,
        "claim_type_id": claimant["types"]["price_protection"],
        "line_ids": [line],
    }
    return env["dms.price.protection"].create(values).id


def make_deduction(env, claimant, user, amount):
    """What an officer records; its id."""
    values = {"distributor_id": claimant["distributor"], "invoice_id": claimant["invoice"], "amount": amount}
    return env["dms.deduction"].with_user(user).create(values).id


def look_claims(env, claimant):
    """What the claims, credit notes and deductions of the distributor say."""
    env = env(user=SUPERUSER_ID)
    own = [("distributor_id", "=", claimant["distributor"])]
    refunds = env["account.move"].search([("move_type", "=", "out_refund"), ("partner_id", "=", claimant["distributor"])])
    claims = env["dms.claim"].search(own, order="id")
    return {
        "states": sorted(claims.mapped("state")),
        "claimed": sorted(claims.mapped("amount_claimed")),
        "refunds": refunds.mapped("amount_untaxed"),
        "refund_states": refunds.mapped("state"),
        "items": sorted(env["dms.price.protection.item"].search(own).mapped("amount")),
        "deductions": sorted(env["dms.deduction"].search(own).mapped("amount")),
    }
