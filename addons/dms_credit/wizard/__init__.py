from . import dms_payment_match, dms_payment_rejection
from . import dms_credit_statement_wizard
from . import dms_credit_extension_rejection, dms_credit_terms, dms_hold_partial_release
