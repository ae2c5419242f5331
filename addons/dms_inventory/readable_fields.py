"""What stock adds to the fields that a distributor's login can read; see ``dms_portal/readable_fields.py``.

Its own ledger, positions and statements, and whether its deliveries arrived; nothing of what our warehouses have.
"""

from odoo.addons.dms_portal.readable_fields import MAIL_THREAD

_LINE = {
    "company_id",
    "date",
    "distributor_id",
    "lot_id",
    "price_unit",
    "product_id",
    "product_uom_id",
    "quantity",
    "retailer",
    "statement_id",
}

READABLE_FIELDS = {
    "stock.picking": {"dms_receipt_state", "dms_received_on"},
    # what it bought, at its own net price, and what it reported
    "dms.stock.ledger": _LINE
    | {
        "categ_id",
        "flow",
        "is_derived",
        "kind",
        "move_id",
        "picking_id",
        "recorded_on",
        "source_key",
        "statement_line_id",
    },
    # the bounds of cover too: what is suggested follows from them
    "dms.stock.position": {
        "avg_daily_sellout",
        "categ_id",
        "company_id",
        "computed_on",
        "days_cover",
        "distributor_id",
        "in_transit_qty",
        "last_count_date",
        "last_sellout_date",
        "max_days",
        "min_days",
        "on_hand_qty",
        "open_order_qty",
        "product_id",
        "product_uom_id",
        "sold_qty",
        "status",
        "status_since",
        "stock_days",
        "suggested_qty",
        "target_qty",
    },
    # those it sent itself, and those that count; never who posted them
    "dms.stock.statement": MAIL_THREAD
    | {
        "activity_exception_decoration",
        "activity_exception_icon",
        "activity_type_icon",
        "company_id",
        "date",
        "distributor_id",
        "is_from_portal",
        "is_full_count",
        "is_late",
        "kind",
        "ledger_ids",
        "line_count",
        "line_ids",
        "name",
        "note",
        "posted_on",
        "reference",
        "review_reason",
        "source",
        "state",
    },
    "dms.stock.statement.line": _LINE | {"calculated_qty", "difference_qty", "product_qty", "sequence", "state"},
}
