from . import (
    base_partner_merge,
    dms_distributor_state,
    dms_gate_check,
    dms_hold_decision,
    dms_order_upload,
    dms_revision_refusal,
)
