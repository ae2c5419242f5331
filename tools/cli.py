"""The command line of ./dms."""

import argparse
import signal
import sys
from importlib import import_module
from pathlib import Path

from . import places
from .console import DmsError, say

TREE = Path(__file__).resolve().parent.parent
PASS_ON = ("test", "psql")  # what follows is for pytest and psql


VARIABLES = """
variables:
  ODOO_HOME    an Odoo 19 of your own: a checkout or an installation
  DMS_PORT     port of ./dms up (8069)
  DMS_DB_URL   a PostgreSQL server of your own: postgresql://user:password@host:5432/database
  DMS_MODULES  modules to install and test, with those they need (default: all)
  DMS_CACHE    where Odoo and Python's packages are kept, for all checkouts
  DMS_DATA     where databases, files and logs of this checkout are kept
"""


def main(arguments):
    """Run one command and return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # a terminal without our marks still shows the words
    own, rest = arguments, []
    if arguments and arguments[0] in PASS_ON and arguments[1:2] not in (["-h"], ["--help"]):
        own, rest = arguments[:1], arguments[1:]
    options = _parser().parse_args(own)
    options.arguments = rest
    return _guard(lambda: options.run(places.find(TREE), options))


def _guard(action):
    signal.signal(signal.SIGTERM, lambda *_given: sys.exit(143))  # let every "finally" run
    try:
        return action() or 0
    except DmsError as error:
        say()
        print(f"dms: {error}", file=sys.stderr, flush=True)
        return 1
    except KeyboardInterrupt:
        return 130


def _parser():
    parser = argparse.ArgumentParser(
        "dms",
        description="Run, test and look into the distributor management suite.",
        epilog=VARIABLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(required=True, metavar="command")
    _add(commands, "up", "start the suite with demo data on http://localhost:8069", "serve.up")
    _add(commands, "test", "run the tests; arguments go to pytest", "testing.main")
    _add(commands, "lint", "check style and common mistakes", "linting.main")
    bench = _add(commands, "bench", "run the benchmarks and print their table", "bench.main")
    bench.add_argument("names", nargs="*", help="benchmarks to run (default: all)")
    bench.add_argument("--json", action="store_true", help="end with a line of JSON")
    terms = _add(commands, "i18n", "export the translation template of each module", "translations.main")
    terms.add_argument("--check", action="store_true", help="write nothing, fail when one is out of date")
    pictures = _add(commands, "pictures", "take the pictures of the documentation from the running suite", "pictures.main")
    pictures.add_argument("names", nargs="*", help="pictures to take (default: all)")
    _add(commands, "shell", "open Odoo's shell on the suite's database", "keep.shell")
    _add(commands, "psql", "open psql on the suite's database; arguments go to psql", "keep.psql")
    _add(commands, "stop", "end every process of this checkout", "keep.stop")
    reset = _add(commands, "reset", "delete the databases and files of this checkout", "keep.reset")
    reset.add_argument("--yes", action="store_true", help="do not ask")
    return parser


def _add(commands, name, text, action):
    module, function = action.split(".")
    command = commands.add_parser(name, help=text, description=text)
    command.set_defaults(run=lambda *given: getattr(import_module(f"tools.{module}"), function)(*given))
    return command
