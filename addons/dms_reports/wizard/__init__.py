from . import base_import, base_partner_merge, dms_sales_plan_split
from . import dms_sales_rebuild
