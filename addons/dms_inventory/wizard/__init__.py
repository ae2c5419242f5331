from . import dms_stock_ageing
