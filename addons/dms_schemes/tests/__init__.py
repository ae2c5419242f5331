from . import test_order_schemes
from . import test_portal_pad
from . import test_portal_pages
from . import test_portal_isolation
from . import test_portal_queries
from . import test_portal_tours
