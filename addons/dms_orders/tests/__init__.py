from . import test_access_portal, test_access_tables, test_limit_lock, test_rpc, test_rpc_doors, test_rpc_reads
from . import test_engine_numbers
from . import test_engine_sheet
from . import test_engine_ubl
from . import test_company_day, test_own_company
from . import test_order_amend, test_order_doors, test_order_gates, test_order_life, test_partner_merge
from . import test_intake, test_intake_access, test_intake_ubl
from . import test_masters_import
from . import test_workbook
from . import test_demo, test_views
