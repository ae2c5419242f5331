from odoo import models


class DmsOwnCompany(models.AbstractModel):
    """For records of one company: nobody moves his into a company he does not work for.

    Core asks the rules of companies before a write, not after it.
    """

    _name = "dms.own.company"
    _description = "Record of an Own Company"

    def write(self, vals):
        """
        :raise AccessError: for another company than one of the user's own
        """
        result = super().write(vals)
        if "company_id" in vals:
            self.check_access("read")
        return result
