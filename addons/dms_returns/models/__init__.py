from . import (
    dms_evidence_type,
    dms_service_level,
    dms_case,
    dms_return_reason,
    dms_return,
    dms_return_line,
    dms_claim_type,
    dms_claim,
    account_move,
    stock_picking,
    dms_settlement,
)
