from odoo import models
from odoo.tools import format_date


class DmsPortalCatalogue(models.AbstractModel):
    """What a distributor is told of our stock: exactly, in bands or not at all, by its class; and when more is expected."""

    _inherit = "dms.portal.catalogue"

    def _get_warehouses(self, distributor):
        alternates = distributor.alternate_warehouse_ids.filtered(lambda warehouse: warehouse.company_id == self.env.company)
        return super()._get_warehouses(distributor) | alternates

    def _get_terms(self, distributor):
        return {**super()._get_terms(distributor), "stock_display": distributor._dms_stock_display()}

    def _get_stock_levels(self, terms, facts, ids):
        if terms["stock_display"] == "hidden":
            return dict.fromkeys(ids)
        terms = {**terms, "stock_bands": self.env["product.category"]._get_stock_bands()}
        levels = super()._get_stock_levels(terms, facts, ids)
        return self._add_expected(terms, levels)

    def _get_stock_level(self, terms, fact, left):
        if not fact["counted"]:
            return super()._get_stock_level(terms, fact, left)
        enough = terms["stock_bands"].get(fact["categ_id"], self.env.company.dms_portal_stock_shown)
        level = ("yes" if left >= enough else "low") if left > 0 else "no"
        return [level, left if left > 0 and terms["stock_display"] == "exact" else None]

    def _add_expected(self, terms, levels):
        """The same levels; where a product is short and more is coming, with a word on when."""
        short = [id_ for id_, (level, _left) in levels.items() if level != "yes"]
        incoming = self.env["dms.stock.availability"]._get_incoming(terms["warehouses"], short) if short else {}
        today = self.env.company._dms_today()
        return {
            id_: [*level, self._describe_expected(*incoming[id_][0], terms, today)] if id_ in incoming else level
            for id_, level in levels.items()
        }

    def _describe_expected(self, day, quantity, terms, today):
        _ = self.env._
        if day < today:
            return _("expected any day")  # it is late: nobody knows the day
        words = format_date(self.env, day, date_format="d MMM")
        if terms["stock_display"] == "exact":
            return _("%(quantity)s expected %(day)s", quantity=self.env["dms.portal"]._format_quantity(quantity), day=words)
        return _("expected %(day)s", day=words)
