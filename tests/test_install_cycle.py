"""Every module alone: installed on what it depends on, upgraded with data, uninstalled without leftovers, installed again.

Real processes of Odoo on databases of their own; whatever they log as a warning or an error fails the test.
"""

import contextlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from odoo.tools import config

from tests.live_server import MaintenanceServer, connect, write_config
from tests.processes import Arena
from tools import log_check, modules
from tools.database import Databases

SUITE = modules.find(Path(__file__).resolve().parent.parent / "addons")

#: what is left of a module when it is gone: nothing of these
LEFTOVERS = {
    "tables": "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public' AND c.relkind IN ('r', 'v', 'm', 'S')",
    "columns": "SELECT table_name || '.' || column_name FROM information_schema.columns WHERE table_schema = 'public'",
    "indexes": "SELECT indexname FROM pg_indexes WHERE schemaname = 'public'",
    "constraints": "SELECT conrelid::regclass || '.' || conname FROM pg_constraint WHERE contype <> 'n' AND connamespace = 'public'::regnamespace",
    "functions and triggers": "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace UNION SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    "models": "SELECT model FROM ir_model",
    "fields": "SELECT model || '.' || name FROM ir_model_fields",
    "jobs": "SELECT cron_name FROM ir_cron",
    "server actions": "SELECT name->>'en_US' FROM ir_act_server",
    "rules": "SELECT name FROM ir_rule",
    "access rows": "SELECT name FROM ir_model_access",
    "groups": "SELECT name->>'en_US' FROM res_groups",
    "privileges": "SELECT name->>'en_US' FROM res_groups_privilege",
    "views": "SELECT name FROM ir_ui_view",
    "menus": "SELECT name->>'en_US' FROM ir_ui_menu",
    "actions": "SELECT name->>'en_US' FROM ir_actions",
    "sequences": "SELECT code FROM ir_sequence WHERE code IS NOT NULL",
    "settings": "SELECT key FROM ir_config_parameter",
    "external ids": "SELECT module || '.' || name FROM ir_model_data WHERE module LIKE 'dms%'",
    "message types": "SELECT name->>'en_US' FROM mail_message_subtype",
    "templates": "SELECT name->>'en_US' FROM mail_template",
}


class Ground:
    """Databases with all that a module depends on and nothing of itself, made once each."""

    def __init__(self, folder):
        self.folder = folder
        self.databases = Databases(MaintenanceServer(), config["data_dir"])
        self.made = {}
        self.prefix = f"{os.environ['DMS_TEMPLATE']}_cycle_{os.getpid()}"

    def copy(self, module):
        """Give the name of a fresh database for ``module``."""
        below = tuple(other.name for other in modules.closure(SUITE, module.name) if other.name != module.name)
        if below not in self.made:
            self.made[below] = f"{self.prefix}_{len(self.made)}"
            self.databases.copy(os.environ["DMS_BASE"], self.made[below])
            self.databases.server.sql("UPDATE ir_module_module SET demo = FALSE", self.made[below])  # ours come without demo data
            if below:
                Database(self.made[below], self.folder).server("-i", ",".join(below))
        name = f"{self.prefix}_{module.name}"
        self.databases.copy(self.made[below], name)
        return Database(name, self.folder)

    def drop(self):
        for name in self.databases.names(self.prefix):
            self.databases.drop(name)


class Database:
    """A database on which processes of Odoo run, one after the other."""

    def __init__(self, name, folder):
        self.name = name
        self.folder = folder
        self.conf = write_config(folder, name, 0)

    def server(self, *options):
        self.run("server", "-c", self.conf, "-d", self.name, "--no-http", "--without-demo", "--stop-after-init", *options)

    def uninstall(self, module):
        self.run("module", "uninstall", "-c", self.conf, "-d", self.name, module)

    def run(self, *arguments):
        """Run a command of Odoo; it must end well and log nothing above INFO that is ours."""
        log = self.folder / f"{self.name}-{arguments[0]}-{arguments[-1]}.log"
        with log.open("wb") as output:
            command = [sys.executable, "-m", "odoo", *(str(argument) for argument in arguments)]
            code = subprocess.run(command, stdout=output, stderr=output, stdin=subprocess.DEVNULL, cwd="/", check=False).returncode
        lines = log_check.scan(log)
        assert (code, lines) == (0, []), log.read_text(errors="replace")[-3000:]

    def rows(self, query):
        with contextlib.closing(connect(self.name)) as connection, connection.cursor() as cursor:
            cursor.execute(query)
            return {row[0] for row in cursor.fetchall()}

    def inventory(self):
        return {name: self.rows(query) for name, query in LEFTOVERS.items()}

    def state(self, module):
        return self.rows(f"SELECT state FROM ir_module_module WHERE name = '{module}'")

    def fill(self):
        """Data as work leaves them behind: an order in every stage, with a hold and a change."""
        with contextlib.closing(Arena(self.name, self.folder, workers=1)) as arena:
            for steps in ((), ("action_dms_submit",), ("action_confirm", "action_cancel")):
                arena.order(steps=steps)
            arena.order(minimum=50, steps=("action_dms_submit",))
            order = arena.order(steps=("action_confirm",))
            change = [{"line_id": order["lines"][0], "product_id": order["products"][0], "quantity": 12}]
            arena.ask({"model": "sale.order", "ids": [order["id"]], "method": "action_dms_amend", "arguments": [change]})


@pytest.fixture(scope="module")
def ground(tmp_path_factory):
    made = Ground(tmp_path_factory.mktemp("cycle"))
    try:
        yield made
    finally:
        made.drop()


@pytest.mark.parametrize("module", SUITE, ids=lambda module: module.name)
def test_installed_upgraded_uninstalled_and_installed_again(ground, module):
    database = ground.copy(module)
    before = database.inventory()
    database.server("-i", module.name)
    assert database.state(module.name) == {"installed"}
    database.fill()
    installed = database.inventory()
    database.server("-u", module.name)
    assert database.inventory() == installed, "an upgrade adds and drops nothing"
    database.uninstall(module.name)
    left = {name: sorted(found - before[name]) for name, found in database.inventory().items() if found - before[name]}
    lost = {name: sorted(had - found) for name, had in before.items() if (found := database.rows(LEFTOVERS[name])) < had}
    assert (left, lost) == ({}, {})
    database.server("-i", module.name)
    assert database.state(module.name) == {"installed"}
