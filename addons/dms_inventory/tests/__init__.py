from . import (
    test_access_inventory,
    test_portal_availability,
    test_portal_isolation,
    test_portal_queries,
    test_portal_receipt,
    test_portal_stock,
    test_portal_tours,
)
