from . import test_engine_caps, test_engine_choice, test_engine_eligibility, test_engine_explanation
from . import test_engine_goods, test_engine_money, test_engine_properties, test_engine_slabs
from . import test_engine_lint, test_engine_refusals
from . import test_engine_period, test_engine_proportion
