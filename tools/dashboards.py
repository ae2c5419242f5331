"""The spreadsheet dashboards of ``dms_reports``: what stands on them.

``python3 -m tools.dashboards`` writes ``addons/dms_reports/data/dashboards/*.json`` anew; a test holds the files to what this
gives. How that is written is told in ``dashboard_format.py``.
"""

import json
import sys
from pathlib import Path

from tools.dashboard_format import ACCOUNT, AGEING, FACT, GROWTH, PERCENT, POSITION, SERVICE, Board, measure

FOLDER = Path(__file__).parent.parent / "addons/dms_reports/data/dashboards"

NET, SELLOUT = measure("net_amount", label="Net Sales"), measure("sellout_qty", label="Sell-out Qty")
YEARLY = measure("net_growth_last_year", "avg", "On Last Year", PERCENT)
ACTIVE = measure("distributor_count", "count_distinct")
OTIF = measure("otif_rate", "avg", "OTIF", PERCENT)
FILL = measure("fill_rate", "avg", "Fill Rate", PERCENT)
#: a month that still runs would be compared with whole ones
CLOSED = [["date", "<", "today =1d"]]
EVERYTHING = ("period", "territory", "distributor", "category")


def management():
    board = Board("management", EVERYTHING)
    board.scorecards(
        [
            ("Net Sales", FACT, NET, []),
            ("Ordered", FACT, measure("ordered_amount"), []),
            ("Sell-out Quantity", FACT, SELLOUT, []),
            ("Scheme Cost", FACT, measure("scheme_cost"), []),
        ],
        [
            ("Active Distributors", FACT, ACTIVE, []),
            ("Range Sold", FACT, measure("product_count", "count_distinct"), []),
            ("Fill Rate", SERVICE, FILL, []),
            ("On Time in Full", SERVICE, OTIF, []),
        ],
    )
    board.chart("Net Sales by Month", "odoo_line", FACT, ["date:month"], "net_amount", fillArea=True, cumulatedStart=False)
    board.chart("Net Sales by Region", "odoo_bar", FACT, ["territory_1_id"], "net_amount", half=0)
    board.chart("Ordered by Channel", "odoo_pie", FACT, ["order_channel"], "ordered_amount", [["ordered_amount", "!=", 0]], half=1)
    board.table("Top Distributors", FACT, ["distributor_id"], [NET, SELLOUT], half=0)
    board.table("Top Products", FACT, ["product_id"], [NET, SELLOUT], [["product_id", "!=", False]], half=1)
    board.table("Growth by Region, Closed Months", GROWTH, ["territory_1_id"], [NET, YEARLY], CLOSED, half=0)
    board.table("Growth by Category, Closed Months", GROWTH, ["categ_id"], [NET, YEARLY], [*CLOSED, ["categ_id", "!=", False]], half=1)
    board.table("Service by Warehouse", SERVICE, ["warehouse_id"], [FILL, OTIF], half=0, order="fill_rate:avg")
    board.table("Scheme Cost by Class", FACT, ["distributor_class_id"], [measure("scheme_cost", label="Scheme Cost"), NET], half=1)
    return board


def area_manager():
    board = Board("area_manager", EVERYTHING)
    board.scorecards(
        [
            ("Net Sales", FACT, NET, []),
            ("Sell-out Quantity", FACT, SELLOUT, []),
            ("Active Distributors", FACT, ACTIVE, []),
            ("On Time in Full", SERVICE, OTIF, []),
        ]
    )
    board.chart("Net Sales by Week", "odoo_line", FACT, ["date:week"], "net_amount", fillArea=True, cumulatedStart=False)
    board.chart("Net Sales by Territory", "odoo_bar", FACT, ["territory_id"], "net_amount", half=0)
    board.chart("Net Sales by Category", "odoo_pie", FACT, ["categ_id"], "net_amount", [["net_amount", ">", 0]], half=1)
    board.table("Growth, Closed Months", GROWTH, ["distributor_id"], [NET, YEARLY], CLOSED, half=0)
    board.table("Sell-in and Sell-out", FACT, ["distributor_id"], [measure("delivered_qty", label="Delivered Qty"), SELLOUT], half=1)
    board.list(
        "Out of Stock at Distributors",
        POSITION,
        {"product_id": None, "distributor_id": None, "status_since": "Since"},
        [["status", "=", "out"]],
        [("status_since", True)],
        half=0,
    )
    board.table("Service by Distributor", SERVICE, ["distributor_id"], [FILL, OTIF], half=1, order="fill_rate:avg")
    return board


