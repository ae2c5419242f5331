"""./dms up: the suite with demo data, served in the background."""

import json
import os
import socket
import time
import urllib.error
import urllib.request

from . import config, run, setup, system
from .console import DmsError, say, step, tail
from .database import Databases
from .locks import locked
from .logins import table
from .process import Background

PROGRAMS = ("wkhtmltopdf",)
PATIENCE = 120  # seconds for the server's first answer
LOCAL = "127.0.0.1"


def up(places, _options):
    """Start the suite; a second call keeps the data and upgrades the modules that changed."""
    with locked(places.run / "up.lock"):
        suite = Suite(places, _started(places))
        suite.prepare_database()
        suite.serve()
    suite.greet()


def _started(places):
    current = setup.prepare(places)
    system.ensure_programs(PROGRAMS, places.logs / "apt.log")
    return current


class Suite:
    """The running suite of one clone.

    :param places: :class:`~tools.places.Places`
    :param current: :class:`~tools.setup.Setup`
    """

    def __init__(self, places, current):
        self.places = places
        self.current = current
        self.port = port()
        self.server = server_process(places)
        self.state_file = places.run / "up-state.json"
        self.log = places.logs / "server.log"
        with step("PostgreSQL"):
            server, name = current.start_server(setup.MAIN)
        self.database = name or "dms"
        self.databases = Databases(server, places.private("data"))

    # -- the database ---------------------------------------------------------

    def prepare_database(self):
        """Make the database, or bring an existing one up to the state of the modules."""
        modules = self.current.modules()
        wanted = {"odoo": self.current.home.fingerprint, **{module.name: module.digest for module in modules}}
        if not self.databases.exists(self.database):
            self._create(modules)
        else:
            self._refresh(wanted)
        self.state_file.write_text(json.dumps(wanted, indent=1))

    def _create(self, modules):
        """Build under another name, so that a broken-off attempt never looks like the database."""
        building = f"{self.database}_new"
        with step(f"Database {self.database}: {', '.join(module.name for module in modules)}, demo data"):
            self.server.stop()
            self.databases.drop(building)
            names = ",".join(module.name for module in modules)
            self._run_odoo(building, "install.log", "-i", names, "--with-demo")
            self.databases.rename(building, self.database)

    def _refresh(self, wanted):
        """Install new modules and upgrade changed ones; the data stays."""
        state = self._read_state()
        installed = self.databases.installed(self.database)
        own = [name for name in wanted if name != "odoo"]
        new = [name for name in own if name not in installed]
        changed = [name for name in own if name not in new and wanted[name] != state.get(name)]
        if state.get("odoo", wanted["odoo"]) != wanted["odoo"]:
            changed = ["base"]
        if not new and not changed:
            return
        with step(f"Upgrading {self.database}: {', '.join(new + changed)}"):
            self.server.stop()
            options = (["-i", ",".join(new)] if new else []) + (["-u", ",".join(changed)] if changed else [])
            self._run_odoo(self.database, "upgrade.log", *options, "--with-demo")

    def _read_state(self):
        try:
            return json.loads(self.state_file.read_text())
        except (OSError, ValueError):
            return {}

    def _run_odoo(self, database, log, *options):
        conf = self.write_config(database, f"{log}.conf", http_enable=False)
        advice = "The database could not be prepared. When the log names one of the modules, mend it and run ./dms up."
        command = self.current.odoo(conf, "server", *options, "--stop-after-init")
        run.logged(command, self.places.logs / log, advice, env=self.current.environment(), cwd="/")

    def write_config(self, database, name, **options):
        """Write the configuration for a database of this suite and return its path."""
        return config.write(
            self.places,
            name,
            addons_path=self.places.addons,
            data_dir=self.databases.data_dir,
            db_name=database,
            dbfilter=f"^{database}$",
            http_port=self.port,
            **{**self.databases.server.settings(), **options},
        )

    # -- the server -----------------------------------------------------------

    def serve(self):
        """Start the server unless it answers already, and wait for its first answer."""
        conf = self.write_config(self.database, "up.conf")
        if self.server.pid() and answers(self.port):
            return
        with step(f"Server on port {self.port}"):
            self.server.stop()
            _refuse_busy(self.port)
            process = self.server.start(self.current.odoo(conf, "server"), self.log, self.current.environment())
            self._wait(process)

    def _wait(self, process):
        deadline = time.monotonic() + PATIENCE
        while not answers(self.port):
            if process.poll() is not None or time.monotonic() > deadline:
                self.server.stop()
                raise DmsError(f"{tail(self.log)}\n\nThe server did not start; its log is {self.log}")
            time.sleep(0.2)

    def greet(self):
        """Print the address and who can log in."""
        known = set(self.databases.server.sql("SELECT login FROM res_users WHERE active", self.database))
        say(f"\nThe suite runs on http://localhost:{self.port}\n")
        for line in table(known):
            say(f"  {line}")
        say(f"\nServer log: {self.log}\nStop it with ./dms stop")


def port():
    """Return the port to serve on: DMS_PORT or Odoo's usual one."""
    value = os.environ.get("DMS_PORT", "8069")
    if not value.isdigit() or not 0 < int(value) < 65536:
        raise DmsError(f"DMS_PORT is {value!r}; it must be a number from 1 to 65535.")
    return int(value)


def server_process(places):
    return Background(places.run / "server.pid")


def answers(number):
    """Tell whether a web server on this machine's ``number`` serves the login page."""
    try:
        with urllib.request.urlopen(f"http://{LOCAL}:{number}/web/login", timeout=60) as response:
            return response.status == 200
    except (OSError, urllib.error.URLError, ValueError):
        return False


def _refuse_busy(number):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOCAL, number))
        except OSError as error:
            raise DmsError(f"Port {number} is used by another program. Choose one: DMS_PORT=8070 ./dms up") from error
