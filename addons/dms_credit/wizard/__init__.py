from . import dms_payment_match, dms_payment_rejection
from . import dms_credit_statement_wizard
