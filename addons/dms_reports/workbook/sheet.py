"""What a workbook is made of, as plain values."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

#: ``Column.total``: the sum of the column
SUM = "sum"


@dataclass(frozen=True)
class Ratio:
    """``Column.total``: of the sums of two columns, by their places."""

    above: int
    below: int


@dataclass(frozen=True)
class Column:
    """A column. Kinds: ``text``, ``date``, ``datetime`` (naive), ``integer``, ``quantity``, ``money``, ``price``, ``percent`` (of one).

    :param width: in characters
    :param total: what stands below it: :data:`SUM`, a :class:`Ratio`, or None for nothing
    """

    label: str
    kind: str = "text"
    width: float = 14
    total: object = None


@dataclass(frozen=True)
class Chart:
    """A chart of the rows of its own sheet. Kinds are those of xlsxwriter: ``column``, ``bar``, ``line``, ``pie``...

    :param label: place of the column its categories are named by
    :param values: places of the columns it shows, a series each
    """

    kind: str
    title: str
    label: int
    values: Sequence[int]


@dataclass(frozen=True)
class Sheet:
    """A table. Rows are taken once, in order, and never kept; None leaves a cell empty.

    :param title: made to fit where spreadsheets are particular; every sheet of a book ends up with a name of its own
    :param rows: iterable of sequences, as long as the columns
    :param currency: place of the column that tells apart what must not be added up: totals are made for each of its values
    :param chart: a sheet with one should have few rows
    :param note: what it holds, for the cover
    """

    title: str
    columns: Sequence[Column]
    rows: Iterable[Sequence]
    currency: int | None = None
    chart: Chart | None = None
    note: str = ""


@dataclass(frozen=True)
class Words:
    """The words that the engine itself writes, in the reader's language."""

    cover: str = "Cover"
    contents: str = "Contents"
    sheet: str = "Sheet"
    rows: str = "Rows"
    note: str = "What it shows"
    total: str = "Total"


@dataclass(frozen=True)
class Cover:
    """The first page.

    :param lines: pairs of label and text
    :param message: a sentence that stands out, such as that there is nothing to see
    """

    title: str
    lines: Sequence[tuple] = ()
    message: str = ""
    company: str = ""
    words: Words = field(default_factory=Words)
