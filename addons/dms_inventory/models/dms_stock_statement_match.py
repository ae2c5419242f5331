from odoo import api, models
from odoo.tools.translate import LazyTranslate

from odoo.addons.dms_orders.models.dms_item_match import RowRefused

from .statement_rows import show_quantity

_lt = LazyTranslate(__name__)

#: what is said of a statement where the orders' sentences speak of an order
SENTENCES = {
    "empty": _lt("The list is empty. Fill it in and send it again."),
    "too_big": _lt("The file is larger than %(limit_mb)s MB. Split it into several files."),
    "extension": _lt("Files of type “%(extension)s” cannot be read. Send an XLSX or CSV file."),
    "content_mismatch": _lt("The content of the file is not what its ending “%(extension)s” says. Save it again as XLSX or CSV."),
    "zip_bomb": _lt("The file unpacks to far more than a list can hold. Copy the rows into a new workbook."),
    "not_spreadsheet": _lt("The file is not a workbook with a list. Send an XLSX or CSV file."),
    "doctype": _lt("The file contains a document type declaration, which lists must not have. Save or export it again without."),
    "too_complex": _lt("The workbook has far more cells than a list. Copy the rows into a new workbook."),
    "nul_bytes": _lt("Line %(line)s contains binary data. Save the list as CSV or XLSX and send it again."),
    "no_header": _lt("Nobody has said yet what the columns of this list mean. It begins with: %(found)s"),
    "several_sheets": _lt("The sheets “%(first)s” and “%(second)s” both hold a list. Send them as two files."),
    "no_rows": _lt("The file has no rows below its column names."),
    "too_many_rows": _lt("The file has more than %(limit)s rows. Split it into several files."),
    "price_unreadable": _lt("The price “%(value)s” is not a number."),
    "date_unreadable": _lt("“%(value)s” is no date that can be read."),
    "date_later": _lt("The row is of %(value)s, but the statement is of %(day)s."),
}
#: what a problem of the engine is about, by the beginning of its code
ABOUT = {"product": "product", "code": "product", "cell": "cell", "quantity": "quantity", "price": "price", "date": "date"}


