"""An office file as a zip of XML parts: bounds checked before anything is parsed, parts read as a stream."""

import contextlib
import io
import zipfile
import zlib

from lxml import etree

from .errors import IntakeError

PARSER_OPTIONS = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}
MAX_ELEMENTS = 1_000_000  # of all parts parsed: 5,000 rows of 40 cells fit, more is a few seconds of work at most

_DOCTYPES = tuple("<!DOCTYPE".encode(encoding) for encoding in ("ascii", "utf-16-le", "utf-16-be"))
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError)


def has_doctype(data):
    """Whether a document type declaration stands anywhere in the bytes."""
    return any(doctype in data for doctype in _DOCTYPES)


class Enough(Exception):
    """A handler has all it wants of its part."""


class Handler:
    """Base of the handlers of a part: names come without namespace, elements are counted, a DOCTYPE is refused.

    A subclass has `result` and overrides the hooks.
    """

    def __init__(self):
        self.count = 0  # elements met, of the parts parsed before as well

    def start(self, tag, attributes):
        self.count += 1
        if self.count > MAX_ELEMENTS:
            raise IntakeError("too_complex")
        self.on_start(tag.rpartition("}")[2], attributes)

    def end(self, tag):
        self.on_end(tag.rpartition("}")[2])

    def on_start(self, name, attributes):
        """Hook: an element begins."""

    def on_end(self, name):
        """Hook: an element ends."""

    def data(self, text):
        """Hook: text of an element."""

    def doctype(self, *_declaration):
        raise IntakeError("doctype")

    def close(self):
        """The parser's own end; the result is read from `result`."""


class Package:
    """The zip, checked as a whole before any part is parsed. Raises IntakeError."""

    def __init__(self, data, limits):
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(data))
            entries = self._archive.infolist()
        except _BROKEN as error:
            raise IntakeError("broken_zip") from error
        _check_entries(entries, len(data), limits)
        self._elements = 0
        self._parts = {entry.filename.lstrip("/"): entry for entry in entries}
        if any(has_doctype(self._unpack(entry)) for entry in entries):
            raise IntakeError("doctype")

    def __contains__(self, path):
        return path in self._parts

    def parse(self, path, handler):
        """Feed a part to a handler and return the handler's result; None when there is no such part."""
        if path not in self._parts:
            return None
        parser = etree.XMLParser(target=handler, **PARSER_OPTIONS)
        handler.count = self._elements
        try:
            with contextlib.suppress(Enough):
                parser.feed(self._unpack(self._parts[path]))
                parser.close()
        except etree.XMLSyntaxError as error:
            raise IntakeError("broken_xml", line=error.lineno or 1) from error
        self._elements = handler.count
        return handler.result

    def _unpack(self, entry):
        """Return a part; asked for its claimed size and one more, the unpacker never makes more than that."""
        try:
            with self._archive.open(entry) as part:
                return part.read(entry.file_size + 1)
        except _BROKEN as error:
            raise IntakeError("broken_zip") from error


def _check_entries(entries, packed, limits):
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise IntakeError("protected")
    if any(entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for entry in entries):
        raise IntakeError("broken_zip")
    unpacked = sum(entry.file_size for entry in entries)
    too_much = len(entries) > limits.zip_entries or unpacked > limits.zip_unpacked
    if too_much or unpacked > limits.zip_ratio * packed:
        raise IntakeError("zip_bomb")
