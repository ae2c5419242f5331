from . import base_import, base_partner_merge, dms_sales_plan_split
