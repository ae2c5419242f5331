"""Writes books of sheets, row by row."""

import itertools
from collections import defaultdict

import xlsxwriter
from xlsxwriter.utility import quote_sheetname, xl_col_to_name

from . import rows
from .formats import prepare_formats
from .sheet import SUM, Ratio

#: most rows that a sheet of a spreadsheet has, with heading and totals
MOST_ROWS = 1_048_576
#: rows between two reports of progress
STRIDE = 1_000
FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
CHART_SIZE = {"width": 900, "height": 420}
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def write_book(target, cover, sheets, decimals=2, progress=None, most_rows=MOST_ROWS, way=None):
    """Write a file and return how many rows its sheets have.

    :param target: path, or file open for writing bytes
    :param cover: :class:`~.sheet.Cover`
    :param sheets: iterable of :class:`~.sheet.Sheet`, taken one after the other
    :param decimals: of money
    :param progress: called with the number of rows so far, now and then; may raise to stop
    :param most_rows: rows of a sheet before the next one goes on
    :param way: how rows are written, see :mod:`.rows`
    """
    book = Book(target, cover, decimals, progress, most_rows, way)
    for sheet in sheets:
        book.add(sheet)
    return book.close()


class Book:
    """A file that is being written; see :func:`write_book`."""

    def __init__(self, target, cover, decimals=2, progress=None, most_rows=MOST_ROWS, way=None):
        self.cover, self.words = cover, cover.words
        self.progress, self.most_rows, self.way = progress, most_rows, way or rows.pick()
        self.row_count, self.contents, self.names = 0, [], set()
        self.book = xlsxwriter.Workbook(target, OPTIONS)
        self.book.set_properties({"title": cover.title, "company": cover.company})
        self.formats = prepare_formats(self.book, decimals)
        self.front = self._add_worksheet(self.words.cover)

    def add(self, sheet):
        """Write a sheet, and further ones for what goes beyond the rows that one can have."""
        parts, sums, left = [], _Sums(sheet), iter(sheet.rows)
        room = self.most_rows - 1 - 100  # a heading, and totals of as many currencies
        following = []
        while following is not None:
            worksheet = self._add_worksheet(sheet.title)
            self._write_heading(worksheet, sheet.columns)
            count = self._write_rows(worksheet, sheet, itertools.chain(following, itertools.islice(left, room - len(following))), sums)
            parts.append((worksheet, count))
            row = next(left, None) if count == room else None
            following = None if row is None else [row]
        self._write_totals(sheet, parts, sums)
        for worksheet, count in parts:
            self._finish(worksheet, sheet, count)
            self.contents.append((worksheet.get_name(), count, sheet.note))

    def close(self):
        """Write the cover and the file; return the number of rows."""
        self._write_cover()
        self.front.activate()
        self.book.close()
        return self.row_count

    # ------------------------------------------------------------ rows

    def _write_rows(self, worksheet, sheet, values, sums):
        """Write rows below the heading and return their number."""
        way = self.way(worksheet, self.formats, [column.kind for column in sheet.columns])
        put, add, row = way.put, sums.add, 0
        for row, cells in enumerate(values, 1):
            put(row, cells)
            add(cells)
            if not row % STRIDE:
                self._report(STRIDE)
        way.end(row)
        self._report(row % STRIDE)
        return row

    def _report(self, count):
        self.row_count += count
        if self.progress:
            self.progress(self.row_count)

    def _write_text(self, worksheet, row, column, text, form="text"):
        rows.write_text(worksheet, self.formats, row, column, text, form)

    # ------------------------------------------------------------ around the rows

    def _add_worksheet(self, title):
        return self.book.add_worksheet(self._get_name(title))

    def _get_name(self, title):
        """A name that spreadsheets accept: 31 characters, some of them not allowed, no two the same."""
        wanted = title.translate(FORBIDDEN).strip().strip("'")[:31].strip() or "-"
        name, number = wanted, 1
        while name.lower() in self.names or name.lower() == "history":
            number += 1
            name = f"{wanted[: 31 - len(str(number)) - 1]} {number}"
        self.names.add(name.lower())
        return name

    def _write_heading(self, worksheet, columns):
        for place, column in enumerate(columns):
            worksheet.set_column(place, place, column.width)
            self._write_text(
                worksheet, 0, place, column.label, "heading" if column.kind in ("text", "date", "datetime") else "heading_right"
            )

    def _write_totals(self, sheet, parts, sums):
        """Below the last part, a row for each currency; formulas, so that they follow what a reader filters or changes."""
        if not any(column.total for column in sheet.columns) or not any(count for _worksheet, count in parts):
            return
        worksheet, count = parts[-1]
        groups = sorted(sums.groups, key=lambda group: str(group or ""))
        for row, group in enumerate(groups, count + 1):
            for place, column in enumerate(sheet.columns):
                self._write_total(worksheet, row, place, column, sums.groups[group], self._prepare_formula(sheet, parts, row, group))
            if groups != [None]:
                self._write_text(worksheet, row, sheet.currency, group, "strong_text")
            if sheet.currency != 0 and not sheet.columns[0].total:
                self._write_text(worksheet, row, 0, self.words.total, "strong_text")

    def _write_total(self, worksheet, row, place, column, values, formula):
        if column.total == SUM:
            form = self.formats[f"strong_{column.kind}"]
            worksheet.write_formula(row, place, formula(place), form, values.sum(place))
        elif isinstance(column.total, Ratio):
            above, below = (f"{xl_col_to_name(other)}{row + 1}" for other in (column.total.above, column.total.below))
            value = values.ratio(column.total)
            worksheet.write_formula(row, place, f"=IF({below}=0,0,{above}/{below})", self.formats[f"strong_{column.kind}"], value)
        else:
            worksheet.write_blank(row, place, None, self.formats["strong_text"])

    def _prepare_formula(self, sheet, parts, row, group):
        """A function of a column's place that returns the formula of its total."""

        def formula(place):
            ranges = [(_range(worksheet, place, count, parts), worksheet, count) for worksheet, count in parts if count]
            if group is None:
                return "=" + "+".join(f"SUBTOTAL(109,{cells})" for cells, *_more in ranges)
            criterion = f"{xl_col_to_name(sheet.currency)}{row + 1}"
            return "=" + "+".join(
                f"SUMIF({_range(worksheet, sheet.currency, count, parts)},{criterion},{cells})" for cells, worksheet, count in ranges
            )

        return formula

    def _finish(self, worksheet, sheet, count):
        """The heading stays in view and on each printed page; rows can be filtered; a chart stands beside them."""
        worksheet.freeze_panes(1, 0)
        worksheet.autofilter(0, 0, max(count, 1), len(sheet.columns) - 1)
        worksheet.set_landscape()
        worksheet.set_paper(9)
        worksheet.fit_to_pages(1, 0)
        worksheet.repeat_rows(0)
        worksheet.set_footer("&L&A&R&P / &N")
        if sheet.chart and count:
            worksheet.insert_chart(1, len(sheet.columns) + 1, self._prepare_chart(worksheet, sheet, count))

    def _prepare_chart(self, worksheet, sheet, count):
        name, spec = worksheet.get_name(), sheet.chart
        chart = self.book.add_chart({"type": spec.kind})
        for place in spec.values:
            chart.add_series(
                {
                    "name": [name, 0, place],
                    "categories": [name, 1, spec.label, count, spec.label],
                    "values": [name, 1, place, count, place],
                }
            )
        chart.set_title({"name": spec.title})
        chart.set_size(CHART_SIZE)
        chart.set_legend({"none": True} if len(spec.values) == 1 and spec.kind != "pie" else {"position": "bottom"})
        return chart

    def _write_cover(self):
        worksheet, row = self.front, 2
        worksheet.set_column(0, 0, 28)
        worksheet.set_column(1, 1, 14)
        worksheet.set_column(2, 2, 80)
        self._write_text(worksheet, 0, 0, self.cover.title, "title")
        for row, (label, text) in enumerate(self.cover.lines, row):  # noqa: B020 - goes on below the last one
            self._write_text(worksheet, row, 0, label, "strong")
            self._write_text(worksheet, row, 1, text)
        if self.cover.message:
            row += 2
            self._write_text(worksheet, row, 0, self.cover.message, "strong")
        if self.contents:
            self._write_contents(worksheet, row + 2)
        worksheet.hide_gridlines(2)

    def _write_contents(self, worksheet, first):
        for column, (label, form) in enumerate(
            ((self.words.contents, "heading"), (self.words.rows, "heading_right"), (self.words.note, "heading"))
        ):
            self._write_text(worksheet, first, column, label, form)
        for row, (name, count, note) in enumerate(self.contents, first + 1):
            worksheet.write_url(row, 0, f"internal:{quote_sheetname(name)}!A1", self.formats["link"], name)
            worksheet.write_number(row, 1, count, self.formats["integer"])
            self._write_text(worksheet, row, 2, note)


