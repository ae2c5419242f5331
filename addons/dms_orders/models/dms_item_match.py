import re
from collections import defaultdict
from dataclasses import dataclass

from odoo import api, models
from odoo.fields import Domain

MIMETYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
    "xml": "text/xml",
}
GTIN_LENGTHS = (8, 12, 13, 14)
_BRACKETED = re.compile(r"\[([^\[\]]+)\]")  # how Odoo shows a code before a name


class RowRefused(Exception):
    """A row cannot be taken in; the text is the sentence that says why.

    `what`: which of its texts it is about, `product`, `unit`, `quantity`, or one of whoever matches more.
    """

    def __init__(self, sentence, what="product"):
        super().__init__(sentence)
        self.what = what


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What the texts of one input may mean: products by each kind of text, all looked up at once.

    `packagings`: {barcode: (product, unit)}; the others of products {text: products}. `unit_names`: {folded name:
    units}; `measures`: {kind of the engine: unit}.
    """

    codes: dict
    barcodes: dict
    packagings: dict
    own_codes: dict
    names: dict
    unit_names: dict
    measures: dict


class DmsItemMatch(models.AbstractModel):
    """Which product and unit the rows of a distributor's input mean: orders here, reports of stock in the modules above.

    Inherited by documents with a `distributor_id` and a `company_id`. Units are in `dms_item_unit.py`. What an order
    adds to it is what may be ordered (:meth:`_choose_product`) and in which quantities (:meth:`_check_quantity`).
    """

    _name = "dms.item.match"
    _description = "Matching of Rows with Products"

    @api.model
    def _match_product_and_unit(self, item, catalogue):
        """Return product, unit, quantity and notes of a row. Raises RowRefused."""
        product, packaging = self._find_product(item, catalogue)
        unit = self._find_unit(item, product, packaging, catalogue)
        quantity = 0.0 if item.quantity is None else self._check_quantity(float(item.quantity), product, unit, catalogue)
        note = "\n".join(self._row_notes(item, product, catalogue))
        return {"product_id": product.id, "product_uom_id": unit.id, "quantity": quantity, "note": note or False}

    # ------------------------------------------------------------ look-up

    def _load_catalogue(self, items):
        codes = {text for item in items for text in (item.code, *_BRACKETED.findall(item.code)) if text}
        barcodes = {text for item in items for text in (*_gtins(item.barcode), *_gtins(item.code))}
        own_codes = codes | {item.buyer_code for item in items if item.buyer_code}
        products = self._search_products(Domain("default_code", "in", list(codes)) | Domain("barcode", "in", list(barcodes)))
        return Catalogue(
            codes=products.grouped("default_code"),
            barcodes=products.grouped("barcode"),
            packagings=self._load_packagings(barcodes),
            own_codes=self._load_own_codes(own_codes),
            names=self._load_names({item.name for item in items if _is_named_only(item)}),
            unit_names=self._index_unit_names(),
            measures=self._index_measures(),
        )

    def _search_products(self, domain):
        """Products of this company, archived ones too: those get a sentence of their own. One of another company is
        as unknown as one that does not exist."""
        products = self.env["product.product"].with_context(active_test=False)
        companies = Domain("company_id", "=", False) | Domain("company_id", "parent_of", self.company_id.id)
        fields = ["default_code", "barcode", "active", "sale_ok", "type", "uom_id", "product_tmpl_id"]
        found = products.search_fetch(domain & companies, fields).with_context(active_test=True)
        found.mapped("uom_ids")  # read for all at once: rows look at one product each
        return found

    def _load_packagings(self, barcodes):
        packagings = self.env["product.uom"].search([("barcode", "in", list(barcodes))])
        allowed = self._search_products(Domain("id", "in", packagings.product_id.ids)) if packagings else packagings.product_id
        return {packaging.barcode: (packaging.product_id, packaging.uom_id) for packaging in packagings if packaging.product_id in allowed}

    def _load_own_codes(self, codes):
        """{code: product} of the distributor's own codes; one of this company goes before one of all."""
        own_codes = self.env["dms.distributor.product"]
        if self.distributor_id and codes:
            domain = Domain("distributor_id", "=", self.distributor_id.id) & Domain("code", "in", list(codes))
            own_codes = own_codes.search(domain & Domain("company_id", "in", [False, self.company_id.id]))
        allowed = self._search_products(Domain("id", "in", own_codes.product_id.ids)) if own_codes else own_codes.product_id
        return {own.code: own.product_id for own in own_codes.sorted(lambda own: own.company_id.id or 0) if own.product_id in allowed}

    def _load_names(self, names):
        """{name: products} in the distributor's language and the reader's."""
        found = defaultdict(self.env["product.product"].browse)
        for lang in dict.fromkeys((self.distributor_id.lang, self.env.lang)) if names else ():
            for product in self.with_context(lang=lang)._search_products(Domain("name", "in", list(names))):
                found[product.name] |= product.with_env(self.env)
        return found

    # ------------------------------------------------------------ one row

    @api.model
    def _find_product(self, item, catalogue):
        """Return (product, packaging unit or none): by seller's code, barcode, the buyer's own code; by name only when
        the row has nothing else, for a name beside a wrong code may be that of a neighbour."""
        for found, packaging in self._candidates(item, catalogue):
            if found:
                return self._choose_product(found), packaging
        raise RowRefused(self._describe_unknown(item))

    @api.model
    def _candidates(self, item, catalogue):
        no_unit = self.env["uom.uom"]
        for code in (item.code, *_BRACKETED.findall(item.code)):
            yield catalogue.codes.get(code) if code else None, no_unit
        for barcode in (*_gtins(item.barcode), *_gtins(item.code)):
            yield catalogue.barcodes.get(barcode), no_unit
            yield catalogue.packagings.get(barcode, (None, no_unit))
        for code in filter(None, (item.buyer_code, item.code)):
            yield catalogue.own_codes.get(code), no_unit
        yield catalogue.names.get(item.name) if _is_named_only(item) else None, no_unit

    @api.model
    def _choose_product(self, products):
        """Return the only one that can be sold; refuse the row when there are several or it is not for sale."""
        usable = products.filtered(lambda product: product.active and product.sale_ok and product.type != "combo")
        if len(usable) > 1:
            raise RowRefused(self.env._("Several products fit. Name the product by its own code or its barcode."))
        if usable:
            return usable
        if not any(products.mapped("active")):
            raise RowRefused(self.env._("The product is no longer sold."))
        raise RowRefused(self.env._("The product cannot be ordered this way."))

    @api.model
    def _describe_unknown(self, item):
        text = item.code or item.barcode or item.buyer_code
        if text and not _is_named_only(item):
            return self.env._("There is no product with the code “%(code)s”.", code=text)
        return self.env._("There is no product with exactly the name “%(name)s”.", name=item.name)

    @api.model
    def _row_notes(self, item, product, catalogue):
        """Yield what is odd about a row that is ordered all the same."""
        for barcode in _gtins(item.barcode):
            packaged = catalogue.packagings.get(barcode, (None, None))[0]
            other = catalogue.barcodes.get(barcode) or packaged
            if other and product not in other:
                yield self.env._("The barcode “%(barcode)s” belongs to another product; the code was followed.", barcode=item.barcode)
                return

    # ------------------------------------------------------------ the file itself

    def _keep_file(self, filename, data):
        """The file of this document, as a download that nobody can make public by its name."""
        self.ensure_one()
        values = {
            "name": filename,
            "raw": data,
            "mimetype": MIMETYPES.get(filename.rpartition(".")[2].lower(), "text/plain"),
            "res_model": self._name,
            "res_id": self.id,
        }
        return self.env["ir.attachment"].sudo().create(values)  # the file just sent, on the document just made


def _is_named_only(item):
    """Whether the name is all a row has; a column that says only "product" gives its text as code and as name."""
    return item.name and not (item.barcode or item.buyer_code) and item.code in ("", item.name)


def _gtins(text):
    """Return a text and, for a number, the same trade item number in every length it is written in."""
    if not text:
        return ()
    number = text.lstrip("0")
    if not (text.isascii() and text.isdecimal()) or not 7 <= len(number) <= 14:
        return (text,)
    return tuple(dict.fromkeys([text, *(number.zfill(length) for length in GTIN_LENGTHS if length >= len(number))]))
