"""What is done with a suite that ./dms up made: stop it, delete it, look into it."""

import os
import shutil
import subprocess
import sys

from . import setup
from .console import DmsError, say
from .postgres import Cluster
from .serve import Suite, server_process


def stop(places, _options):
    """End every process of this clone."""
    stopped = server_process(places).stop()
    say("The server was stopped." if stopped else "The server was not running.")
    for name in (setup.MAIN, setup.TEST):
        if Cluster(places, setup.cluster_name(name)).stop():
            say(f"PostgreSQL ({name}) was stopped.")


def reset(places, options):
    """Delete everything this clone keeps (databases, filestores, logs); the cache stays."""
    if not places.data.exists():
        say("There is nothing to delete.")
        return
    if not options.yes and not _confirmed(places.data):
        raise DmsError("Nothing was deleted. ./dms reset --yes deletes without asking.")
    stop(places, options)
    shutil.rmtree(places.data)
    say(f"{places.data} was deleted.")
    if os.environ.get("DMS_DB_URL"):
        say("Databases of the server that DMS_DB_URL names are kept.")


def _confirmed(folder):
    if not sys.stdin.isatty():
        return False
    return input(f"Delete every database and file in {folder}? [y/N] ").strip().lower() in ("y", "yes")


def shell(places, _options):
    """Open Odoo's shell on the suite's database."""
    suite = _existing(places)
    conf = suite.write_config(suite.database, "shell.conf", log_level="warn")
    command = suite.current.odoo(conf, "shell", "--no-http")
    return subprocess.call([str(c) for c in command], env=suite.current.environment())


def psql(places, options):
    """Open psql on the suite's database."""
    suite = _existing(places)
    command = [suite.databases.server.bin / "psql", *options.arguments]
    return subprocess.call([str(c) for c in command], env=suite.databases.server.environment(suite.database))


def _existing(places):
    suite = Suite(places, setup.prepare(places))
    if not suite.databases.exists(suite.database):
        raise DmsError(f"There is no database {suite.database} yet: ./dms up makes it.")
    return suite