class _Sums:
    """Sums of the columns with a total, for each currency."""

    def __init__(self, sheet):
        ratios = [column.total for column in sheet.columns if isinstance(column.total, Ratio)]
        sums = {place for place, column in enumerate(sheet.columns) if column.total == SUM}
        self.places = sorted(sums.union(*((ratio.above, ratio.below) for ratio in ratios)))
        self.currency = sheet.currency
        self.groups = defaultdict(lambda: _Values(self.places))
        if self.currency is None:
            self.add = self.groups[None].add

    def add(self, values):
        self.groups[values[self.currency] or ""].add(values)


class _Values:
    def __init__(self, places):
        self.places, self.sums = places, dict.fromkeys(places, 0.0)

    def add(self, values):
        sums = self.sums
        for place in self.places:
            value = values[place]
            if value and value - value == 0:  # neither infinite nor no number
                sums[place] += value

    def sum(self, place):
        return round(self.sums[place], 6)

    def ratio(self, ratio):
        below = self.sum(ratio.below)
        return self.sum(ratio.above) / below if below else 0


def _range(worksheet, place, count, parts):
    """The cells of a column, with the sheet's name where there are several."""
    column = xl_col_to_name(place)
    cells = f"{column}2:{column}{count + 1}"
    return cells if worksheet is parts[-1][0] else f"{quote_sheetname(worksheet.get_name())}!{cells}"
