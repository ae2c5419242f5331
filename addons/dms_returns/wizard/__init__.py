from . import (
    dms_case_decision,
    dms_deduction_decide,
    dms_return_split,
    dms_settlement_statement,
)
