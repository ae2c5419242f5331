from collections import defaultdict

from odoo import api, models
from odoo.tools import float_compare

from ..engine.columns import fold
from ..engine.numbers import MAX_QUANTITY
from ..engine.units import PACKAGES, UNECE, kind_of_code, kind_of_word
from .dms_item_match import RowRefused

#: kinds of the engine that are measures: the unit that Odoo's module `uom` has for each
MEASURES = {
    "unit": "product_uom_unit",
    "dozen": "product_uom_dozen",
    "kg": "product_uom_kgm",
    "g": "product_uom_gram",
    "ton": "product_uom_ton",
    "lb": "product_uom_lb",
    "oz": "product_uom_oz",
    "litre": "product_uom_litre",
    "ml": "product_uom_milliliter",
    "m3": "product_uom_cubic_meter",
    "gal": "product_uom_gal",
    "qt": "product_uom_qt",
    "floz": "product_uom_floz",
    "ft3": "product_uom_cubic_foot",
    "in3": "product_uom_cubic_inch",
    "m": "product_uom_meter",
    "cm": "product_uom_cm",
    "mm": "product_uom_millimeter",
    "km": "product_uom_km",
    "in": "product_uom_inch",
    "ft": "product_uom_foot",
    "yd": "product_uom_yard",
    "mi": "product_uom_mile",
    "m2": "product_uom_square_meter",
    "ft2": "product_uom_square_foot",
    "hour": "product_uom_hour",
    "day": "product_uom_day",
    "minute": "product_uom_minute",
    "kwh": "product_uom_kwh",
}


class DmsItemMatch(models.AbstractModel):
    """Which unit a row means, and whether its quantity can be counted in it."""

    _inherit = "dms.item.match"

    @api.model
    def _index_unit_names(self):
        """Return {folded name: units} of every active unit, in the languages people here write them in."""
        index = defaultdict(self.env["uom.uom"].browse)
        for lang in dict.fromkeys(("en_US", self.env.lang, self.distributor_id.lang)):
            for unit in self.env["uom.uom"].with_context(lang=lang).search([("active", "=", True)]):
                index[fold(unit.name)] |= unit.with_env(self.env)
        return index

    @api.model
    def _index_measures(self):
        """Return {kind: unit} of Odoo's own units that are in use."""
        data = self.env["ir.model.data"].sudo()  # ids of units that ship with Odoo
        found = data.search_fetch([("module", "=", "uom"), ("name", "in", list(MEASURES.values()))], ["name", "res_id"])
        ids = {record.name: record.res_id for record in found}
        units = self.env["uom.uom"].browse(ids.values()).exists().filtered("active")
        return {kind: units.browse(ids[name]) for kind, name in MEASURES.items() if ids.get(name) in units._ids}

    @api.model
    def _find_unit(self, item, product, packaging, catalogue):
        """Return the unit a row is ordered in: the product's own when the row has none, that of the packaging whose
        barcode it names, else what its text means for this product."""
        if not item.unit:
            return packaging or self._get_packaging_of_barcode(item, product, catalogue) or product.uom_id
        unit = self._find_unit_by_name(item.unit, product, catalogue) or self._find_unit_by_kind(item.unit, product, catalogue)
        if packaging and unit != packaging:
            return self._count_packagings(item, packaging)
        if not unit:
            raise RowRefused(self.env._("The unit “%(unit)s” is not known for this product.", unit=item.unit), "unit")
        if not unit._has_common_reference(product.uom_id):
            raise RowRefused(
                self.env._("The product is not sold by “%(unit)s” but by “%(own)s”.", unit=item.unit, own=product.uom_id.name), "unit"
            )
        return unit

    @api.model
    def _get_packaging_of_barcode(self, item, product, catalogue):
        """The packaging that the barcode beside a code names, when it is one of the same product."""
        packaged, unit = catalogue.packagings.get(item.barcode, (None, self.env["uom.uom"]))
        return unit if packaged == product else self.env["uom.uom"]

    @api.model
    def _count_packagings(self, item, packaging):
        """A code of UN/ECE for "pieces" counts the article whose number the line names: here the packaging. Any other
        unit beside the barcode of a packaging has two readings."""
        if item.unit in UNECE and kind_of_code(item.unit) == "unit":
            return packaging
        raise RowRefused(
            self.env._("The barcode is that of “%(packaging)s”, but the unit says “%(unit)s”.", packaging=packaging.name, unit=item.unit),
            "unit",
        )

    @api.model
    def _find_unit_by_name(self, text, product, catalogue):
        """The unit of that name: one of the product's own first, else the only one that fits it."""
        named = catalogue.unit_names.get(fold(text), self.env["uom.uom"])
        own = named & (product.uom_id | product.uom_ids)
        if len(own) == 1:
            return own
        fitting = named.filtered(lambda unit: unit._has_common_reference(product.uom_id))
        if len(fitting) > 1:
            raise RowRefused(self.env._("Several units are called “%(unit)s”.", unit=text), "unit")
        return fitting or named[:1]

    @api.model
    def _find_unit_by_kind(self, text, product, catalogue):
        kind = kind_of_word(text)
        if kind in PACKAGES:
            return self._find_packaging(kind, product)
        return catalogue.measures.get(kind)

    @api.model
    def _find_packaging(self, kind, product):
        """The product's packaging of that kind; its only one when it has one alone."""
        packagings = product.uom_ids - product.uom_id
        if len(packagings) > 1:
            packagings = packagings.filtered(lambda unit: kind in map(kind_of_word, unit.name.split()))
        return packagings if len(packagings) == 1 else None

    @api.model
    def _check_quantity(self, quantity, product, unit, catalogue):
        """Return the quantity when the unit can be ordered in it: no finer than units are counted, whole pieces where
        the product is counted in pieces."""
        if float_compare(unit.round(quantity), quantity, precision_digits=9):
            raise RowRefused(self.env._("The quantity has more decimals than are counted here."), "quantity")
        pieces, total = catalogue.measures.get("unit"), quantity * unit.factor
        in_pieces = pieces and product.uom_id._has_common_reference(pieces)
        if in_pieces and float_compare(total, round(total), precision_digits=6):
            raise RowRefused(self.env._("The product is sold in whole pieces only."), "quantity")
        if unit._compute_quantity(quantity, product.uom_id, round=False) > MAX_QUANTITY:
            raise RowRefused(self.env._("The quantity is too large."), "quantity")
        return quantity
