"""Returns around the expiry of lots, run by :mod:`tests.race_worker` in a database with `product_expiry`."""

from datetime import timedelta

from odoo import fields
from odoo.fields import Command

from tests.shelf_life import reserve


def run(env, distributor_id):
    """Deliver a lot and ask on which days it may come back, 5 days before its expiry to 3 after.

    :return: ``{days until it expires: whether it may}``
    """
    distributor = env["res.partner"].browse(distributor_id)
    distributor.distributor_class_id.min_shelf_days = 0
    picking = reserve(env, distributor, 10)
    picking.move_ids.picked = True
    picking._action_done()
    reason = env["dms.return.reason"].create({"name": "Expired", "code": "T-EXP", "expiry_days_before": 5, "expiry_days_after": 3})
    lot, sold = picking.move_line_ids.lot_id[:1], picking.move_ids.sale_line_id
    line = Command.create({"sale_line_id": sold.id, "lot_id": lot.id, "quantity": 1, "reason_id": reason.id})
    case = env["dms.return"].create({"distributor_id": distributor.id, "line_ids": [line]})
    return {days: may_come_back(case, lot, days) for days in (6, 5, 0, -3, -4)}


def may_come_back(case, lot, days):
    """Whether it may when its lot expires late on the day in so many days, as the company's clock has it."""
    day = fields.Datetime.to_datetime(case.company_id._dms_today() + timedelta(days=days)).replace(hour=23, minute=30)
    lot.expiration_date = case.company_id._dms_utc(day)
    return not case._get_policy_findings()
