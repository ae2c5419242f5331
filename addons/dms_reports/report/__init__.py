from . import distributor_sales_workbook
