"""Template databases for tests: built once per state of the modules, copied for each run.

Two layers, so that a change of ours costs only our own installation: ``base`` has Odoo's modules that ours stand on,
``full`` has ours on top, with demo data, asset bundles and statistics.
"""

import contextlib
import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path

from . import config, log_check, run
from .console import step
from .locks import locked
from .modules import foundations

INSIDE = Path(__file__).parent / "inside"
ADVICE = "The test database could not be built."


@dataclass(frozen=True)
class Layer:
    """A template database.

    ``family``: start of the name, the same for every state of the same kind; ``name``: stands for one state;
    ``install``: the modules it adds; ``below``: the layer it is copied from, if any; ``demo``: with demo data.
    """

    family: str
    name: str
    install: tuple
    below: object = None
    demo: bool = True


class Templates:
    """The template databases of one clone on one server.

    :param setup: :class:`~tools.setup.Setup`
    :param databases: :class:`~tools.database.Databases`
    :param further: folders of addons besides Odoo's and the suite's; a template made with them has a name of its own
    """

    def __init__(self, setup, databases, further=()):
        self.setup = setup
        self.databases = databases
        self.further = further
        self.prefix = f"dms_{setup.places.tree_key}"
        self.lock = setup.places.run / "template.lock"

    def base(self, extra=(), demo=True):
        """Return the layer of Odoo's own modules (those ours need, and ``extra``)."""
        names = tuple(sorted({*foundations(self.setup.modules()), *extra}))
        family = f"{self.prefix}_base_{_key(demo, *names)[:6]}"
        return Layer(family, f"{family}_{_key(self.setup.home.fingerprint, *self.further)}", names, None, demo)

    def full(self, extra=(), demo=True):
        """Return the layer with all modules of the suite."""
        below = self.base(extra, demo)
        own = self.setup.modules()
        names = tuple(module.name for module in own)
        family = f"{self.prefix}_full_{_key(demo, *sorted(extra), *names)[:6]}"
        key = _key(below.name, *(f"{module.name}={module.digest}" for module in own))
        return Layer(family, f"{family}_{key}", names, below, demo)

    @contextlib.contextmanager
    def copy(self, layer, purpose):
        """Give the name of a fresh copy of a layer, built when needed; dropped afterwards.

        :param purpose: a word for the copy's name, so that two kinds of runs never share one
        """
        name = f"{self.prefix}_{purpose}_{os.getpid()}"
        with locked(self.lock):
            self._drop_orphans()
            self._ensure(layer)
            self.databases.copy(layer.name, name)
        try:
            yield name
        finally:
            self.databases.drop(name)

    def install_log(self, layer):
        """Return the path of what was logged while a layer was built."""
        return self.install_log_of(layer.name)

    def install_log_of(self, name):
        return self.setup.places.logs / f"{name}.log"

    def config(self, database, name, **options):
        """Write the configuration for a database of the test server and return its path."""
        return config.write(
            self.setup.places,
            name,
            addons_path=",".join(map(str, (self.setup.places.addons, *self.further))),
            data_dir=self.databases.data_dir,
            db_name=database,
            dbfilter=f"^{re.escape(database)}$",
            **{"max_cron_threads": 0, **self.databases.server.settings(), **options},
        )

    def _ensure(self, layer):
        if self.databases.exists(layer.name):
            return
        if layer.below:
            self._ensure(layer.below)
        building = f"{layer.name}_new"
        with step(f"Test database: {_summary(layer)}") as current:
            self.databases.drop(building)
            if layer.below:
                self.databases.copy(layer.below.name, building)
            self._install(layer, building)
            if layer.below:
                self._finish(building)
            self._drop_older(layer)
            self.databases.rename(building, layer.name)
            found = log_check.scan(self.install_log(layer)) if layer.below else []
            current.note = f"{len(found)} warnings" if found else ""

    def _install(self, layer, database):
        conf = self.config(database, f"{layer.name}.conf", http_enable=False)
        options = ["--with-demo"] if layer.demo else ["--without-demo"]
        command = self.setup.odoo(conf, "server", "-i", ",".join(layer.install), *options, "--stop-after-init")
        run.logged(command, self.install_log(layer), ADVICE, env=self.setup.environment(), cwd="/")
        missing = set(layer.install) - self.databases.installed(database)
        if missing:
            run.refuse(f"{', '.join(sorted(missing))} could not be installed. {ADVICE}", self.install_log(layer))

    def _finish(self, database):
        """Generate the asset bundles and the planner's statistics, so that no test pays for them."""
        self.run_inside("generate_assets", database)
        command = [self.databases.server.bin / "vacuumdb", "--analyze", "-q", database]
        run.logged(command, self.setup.places.logs / "vacuum.log", ADVICE, env=self.databases.server.environment())

    def run_inside(self, script, database, **variables):
        """Run a script of ``tools/inside`` in Odoo's shell on a database of the test server.

        :param script: its name
        :param variables: environment variables it reads
        """
        conf = self.config(database, f"{script}.conf", http_enable=False)
        log = self.setup.places.logs / f"{script}.log"
        command = self.setup.odoo(conf, "shell", "--shell-interface=python")
        with open(INSIDE / f"{script}.py", "rb") as source:
            run.logged(command, log, ADVICE, env=self.setup.environment(**variables), cwd="/", stdin=source)

    def _drop_older(self, layer):
        """Drop what another state of the modules left of the same kind of template."""
        for name in self.databases.names(f"{layer.family}_"):
            if name != layer.name and re.fullmatch(r"_[0-9a-f]{12}", name.removeprefix(layer.family)):
                self.databases.drop(name)
                self.install_log_of(name).unlink(missing_ok=True)

    def _drop_orphans(self):
        """Drop copies whose run was killed: a word and the number of a process follow the template's name."""
        for name in self.databases.names(f"{self.prefix}_"):
            copied = re.search(r"_[a-z]+_(\d{1,7})(?:_[a-z_]+)?$", name)
            if copied and not os.path.exists(f"/proc/{copied[1]}"):
                self.databases.drop(name)


def _summary(layer):
    names = layer.install
    return ", ".join(names) if len(names) <= 4 else f"{', '.join(names[:3])} and {len(names) - 3} more"


def _key(*parts):
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()[:12]
