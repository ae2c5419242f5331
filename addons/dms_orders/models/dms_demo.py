from odoo import api, models


class DmsDemo(models.AbstractModel):
    """Door through which the demo files call the generator in ``demo/``, which is imported only then."""

    _name = "dms.demo"
    _description = "Distribution Demo Data"

    @api.model
    def _load(self):
        """Stock and six months of orders, dated back from today. Called once, by the demo data of this module."""
        from ..demo.loader import load

        load(self.env)
