from . import test_order_schemes
from . import test_scheme_panel
from . import test_scheme_budget
from . import test_scheme_report
from . import test_scheme_views
from . import test_scheme_demo
from . import test_cookbook
