"""Which Odoo 19 is used: ODOO_HOME, else one this Python can import, else Debian's."""

import hashlib
import importlib.util
import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from . import debian
from .console import DmsError, step
from .locks import locked

SERIES = "19.0"
FOLDERS = (
    "",
    "usr/lib/python3/dist-packages",
    "lib/python3*/site-packages",
    "lib/python3*/dist-packages",
)


@dataclass(frozen=True)
class OdooHome:
    """An Odoo: ``python_path`` is the folder to put on PYTHONPATH, ``origin`` where it came from."""

    python_path: Path
    origin: str

    @property
    def package(self):
        return self.python_path / "odoo"

    @property
    def addons(self):
        """The addons folders that exist: base's, and a checkout's own beside the package."""
        beside = self.package.resolve().parent / "addons"
        return [folder for folder in (self.package / "addons", beside) if (folder / "web").is_dir() or folder != beside]

    @property
    def fingerprint(self):
        """Changes when another Odoo, or another state of a checkout, is used."""
        parts = [str(self.package.resolve()), _release_text(self.package), _git_head(self.package.resolve().parent)]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]


def find(places, env=None):
    """Return the :class:`OdooHome` to use, fetched from Debian when there is no other.

    :raises DmsError: when ODOO_HOME is no Odoo 19, or nothing can be fetched
    """
    env = os.environ if env is None else env
    if env.get("ODOO_HOME"):
        return _from_folder(places, Path(env["ODOO_HOME"]).expanduser(), "ODOO_HOME")
    importable = importable_odoo()
    if importable:
        return _from_folder(places, importable, "this Python's own")
    return _from_debian(places)


def importable_odoo():
    """Return the folder of an ``odoo`` 19 that the running Python can import, or None.

    Only its source is used: the packages it needs come from ``requirements.txt`` into our own environment.
    """
    spec = importlib.util.find_spec("odoo")
    for location in (spec.submodule_search_locations or ()) if spec else ():
        package = Path(location)
        if series(package) == SERIES:
            return package.parent
    return None


def series(package):
    """Return the series ("19.0") of the Odoo package in a folder, None when it is none."""
    match = re.search(r"^version_info\s*=\s*\(\D*(\d+)\D*,\s*(\d+)", _release_text(package), re.MULTILINE)
    return f"{match[1]}.{match[2]}" if match else None


def _from_folder(places, home, origin):
    for pattern in FOLDERS:
        for folder in [home] if not pattern else sorted(home.glob(pattern)):
            found = series(folder / "odoo")
            if found and found != SERIES:
                raise DmsError(f"{home} ({origin}) is Odoo {found}; this suite needs Odoo {SERIES}.")
            if found:
                return OdooHome(_alone(places, folder), f"{origin}: {home}")
    raise DmsError(f"{home} ({origin}) is no Odoo: it has no odoo/release.py. Name the folder that holds odoo-bin.")


def _alone(places, folder):
    """Return a folder with nothing but ``odoo`` on it, so that its neighbours do not hide our packages."""
    if not any(folder.glob("*.dist-info")) and folder.name not in ("site-packages", "dist-packages"):
        return folder
    key = hashlib.sha256(str(folder).encode()).hexdigest()[:12]
    alone = places.make_cache("odoo-links") / key
    alone.mkdir(exist_ok=True)
    link = alone / "odoo"
    if not link.is_symlink():
        link.symlink_to(folder / "odoo")
    return alone


def _from_debian(places):
    cache = places.make_cache("odoo-19")
    root = cache / "root"
    with locked(cache / "odoo-19.lock"):
        if not root.exists():
            work = cache / "work"
            shutil.rmtree(work, ignore_errors=True)
            work.mkdir()
            debian.fetch(root, work, cache / "fetch.log")
            shutil.rmtree(work, ignore_errors=True)
    return OdooHome(root / "usr/lib/python3/dist-packages", "Debian's package odoo-19")


def show(home):
    """Print which Odoo is used, as a step of its own."""
    with step("Odoo 19") as current:
        current.note = home.origin


def _release_text(package):
    try:
        return (package / "release.py").read_text(encoding="utf-8")
    except OSError:
        return ""


def _git_head(folder):
    """Return what a checkout's HEAD names, "" when it is no checkout."""
    git = folder / ".git"
    try:
        head = (git / "HEAD").read_text(encoding="utf-8").strip()
        return (git / head[5:]).read_text(encoding="utf-8").strip() if head.startswith("ref: ") else head
    except OSError:
        return ""
