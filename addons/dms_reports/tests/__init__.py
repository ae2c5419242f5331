from . import test_facts
from . import test_documents
from . import test_comparison
from . import test_service
from . import test_digest
from . import test_access_screens
from . import test_dashboards
