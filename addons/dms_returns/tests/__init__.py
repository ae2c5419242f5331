from . import (
    test_return_goods,
    test_return_input,
    test_return_life,
    test_return_limit,
    test_return_policy,
    test_return_replacement,
    test_return_rights,
    test_claim_amounts,
    test_claim_input,
    test_claim_life,
    test_claim_receipt,
    test_claim_settle,
    test_portal_isolation,
    test_portal_queries,
    test_portal_cases,
    test_portal_tours,
)
from . import test_engine_refund, test_refund_flows, test_refund_schemes
