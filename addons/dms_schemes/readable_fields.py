"""What this module lets a distributor read; see ``dms_portal/readable_fields.py`` for the rule."""

READABLE_FIELDS = {
    # what was taken off its own order and invoice; never the terms behind it
    "sale.order": {"scheme_discount_total"},
    "sale.order.line": {"is_scheme_free", "scheme_discount"},
    "account.move.line": {"is_scheme_free", "scheme_discount"},
}
