from . import dms_scheme_report
