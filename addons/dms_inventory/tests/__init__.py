from . import (
    test_suggest,
    test_suggestion_run,
    test_alerts,
    test_reporting,
    test_ageing,
    test_backorder,
    test_shelf_life,
    test_access_suggest,
    test_suggest_screens,
)
