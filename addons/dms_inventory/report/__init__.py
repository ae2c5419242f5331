from . import dms_stock_recall_report
