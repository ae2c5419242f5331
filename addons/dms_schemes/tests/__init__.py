from . import test_order_schemes
from . import test_period_accrual
from . import test_period_settlement
