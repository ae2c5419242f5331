"""How cells look, by the kind of their column."""

FONT = {"font_name": "Arial", "font_size": 10}
HEADING = {"bold": True, "bg_color": "#E7ECF1", "bottom": 1, "text_wrap": True, "valign": "vcenter"}
TEXT = {"num_format": "@"}
STRONG = {"bold": True, "top": 1}


class Formats(dict):
    """Formats by name; ``texts`` are the names of those of text, each with one ``_quoted`` beside it."""

    texts = ()


def prepare_formats(book, decimals):
    """Add the formats to a book and return them.

    :param decimals: of money
    """
    fraction = f".{'0' * decimals}" if decimals else ""
    cells = {
        "text": TEXT,
        "date": {"num_format": "yyyy-mm-dd", "align": "left"},
        "datetime": {"num_format": "yyyy-mm-dd hh:mm", "align": "left"},
        "integer": {"num_format": "#,##0"},
        "quantity": {"num_format": "#,##0.###"},
        "money": {"num_format": f"#,##0{fraction};[Red]-#,##0{fraction}"},
        "price": {"num_format": "#,##0.00####"},
        "percent": {"num_format": "0.0%;[Red]-0.0%"},
    }
    properties = {
        **cells,
        **{f"strong_{kind}": {**values, **STRONG} for kind, values in cells.items()},
        "strong": {**TEXT, "bold": True},
        "title": {**TEXT, "bold": True, "font_size": 16},
        "heading": {**TEXT, **HEADING},
        "heading_right": {**TEXT, **HEADING, "align": "right"},
        "link": {"font_color": "#0563C1", "underline": 1},
    }
    formats = Formats((name, book.add_format({**FONT, **values})) for name, values in properties.items())
    formats.texts = [name for name, values in properties.items() if values.get("num_format") == "@"]
    for name in formats.texts:
        formats[f"{name}_quoted"] = book.add_format({**FONT, **properties[name], "quote_prefix": True})
    for form in formats.values():
        getattr(form, "_get_xf_index", int)()  # numbered now, so that the number does not depend on who uses it first
    return formats
