"""The virtual environment: one per set of requirements and Python, shared by all clones."""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from . import debian, run, system
from .console import DmsError, step
from .locks import locked

SUPPORTED = ((3, 10), (3, 13))
RUNNING = ("requirements.txt",)
TESTING = ("requirements.txt", "requirements-dev.txt")


@dataclass(frozen=True)
class Venv:
    """A complete virtual environment."""

    folder: Path

    @property
    def python(self):
        return self.folder / "bin" / "python"

    @property
    def bin(self):
        return self.folder / "bin"

    def package_dir(self, name):
        """Return the folder of an installed package."""
        found = sorted(self.folder.glob(f"lib/python3*/site-packages/{name}"))
        if not found:
            raise DmsError(f"{name} is not in {self.folder}; delete that folder and run the command again.")
        return found[0]

    def tool(self, name):
        """Return the path of a command that a package brought."""
        return self.bin / name


def find(places, names=RUNNING):
    """Return the environment for some requirement files, made when it is not there yet.

    An environment that has more (the one for tests) serves for running, too.

    :param names: names of requirement files at the root of the tree
    """
    python = interpreter()
    folder = places.make_cache("venv")
    for wanted in (TESTING, names):
        ready = Venv(folder / key(places.tree, wanted, python))
        if _is_ready(ready):
            return ready
    return _make(places, folder, names, python)


def key(tree, names, python):
    """Return the name of the environment: changes with the requirements and with the Python."""
    digest = hashlib.sha256(python.identity.encode())
    for name in names:
        digest.update((tree / name).read_bytes())
    return f"py{python.version[0]}{python.version[1]}-{digest.hexdigest()[:12]}"


@dataclass(frozen=True)
class Interpreter:
    """A Python to build an environment with."""

    path: str
    version: tuple
    identity: str


def interpreter():
    """Return the Python to use: the running one, else a supported one found on the PATH."""
    if SUPPORTED[0] <= sys.version_info[:2] <= SUPPORTED[1]:
        return Interpreter(sys.executable, sys.version_info[:2], f"{sys.base_prefix} {sys.version}")
    for minor in range(SUPPORTED[1][1], SUPPORTED[0][1] - 1, -1):
        path = shutil.which(f"python3.{minor}")
        if path:
            return Interpreter(path, (3, minor), path)
    raise DmsError(f"Odoo 19 runs on Python 3.10 to 3.13; this is {sys.version.split()[0]}. Install one of them and put it on the PATH.")


def _is_ready(venv):
    return (venv.folder / ".complete").exists() and os.access(venv.python, os.X_OK)


def _make(places, folder, names, python):
    venv = Venv(folder / key(places.tree, names, python))
    with locked(folder / f"{venv.folder.name}.lock"):
        if not _is_ready(venv):
            with step(f"Python packages ({' + '.join(names)})") as current:
                shutil.rmtree(venv.folder, ignore_errors=True)
                _create(places, venv, python)
                _install(places, venv, names)
                current.note = venv.folder.name
            (venv.folder / ".complete").touch()
    return venv


def _create(places, venv, python):
    log = places.logs / "venv.log"
    advice = "The virtual environment could not be made; on Debian: apt-get install python3-venv"
    if _has_pip(python):
        run.logged([python.path, "-m", "venv", venv.folder], log, advice)
    elif system.may_install():
        system.install(["python3-venv"], places.logs / "apt.log")
        run.logged([python.path, "-m", "venv", venv.folder], log, advice)
    elif system.is_debian():
        run.logged([python.path, "-m", "venv", "--without-pip", venv.folder], log, advice)
        _bring_pip(places, venv, log, advice)
    else:
        raise DmsError(f"This Python has no ensurepip. {advice}")


def _has_pip(python):
    if python.path == sys.executable:
        return importlib.util.find_spec("ensurepip") is not None and importlib.util.find_spec("venv") is not None
    return subprocess.run([python.path, "-c", "import ensurepip, venv"], capture_output=True).returncode == 0


def _bring_pip(places, venv, log, advice):
    work = places.private("pip")
    shutil.rmtree(work)
    work.mkdir()
    wheel = debian.fetch_pip(work, log)
    env = run.clean_environment(PYTHONPATH=wheel)
    run.logged([venv.python, "-m", "pip", "install", "-q", wheel], log, advice, env=env)
    shutil.rmtree(work)


def _install(places, venv, names):
    files = [part for name in names for part in ("-r", places.tree / name)]
    command = [venv.python, "-m", "pip", "install", "--no-input", "--disable-pip-version-check", *files]
    advice = "The packages could not be installed: is the package index reachable from here?"
    run.logged(command, places.logs / "pip.log", advice, env=run.clean_environment(), cwd=places.tree)
