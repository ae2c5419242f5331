from . import test_engine_refund, test_refund_flows, test_refund_schemes
