"""A running suite of its own for a story: a fresh copy of the demo database, served by a real process.

Nothing is shared with the transaction of a test: what a story does is committed, seen by every session, and pushed
to open pages, as for a user.
"""

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import psycopg2
from psycopg2.sql import SQL

from odoo.tools import config

from tools.database import Databases

#: seconds until a server must answer
START = 90


@dataclass(frozen=True)
class LiveServer:
    """A served database: its address, its name, and the log of its process."""

    url: str
    database: str
    log: Path


@contextlib.contextmanager
def live_server(folder):
    """Serve a copy of the template database until the block ends.

    :param folder: where configuration and log go
    """
    with copied_database("story") as database, served(folder, database) as server:
        yield server


@contextlib.contextmanager
def served(folder, database, **options):
    """Serve a database until the block ends.

    :param folder: where configuration and log go
    :param options: of Odoo's configuration, put over those of the tests
    """
    port = free_port()
    log = folder / "server.log"
    command = [sys.executable, "-m", "odoo", "-c", write_config(folder, database, port, **options), "-d", database]
    with log.open("wb") as output, stopped(subprocess.Popen([str(part) for part in command], stdout=output, stderr=output)):
        server = LiveServer(f"http://127.0.0.1:{port}", database, log)
        wait_until_up(server)
        yield server


@contextlib.contextmanager
def copied_database(purpose):
    """Give the name of a fresh copy of the template database, dropped afterwards."""
    databases = Databases(MaintenanceServer(), config["data_dir"])
    name = f"{os.environ['DMS_TEMPLATE']}_{purpose}_{os.getpid()}"
    databases.copy(os.environ["DMS_TEMPLATE"], name)
    try:
        yield name
    finally:
        databases.drop(name)


class MaintenanceServer:
    """What :class:`tools.database.Databases` needs of the server that the tests are connected to."""

    def sql(self, statement, database="postgres"):
        with contextlib.closing(connect(database)) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(SQL(statement))
                return [row[0] for row in cursor.fetchall()] if cursor.description else []


def connect(database):
    """Return a connection to a database of the tests' server."""
    settings = {"host": config["db_host"], "port": config["db_port"], "user": config["db_user"], "password": config["db_password"]}
    return psycopg2.connect(dbname=database, **{key: value for key, value in settings.items() if value})


def write_config(folder, database, port, **options):
    """Write the configuration of a server for ``database`` and return its path.

    :param options: put over those of the tests
    """
    lines = {
        "addons_path": ",".join(config["addons_path"]) if isinstance(config["addons_path"], list) else config["addons_path"],
        "data_dir": config["data_dir"],
        "db_host": config["db_host"],
        "db_port": config["db_port"],
        "db_user": config["db_user"],
        "db_password": config["db_password"],
        "dbfilter": f"^{database}$",
        "http_interface": "127.0.0.1",
        "http_port": port,
        "list_db": False,
        "max_cron_threads": 1,
        "workers": 0,
        **options,
    }
    path = folder / "odoo.conf"
    path.write_text("[options]\n" + "".join(f"{key} = {value}\n" for key, value in lines.items() if value not in (None, False, "")))
    return path


def free_port():
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def stopped(process):
    """Stop the process at the end of the block."""
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_until_up(server):
    deadline = time.monotonic() + START
    while True:
        try:
            with urllib.request.urlopen(f"{server.url}/web/login", timeout=30):
                return
        except OSError as error:
            if time.monotonic() > deadline:
                raise TimeoutError(f"The server did not come up; its log: {server.log}") from error
            time.sleep(0.3)
