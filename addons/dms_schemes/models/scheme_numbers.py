"""Numbers that cannot be a quantity or an amount: Odoo fails on them without a word, so they are refused before it sees them."""

from math import isfinite

from odoo.exceptions import UserError

#: largest number taken for a threshold, an amount or a quantity
MOST = 1e12
#: largest whole number a database takes
MOST_WHOLE = 2**31 - 1
_MOST_BY_TYPE = {"float": MOST, "monetary": MOST, "integer": MOST_WHOLE}


def check_numbers(records, vals_list):
    """Refuse values of a model's own numbers that are not finite, or beyond all measure; empty is left to the field.

    :raise UserError: naming the field
    """
    for vals in vals_list:
        for name, value in vals.items():
            field = records._fields.get(name)
            if field and field.type in _MOST_BY_TYPE and isinstance(value, int | float) and not _is_possible(field, value):
                label = field._description_string(records.env)
                most = f"{_MOST_BY_TYPE[field.type]:,.0f}"
                raise UserError(records.env._("%(field)s: enter a number of at most %(most)s.", field=label, most=most))


def _is_possible(field, value):
    return isfinite(value) and abs(value) <= _MOST_BY_TYPE[field.type]
