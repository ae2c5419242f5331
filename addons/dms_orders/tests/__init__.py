from . import test_engine_numbers
from . import test_engine_sheet
from . import test_engine_ubl
from . import test_order_amend, test_order_doors, test_order_gates, test_order_life
