from . import dms_scheme_approval
from . import dms_scheme_workbook
from . import dms_scheme_release
from . import dms_scheme_statement_wizard
