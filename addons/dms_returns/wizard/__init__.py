from . import dms_deduction_decide
