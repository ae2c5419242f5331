import math

from odoo.exceptions import UserError

#: largest amount taken for a limit
MAX_AMOUNT = 1e13


def is_amount(value):
    """Whether a value from outside can be an amount of money at all: a finite number, not negative, not beyond all measure."""
    return not isinstance(value, bool) and isinstance(value, int | float) and math.isfinite(value) and 0 <= value <= MAX_AMOUNT


def check_amounts(env, vals, *names):
    """Refuse new values of a record whose amounts cannot be any; empty (None, False) is left to the field.

    Odoo rounds an amount when it takes it, which fails without a word on what is no number.

    :param dict vals: as given to ``create`` or ``write``
    :param names: of the fields that are amounts
    :raise UserError: naming the largest amount
    """
    given = [vals[name] for name in names if name in vals and vals[name] is not None and vals[name] is not False]
    if not all(map(is_amount, given)):
        raise UserError(env._("An amount lies between 0 and %(max)s.", max=f"{MAX_AMOUNT:,.0f}"))
