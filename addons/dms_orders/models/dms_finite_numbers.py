"""Numbers that cannot be a quantity or an amount: Odoo fails on them without a word, so they are refused before it sees them."""

from math import isfinite

from odoo import api, models
from odoo.exceptions import UserError

#: largest number taken for a quantity, an amount or a percentage
MOST = 1e12
#: largest whole number a database takes
MOST_WHOLE = 2**31 - 1
_MOST_BY_TYPE = {"float": MOST, "monetary": MOST, "integer": MOST_WHOLE}


class DmsFiniteNumbers(models.AbstractModel):
    """For models whose numbers people, files or programs enter: NaN, infinity and what is beyond all measure is refused by field."""

    _name = "dms.finite.numbers"
    _description = "Finite Numbers"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_finite(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_finite(vals)
        return super().write(vals)

    def _check_finite(self, vals):
        """Refuse values of this model's numbers that are none; empty is left to the field.

        :raise UserError: naming the field
        """
        for name, value in vals.items():
            field = self._fields.get(name)
            if field and field.type in _MOST_BY_TYPE and isinstance(value, int | float) and not _is_possible(field, value):
                label = field._description_string(self.env)
                most = f"{_MOST_BY_TYPE[field.type]:,.0f}"
                raise UserError(self.env._("%(field)s: enter a number of at most %(most)s.", field=label, most=most))


def _is_possible(field, value):
    return isfinite(value) and abs(value) <= _MOST_BY_TYPE[field.type]
