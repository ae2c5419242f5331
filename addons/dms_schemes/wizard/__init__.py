from . import dms_scheme_release
from . import dms_scheme_statement_wizard