def credit():
    board = Board("credit", ("territory", "distributor"))
    board.scorecards(
        [
            ("Exposure", ACCOUNT, measure("exposure_amount"), []),
            ("Limits", ACCOUNT, measure("limit_amount"), [["has_limit", "=", True]]),
            ("Receivable", ACCOUNT, measure("receivable_amount"), []),
            ("Overdue", ACCOUNT, measure("overdue_amount"), []),
        ],
        [
            ("Over the Limit", ACCOUNT, measure("__count"), [["has_limit", "=", True], ["available_amount", "<", 0]]),
            ("Stopped", ACCOUNT, measure("__count"), [["is_stopped", "=", True]]),
            ("Overdue Over 60 Days", ACCOUNT, measure("__count"), [["overdue_days", ">", 60]]),
            ("With Held Orders", ACCOUNT, measure("__count"), [["hold_count", ">", 0]]),
        ],
    )
    board.chart("Receivables by Age", "odoo_bar", AGEING, ["bucket"], "residual_amount", half=0, order=None)
    board.chart("Overdue by Territory", "odoo_bar", AGEING, ["territory_id"], "overdue_amount", [["overdue_amount", ">", 0]], half=1)
    board.chart("Exposure by Territory", "odoo_bar", ACCOUNT, ["territory_id"], "exposure_amount")
    board.list(
        "Most Overdue",
        ACCOUNT,
        {"partner_id": None, "overdue_amount": None, "overdue_days": None},
        [["overdue_amount", ">", 0]],
        [("overdue_amount", False)],
        half=0,
    )
    board.list(
        "Least Available",
        ACCOUNT,
        {"partner_id": None, "available_amount": None, "used_percent": None},
        [["has_limit", "=", True]],
        [("available_amount", True)],
        half=1,
    )
    return board


def stock():
    board = Board("stock", ("territory", "distributor", "category"))
    board.scorecards(
        [
            ("Out of Stock", POSITION, measure("__count"), [["status", "=", "out"]]),
            ("Low", POSITION, measure("__count"), [["status", "=", "low"]]),
            ("Overstock", POSITION, measure("__count"), [["status", "=", "over"]]),
            ("No Sell-out", POSITION, measure("__count"), [["status", "=", "dead"]]),
        ],
        [
            ("On Hand", POSITION, measure("on_hand_qty"), []),
            ("In Transit", POSITION, measure("in_transit_qty"), []),
            ("Sold per Day", POSITION, measure("avg_daily_sellout"), []),
            ("Average Cover (Days)", POSITION, measure("days_cover", "avg"), [["avg_daily_sellout", ">", 0]]),
        ],
    )
    board.chart("Positions by Status", "odoo_pie", POSITION, ["status"], "__count", half=0)
    board.chart("Status by Category", "odoo_bar", POSITION, ["categ_id", "status"], "__count", half=1)
    board.chart("Out of Stock by Territory", "odoo_bar", POSITION, ["territory_id"], "__count", [["status", "=", "out"]])
    board.list(
        "Out of Stock the Longest",
        POSITION,
        {"product_id": None, "distributor_id": None, "status_since": "Since"},
        [["status", "=", "out"]],
        [("status_since", True)],
        half=0,
    )
    board.table(
        "Stock by Distributor",
        POSITION,
        ["distributor_id"],
        [measure("on_hand_qty", label="On Hand"), measure("in_transit_qty", label="In Transit")],
        half=1,
    )
    board.list(
        "Overstock",
        POSITION,
        {"product_id": None, "distributor_id": None, "days_cover": None},
        [["status", "=", "over"]],
        [("days_cover", False)],
        half=0,
    )
    board.table(
        "Slow Categories",
        POSITION,
        ["categ_id"],
        [measure("on_hand_qty", label="On Hand"), measure("days_cover", "avg", "Cover", "#,##0")],
        [["status", "in", ["over", "dead"]]],
        half=1,
    )
    return board


BOARDS = (management, area_manager, credit, stock)


def files():
    """``{path: text}`` of every dashboard."""
    return {FOLDER / f"{make.__name__}.json": json.dumps(make().render(), indent=1) + "\n" for make in BOARDS}


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    for path, text in files().items():
        path.write_text(text)
        sys.stdout.write(f"{path.name}: {len(text):,} characters\n")


if __name__ == "__main__":
    main()
