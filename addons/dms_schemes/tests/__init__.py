from . import test_order_queries
from . import test_order_schemes
