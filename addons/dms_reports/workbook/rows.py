"""Two ways to write the rows of a sheet, to the same file: through xlsxwriter's methods, a cell at a time, or past them.

In constant memory xlsxwriter puts every row, once complete, as XML into a file of its own. :class:`FastRows` adds rows to that very file
in a tenth of the time; heading, totals, formats and all the rest stay xlsxwriter's. Where a version of it has no such file any more,
:func:`pick` takes :class:`PlainRows`.
"""

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from .cells import FORMULA_STARTS, LONGEST, defuse, inline, serial

#: rows written to the file at once
BATCH = 200
#: texts and days whose XML is kept for the next row
KEPT = 20_000
NUMBER = "</v></c>"


def pick():
    """The faster way, where this xlsxwriter has what it takes."""
    needed = (Worksheet, "_write_single_row"), (Worksheet, "_check_dimensions"), (Format, "_get_xf_index")
    return FastRows if all(hasattr(owner, name) for owner, name in needed) else PlainRows


class PlainRows:
    """Writes cells by the public methods of a worksheet.

    :param worksheet: with its heading written, in row 0
    :param formats: :class:`~.formats.Formats`
    :param kinds: of the columns
    """

    def __init__(self, worksheet, formats, kinds):
        self.worksheet, self.formats = worksheet, formats
        self.writers = [getattr(self, f"_write_{kind}", self._write_number) for kind in kinds]
        self.forms = [formats[kind] for kind in kinds]

    def put(self, row, values):
        for column, value in enumerate(values):
            if value is not None:
                self.writers[column](row, column, value, self.forms[column])

    def end(self, last):
        """Called once no row comes any more; ``last`` is that of the last one."""

    def _write_number(self, row, column, value, form):
        if value - value == 0:  # neither infinite nor no number
            self.worksheet.write_number(row, column, value, form)

    def _write_text(self, row, column, text, form):
        write_text(self.worksheet, self.formats, row, column, text)

    def _write_date(self, row, column, day, form):
        number = serial(day)
        if number is None:
            self.worksheet.write_string(row, column, day.isoformat(), form)
        else:
            self.worksheet.write_number(row, column, number, form)

    _write_datetime = _write_date


def write_text(worksheet, formats, row, column, text, form="text"):
    """Write text as text: no formula, no link, and no formula either once somebody edits the cell."""
    if text:
        name = f"{form}_quoted" if text[0] in FORMULA_STARTS else form
        worksheet.write_string(row, column, defuse(text[:LONGEST]), formats[name])


class FastRows:
    """Writes rows as XML; see above. Takes what :class:`PlainRows` takes and leaves the same file."""

    def __init__(self, worksheet, formats, kinds):
        self.worksheet, self.formats = worksheet, formats
        self.width, self.lines = len(kinds), []
        kept = {kind: {} for kind in kinds}
        self.columns = [self._prepare_column(place, kind, kept[kind]) for place, kind in enumerate(kinds)]
        worksheet._write_single_row(1)  # the heading

    def _prepare_column(self, place, kind, kept):
        """Beginning of a cell; what follows the row's number in one with a number; or what makes that of others, and what was made."""
        style = self._style(kind)
        makers = {"text": self._make_text, "date": self._make_date, "datetime": self._make_date}
        make = makers.get(kind)
        return f'<c r="{xl_col_to_name(place)}', f"{style}><v>", make and (lambda value: make(value, kind)), kept

    def _style(self, name):
        return f'" s="{self.formats[name]._get_xf_index()}"'

    def put(self, row, values):
        number = row + 1
        cells = [f'<row r="{number}">']
        for value, (head, tail, make, kept) in zip(values, self.columns, strict=True):
            if value is None:
                continue
            if make is None:
                if value - value == 0:  # neither infinite nor no number
                    cells.append(f"{head}{number}{tail}{value:.16G}{NUMBER}")
                continue
            made = kept.get(value)
            if made is None:
                if len(kept) >= KEPT:
                    kept.clear()
                made = kept[value] = make(value)
            if made:
                cells.append(f"{head}{number}{made}")
        if len(cells) > 1:
            cells.append("</row>")
            self.lines.append("".join(cells))
            if len(self.lines) >= BATCH:
                self._flush()

    def _flush(self):
        self.worksheet.fh.write("".join(self.lines))
        self.lines.clear()

    def end(self, last):
        self._flush()
        if last:
            self.worksheet._check_dimensions(last, self.width - 1)
            self.worksheet.previous_row = last

    def _make_text(self, text, _kind):
        if not text:
            return ""
        style = self._style("text_quoted" if text[0] in FORMULA_STARTS else "text")
        return f'{style} t="inlineStr">{inline(text[:LONGEST])}</c>'

    def _make_date(self, day, kind):
        number, style = serial(day), self._style(kind)
        if number is None:
            return f'{style} t="inlineStr">{inline(day.isoformat())}</c>'
        return f"{style}><v>{number:.16G}{NUMBER}"
