from odoo import models

from odoo.addons.base_import.models.base_import import ImportValidationError

#: models whose files are told of by row
AIMS = ("dms.sales.target", "dms.sales.plan")


class BaseImport(models.TransientModel):
    _inherit = "base_import.import"

    def _parse_float_from_data(self, data, index, name, options):
        """Core says which value is no number; in files of thousands of targets one wants to know the row too."""
        if self.res_model not in AIMS:
            return super()._parse_float_from_data(data, index, name, options)
        first = 1 + bool(options.get("has_headers")) + (options.get("skip") or 0)
        for row, line in enumerate(data, first):
            try:
                super()._parse_float_from_data([line], index, name, options)
            except ImportValidationError as error:
                raise ImportValidationError(self.env._("Row %(row)s: %(problem)s", row=row, problem=error.message), field=name) from error
