from . import dms_scheme_approval
from . import dms_scheme_workbook
