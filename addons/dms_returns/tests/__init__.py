from . import (
    test_claim_accruals,
    test_claim_amounts,
    test_claim_input,
    test_claim_life,
    test_claim_receipt,
    test_claim_settle,
    test_deduction,
    test_price_protection,
)
