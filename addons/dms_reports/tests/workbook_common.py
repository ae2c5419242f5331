import io
import re
import zipfile

import openpyxl

from ..workbook import write_book
from .common import ReportsCommon

NAMELESS = {"territory_id": "No territory", "product_id": "No product", "distributor_id": None}


def read_book(content):
    """``{sheet: [row of values]}`` of a file, with the values that formulas had when it was written."""
    book = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    return {sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book}


def read_formulas(content, sheet):
    """``{cell: formula}`` of a sheet, as the file has them."""
    cells = openpyxl.load_workbook(io.BytesIO(content))[sheet]
    return {cell.coordinate: cell.value for row in cells.iter_rows() for cell in row if cell.data_type == "f"}


def parts_of(content):
    """``{name: bytes}`` of the parts of a file, without the one that tells the time."""
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        return {name: parts.read(name) for name in parts.namelist() if name != "docProps/core.xml"}


def make(cover, sheets, **options):
    file = io.BytesIO()
    write_book(file, cover, sheets, **options)
    return file.getvalue()


class WorkbookCommon(ReportsCommon):
    """Facts of two distributors, in two territories, and files read back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Run = cls.env["dms.workbook.run"]
        cls.env["dms.workbook"].search([]).active = False
        for user in (cls.desk, cls.manager, cls.area_manager):
            user.notification_type = "inbox"

    @classmethod
    def setUpSales(cls):
        for distributor, quantity in ((cls.alpha, 10), (cls.beta, 7)):
            picking = cls.receive({cls.tea: quantity, cls.syrup: 2}, distributor, date=cls.day(1))
            cls.invoice(picking.sale_id)
            cls.report([{"product_id": cls.tea.id, "quantity": 4, "price_unit": 7.5}], date=cls.day(0), distributor=distributor)

    @classmethod
    def create_workbook(cls, kind="sales_distributor", owner=None, **values):
        values = {"name": "Our sales", "kind": kind, "period": "this_year", **values}
        return cls.env["dms.workbook"].with_user(owner or cls.desk).create(values).with_env(cls.env)

    def make(self):
        """What the job does; the transactions of its own that it opens see this one."""
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.Run._cron_dms_make()
        self.env.invalidate_all()

    def run_for(self, workbook, user):
        """The file of a workbook, made for a user who asked for it."""
        workbook.with_user(user).action_run()
        run = self.Run.search([("workbook_id", "=", workbook.id), ("user_id", "=", user.id)], limit=1)
        self.make()
        return run

    def book_for(self, user, kind="sales_distributor", **values):
        run = self.run_for(self.create_workbook(kind, **values), user)
        self.assertEqual((run.state, run.error), ("done", False))
        return read_book(run.attachment_id.raw)

    def table(self, rows, totals=True):
        """``[{heading: value}]`` of a sheet, without its totals."""
        heading, *rows = rows
        return [dict(zip(heading, row, strict=True)) for row in rows if not (totals and re.match("Total", str(row[0])))]

    def facts_of(self, user, by, *measures):
        """``{label: sums}`` as the model has them for a user."""
        facts = self.facts.with_user(user)._read_group(
            [("date", ">=", self.today.replace(month=1, day=1))], [by], [f"{m}:sum" for m in measures]
        )
        return {record.name or NAMELESS[by]: [round(value, 2) for value in sums] for record, *sums in facts}
