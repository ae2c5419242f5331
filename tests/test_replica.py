"""Reports read from a streaming replica where one is configured: what is read there, that nothing is written there, and what happens without it."""

import base64
import io
from dataclasses import dataclass

import openpyxl
import pytest

from tests.live_server import LiveServer, copied_database, served
from tests.odoo_client import Client
from tests.replica import HOST, Primary, Replica, replicated
from tools import log_check

FACTS = "dms.sales.fact"
#: a line of a confirmed order of which nothing has been delivered
CONFIRMED = """
    SELECT l.id FROM sale_order_line l JOIN sale_order o ON o.id = l.order_id
     WHERE o.state = 'sale' AND o.distributor_id IS NOT NULL AND l.product_id IS NOT NULL AND l.is_downpayment IS NOT TRUE
       AND l.product_uom_qty > 2 AND l.qty_delivered = 0 AND l.qty_invoiced = 0 AND l.price_unit > 0
  ORDER BY l.id LIMIT 1
"""
#: what reports read
TABLES = ("dms_sales_fact", "dms_sales_month", "dms_sales_area", "dms_sales_dirty", "dms_sales_target", "sale_order_line")
AMOUNTS = ["ordered_amount:sum", "net_amount:sum", "__count"]
NAMED = {"fields": {"display_name": {}}}
#: what the web client sends for a screen: model, method, arguments
SCREENS = {
    "pivot": (
        FACTS,
        "formatted_read_grouping_sets",
        {"grouping_sets": [[], ["territory_id"], ["territory_id", "date:month"]], "aggregates": AMOUNTS},
    ),
    "graph of days": (FACTS, "formatted_read_group", {"groupby": ["date:day", "product_id"], "aggregates": AMOUNTS}),
    "list": (
        FACTS,
        "web_search_read",
        {"specification": {"date": {}, "distributor_id": NAMED, "ordered_qty": {}}, "order": "date desc, id", "limit": 80},
    ),
    "list by groups": (FACTS, "web_read_group", {"groupby": ["distributor_id"], "aggregates": AMOUNTS, "limit": 80}),
    "growth": (
        "dms.sales.comparison",
        "formatted_read_group",
        {"groupby": ["date:month"], "aggregates": ["net_amount:sum", "net_growth:avg"]},
    ),
    "service": ("dms.delivery.service", "formatted_read_group", {"groupby": ["territory_id"], "aggregates": ["__count"]}),
    "targets": ("dms.sales.achievement", "web_search_read", {"specification": {"amount": {}, "achieved_amount": {}, "rank": {}}}),
}
EVER = {"period": "custom", "date_from": "2000-01-01", "date_to": "2099-12-31"}


@dataclass(frozen=True)
class World:
    """A served database, its two PostgreSQL, and a manager at the web client."""

    primary: Primary
    replica: Replica
    server: LiveServer
    client: Client

    def show(self, screen):
        model, method, arguments = SCREENS[screen]
        return self.client.call(model, method, domain=[], **arguments)

    def sum_ordered(self):
        [group] = self.client.call(FACTS, "formatted_read_group", [], [], ["ordered_qty:sum"])
        return group["ordered_qty:sum"]

    def order_less(self):
        """Take a unit off a line of a confirmed order, which may be several pieces."""
        line = self.primary.sql(CONFIRMED, self.server.database)
        quantity = float(self.primary.sql(f"SELECT product_uom_qty FROM sale_order_line WHERE id = {line}", self.server.database))
        self.client.call("sale.order.line", "write", [int(line)], {"product_uom_qty": quantity - 1})

    def queue_workbooks(self):
        """Ask for a workbook of every kind; return the ids of the definitions."""
        kinds = self.client.call("dms.workbook", "fields_get", ["kind"])["kind"]["selection"]
        books = self.client.call("dms.workbook", "create", [{"name": label, "kind": code, **EVER} for code, label in kinds])
        self.client.call("dms.workbook", "action_run", books)
        return books

    def make_workbooks(self):
        """Run the job that makes them, here and now."""
        [job] = self.client.call("ir.cron", "search", [("cron_name", "=", "Distribution: make workbooks")])
        self.client.call("ir.cron", "method_direct_trigger", [job])

    def get_runs(self, books):
        return self.client.read("dms.workbook.run", [("workbook_id", "in", books)], ["kind", "state", "rows", "attachment_id", "error"])

    def sum_of_file(self, run, field):
        """What the column of a field of facts adds up to on the last sheet of a file."""
        label = self.client.call(FACTS, "fields_get", [field], ["string"])[field]["string"]
        [file] = self.client.read("ir.attachment", [("id", "=", run["attachment_id"][0])], ["datas"])
        heading, *rows = openpyxl.load_workbook(io.BytesIO(base64.b64decode(file["datas"]))).worksheets[-1].values
        place = heading.index(label)
        return sum(row[place] for row in rows if isinstance(row[place], (int, float)))


