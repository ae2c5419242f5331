"""Quantities as people and spreadsheets write them: read when there is one reading, refused when there are two."""

import re
from decimal import Decimal, InvalidOperation

from .errors import IntakeError

MAX_QUANTITY = Decimal(10) ** 9
SHOWN = 40  # characters of a refused value that are repeated in the message

_SPACES = dict.fromkeys(map(ord, " \t\u00a0\u2007\u2009\u202f"), " ") | dict.fromkeys(map(ord, "'’`´"), "'")
_MINUS = dict.fromkeys(map(ord, "\u2212\u2012\u2013\ufe63\uff0d"), "-")
_NOT_FINITE = re.compile(r"[-+]?(nan|s?nan|inf|infinity|∞)", re.IGNORECASE | re.ASCII)
_EXPONENT = re.compile(r"[-+]?\d+(?:[.,]\d+)?[eE][-+]?\d{1,9}", re.ASCII)
_PLAIN = re.compile(r"\d+|\d*[.,]\d+", re.ASCII)
_TWO_READINGS = re.compile(r"[1-9]\d{0,2}[.,]\d{3}", re.ASCII)
_GROUPED = re.compile(r"(?P<whole>[1-9]\d{0,2}(?:(?P<sep>[ '.,])\d{3})(?:(?P=sep)\d{3})*)(?P<rest>[.,]\d+)?", re.ASCII)
_LAKH = re.compile(r"(?P<whole>[1-9]\d?(?:,\d{2})+,\d{3})(?P<rest>\.\d+)?", re.ASCII)
_STORED_NUMBER = re.compile(r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d{1,9})?", re.ASCII)
_XSD_DECIMAL = re.compile(r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)", re.ASCII)


def parse_quantity(text, limit=MAX_QUANTITY, signed=False):
    """Return the Decimal > 0 that `text` means, at most `limit`; with `signed` also 0 and what is below it.

    `1,5` and `1.5` are one and a half; `1.500,00`, `1,500.00`, `1 500` and `1'500` fifteen hundred; `1,500` and
    `1.500` are either and therefore refused. Raises IntakeError with a code `quantity_*`.
    """
    value = text.translate(_SPACES).translate(_MINUS).strip()
    if not value:
        raise IntakeError("quantity_missing")
    _refuse_special(value, text, limit)
    negative, magnitude = _split_sign(value)
    number = _read_magnitude(magnitude, text)
    return check_quantity(number.copy_negate() if negative else number, text, limit, signed)


def quantity_from_number(value, limit=MAX_QUANTITY, signed=False):
    """Return the Decimal for a numeric spreadsheet cell (its text as stored), with the 15 digits a sheet shows."""
    if not _STORED_NUMBER.fullmatch(value):
        code = "quantity_not_finite" if _NOT_FINITE.fullmatch(value) else "quantity_not_number"
        raise IntakeError(code, value=shown(value))
    try:
        number = Decimal(value)
    except InvalidOperation as error:
        raise IntakeError("quantity_not_number", value=shown(value)) from error
    check_quantity(number, value, limit, signed)
    return check_quantity(Decimal(f"{float(number):.15g}"), value, limit, signed)


def parse_decimal(text):
    """Return the Decimal of an XML Schema decimal (always a dot, never grouped), or None when it is none."""
    value = text.strip()
    if len(value) <= SHOWN and _XSD_DECIMAL.fullmatch(value):
        return Decimal(value)
    return None


def check_quantity(number, text, limit=MAX_QUANTITY, signed=False):
    """Return `number` when it is above zero, unless `signed`, and not beyond `limit`; `text` is what the file says."""
    if number < 0 and not signed:
        raise IntakeError("quantity_negative", value=shown(text))
    if number == 0 and not signed:
        raise IntakeError("quantity_zero")
    if number.copy_abs() > limit:
        raise IntakeError("quantity_too_large", value=shown(text), limit=f"{limit:f}")
    return number


def shown(text):
    """Return a value of the file, short enough to be repeated in a message."""
    clean = " ".join(str(text).split())
    return clean if len(clean) <= SHOWN else clean[: SHOWN - 1] + "…"


def _refuse_special(value, text, limit):
    if _NOT_FINITE.fullmatch(value):
        raise IntakeError("quantity_not_finite", value=shown(text))
    if _EXPONENT.fullmatch(value):
        if Decimal(value.replace(",", ".")).copy_abs() > limit:
            raise IntakeError("quantity_too_large", value=shown(text), limit=f"{limit:f}")
        raise IntakeError("quantity_exponent", value=shown(text))


def _split_sign(value):
    """Return (is negative, magnitude): a minus before or after, or the accountants' brackets."""
    if value.startswith("(") and value.endswith(")"):
        return True, value[1:-1].strip()
    if value.startswith("-"):
        return True, value[1:].strip()
    if value.endswith("-"):
        return True, value[:-1].strip()
    return False, value.removeprefix("+").strip()


def _read_magnitude(value, text):
    if _TWO_READINGS.fullmatch(value):
        raise IntakeError("quantity_ambiguous", value=shown(text))
    if _PLAIN.fullmatch(value):
        return Decimal(value.replace(",", "."))
    match = _GROUPED.fullmatch(value) or _LAKH.fullmatch(value)
    if not match or (match["rest"] or "").startswith(match.groupdict().get("sep") or ","):
        raise IntakeError("quantity_not_number", value=shown(text))
    whole = re.sub(r"\D", "", match["whole"])
    return Decimal(whole + (match["rest"] or "").replace(",", "."))
