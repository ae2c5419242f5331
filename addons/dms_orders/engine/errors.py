"""What can be wrong with a file, a row or a value, as stable codes.

The engine holds no sentences: a code and plain values go up, and the Odoo layer turns them into a sentence in the
reader's language. Every code the engine may raise or report stands in `CODES`, with the names of its values.
"""

from dataclasses import dataclass, field

# Whole file: raised as IntakeError, nothing of the file is used.
FILE_CODES = {
    "empty": (),
    "too_big": ("limit_mb",),
    "extension": ("extension",),
    "content_mismatch": ("extension",),
    "old_excel": (),
    "protected": (),
    "broken_zip": (),
    "zip_bomb": (),
    "not_spreadsheet": (),
    "doctype": (),
    "broken_xml": ("line",),
    "too_complex": (),
    "encoding": ("line",),
    "mixed_encoding": ("line",),
    "nul_bytes": ("line",),
    "broken_csv": ("line",),
    "no_header": ("found",),
    "duplicate_header": ("first", "second"),
    "several_sheets": ("first", "second"),
    "no_rows": (),
    "too_many_rows": ("limit",),
    "too_many_columns": ("limit",),
    "not_order": ("root",),
}

# One row: reported on the row, the other rows are read.
ROW_CODES = {
    "product_missing": (),
    "code_number": ("value",),
    "code_damaged": ("value",),
    "cell_formula": (),
    "cell_error": ("value",),
    "cell_too_long": ("limit",),
    "quantity_missing": (),
    "quantity_not_number": ("value",),
    "quantity_ambiguous": ("value",),
    "quantity_exponent": ("value",),
    "quantity_not_finite": ("value",),
    "quantity_date": ("value",),
    "quantity_negative": ("value",),
    "quantity_zero": (),
    "quantity_too_large": ("value", "limit"),
}

CODES = FILE_CODES | ROW_CODES


@dataclass(frozen=True, slots=True)
class Problem:
    """A code of `CODES` and its values (text or int), ready to be made a sentence."""

    code: str
    params: dict = field(default_factory=dict)


class IntakeError(Exception):
    """The input cannot be used. `code` is one of `CODES`, `params` its values."""

    def __init__(self, code, **params):
        super().__init__(code, params)
        self.code = code
        self.params = params

    @property
    def problem(self):
        return Problem(self.code, self.params)
