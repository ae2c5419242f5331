from . import (
    test_allocation,
    test_engine_allocation,
    test_engine_cover,
    test_engine_statement,
    test_ledger,
    test_positions,
    test_recall,
    test_receipt,
    test_portal_statements,
    test_statement_access,
    test_statement_intake,
    test_statement_post,
)
