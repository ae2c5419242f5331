"""The format of Odoo 19's spreadsheet dashboards: a :class:`Board` is filled from top to bottom and rendered.

It is that of Odoo's own ``spreadsheet_dashboard_sale/data/files``; an update of Odoo takes files of older versions along.
"""

import json
import uuid

VERSION = "18.5.10"
FACT, GROWTH, SERVICE = "dms.sales.fact", "dms.sales.comparison", "dms.delivery.service"
ACCOUNT, AGEING, POSITION = "dms.credit.account", "dms.credit.ageing", "dms.stock.position"

#: what filters act on, model by model: field and its type
SALES = {
    "period": ("date", "date"),
    "territory": ("territory_id", "many2one"),
    "distributor": ("distributor_id", "many2one"),
    "category": ("categ_id", "many2one"),
}
CREDIT = {"territory": ("territory_id", "many2one"), "distributor": ("partner_id", "many2one")}
CHAINS = {
    **dict.fromkeys((FACT, GROWTH, SERVICE), SALES),
    **dict.fromkeys((ACCOUNT, AGEING), CREDIT),
    POSITION: {name: chain for name, chain in SALES.items() if name != "period"},
}
FILTERS = {
    "period": {"type": "date", "label": "Period", "defaultValue": "last_90_days"},
    "territory": {"type": "relation", "label": "Territory", "modelName": "dms.territory", "defaultValueDisplayNames": []},
    "distributor": {
        "type": "relation",
        "label": "Distributor",
        "modelName": "res.partner",
        "defaultValueDisplayNames": [],
        "domainOfAllowedValues": [["is_distributor", "=", True]],
    },
    "category": {"type": "relation", "label": "Category", "modelName": "product.category", "defaultValueDisplayNames": []},
}
MENUS = {
    FACT: "dms_reports.menu_sales_fact",
    GROWTH: "dms_reports.menu_sales_comparison",
    SERVICE: "dms_reports.menu_delivery_service",
}
COLUMNS = (235, 130, 110, 50, 235, 130, 110)
#: pixels; rows of a chart
WIDTH, ROW, HEIGHT = sum(COLUMNS), 28, 12
TEAL, GREY = "#01666B", "#434343"
STYLES = {
    "1": {"textColor": TEAL, "bold": True, "fontSize": 16},
    "2": {"textColor": GREY, "fontSize": 11, "bold": True},
    "3": {"textColor": GREY, "verticalAlign": "middle"},
    "4": {"textColor": GREY, "fontSize": 11, "bold": True, "align": "center"},
    "5": {"fillColor": "#f2f2f2"},
}
FORMATS = {"1": "0%", "2": "#,##0"}
PERCENT = "0%"
LINE = {"style": "thin", "color": "#CCCCCC"}
COLOURS = ("#EFF6FF", "#FFF7ED", "#F0FDF4", "#FEF2F2")
LOCALE = {
    "name": "English (US)",
    "code": "en_US",
    "thousandsSeparator": ",",
    "decimalSeparator": ".",
    "dateFormat": "mm/dd/yyyy",
    "timeFormat": "hh:mm:ss",
    "formulaArgSeparator": ",",
    "weekStart": 7,
}


