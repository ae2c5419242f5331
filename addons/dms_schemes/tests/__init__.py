from . import test_engine_caps, test_engine_choice, test_engine_eligibility, test_engine_explanation
from . import test_engine_goods, test_engine_money, test_engine_properties, test_engine_slabs
from . import test_engine_period, test_engine_proportion
from . import test_order_schemes
from . import test_period_accrual
from . import test_period_settlement
from . import test_period_access
from . import test_period_statement
