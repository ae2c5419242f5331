"""A reader of XLSX workbooks for files from strangers: bounds first, one streaming pass, nothing evaluated.

A general reader builds what the file claims (17 billion cells from 4 kB); this one stores what has content, inside
`Limits`, and stops at the first row too many. It keeps what a product code needs and a general reader drops: how a
number was stored and how its cell shows it.
"""

import posixpath
import re
from dataclasses import dataclass

from .errors import IntakeError
from .package import Enough, Handler, Package
from .rows import HEADER_SEARCH, Cell, Table, clean

MAX_SHEETS = 10  # visible sheets that are looked at
MAX_STRINGS = 500_000
MAX_TEXT = 40_000  # characters of one cell that are kept: above what a spreadsheet allows in one
MAX_ROW, MAX_COLUMN = 1_048_576, 16_384

_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?[0-9]{0,7}", re.ASCII)
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_BUILT_IN = (
    {number: "date" for number in (*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59))}
    | {9: "percent", 10: "percent", 11: "scientific", 48: "scientific"}
)  # fmt: skip


def read_workbook(data, limits):
    """Yield a Table for each visible worksheet in the order of the tabs. Raises IntakeError."""
    package = Package(data, limits)
    path, relations = _find_workbook(package)
    strings = formats = None
    for name, relation in package.parse(path, _Workbook())[:MAX_SHEETS]:
        kind, target = relations.get(relation, ("", ""))
        if kind != "worksheet":
            continue
        if strings is None:
            strings = package.parse(_related(path, relations, "sharedStrings"), _Strings()) or []
            formats = package.parse(_related(path, relations, "styles"), _Styles()) or []
        table = package.parse(_resolve(path, target), _Worksheet(name, strings, formats, limits))
        yield table or Table(name, ())


class _Relationships(Handler):
    """{id: (type's last word, target)} of the relationships inside the package."""

    def __init__(self):
        super().__init__()
        self.result = {}

    def on_start(self, name, attributes):
        if name == "Relationship" and attributes.get("TargetMode") != "External":
            kind = attributes.get("Type", "").rpartition("/")[2]
            self.result[attributes.get("Id", "")] = (kind, attributes.get("Target", ""))


class _Workbook(Handler):
    """[(name, relationship id)] of the visible sheets; without any sheet it is another kind of office file."""

    def __init__(self):
        super().__init__()
        self.result = []
        self._sheets = 0

    def close(self):
        if not self._sheets:
            raise IntakeError("not_spreadsheet")

    def on_start(self, name, attributes):
        if name != "sheet":
            return
        self._sheets += 1
        if attributes.get("state", "visible") == "visible":
            relation = next((value for key, value in attributes.items() if key.endswith("}id")), "")
            self.result.append((attributes.get("name", "")[:100], relation))


@dataclass(frozen=True, slots=True)
class _Format:
    """How a cell shows a number: a kind of `rows.Cell`, and the digits a format of zeros pads to."""

    kind: str = "number"
    pad: int = 0


class _Styles(Handler):
    """List of _Format by cell style index."""

    def __init__(self):
        super().__init__()
        self.result = []
        self._custom = {}
        self._inside = False

    def on_start(self, name, attributes):
        if name == "numFmt":
            self._custom[attributes.get("numFmtId")] = _classify(attributes.get("formatCode", "")[:255])
        elif name == "cellXfs":
            self._inside = True
        elif name == "xf" and self._inside:
            self.result.append(self._format(attributes.get("numFmtId", "0")))

    def on_end(self, name):
        if name == "cellXfs":
            raise Enough

    def _format(self, number):
        built_in = _BUILT_IN.get(int(number), "number") if number.isdecimal() and len(number) < 6 else "number"
        return self._custom.get(number) or _Format(built_in)


def _classify(code):
    """Return the _Format of a custom number format such as `00000`, `0.00E+00` or `dd/mm/yyyy`."""
    plain = _LITERAL.sub("", code.split(";")[0])
    if re.search(r"[eE][+-]", plain):
        return _Format("scientific")
    if "%" in plain:
        return _Format("percent")
    if re.search(r"[ymdhs]", plain, re.IGNORECASE) and plain.lower() != "general":
        return _Format("date")
    return _Format(pad=len(code)) if re.fullmatch(r"0{2,20}", code) else _Format()


class _Texts(Handler):
    """Base of handlers that collect text, without the pronunciation help of East Asian texts."""

    TEXT = ("t",)

    def __init__(self):
        super().__init__()
        self._pieces, self._size, self._collect, self._skip = [], 0, False, 0

    def on_start(self, name, attributes):
        if name in ("rPh", "phoneticPr"):
            self._skip += 1
        self._collect = name in self.TEXT and not self._skip

    def on_end(self, name):
        if name in ("rPh", "phoneticPr"):
            self._skip -= 1
        self._collect = False

    def data(self, text):
        if self._collect and self._size < MAX_TEXT:
            self._pieces.append(text)
            self._size += len(text)

    def take(self):
        """Return the text collected so far and start afresh."""
        text, self._pieces, self._size = "".join(self._pieces), [], 0
        return text


