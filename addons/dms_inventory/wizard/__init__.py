from . import base_partner_merge, dms_stock_ageing, dms_stock_statement_columns, dms_stock_statement_upload
