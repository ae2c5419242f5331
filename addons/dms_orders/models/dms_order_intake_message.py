"""The sentences for what the intake engine finds wrong; a test holds them against the engine's codes."""

from odoo import api, models
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

SENTENCES = {
    # the whole file
    "empty": _lt("The file is empty. Save the order in it and send it again."),
    "too_big": _lt("The file is larger than %(limit_mb)s MB. Split the order into several files."),
    "extension": _lt("Files of type “%(extension)s” cannot be read. Send an XLSX, CSV or UBL (XML) file."),
    "content_mismatch": _lt("The content of the file is not what its ending “%(extension)s” says. Save it again as XLSX or CSV."),
    "old_excel": _lt("The file has the old Excel format (.xls). Open it and save it as an Excel workbook (.xlsx)."),
    "protected": _lt("The file is protected by a password. Remove the password and send it again."),
    "broken_zip": _lt("The file is damaged and cannot be opened. Save it again and send it once more."),
    "zip_bomb": _lt("The file unpacks to far more than an order can hold. Copy the order rows into a new workbook."),
    "not_spreadsheet": _lt("The file is not a workbook with an order. Send an XLSX, CSV or UBL (XML) file."),
    "doctype": _lt("The file contains a document type declaration, which orders must not have. Save or export it again without."),
    "broken_xml": _lt("The file is damaged: its XML breaks off or is wrong near line %(line)s. Export it again."),
    "too_complex": _lt("The workbook has far more cells than an order. Copy the order rows into a new workbook."),
    "encoding": _lt("Line %(line)s has characters that cannot be read. Save the file as “CSV UTF-8”."),
    "mixed_encoding": _lt("The file mixes two character encodings, first in line %(line)s. Save it as “CSV UTF-8”."),
    "nul_bytes": _lt("Line %(line)s contains binary data. Save the order as CSV or XLSX and send it again."),
    "broken_csv": _lt("Line %(line)s cannot be split into columns: a quotation mark is left open, or the line is far too long."),
    "no_header": _lt(
        "No row with column names was found. One row must name a product column (“Product code”, “Barcode” or “Name”) and a"
        " “Quantity” column. The file begins with: %(found)s"
    ),
    "duplicate_header": _lt("The columns “%(first)s” and “%(second)s” mean the same. Keep one of them."),
    "several_sheets": _lt("The sheets “%(first)s” and “%(second)s” both hold an order. Send them as two files."),
    "no_rows": _lt("The file has no order rows."),
    "too_many_rows": _lt("The file has more than %(limit)s rows. Split the order into several files."),
    "too_many_columns": _lt("The file has content beyond column %(limit)s. Keep the columns of the order only."),
    "not_order": _lt("The XML file is not a UBL order (it begins with “%(root)s”)."),
    # one row
    "product_missing": _lt("No product is named."),
    "code_number": _lt(
        "The code “%(value)s” is stored as a number that can be read in several ways. Format the cell as text and type it again."
    ),
    "code_damaged": _lt("The code “%(value)s” was shortened by the spreadsheet. Format the column as text and type it again."),
    "cell_formula": _lt("A cell holds a formula. Replace it by its value."),
    "cell_error": _lt("A cell holds the error %(value)s."),
    "cell_too_long": _lt("A cell holds more than %(limit)s characters."),
    "quantity_missing": _lt("The quantity is missing."),
    "quantity_not_number": _lt("The quantity “%(value)s” is not a number."),
    "quantity_ambiguous": _lt("The quantity “%(value)s” can mean thousands or decimals. Write it without a separator for thousands."),
    "quantity_exponent": _lt("The quantity “%(value)s” is written with an exponent. Write it out."),
    "quantity_not_finite": _lt("The quantity “%(value)s” is not a number."),
    "quantity_date": _lt("The quantity was turned into a date by the spreadsheet. Type it again."),
    "quantity_negative": _lt("The quantity “%(value)s” is negative."),
    "quantity_zero": _lt("The quantity is zero."),
    "quantity_too_large": _lt("The quantity “%(value)s” is larger than %(limit)s."),
}


class DmsItemMatch(models.AbstractModel):
    _inherit = "dms.item.match"

    @api.model
    def _get_sentence(self, problem):
        """Return the sentence for a `Problem` or `IntakeError` of the engine in the reader's language.

        The words are those of an order file; who takes in something else says what differs.
        """
        return SENTENCES[problem.code]._translate(self.env.lang or "en_US") % problem.params
