from . import dms_scheme_statement_report
