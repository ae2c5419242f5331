"""What this module lets a distributor read; see ``dms_portal/readable_fields.py`` for the rule."""

from odoo.addons.dms_portal.readable_fields import MAIL_THREAD

READABLE_FIELDS = {
    # what the distributor said itself, and how it ended; never the payment, who decided, or hints
    "dms.payment.advice": MAIL_THREAD
    | {
        "amount",
        "company_id",
        "currency_id",
        "date",
        "distributor_id",
        "invoice_ids",
        "is_from_portal",
        "matched_on",
        "name",
        "note",
        "reference",
        "rejection_reason",
        "state",
    },
    # what the distributor asked for itself, and the answer; never who decided, or the account
    "dms.credit.extension": MAIL_THREAD
    | {
        "amount",
        "company_id",
        "currency_id",
        "date_from",
        "date_to",
        "decided_on",
        "decision_note",
        "is_valid",
        "partner_id",
        "reason",
        "state",
    },
}
