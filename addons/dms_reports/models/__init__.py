from . import account_move
from . import dms_sales_measure
from . import dms_sales_fact
from . import dms_sales_month
from . import dms_sales_upkeep
from . import dms_stock_ledger
from . import product
