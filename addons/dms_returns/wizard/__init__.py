from . import dms_settlement_statement
