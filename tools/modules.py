"""The suite's own modules: what they are, what they need, and when they changed."""

import ast
import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from .console import DmsError

# Files that change neither the database nor what a server serves.
UNSEEN_FOLDERS = {"__pycache__", "tests"}
UNSEEN_SUFFIXES = {".pyc", ".pyo", ".md", ".pot", ".toml", ".swp", ".orig"}


@dataclass(frozen=True)
class Module:
    """One addon: its name, folder and manifest."""

    name: str
    folder: Path
    manifest: dict = field(hash=False)

    @property
    def depends(self):
        return self.manifest.get("depends", [])

    @property
    def digest(self):
        """Stands for everything of the module that a database or a server sees (contents, not times)."""
        return digest(self.folder)


def find(addons):
    """Return the installable modules of a folder, each after those it depends on.

    :param addons: the folder; a missing one has no modules
    :raises DmsError: when a manifest cannot be read or the dependencies go in a circle
    """
    found = {path.parent.name: _read(path) for path in sorted(Path(addons).glob("*/__manifest__.py"))}
    installable = {name: module for name, module in found.items() if module.manifest.get("installable", True)}
    return in_order(installable)


def in_order(modules):
    """Return modules sorted by dependency.

    :param modules: name to :class:`Module`
    """
    done, todo = {}, dict(modules)
    while todo:
        ready = [name for name, module in todo.items() if not any(d in todo for d in module.depends)]
        if not ready:
            raise DmsError(f"The modules {', '.join(sorted(todo))} depend on each other in a circle.")
        done.update((name, todo.pop(name)) for name in sorted(ready))
    return list(done.values())


def closure(modules, names):
    """Return the modules that a comma-separated list names, with those they depend on; all for an empty list.

    :param modules: in order of dependency
    """
    wanted = {name.strip() for name in names.split(",") if name.strip()}
    unknown = wanted - {module.name for module in modules}
    if unknown:
        raise DmsError(f"There is no module {', '.join(sorted(unknown))} in addons.")
    for module in reversed(modules):
        if module.name in wanted:
            wanted.update(module.depends)
    return [module for module in modules if module.name in wanted] if wanted else modules


def foundations(modules):
    """Return the names of Odoo's own modules that ``modules`` depend on directly, sorted."""
    own = {module.name for module in modules}
    return sorted({name for module in modules for name in module.depends} - own)


def digest(folder):
    """Return a hash of the names and contents of the files below ``folder`` that a server sees."""
    found = hashlib.sha256()
    for path in sorted(seen_files(folder)):
        found.update(str(path.relative_to(folder)).encode() + b"\0")
        found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()[:16]


def seen_files(folder):
    """Yield the files below ``folder`` whose change is a change of the module."""
    for path in folder.iterdir():
        if path.is_dir():
            if path.name not in UNSEEN_FOLDERS:
                yield from seen_files(path)
        elif path.suffix not in UNSEEN_SUFFIXES and not path.name.startswith("."):
            yield path


def _read(path):
    try:
        manifest = ast.literal_eval(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, SyntaxError) as error:
        raise DmsError(f"{path} cannot be read as a manifest: {error}") from error
    return Module(path.parent.name, path.parent, manifest)
