"""Where things are kept: the cache that clones share, and the data of this clone."""

import hashlib
import os
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

from .console import DmsError

SOCKET_PATH_LIMIT = 90  # of a little over 100 characters that a socket's whole path may have


@dataclass(frozen=True)
class Places:
    """The folders of one clone.

    ``tree``: the checkout. ``cache``: shared by all clones of one user, safe to delete when nothing runs.
    ``data``: databases, filestores, logs and pid files of this clone.
    """

    tree: Path
    cache: Path
    data: Path

    @property
    def addons(self):
        return self.tree / "addons"

    @property
    def logs(self):
        return self.private("logs")

    @property
    def run(self):
        return self.private("run")

    @property
    def tree_key(self):
        return tree_key(self.tree)

    def private(self, name):
        """Return the folder ``name`` of the data, made for its owner alone."""
        self.make_data()
        folder = self.data / name
        folder.mkdir(mode=0o700, exist_ok=True)
        return folder

    def make_data(self):
        """Create the data folder; root's lets the database's own user pass through."""
        _make(self.data, 0o711 if os.geteuid() == 0 else 0o700)

    def make_cache(self, name):
        """Return the folder ``name`` of the cache, created when missing."""
        folder = self.cache / name
        _make(folder, 0o755 if os.geteuid() == 0 else 0o700)
        return folder

    def socket_dir(self, name):
        """Return a folder short enough for a PostgreSQL socket (not created)."""
        folder = self.data / name / "run"
        if len(str(folder)) <= SOCKET_PATH_LIMIT:
            return folder
        key = hashlib.sha256(str(folder).encode()).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"dms-{os.geteuid()}-{key}"


def find(tree, env=None):
    """Return the :class:`Places` of a checkout.

    :param tree: the root of the checkout
    :param env: environment variables; ``DMS_CACHE`` and ``DMS_DATA`` override the defaults
    """
    env = os.environ if env is None else env
    tree = Path(tree).resolve()
    root = os.geteuid() == 0
    cache = env.get("DMS_CACHE") or ("/var/cache/dms" if root else _home(env, "XDG_CACHE_HOME", ".cache"))
    data = env.get("DMS_DATA") or _default_data(tree, env, root)
    return Places(tree, Path(cache).absolute(), Path(data).absolute())


def tree_key(tree):
    """Return 8 hexadecimal digits that stand for the checkout's path."""
    return hashlib.sha256(str(tree).encode()).hexdigest()[:8]


def _default_data(tree, env, root):
    base = Path("/var/lib/dms" if root else _home(env, "XDG_DATA_HOME", ".local/share"))
    name = re.sub(r"[^A-Za-z0-9_-]+", "-", tree.name)[:24] or "clone"
    return base / f"{name}-{tree_key(tree)}"


def _home(env, variable, default):
    base = env.get(variable)
    return Path(base) / "dms" if base else Path.home() / default / "dms"


def _make(folder, mode):
    missing = [f for f in (folder, *folder.parents) if not f.exists()]
    try:
        for parent in reversed(missing):
            parent.mkdir(exist_ok=True)
            parent.chmod(mode)
    except OSError as error:
        raise DmsError(f"Cannot create {folder} ({error.strerror}). Set DMS_CACHE and DMS_DATA to folders you can write.") from error
