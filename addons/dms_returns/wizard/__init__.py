from . import (
    dms_case_decision,
    dms_return_split,
    dms_settlement_statement,
)
from . import dms_deduction_decide
