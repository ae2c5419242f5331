from . import dms_scheme_workbook
