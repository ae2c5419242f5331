from . import dms_scheme_approval
