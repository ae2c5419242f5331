from . import test_facts
from . import test_workbook_engine
from . import test_workbook_files
from . import test_workbook_runs
from . import test_workbook_access
from . import test_workbook_screens