def _id(*parts):
    """An id that is the same at every run."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "/".join(("dms_reports", *map(str, parts)))))


def measure(name, aggregator="sum", label=None, style=None):
    """A measure of a pivot; ``style`` is its number format."""
    values = {"id": f"{name}:{aggregator}", "fieldName": name, "aggregator": aggregator}
    return values | ({"userDefinedName": label} if label else {}) | ({"format": style} if style else {})


class Board:
    """A dashboard that is filled from top to bottom."""

    def __init__(self, name, filters):
        self.name, self.filters = name, filters
        self.row = 0
        self.cells, self.styles, self.borders, self.figures, self.tables = {}, {}, {}, [], []
        self.data, self.data_formats = {"A1": '=_t("KPI")', "B1": '=_t("Current")', "C1": '=_t("Previous")'}, {}
        self.data_row = 1
        self.pivots, self.lists, self.menus, self.bars = {}, {}, {}, []

    # ------------------------------------------------------------ sources

    def matching(self, model, offset=0):
        """Which field of a model each filter acts on; ``offset``: so many periods away."""
        found = {}
        for name in self.filters:
            if name in CHAINS[model]:
                chain, kind = CHAINS[model][name]
                found[_id(self.name, name)] = {"chain": chain, "type": kind} | ({"offset": offset} if kind == "date" else {})
        return found

    def pivot(self, name, model, measures, rows=(), domain=(), order=None, offset=0):
        """The number of a new pivot; ``order`` is the id of the measure it is sorted by, largest first."""
        number = str(len(self.pivots) + 1)
        self.pivots[number] = {
            "type": "ODOO",
            "id": number,
            "formulaId": number,
            "name": name,
            "model": model,
            "domain": list(domain),
            "context": {},
            "measures": measures,
            "rows": [{"fieldName": row} for row in rows],
            "columns": [],
            "sortedColumn": {"measure": order, "order": "desc", "domain": []} if order else None,
            "fieldMatching": self.matching(model, offset),
        }
        return number

    # ------------------------------------------------------------ parts

    def scorecards(self, *rows):
        """Rows of figures: ``(title, model, measure, domain)``, each with that of the period before where there is one."""
        for cards in rows:
            self._scorecards(cards)
        self.row += 1

    def _scorecards(self, cards):
        width = (WIDTH - 10 * (len(cards) - 1)) // len(cards)
        for place, (title, model, what, domain) in enumerate(cards):
            key, base = self._score(title, model, what, domain)
            chart = _id(self.name, "score", title)
            data = {
                "type": "scorecard",
                "chartId": chart,
                "title": {"text": title, "bold": True, "color": GREY},
                "background": COLOURS[place % len(COLOURS)],
                "keyValue": key,
                "humanize": False,
                "baselineMode": "percentage",
                "baselineColorUp": "#00A04A",
                "baselineColorDown": "#DC6965",
                "baselineDescr": {"text": "since last period"},
            }
            self._figure(chart, data | ({"baseline": base} if base else {}), place * (width + 10), width, 101, model)
        self.row += 4

    def _score(self, title, model, what, domain):
        self.data_row += 1
        row, name = self.data_row, what["id"]
        percent = what.get("format") == PERCENT
        cells = [("B", 0)] + ([("C", -1)] if "period" in CHAINS[model] and "period" in self.filters else [])
        self.data[f"A{row}"] = f'=_t("{title}")'
        for column, offset in cells:
            pivot = self.pivot(f"{title}, {offset}", model, [what], domain=domain, offset=offset)
            value = f'PIVOT.VALUE({pivot},"{name}")'
            self.data[f"{column}{row}"] = f"={value}" if percent else f"=FORMAT.LARGE.NUMBER({value})"
            if percent:
                self.data_formats[f"{column}{row}"] = 1
        return f"Data!B{row}", f"Data!C{row}" if len(cells) > 1 else None

    def section(self, title, model, column="A", groupby=(), measures=(), domain=(), view="pivot"):
        """A title that opens the figures behind its section."""
        context = {
            "group_by": list(groupby),
            "pivot_row_groupby": list(groupby),
            "pivot_column_groupby": [],
            "pivot_measures": list(measures),
            "graph_groupbys": list(groupby),
        } | ({"graph_measure": measures[0]} if measures else {})
        kinds = ["list", "search"] if view == "list" else ["graph", "pivot", "search"]
        action = {"domain": list(domain), "context": context, "modelName": model, "views": [[False, kind] for kind in kinds]}
        link = {"viewType": view, "action": action, "threshold": 0, "name": title}
        cell = f"{column}{self.row + 1}"
        self.cells[cell] = f"[{title}](odoo://view/{json.dumps(link, separators=(',', ':'))})"
        self.styles[cell] = 1
        end = "G" if column == "E" else "C"
        self.borders[f"{cell}:{end}{self.row + 1}"] = 1

    def chart(self, title, kind, model, groupby, what, domain=(), half=None, order="DESC", **more):
        """A chart under its title; ``half``: 0 left, 1 right, None the whole width. The last of a row moves on."""
        column = "E" if half else "A"
        self.section(title, model, column, groupby, [what], domain, "graph")
        if half is None:
            self.borders = {key: value for key, value in self.borders.items() if key != f"A{self.row + 1}:C{self.row + 1}"}
            self.borders[f"A{self.row + 1}:G{self.row + 1}"] = 1
        chart = _id(self.name, "chart", title)
        mode = kind.removeprefix("odoo_")
        data = {
            "type": kind,
            "chartId": chart,
            "title": {"text": ""},
            "background": "#FFFFFF",
            "legendPosition": "none" if len(groupby) == 1 and kind != "odoo_pie" else "top",
            "metaData": {
                "groupBy": list(groupby),
                "measure": what,
                "order": None if any(name.startswith("date") for name in groupby) else order,
                "resModel": model,
                "mode": mode,
            },
            "searchParams": {"comparison": None, "context": {}, "domain": list(domain), "groupBy": list(groupby), "orderBy": []},
            "dataSets": [{}],
            "verticalAxisPosition": "left",
            "stacked": len(groupby) > 1,
            **more,
        }
        x, width = ((525, 475) if half else (0, 475)) if half is not None else (0, WIDTH)
        self._figure(chart, data, x, width, HEIGHT * ROW - 12, model, skip=1)
        if half != 0:
            self.row += HEIGHT + 2

    def table(self, title, model, groupby, measures, domain=(), half=0, count=10, order=None):
        """The largest groups under their title."""
        column, last = ("E", "G") if half else ("A", "C")
        self.section(title, model, column, groupby, [what["fieldName"] for what in measures], domain)
        pivot = self.pivot(title.partition(",")[0], model, measures, groupby, domain, order or measures[0]["id"])
        self._rows(column, last, count, {f"{column}{self.row + 2}": f"=PIVOT({pivot}, {count}, FALSE, FALSE)"})
        if half:
            self.row += count + 3

    def list(self, title, model, columns, domain=(), order=None, half=0, count=10):
        """The first records under their title; ``columns``: ``{field: label or None}``, three of them."""
        letters = "EFG" if half else "ABC"
        self.section(title, model, letters[0], domain=domain, view="list")
        number = str(len(self.lists) + 1)
        self.lists[number] = {
            "id": number,
            "name": title,
            "model": model,
            "columns": list(columns),
            "domain": list(domain),
            "context": {},
            "orderBy": [{"name": name, "asc": asc} for name, asc in order or ()],
            "fieldMatching": self.matching(model),
        }
        cells = {}
        for letter, (name, label) in zip(letters, columns.items(), strict=True):
            more = f', _t("{label}")' if label else ""
            cells[f"{letter}{self.row + 2}"] = f'=ODOO.LIST.HEADER({number}, "{name}"{more})'
            cells |= {f"{letter}{self.row + 2 + line}": f'=ODOO.LIST({number},{line},"{name}")' for line in range(1, count + 1)}
        self._rows(letters[0], letters[2], count, cells)
        if half:
            self.row += count + 3

    def _rows(self, first, last, count, cells):
        head, end = self.row + 2, self.row + 2 + count
        second = chr(ord(first) + 1)
        self.cells |= cells
        self.styles |= {f"{first}{head}": 2, f"{second}{head}:{last}{head}": 4, f"{first}{head + 1}:{last}{end}": 3}
        config = {
            **dict.fromkeys(("hasFilters", "totalRow", "firstColumn", "lastColumn", "bandedColumns"), False),
            **{"numberOfHeaders": 1, "bandedRows": True, "automaticAutofill": True, "styleId": "None"},
        }
        self.tables.append({"range": f"{first}{head}:{last}{end}", "type": "static", "config": config})
        rule = {"type": "DataBarRule", "color": 15531509, "rangeValues": f"{second}{head + 1}:{second}{end}"}
        self.bars.append({"id": _id(self.name, "bar", first, head), "rule": rule, "ranges": [f"{first}{head + 1}:{first}{end}"]})

    def _figure(self, chart, data, x, width, height, model, skip=0):
        matching = {} if data["type"] == "scorecard" else {"fieldMatching": self.matching(model)}
        offset = {"x": x, "y": (self.row + skip) * ROW + 8}
        self.figures.append(
            {"id": chart, "tag": "chart", "col": 0, "row": 0, "offset": offset, "width": width, "height": height, "data": data | matching}
        )
        if model in MENUS:
            self.menus[chart] = MENUS[model]

    # ------------------------------------------------------------ the file

    def render(self):
        """The dashboard as Odoo stores it."""
        board = self._sheet("sheet1", "Dashboard", 7, self.row + 2)
        board["rows"] = {str(row): {"size": ROW} for row in range(self.row + 2)}
        board["cols"] = {str(number): {"size": size} for number, size in enumerate(COLUMNS)}
        board |= {"cells": self.cells, "styles": self.styles, "borders": self.borders}
        board |= {"figures": self.figures, "tables": self.tables, "conditionalFormats": self.bars}
        data = self._sheet(_id(self.name, "data"), "Data", 26, 100)
        data |= {"cells": self.data, "styles": {f"A1:C{self.data_row}": 5}, "formats": self.data_formats}
        return {
            "version": VERSION,
            "sheets": [board, data],
            "styles": STYLES,
            "formats": FORMATS,
            "borders": {"1": {"bottom": LINE}},
            "revisionId": "START_REVISION",
            "uniqueFigureIds": True,
            "settings": {"locale": LOCALE},
            "pivots": self.pivots,
            "pivotNextId": len(self.pivots) + 1,
            "customTableStyles": {},
            "globalFilters": [{"id": _id(self.name, name), **FILTERS[name]} for name in self.filters],
            "lists": self.lists,
            "listNextId": len(self.lists) + 1,
            "chartOdooMenusReferences": self.menus,
        }

    def _sheet(self, number, name, columns, rows):
        return {
            **{"id": number, "name": name, "colNumber": columns, "rowNumber": rows, "rows": {}, "cols": {}, "merges": []},
            **{"cells": {}, "styles": {}, "formats": {}, "borders": {}, "conditionalFormats": [], "dataValidationRules": []},
            **{"figures": [], "tables": [], "areGridLinesVisible": True, "isVisible": True, "comments": {}},
            "headerGroups": {"ROW": [], "COL": []},
        }
