from odoo import models


class ResUsers(models.Model):
    _inherit = "res.users"

    def _dms_sees_cost(self):
        """Whether the user may read what products cost."""
        products = self.env["product.product"].with_user(self).sudo(False)
        return products._has_field_access(products._fields["standard_price"], "read")
