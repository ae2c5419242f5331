from . import test_engine_caps
from . import test_engine_goods
from . import test_engine_period
from . import test_free_goods
from . import test_order_queries
from . import test_order_schemes
