from . import (
    test_engine_cover,
    test_ledger,
    test_positions,
    test_receipt,
    test_statement_post,
)
