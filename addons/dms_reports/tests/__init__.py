from . import test_check
from . import test_facts
from . import test_grain
