"""./dms test: every test, with pytest-odoo, on a fresh copy of the template database."""

import os
import subprocess
from pathlib import Path

from . import core_tests, setup
from .console import say
from .template import Templates


def main(places, options):
    """Run pytest with the arguments given (default: everything) and return its exit code."""
    if core_tests.is_asked(options.arguments):
        return core_tests.main(places, options.arguments)
    current = setup.prepare_tests(places)
    with current.test_server() as databases:
        templates = Templates(current, databases)
        layer = templates.full()
        with templates.copy(layer, "test") as name:
            return _pytest(current, templates, layer, name, options.arguments)


def _pytest(current, templates, layer, database, arguments):
    places = current.places
    conf = templates.config(database, f"{database}.conf", screenshots=places.private("screenshots"))
    server_log = places.logs / "test-server.log"
    server_log.unlink(missing_ok=True)
    command = [
        *(current.venv.python, "-m", "pytest", "-p", "tools.pytest_dms"),
        *(f"--odoo-config={conf}", f"--odoo-database={database}", "--odoo-http", "--odoo-log-level=info"),
        *(f"--odoo-extra=logfile={server_log}", "-o", f"cache_dir={places.data / 'pytest'}"),
        *(f"--ignore={folder}" for folder in left_out(current)),
        *(absolute(argument) for argument in arguments),
    ]
    environment = current.environment(  # for our plugin, and for tests that make databases of their own
        DMS_INSTALL_LOG=templates.install_log(layer),
        DMS_TEMPLATE=layer.name,
        DMS_BASE=layer.below.name,
    )
    say(f"  … Tests; server log: {server_log}")
    try:
        return subprocess.run([str(part) for part in command], cwd=places.tree, env=environment, stdin=subprocess.DEVNULL).returncode
    finally:
        conf.unlink(missing_ok=True)


def left_out(current):
    """Return the folders of the modules that are not installed (DMS_MODULES names others)."""
    installed = {module.folder for module in current.modules()}
    return sorted(path.parent for path in current.places.addons.glob("*/__manifest__.py") if path.parent not in installed)


def absolute(argument):
    """Return a test path given relative to the user's own folder as an absolute one; anything else unchanged."""
    path, mark, rest = argument.partition("::")
    if argument.startswith("-") or not Path(path).exists():
        return argument
    return f"{os.path.abspath(path)}{mark}{rest}"