class _Strings(_Texts):
    """The shared strings by index."""

    def __init__(self):
        super().__init__()
        self.result = []

    def on_end(self, name):
        super().on_end(name)
        if name == "si":
            if len(self.result) >= MAX_STRINGS:
                raise IntakeError("too_complex")
            self.result.append(_unescape(self.take()))


class _Worksheet(_Texts):
    """The rows with content as in `rows.Table`, inside the limits."""

    TEXT = ("t", "v")

    def __init__(self, name, strings, formats, limits):
        super().__init__()
        self._name, self._strings, self._formats, self._limits = name, strings, formats, limits
        self._rows, self._cells = [], {}
        self._row, self._column = 0, -1
        self._type, self._style, self._formula = "n", "", False

    @property
    def result(self):
        return Table(self._name, tuple(self._rows), cut=self._is_full())

    def on_start(self, name, attributes):
        super().on_start(name, attributes)
        if name == "row":
            self._cells, self._column = {}, -1
            self._row = _row_number(attributes.get("r"), self._row)
        elif name == "c":
            self._column = _column_number(attributes.get("r"), self._column)
            self._type, self._style = attributes.get("t", "n"), attributes.get("s", "0")
            self._formula = False
            self.take()
        elif name == "f":
            self._formula = True

    def on_end(self, name):
        super().on_end(name)
        if name == "c":
            self._end_cell()
        elif name == "row" and self._cells:
            self._rows.append((self._row, self._cells))
            self._cells = {}
            if self._is_full():
                raise Enough
        elif name == "sheetData":
            raise Enough

    def _is_full(self):
        return len(self._rows) > self._limits.max_rows + HEADER_SEARCH

    def _end_cell(self):
        cell = self._make_cell(self.take())
        if not cell.text:
            return
        if self._column >= self._limits.max_columns:
            raise IntakeError("too_many_columns", limit=self._limits.max_columns)
        self._cells[self._column] = cell

    def _make_cell(self, raw):
        if self._formula:
            # a formula whose stored result is the empty text shows nothing; one without a result is not known
            return Cell(clean(_unescape(raw)) or ("" if self._type == "str" else "="), "formula")
        if self._type == "s":
            return Cell(clean(self._shared(raw)))
        if self._type in ("inlineStr", "str"):
            return Cell(clean(_unescape(raw)))
        if self._type in ("b", "e", "d"):
            return Cell(clean(raw), {"b": "boolean", "e": "error", "d": "date"}[self._type])
        shown_as = self._formats[int(self._style)] if self._is_style() else _Format()
        return Cell(clean(raw), shown_as.kind, shown_as.pad)

    def _is_style(self):
        return self._style.isdecimal() and len(self._style) < 7 and int(self._style) < len(self._formats)

    def _shared(self, raw):
        index = raw.strip()
        if index.isdecimal() and len(index) < 9 and int(index) < len(self._strings):
            return self._strings[int(index)]
        raise IntakeError("not_spreadsheet")


def _find_workbook(package):
    """Return (path of the workbook part, its relationships)."""
    root = package.parse("_rels/.rels", _Relationships()) or {}
    target = next((target for kind, target in root.values() if kind == "officeDocument"), "xl/workbook.xml")
    path = _resolve("", target)
    folder, name = posixpath.split(path)
    relations = package.parse(posixpath.join(folder, "_rels", f"{name}.rels"), _Relationships())
    if path not in package or relations is None:
        raise IntakeError("not_spreadsheet")
    return path, relations


def _related(path, relations, wanted):
    return next((_resolve(path, target) for kind, target in relations.values() if kind == wanted), "")


def _resolve(path, target):
    """Return the package path of a target relative to the part at `path`."""
    if target.startswith("/"):
        return posixpath.normpath(target).lstrip("/")
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), target))


def _row_number(text, previous):
    number = int(text) if text and text.isdecimal() and len(text) < 8 else previous + 1
    if number > MAX_ROW:
        raise IntakeError("not_spreadsheet")
    return number


def _column_number(reference, previous):
    """Return the 0-based column of a reference such as `AB12`; without one the cell follows the one before."""
    number = previous + 2
    if match := _REFERENCE.fullmatch(reference or ""):
        number = 0
        for letter in match[1]:
            number = number * 26 + ord(letter) - 64
    if number > MAX_COLUMN:
        raise IntakeError("not_spreadsheet")
    return number - 1


def _unescape(text):
    """Replace `_x000D_` and the like by the character, unless it is one that text cannot hold."""
    return _ESCAPED.sub(_escaped_character, text) if "_x" in text else text


def _escaped_character(match):
    code = int(match[1], 16)
    return match[0] if 0xD800 <= code <= 0xDFFF or code in (0xFFFE, 0xFFFF) or not code else chr(code)
