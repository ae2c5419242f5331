from . import test_public_methods
from . import (
    test_address,
    test_documents,
    test_home,
    test_input,
    test_isolation,
    test_live,
    test_offboarding,
    test_order_page,
    test_pad_data,
    test_pad_order,
    test_queries,
    test_readable_fields,
    test_rpc,
    test_token,
    test_tours,
    test_upload,
)
