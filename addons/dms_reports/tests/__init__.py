from . import test_check
from . import test_facts
from . import test_grain
from . import test_engine_split
from . import test_targets
from . import test_plan
from . import test_target_import
from . import test_target_access
