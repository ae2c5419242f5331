"""What races about accruals and settlements start from and are judged by: run by a worker, see :mod:`tests.race_worker`."""

from odoo.fields import Command

from tests.race_worker import make_user

YEAR = {"date_from": "2026-01-01", "date_to": "2026-03-31"}


def is_installed(env, module):
    return bool(env["ir.module.module"].search_count([("name", "=", module), ("state", "=", "installed")]))


def make_people(env):
    """Who asks for settlements, and two who approve them; ids by name."""
    manager, approver = (env.ref(f"dms_schemes.group_scheme_{name}") for name in ("manager", "approver"))
    people = {"asker": manager, "judge": approver, "judge2": approver}
    return {name: make_user(env, name, group, env.company).id for name, group in people.items()}


def make_rebate(env, judge, code, claimed_by=None):
    """An approved period scheme of 10 %, two distributors that bought for 100 each; accrued and claimed when ``claimed_by``."""
    scheme = env["dms.scheme"].create(
        {
            "name": code,
            "code": code,
            "scope": "period",
            "timing": "off_invoice",
            "basis": "amount",
            **YEAR,
            "slab_ids": [Command.create({"threshold": 0, "benefit": "percent", "value": 10})],
        }
    )
    product = env["product.product"].create({"name": code, "type": "consu", "taxes_id": [Command.clear()]})
    scheme.product_ids = product
    scheme.with_user(judge).action_approve()
    for number in (1, 2):
        distributor = env["res.partner"].create({"name": f"{code} {number}", "is_company": True, "is_distributor": True})
        line = {"product_id": product.id, "quantity": 1, "price_unit": 100.0, "tax_ids": False}
        values = {"move_type": "out_invoice", "partner_id": distributor.id, "invoice_date": "2026-01-10"}
        env["account.move"].create({**values, "invoice_line_ids": [Command.create(line)]}).action_post()
    if claimed_by:
        scheme._accrue()
        scheme.accrual_ids.with_user(claimed_by).action_claim()
    return {"scheme": scheme.id, "rows": scheme.accrual_ids.ids}


def accrue(env, scheme):
    env["dms.scheme"].browse(scheme)._accrue()


def run_job(env):
    env["dms.scheme"]._cron_dms_accrue_schemes()


def look_accruals(env, scheme):
    """Everything that was booked for a scheme."""
    scheme = env["dms.scheme"].browse(scheme)
    items = env["account.move.line"].search([("scheme_accrual_id.scheme_id", "=", scheme.id), ("parent_state", "=", "posted")])
    rows = scheme.accrual_ids
    return {
        "amounts": sorted(rows.mapped("amount")),
        "open": round(sum(rows.mapped("open_amount")), 2),
        "states": sorted(set(rows.mapped("state"))),
        "balance": round(-sum(items.mapped("balance")), 2),
        "entries": len(items.move_id.filtered(lambda move: move.move_type == "entry")),
        "notes": len(items.move_id.filtered(lambda move: move.move_type == "out_refund")),
        "sources": len(rows.line_ids),
    }


def find_rows(env, scheme):
    return env["dms.scheme"].browse(scheme).accrual_ids.ids
