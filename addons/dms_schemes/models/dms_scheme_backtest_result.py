from odoo import fields, models


class DmsSchemeBacktestSlab(models.Model):
    """What one slab gives in a back-test."""

    _name = "dms.scheme.backtest.slab"
    _description = "Back-Test: Slab"
    _order = "backtest_id, slab_id"
    _rec_name = "slab_id"

    backtest_id = fields.Many2one("dms.scheme.backtest", required=True, index=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    currency_id = fields.Many2one(related="company_id.currency_id")
    slab_id = fields.Many2one("dms.scheme.slab", required=True, readonly=True, ondelete="cascade")
    summary = fields.Char(related="slab_id.summary", string="Slab in Words")
    order_count = fields.Integer("Orders", readonly=True)
    benefit_amount = fields.Monetary("Cost", readonly=True)
    turnover_amount = fields.Monetary("Turnover", readonly=True)
    booked_amount = fields.Monetary("Booked", readonly=True)


class DmsSchemeBacktestDistributor(models.Model):
    """What one distributor gains in a back-test."""

    _name = "dms.scheme.backtest.distributor"
    _description = "Back-Test: Distributor"
    _order = "backtest_id desc, benefit_amount desc, id"
    _rec_name = "distributor_id"

    backtest_id = fields.Many2one("dms.scheme.backtest", required=True, index=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    currency_id = fields.Many2one(related="company_id.currency_id")
    distributor_id = fields.Many2one("res.partner", required=True, readonly=True, ondelete="cascade")
    territory_id = fields.Many2one(related="distributor_id.territory_id")
    order_count = fields.Integer("Orders", readonly=True)
    benefit_amount = fields.Monetary("Gains", readonly=True)
    turnover_amount = fields.Monetary("Turnover", readonly=True)
    booked_amount = fields.Monetary("Booked", readonly=True)


class DmsSchemeBacktestOrder(models.Model):
    """What one slab gives one order in a back-test."""

    _name = "dms.scheme.backtest.order"
    _description = "Back-Test: Order"
    _order = "backtest_id desc, benefit_amount desc, id"
    _rec_name = "order_id"

    backtest_id = fields.Many2one("dms.scheme.backtest", required=True, index=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    currency_id = fields.Many2one(related="company_id.currency_id")
    order_id = fields.Many2one("sale.order", required=True, index=True, readonly=True, ondelete="cascade")
    distributor_id = fields.Many2one("res.partner", required=True, readonly=True, ondelete="cascade")
    slab_id = fields.Many2one("dms.scheme.slab", "Slab Reached", required=True, readonly=True, ondelete="cascade")
    base_qty = fields.Float("Base Quantity", readonly=True, digits="Product Unit", help="In each product's own unit.")
    base_amount = fields.Monetary(readonly=True, help="Running net value of what qualified, untaxed.")
    free_qty = fields.Float("Free Quantity", readonly=True, digits="Product Unit")
    benefit_amount = fields.Monetary("Benefit", readonly=True)
    booked_amount = fields.Monetary("Booked", readonly=True)
    cap = fields.Selection(
        [("max_per_order", "Limit per order"), ("max_per_distributor", "Limit per distributor"), ("budget", "Budget")],
        "Cut By",
        readonly=True,
    )
    differs = fields.Boolean(readonly=True, help="The ledger has something else for the order.")
