"""What arrives: bounds, a clean name, and which kind of file it is by extension and by content."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from .errors import IntakeError
from .numbers import MAX_QUANTITY

SHEET_EXTENSIONS = ("xlsx", "csv", "tsv", "txt")
XML_EXTENSIONS = ("xml", "ubl")
EXTENSIONS = SHEET_EXTENSIONS + XML_EXTENSIONS

_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_XML_START = re.compile(rb"(?:\xef\xbb\xbf)?\s*<[?!a-zA-Z_]")
_XML_START_UTF16 = re.compile(rb"\xff\xfe(?:[\s]\x00)*<\x00|\xfe\xff(?:\x00[\s])*\x00<")
# Starts that no text a person saved as CSV has: archives, office files, PDF, pictures, programs.
_BINARY_STARTS = (
    _ZIP,
    _EMPTY_ZIP,
    _OLE,
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x1f\x8b",
    b"MZ",
    b"\x7fELF",
    b"{\\rtf",
)


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one upload. `max_rows` is the one a company may tune; the others protect the server.

    `signed`: whether quantities may be 0 and below, as in a report of stock.
    """

    max_bytes: int = 5 * 1024 * 1024
    max_rows: int = 5000
    max_columns: int = 40
    max_cell: int = 500
    max_quantity: Decimal = MAX_QUANTITY
    signed: bool = False
    zip_entries: int = 200
    zip_unpacked: int = 50 * 1024 * 1024
    zip_ratio: int = 100


DEFAULT_LIMITS = Limits()


def kind_of(data, filename, limits=DEFAULT_LIMITS):
    """Return "xlsx", "text" or "xml"; IntakeError where size, extension and content do not go together."""
    if len(data) > limits.max_bytes:
        raise IntakeError("too_big", limit_mb=limits.max_bytes // (1024 * 1024))
    if not data.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n"):
        raise IntakeError("empty")
    extension = extension_of(filename)
    if extension == "xls" or (extension in EXTENSIONS and data.startswith(_OLE)):
        raise IntakeError("protected" if _is_protected(data) else "old_excel")
    if extension not in EXTENSIONS:
        raise IntakeError("extension", extension=extension)
    kind = _kind_by_extension(extension)
    if not _content_agrees(kind, data):
        raise IntakeError("content_mismatch", extension=extension)
    return kind


def extension_of(filename):
    """Return the extension in lower case without the dot, at most 10 characters, "" when there is none."""
    return clean_filename(filename).rpartition(".")[2].lower()[:10] if "." in clean_filename(filename) else ""


def clean_filename(filename, fallback="file"):
    """Return the base name alone, without path, control or format characters, at most 100 characters."""
    base = re.split(r"[/\\]", filename or "")[-1]
    base = "".join(char for char in base if unicodedata.category(char)[0] != "C")
    base = re.sub(r'[<>:"|?*]', "_", base).strip(" .")
    stem, dot, extension = base.rpartition(".")
    if dot:
        base = f"{stem[: 99 - len(extension[:10])]}.{extension[:10]}"
    return base[:100] or fallback


def _kind_by_extension(extension):
    if extension == "xlsx":
        return "xlsx"
    return "xml" if extension in XML_EXTENSIONS else "text"


def _content_agrees(kind, data):
    if kind == "xlsx":
        return data.startswith((_ZIP, _EMPTY_ZIP))
    if kind == "xml":
        return bool(_XML_START.match(data) or _XML_START_UTF16.match(data))
    return not data.startswith(_BINARY_STARTS) and not _XML_START.match(data)


def _is_protected(data):
    return "EncryptedPackage".encode("utf-16-le") in data
