from . import (
    base_partner_merge,
    dms_credit_extension_rejection,
    dms_credit_statement_wizard,
    dms_credit_terms,
    dms_hold_partial_release,
    dms_payment_match,
    dms_payment_rejection,
)