class DmsStockStatement(models.Model):
    """Rows of a list with the products, units and lots they mean; what means none, or two, is put aside."""

    _name = "dms.stock.statement"
    _inherit = "dms.stock.statement"

    @api.model
    def _get_sentence(self, problem):
        if problem.code in SENTENCES:
            return SENTENCES[problem.code]._translate(self.env.lang or "en_US") % problem.params
        return super()._get_sentence(problem)

    def _match_report(self, items):
        """Find what the rows mean, in a number of queries that does not depend on theirs.

        :param items: of ``statement_rows``
        :return: list of (whether it was understood, values of a line or of a row put aside), one for each item
        """
        catalogue = self._load_catalogue(items)
        found = [(item, *self._match_or_refuse(item, catalogue)) for item in items]
        self._match_allowed(found)
        lots = self._load_lots(found)
        return [self._prepare_match(item, values, problems, lots) for item, values, problems in found]

    def _prepare_match(self, item, values, problems, lots):
        lot_id = self._match_lot(item, values, lots, problems)
        if problems:
            return False, self._prepare_refused_row(item, values, problems)
        return True, self._prepare_matched_line(item, values, lot_id)

    def _match_or_refuse(self, item, catalogue):
        """Return (what was found, problems as ``[(what it is about, sentence)]``)."""
        problems = [(ABOUT[problem.code.split("_")[0]], self._get_sentence(problem)) for problem in item.problems]
        if any(about in ("product", "cell") for about, _sentence in problems):
            return {}, problems
        try:
            product, packaging = self._find_product(item, catalogue)
        except RowRefused as refusal:
            return {}, [*problems, (refusal.what, str(refusal))]
        values = {"product_id": product.id, "tracking": product.tracking}
        try:
            unit = self._find_unit(item, product, packaging, catalogue)
            values["product_uom_id"] = unit.id
            if item.quantity is not None:
                values["quantity"] = self._check_quantity(float(item.quantity), product, unit, catalogue)
        except RowRefused as refusal:
            problems.append((refusal.what, str(refusal)))
        return values, problems

    @api.model
    def _choose_product(self, products):
        """Return the only one that is goods; what is no longer sold may still be on somebody's shelf."""
        goods = products.filtered(lambda product: product.type == "consu")
        current = goods.filtered("active") or goods
        if len(current) > 1:
            raise RowRefused(self.env._("Several products fit. Name the product by its own code or its barcode."))
        if not current:
            raise RowRefused(self.env._("This is no goods: nothing of it is kept in stock."))
        return current

    def _match_allowed(self, found):
        """What a distributor neither has nor may order is as unknown to it as what does not exist."""
        if not self.is_from_portal:
            return
        allowed = self._get_nameable_products({values["product_id"] for _item, values, _problems in found if values})
        for item, values, problems in found:
            if values and values["product_id"] not in allowed:
                values.clear()
                problems[:] = [("product", self._describe_unknown(item))]

    # ------------------------------------------------------------ lots

    def _load_lots(self, found):
        """``{(product id, name): lots}`` that the distributor has received or is about to receive, of the rows that name one."""
        named = [
            (values["product_id"], item.lot) for item, values, _problems in found if item.lot and values.get("tracking", "none") != "none"
        ]
        if not named:
            return {}
        products, names = zip(*named, strict=True)
        lots = self.env["stock.lot"].search(
            [("product_id", "in", list(set(products))), ("name", "in", list(set(names))), ("company_id", "in", [False, self.company_id.id])]
        )
        return self._get_delivered_lots(lots).grouped(lambda lot: (lot.product_id.id, lot.name))

    def _match_lot(self, item, values, lots, problems):
        """Return the id of the lot a row names, or False; add the problem where there is no such lot. Of a product without
        lots the text is passed over: there is nothing it could be taken for."""
        if not item.lot or values.get("tracking", "none") == "none":
            return False
        lot = lots.get((values["product_id"], item.lot), self.env["stock.lot"])
        if len(lot) != 1:
            problems.append(("lot", self.env._("Lot “%(lot)s” of this product was never delivered.", lot=item.lot)))
        return lot[:1].id

    # ------------------------------------------------------------ values

    def _prepare_matched_line(self, item, values, lot_id):
        """Values of a line, with all that would be computed of them: of twenty thousand that is half of the time."""
        unit, product = self.env["uom.uom"].browse(values["product_uom_id"]), self.env["product.product"].browse(values["product_id"])
        return {
            "statement_id": self.id,
            "company_id": self.company_id.id,
            "distributor_id": self.distributor_id.id,
            "sequence": item.number,
            "product_id": product.id,
            "product_uom_id": unit.id,
            "lot_id": lot_id,
            "quantity": values["quantity"],
            "product_qty": unit._compute_quantity(values["quantity"], product.uom_id, rounding_method="HALF-UP"),
            "retailer": item.retailer or False,
            "price_unit": float(item.price or 0.0),
        }

    def _prepare_refused_row(self, item, values, problems):
        return {
            "statement_id": self.id,
            "row_number": item.number,
            "code": item.code,
            "barcode": item.barcode,
            "name": item.name,
            "quantity_text": item.quantity_text,
            "unit_text": item.unit,
            "lot_text": item.lot,
            "retailer": item.retailer,
            "price_text": item.price_text,
            "date_text": item.date_text,
            "error_code": problems[0][0],
            "error": "\n".join(sentence for _about, sentence in problems),
            "product_id": values.get("product_id"),
            "product_uom_id": values.get("product_uom_id"),
            "typed_quantity": show_quantity(item.quantity),
            "is_legible": not any(problem.code.startswith(("code", "cell")) for problem in item.problems),
        }
