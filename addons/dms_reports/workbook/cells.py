"""What becomes of a value in a cell, whoever writes it."""

import datetime
import re

#: text that begins so would become a formula once somebody edits the cell, or pastes it elsewhere
FORMULA_STARTS = frozenset("=+-@\t\r\n")
EPOCH, FIRST_DAY = datetime.date(1899, 12, 30), datetime.date(1900, 3, 1)
#: most characters of a cell
LONGEST = 32_767
CODES = re.compile(r"(_x[0-9a-fA-F]{4}_)")
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]")
EDGES = re.compile(r"^\s|\s$")


def serial(day):
    """The number a spreadsheet knows a day or a naive moment by; None for what is before its time."""
    moment = isinstance(day, datetime.datetime)
    date = day.date() if moment else day
    if date < FIRST_DAY:
        return None
    number = (date - EPOCH).days
    return number + (day - datetime.datetime.combine(date, datetime.time())).total_seconds() / 86_400 if moment else number


def inline(text):
    """XML of text in a cell."""
    text = CODES.sub(r"_x005F\1", text)
    text = CONTROLS.sub(lambda found: f"_x{ord(found.group()):04X}_", text)
    space = ' xml:space="preserve"' if EDGES.search(text) else ""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f"<is><t{space}>{text}</t></is>"


def defuse(text):
    """xlsxwriter takes text that looks like its own rich text for just that, and writes it as it is, markup and all."""
    return f"{text} " if text.startswith("<r>") and text.endswith("</r>") else text
