from . import ageing_workbook
