from . import test_order_schemes
