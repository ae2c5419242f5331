from . import dms_credit_statement_report
