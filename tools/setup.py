"""The parts a command stands on, made in order: Odoo, Python, PostgreSQL."""

import contextlib
import os
from dataclasses import dataclass

from . import config, modules, odoo_home, postgres, python_env, system
from .console import DmsError, step
from .database import Databases
from .locks import is_free, locked

MAIN = "main"  # the cluster that ./dms up uses: durable
TEST = "test"  # the cluster of tests and benchmarks: fast, nothing in it is worth keeping


def cluster_name(name):
    """Return the folder of a cluster below the data of a clone."""
    return f"postgres-{name}"


@dataclass(frozen=True)
class Setup:
    """A clone with its Odoo and its Python."""

    places: object
    home: odoo_home.OdooHome
    venv: python_env.Venv

    def modules(self):
        """Return the suite's modules in order of dependency, or those that DMS_MODULES names and what they need."""
        found = modules.closure(modules.find(self.places.addons), os.environ.get("DMS_MODULES", ""))
        if not found:
            raise DmsError(f"There is no module in {self.places.addons}.")
        return found

    def environment(self, **extra):
        return config.odoo_environment(self.places, self.home, self.venv, **extra)

    def odoo(self, conf, *arguments):
        """Return the command line of Odoo with a configuration file."""
        command, options = arguments[0], arguments[1:]
        return [self.venv.python, "-m", "odoo", command, "-c", conf, *options]

    def cluster(self, name):
        settings = postgres.FAST if name == TEST else postgres.DURABLE
        return postgres.Cluster(self.places, cluster_name(name), postgres.embedded_bin(self.venv), settings)

    def start_server(self, name):
        """Return the running database server and the database its address names ("" for none)."""
        url = os.environ.get("DMS_DB_URL")
        if url:
            return postgres.from_url(url, postgres.embedded_bin(self.venv))
        with locked(self.places.run / f"postgres-{name}.lock"):
            return self.cluster(name).start(), ""

    @contextlib.contextmanager
    def test_server(self):
        """Give the :class:`Databases` of tests; the last command that uses its server stops it."""
        using = self.places.run / "postgres-test.users"
        try:
            with locked(using, shared=True):
                with step("PostgreSQL for tests"):
                    server, _name = self.start_server(TEST)
                yield Databases(server, self.places.private("test-data"))
        finally:
            self._stop_unused(using)

    def _stop_unused(self, using):
        with locked(self.places.run / f"postgres-{TEST}.lock"):
            if is_free(using):
                postgres.Cluster(self.places, cluster_name(TEST)).stop()


def prepare(places, requirements=python_env.RUNNING):
    """Find or fetch Odoo and Python's packages and return the :class:`Setup`."""
    home = odoo_home.find(places)
    odoo_home.show(home)
    return Setup(places, home, python_env.find(places, requirements))


def prepare_tests(places):
    """Return the :class:`Setup` that tests need, with the programs they call."""
    current = prepare(places, python_env.TESTING)
    system.ensure_programs(("wkhtmltopdf", "chromium", "tesseract"), places.logs / "apt.log")
    return current
