from . import test_split
from . import (
    test_access_credit,
    test_confirm_queries,
    test_credit_bad_input,
    test_credit_change,
    test_credit_clearing,
    test_credit_doors,
    test_credit_gates,
    test_credit_late,
    test_credit_part,
    test_credit_partners,
    test_credit_release,
    test_exposure,
    test_exposure_items,
    test_exposure_values,
    test_public_methods,
    test_rpc_credit,
    test_statement,
)
from . import test_bounce, test_payment_access, test_payment_advice, test_payment_match
from . import test_statement_files
from . import test_ageing
from . import test_mailing
from . import test_account_documents, test_demo, test_views
from . import test_portal_forms, test_portal_isolation, test_portal_pages, test_portal_queries, test_portal_tours
from . import test_verdicts
