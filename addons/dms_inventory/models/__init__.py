from . import (
    res_company,
    res_config_settings,
    dms_stock_ledger,
    dms_stock_norm,
    dms_stock_position,
    dms_stock_position_refresh,
    dms_stock_statement,
    dms_stock_statement_line,
    dms_stock_statement_post,
    product,
    res_partner,
    stock_picking,
)
