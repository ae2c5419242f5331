"""What returns and claims add to the fields that a distributor's login can read; see ``dms_portal/readable_fields.py``.

Its own returns and claims with what was decided on them; never by whom, how late we are, or where it is booked.
"""

from odoo.addons.dms_portal.readable_fields import MAIL_THREAD

_CASE = MAIL_THREAD | {
    "ball",
    "company_id",
    "currency_id",
    "decided_on",
    "distributor_id",
    "line_ids",
    "name",
    "note",
    "rejection_reason",
    "settled_on",
    "stage_since",
    "state",
    "submitted_on",
}
_LINE = {"company_id", "currency_id", "distributor_id", "lot_id", "product_id", "quantity", "sequence", "state"}

READABLE_FIELDS = {
    "dms.return": _CASE | {"credit_amount", "order_ids", "resolution"},
    # quantities as they were asked for, approved, received and accepted
    "dms.return.line": _LINE
    | {
        "accepted_qty",
        "approved_qty",
        "categ_id",
        "credit_amount",
        "decision_note",
        "disposition",
        "is_decided",
        "is_inspected",
        "live_qty",
        "order_id",
        "product_uom_id",
        "reason_id",
        "received_qty",
        "return_id",
        "sale_line_id",
    },
    # claimed, calculated and approved side by side
    "dms.claim": _CASE
    | {
        "amount_approved",
        "amount_calculated",
        "amount_claimed",
        "claim_type_id",
        "invoice_id",
        "kind",
        "picking_id",
        "reference",
        "refund_id",
        "scheme_id",
    },
    "dms.claim.line": _LINE
    | {
        "amount_approved",
        "amount_calculated",
        "amount_claimed",
        "claim_id",
        "claim_type_id",
        "name",
        "source_id",
        "source_model",
    },
}
