"""Addons of others that a benchmark compares with: fetched into the cache when it runs, never part of the suite."""

import hashlib
import shutil

from . import run
from .console import step
from .locks import locked

ADVICE = "What this benchmark compares with could not be fetched: is the package index reachable from here?"


def addons(setup, packages):
    """Return the folders of addons that some packages bring, fetched unless they are in the cache.

    :param setup: :class:`~tools.setup.Setup`
    :param packages: requirements with their versions, e.g. ``("odoo-addon-x==19.0.1.0.0",)``; none give no folder
    :raises DmsError: when a package cannot be fetched
    """
    if not packages:
        return ()
    cache = setup.places.make_cache("peers")
    target = cache / key(packages)
    with locked(cache / f"{target.name}.lock"):
        if not target.exists():
            with step(f"Fetching {', '.join(packages)}"):
                _fetch(setup, packages, target)
    return (target / "odoo" / "addons",)


def key(packages):
    """Return the name of the folder that holds these packages, whatever their order."""
    return hashlib.sha256("\n".join(sorted(packages)).encode()).hexdigest()[:12]


def _fetch(setup, packages, target):
    partial = target.with_name(f"{target.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    options = ["--no-input", "--disable-pip-version-check", "--no-compile", "--only-binary=:all:"]
    command = [setup.venv.python, "-m", "pip", "install", *options, "--pre", "--no-deps", "--target", partial, *packages]
    log = setup.places.logs / "peers.log"
    run.logged(command, log, ADVICE, env=run.clean_environment(), cwd="/")
    if not (partial / "odoo" / "addons").is_dir():
        run.refuse(f"{', '.join(packages)} brought no addons for Odoo.", log)
    partial.rename(target)
