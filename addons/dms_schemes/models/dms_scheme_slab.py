from odoo import api, fields, models

from ..engine import Slab
from .numbers import number_in_words

BENEFITS = [
    ("percent", "Percent off"),
    ("unit_amount", "Amount off per unit"),
    ("lump_amount", "Amount off"),
    ("net_price", "Net price"),
    ("free_product", "Free goods"),
]


class DmsSchemeSlab(models.Model):
    """A step of a scheme: from its threshold up to the next one."""

    _name = "dms.scheme.slab"
    _description = "Scheme Slab"
    _inherit = ["dms.finite.numbers"]
    _order = "scheme_id, threshold, id"

    scheme_id = fields.Many2one("dms.scheme", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="scheme_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="scheme_id.currency_id")
    threshold = fields.Float("From", digits=(16, 3), help="Least quantity, amount or growth, on the scheme's basis.")
    benefit = fields.Selection(BENEFITS, default="percent", required=True)
    value = fields.Float(digits=(16, 6), help="Percentage, amount, or price per own unit of the product, untaxed, in company currency.")
    free_product_id = fields.Many2one("product.product", ondelete="restrict", help="Empty for the product that earned it.")
    free_qty = fields.Float("Free Quantity", digits="Product Unit", help="In the free product's own unit, each time.")
    repeat_every = fields.Float(digits=(16, 3), help="Given again for each full step of the base; 0 for once.")
    max_times = fields.Integer("At Most (times)", help="0 for no limit.")
    summary = fields.Char(compute="_compute_summary")

    @api.model_create_multi
    def create(self, vals_list):
        slabs = super().create(vals_list)
        slabs._check_editable()
        return slabs

    def write(self, vals):
        self._check_editable()
        result = super().write(vals)
        self._check_editable()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_approved(self):
        self._check_editable()

    def _check_editable(self):
        """Slabs are the scheme's terms: who writes them is an author, and those of an approved scheme stay."""
        self.scheme_id._check_terms_open()

    def _compile(self):
        """:rtype: engine.Slab"""
        self.ensure_one()
        return Slab(
            id=self.id,
            threshold=self.threshold,
            benefit=self.benefit,
            value=self.value,
            free_product=self.free_product_id.id or None,
            free_qty=self.free_qty,
            repeat_every=self.repeat_every,
            max_times=self.max_times,
        )

    # ------------------------------------------------------------ words

    @api.depends("threshold", "benefit", "value", "free_product_id", "free_qty", "repeat_every", "max_times", "scheme_id.basis")
    @api.depends_context("lang")
    def _compute_summary(self):
        for slab in self:
            slab.summary = self.env._("from %(bound)s: %(gift)s", bound=slab._in_words(slab.threshold), gift=slab._gift_in_words())

    def _in_words(self, number):
        """A threshold or repetition of this slab as a person reads it."""
        self.ensure_one()
        if self.scheme_id.basis == "amount":
            return self.currency_id.format(number)
        text = number_in_words(self.env, number)
        return f"{text} %" if self.scheme_id.basis == "growth" else text

    def _gift_in_words(self):
        """What the slab gives, in the language of the environment."""
        _ = self.env._
        money = self.currency_id.format
        words = {
            "percent": lambda: _("%(percent)s %% off", percent=number_in_words(self.env, self.value)),
            "unit_amount": lambda: _("%(amount)s off each unit", amount=money(self.value)),
            "lump_amount": lambda: _("%(amount)s off", amount=money(self.value)),
            "net_price": lambda: _("net price %(amount)s", amount=money(self.value)),
            "free_product": lambda: _(
                "%(quantity)s × %(product)s free",
                quantity=number_in_words(self.env, self.free_qty),
                product=self.free_product_id.display_name or _("the same product"),
            ),
        }[self.benefit]()
        return _("%(gift)s per %(step)s", gift=words, step=self._in_words(self.repeat_every)) if self.repeat_every else words
