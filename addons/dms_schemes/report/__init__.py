from . import dms_scheme_report
from . import dms_scheme_statement_report
