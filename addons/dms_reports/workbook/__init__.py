"""Workbooks as data: sheets of columns and rows go in, one XLSX file comes out, a row at a time.

Knows nothing of Odoo. Memory does not grow with rows: xlsxwriter writes each one to a file of its own as soon as the next begins.

>>> import io
>>> sheet = Sheet("Sales", [Column("Product"), Column("Net", "money", total=SUM)], [("Tea", 12.5), ("=1+1", 3.0)])
>>> file = io.BytesIO()
>>> write_book(file, Cover("Sales", [("Company", "Maker")]), [sheet])
2
"""

from .book import Book, write_book
from .sheet import SUM, Chart, Column, Cover, Ratio, Sheet, Words
