"""./dms test: every test, with pytest-odoo, on fresh copies of the template database."""

import contextlib
import os
import subprocess
from pathlib import Path

from . import core_tests, setup
from .console import say
from .template import Templates

#: modules whose tests run beside those that go across modules, so that both lanes take about as long
BESIDE = ("dms_credit",)


def main(places, options):
    """Run pytest with the arguments given (default: everything) and return its exit code."""
    if core_tests.is_asked(options.arguments):
        return core_tests.main(places, options.arguments)
    current = setup.prepare_tests(places)
    lanes = {"test": options.arguments} if options.arguments else get_lanes(places.tree)
    with current.test_server() as server, contextlib.ExitStack() as stack:
        templates = Templates(current, server)
        layer = templates.full()
        databases = {lane: stack.enter_context(templates.copy(layer, lane)) for lane in lanes}
        return _side_by_side([Run(current, templates, layer, lane, databases[lane], lanes[lane]) for lane in lanes])


def get_lanes(tree):
    """Return what runs side by side when nothing else is asked for, each on a database of its own: ``{name: folders}``."""
    modules = sorted(folder for folder in (tree / "addons").iterdir() if (folder / "tests").is_dir())
    beside = [folder for folder in modules if folder.name in BESIDE]
    lanes = {"addons": [folder for folder in modules if folder not in beside], "tests": [tree / "tests", *beside]}
    return {name: [str(folder) for folder in folders] for name, folders in lanes.items()}


def _side_by_side(runs):
    """Run the first before the user's eyes and the others beside it, whose words are shown when they end.

    :return: the first exit code that is not 0, if any
    """
    try:
        for run in runs[1:]:
            run.start(hidden=True)
        codes = [runs[0].start().wait()]
        for run in runs[1:]:
            codes.append(run.process.wait())
            say(run.output.read_text(encoding="utf-8", errors="replace"))
    finally:
        for run in runs:
            run.end()
    return next(filter(None, codes), 0)


class Run:
    """One process of pytest on one database.

    :param name: what its logs are called after
    """

    def __init__(self, current, templates, layer, name, database, arguments):
        self.current = current
        self.templates = templates
        self.layer = layer
        self.database = database
        self.arguments = arguments
        self.process = None
        self.output = current.places.logs / f"{name}-output.log"
        self.server_log = current.places.logs / f"{name}-server.log"

    def start(self, hidden=False):
        """Start it, with what it prints in a file if it is to be hidden."""
        command = [str(part) for part in self._command()]
        options = {"cwd": self.current.places.tree, "env": self._environment(), "stdin": subprocess.DEVNULL}
        with contextlib.ExitStack() as stack:
            if hidden:
                options.update(stdout=stack.enter_context(open(self.output, "wb")), stderr=subprocess.STDOUT)
            self.process = subprocess.Popen(command, **options)
        return self.process

    def end(self):
        """Let nothing of it go on."""
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait()
        self._conf.unlink(missing_ok=True)

    @property
    def _conf(self):
        return self.current.places.run / f"{self.database}.conf"

    def _command(self):
        places = self.current.places
        conf = self.templates.config(self.database, self._conf.name, screenshots=places.private("screenshots"))
        self.server_log.unlink(missing_ok=True)
        say(f"  … Tests; server log: {self.server_log}")
        return [
            *(self.current.venv.python, "-m", "pytest", "-p", "tools.pytest_dms"),
            *(f"--odoo-config={conf}", f"--odoo-database={self.database}", "--odoo-http", "--odoo-log-level=info"),
            *(f"--odoo-extra=logfile={self.server_log}", "-o", f"cache_dir={places.data / 'pytest'}"),
            *(f"--ignore={folder}" for folder in left_out(self.current)),
            *(absolute(argument) for argument in self.arguments),
        ]

    def _environment(self):
        """Return the environment for our plugin, and for tests that make databases of their own."""
        return self.current.environment(
            DMS_INSTALL_LOG=self.templates.install_log(self.layer),
            DMS_TEMPLATE=self.layer.name,
            DMS_BASE=self.layer.below.name,
        )


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
