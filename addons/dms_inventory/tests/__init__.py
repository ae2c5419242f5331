from . import (
    test_allocation,
    test_engine_allocation,
    test_engine_cover,
    test_ledger,
    test_positions,
    test_recall,
    test_receipt,
    test_statement_post,
)
