"""A workbook of 200,000 facts with 28 columns, from the database to the file, against xlsxwriter alone writing the same cells.

Ours reads the facts with the rights of a manager, joins names, and writes cover, figures, totals and a chart. The peer has the rows in its
hands and writes the one sheet, in constant memory and the same formats. Both files are read back and compared, on fewer rows. A workbook
of 500,000 facts tells what memory it takes: what the process grew by at its peak, the file as an attachment included.
"""

import io
import os
import re
from datetime import date, timedelta

import openpyxl
import xlsxwriter

from odoo.fields import Command
from odoo.tools import SQL

from odoo.addons.dms_reports.models.dms_sales_measure import AMOUNTS, MEASURES
from odoo.addons.dms_reports.models.dms_workbook_kinds import DETAIL
from odoo.addons.dms_reports.models.workbook_facts import Facts
from odoo.addons.dms_reports.workbook.formats import prepare_formats

from benchmarks.fixtures import create_products, vacuum
from benchmarks.runner import at_most

ROWS, MANY, FEW = 200_000, 500_000, 3
DISTRIBUTORS, PRODUCTS = 500, 400
#: a day has a row of each distributor
FIRST, LAST = date(2020, 1, 1), date(2024, 12, 31)
MOST_MEMORY = 300
#: how the sheet of figures is called
SHEET = "Figures"


def run(bench):
    env = bench.env
    distributors = create_distributors(env)
    create_facts(env, distributors, create_products(env, PRODUCTS))
    user, last = create_manager(env), FIRST + timedelta(days=ROWS // DISTRIBUTORS - 1)
    whole = create_run(env, user, distributors.browse(), LAST)
    part = create_run(env, user, distributors.browse(), last)
    few = create_run(env, user, distributors[:FEW], last)
    vacuum(env)
    measure_memory(whole)
    check(bench, few)
    rows, columns = list_rows(part)
    assert len(rows) == ROWS
    times = bench.interleave(lambda: write(part), lambda: write_alone(columns, rows), rounds=3, warm=1)
    return bench.row("workbook", times, at_most(1.5))


# ------------------------------------------------------------ what there is


def create_distributors(env):
    territories = env["dms.territory"].create([{"name": f"Area {number}", "code": f"BENCH-{number}"} for number in range(20)])
    return env["res.partner"].create(
        [
            {
                "name": f"Benchmark distributor {number}",
                "is_company": True,
                "is_distributor": True,
                "territory_id": territories[number % 20].id,
            }
            for number in range(DISTRIBUTORS)
        ]
    )


def create_facts(env, distributors, products):
    """Rows as upkeep would have written them."""
    env.flush_all()
    amounts = SQL(", ").join(SQL("(n %% 1000) + 0.25" if name in AMOUNTS else "n %% 50") for name in MEASURES)
    env.cr.execute(
        SQL(
            """
            INSERT INTO dms_sales_fact (id, date, company_id, distributor_id, territory_id, product_id, user_id, order_channel, %(names)s)
            SELECT n + 1, %(first)s + n / 500, %(company)s, d.id, p.territory_id, (%(products)s)[n * 7 %% %(count)s + 1], %(user)s, 'portal', %(amounts)s
              FROM generate_series(0, %(rows)s - 1) AS n
              JOIN unnest(%(distributors)s) WITH ORDINALITY AS d (id, place) ON d.place = n %% 500 + 1
              JOIN res_partner p ON p.id = d.id
            """,
            names=SQL(", ").join(map(SQL.identifier, MEASURES)),
            amounts=amounts,
            first=FIRST,
            company=env.company.id,
            products=products.ids,
            count=len(products),
            user=env.uid,
            rows=MANY,
            distributors=distributors.ids,
        )
    )


def create_manager(env):
    company = env.company
    groups = [Command.link(env.ref("dms_orders.group_dms_manager").id), Command.link(env.ref("base.group_user").id)]
    return env["res.users"].create(
        {
            "name": "Benchmark manager",
            "login": "bench",
            "company_id": company.id,
            "company_ids": [Command.set(company.ids)],
            "group_ids": groups,
        }
    )


def create_run(env, user, distributors, last):
    values = {"name": "Benchmark", "kind": "sales_detail", "company_id": env.company.id, "date_from": FIRST, "date_to": last}
    return env["dms.workbook.run"]._queue(user, values, {"distributor_ids": distributors.ids}).sudo()


# ------------------------------------------------------------ both sides


def write(run):
    file = io.BytesIO()
    run._write_file(file)
    return file


def write_alone(columns, rows):
    """The same cells by xlsxwriter's own methods."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"constant_memory": True})
    formats = prepare_formats(book, 2)
    sheet = book.add_worksheet(SHEET)
    for place, column in enumerate(columns):
        sheet.write_string(0, place, column.label, formats["heading"])
    methods = {"text": sheet.write_string, "date": sheet.write_datetime}
    writers = [(methods.get(column.kind, sheet.write_number), formats[column.kind]) for column in columns]
    for row, values in enumerate(rows, 1):
        for place, (put, form) in enumerate(writers):
            value = values[place]
            if value is not None:
                put(row, place, value, form)
    book.close()
    return file


def list_rows(run):
    """The rows of a run, and their columns."""
    values = run.read(["kind", "date_from", "date_to", "chosen", "domain"])[0]
    with run.env.registry.cursor() as cr:
        facts = Facts(run._get_scope(cr, values), DETAIL)
        return list(facts.get_rows()), facts.get_columns()


def check(bench, run):
    rows, columns = list_rows(run)
    ours, peer = (read_cells(file, len(rows)) for file in (write(run), write_alone(columns, rows)))
    assert len(ours) == len(rows) > FEW * 300
    bench.check(ours, peer, "cells and their formats")


def read_cells(file, count):
    sheet = openpyxl.load_workbook(file)[SHEET]
    return [[(cell.value, cell.number_format) for cell in row] for row in sheet.iter_rows(min_row=2, max_row=count + 1)]


# ------------------------------------------------------------ memory


def measure_memory(run):
    """Make a workbook to the end and look at what the process needed at its peak."""
    before = read_memory("VmRSS")
    with open("/proc/self/clear_refs", "w") as peak:
        peak.write("5")
    run._make(lambda *_counts, **_more: True)
    most = read_memory("VmHWM")
    assert run.state == "done" and run.rows >= MANY, run.error
    size = run.attachment_id.file_size / 1024**2
    print(f"workbook: {run.rows} rows, file {size:.0f} MB; memory {before} MB before, {most} MB at most, {most - before} MB more")
    assert most - before < MOST_MEMORY, "peak memory"


def read_memory(name):
    """Megabytes, as the system counts them."""
    with open(f"/proc/{os.getpid()}/status") as status:
        return int(re.search(rf"{name}:\s+(\d+)", status.read())[1]) // 1024