@pytest.fixture(scope="module")
def world(tree, tmp_path_factory):
    folder = tmp_path_factory.mktemp("replica")
    with copied_database("replica") as database, replicated(tree, database) as (primary, replica):
        if not primary.sql("SELECT name FROM ir_module_module WHERE name = 'dms_reports' AND state = 'installed'", database):
            pytest.skip("dms_reports is not installed")
        options = {
            "db_host": HOST,
            "db_port": primary.server.port,
            "db_user": primary.server.user,
            "db_password": primary.server.password,
            "db_replica_host": HOST,
            "db_replica_port": replica.server.port,
            "max_cron_threads": "0",
        }
        with served(folder, database, **options) as server:
            world = World(primary, replica, server, Client(server.url, database, "admin"))
            world.sum_ordered()  # the first call of a session is noted by Odoo, on the primary
            yield world


def about(statements, tables=TABLES):
    """Those statements that read one of these tables."""
    return [statement.text for statement in statements if any(table in statement.text for table in tables)]


@pytest.mark.parametrize("screen", SCREENS)
def test_screen_of_a_report_is_read_from_the_replica_alone(world, screen):
    world.replica.catch_up()
    with world.primary.listening() as primary, world.replica.listening() as replica:
        shown = world.show(screen)
    assert shown
    assert about(replica), replica
    assert [statement.text for statement in primary] == []


def test_documents_of_a_figure_are_found_on_the_replica_alone(world):
    rows = world.client.call(FACTS, "web_search_read", [("ordered_qty", ">", 0)], {}, limit=5)["records"]
    world.replica.catch_up()
    with world.primary.listening() as primary, world.replica.listening() as replica:
        action = world.client.call(FACTS, "action_open_orders", [row["id"] for row in rows])
    assert action["domain"][0][2]
    assert about(replica)
    assert [statement.text for statement in primary] == []


def test_figures_are_those_of_the_replica_until_it_has_followed(world):
    before = world.sum_ordered()
    with world.replica.held_back():
        world.order_less()
        assert world.sum_ordered() == before
    with world.primary.listening() as primary:
        assert world.sum_ordered() < before  # from documents: no job has folded the day
    assert [statement.text for statement in primary] == []
    assert int(world.primary.sql("SELECT COUNT(*) FROM dms_sales_dirty", world.server.database)) > 0


def test_workbooks_of_all_kinds_are_read_from_the_replica(world):
    books = world.queue_workbooks()
    world.replica.catch_up()
    with world.primary.listening() as primary, world.replica.listening() as replica:
        world.make_workbooks()
    world.replica.catch_up()
    runs = world.get_runs(books)
    assert {run["state"] for run in runs} == {"done"}, runs
    assert any(run["rows"] for run in runs if run["kind"] == "sales_detail")
    assert len(about(replica, ["DECLARE"])) >= len(books)
    assert about(primary, [*TABLES, "DECLARE"]) == []


def test_rows_of_a_workbook_are_those_of_the_replica(world):
    books = world.queue_workbooks()
    before = world.sum_ordered()
    with world.replica.held_back():
        world.order_less()
        world.make_workbooks()
    assert world.sum_ordered() < before
    [run] = [run for run in world.get_runs(books) if run["kind"] == "sales_detail"]
    assert world.sum_of_file(run, "ordered_qty") == pytest.approx(before)


def test_nothing_was_written_on_the_replica(world):
    assert world.replica.sql("SELECT pg_is_in_recovery()") == "t"
    assert world.primary.sql("SELECT state FROM pg_stat_replication") == "streaming"
    assert log_check.scan(world.server.log) == []
    assert "read-only transaction" not in world.replica.log.read_text()


def test_without_the_replica_the_primary_answers(world):
    """The last one: Odoo asks for a lost replica only after twenty minutes."""
    world.replica.catch_up()
    before = {screen: world.show(screen) for screen in SCREENS}
    books = world.queue_workbooks()
    world.replica.stop()
    with world.primary.listening() as primary:
        assert {screen: world.show(screen) for screen in SCREENS} == before
        world.make_workbooks()
    assert about(primary)
    assert {run["state"] for run in world.get_runs(books)} == {"done"}
    [line] = log_check.scan(world.server.log)
    assert "Failed to open a readonly cursor" in line
