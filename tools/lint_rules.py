"""Rules of this repository that no off-the-shelf checker knows."""

import re
import subprocess
from pathlib import Path

from . import modules

try:
    import tomllib
except ImportError:  # Python 3.10
    tomllib = None

BACKEND = "whool"
MANIFEST_KEYS = ("name", "summary", "version", "author", "license", "depends")
MODULE_FILES = ("pyproject.toml", "README.md", "static/description/icon.png", "i18n/{name}.pot")
MAX_LINES = 400
# A folder of one machine, and addresses of package registries: a checkout must work anywhere.
FOREIGN = {
    "a path of one machine": re.compile(r"(?<![\w./~$}\"'-])/(?:root|work|home/\w+|Users/\w+)/\w"),
    "a package registry's address": re.compile(
        r"\b(?:py[p]i\.org|pythonhoste[d]\.org|deb\.debia[n]\.org|snapshot\.debia[n]\.org|registry\.npmj[s]\.org|proxy\.golan[g]\.org)\b"
    ),
}


def check(tree):
    """Return the complaints about a checkout, one line each.

    :param tree: the root of the checkout
    """
    found = [line for module in modules.find(tree / "addons") for line in check_module(module, tree)]
    for path in tracked_files(tree):
        found += check_file(path, tree)
    return found


def check_module(module, tree):
    """Return the complaints about one module: its manifest, pyproject and the files each module has."""
    place = module.folder.relative_to(tree)
    found = [f"{place}: the manifest has no {key}" for key in MANIFEST_KEYS if not module.manifest.get(key)]
    if module.manifest.get("license") != "LGPL-3":
        found.append(f"{place}: the licence must be LGPL-3")
    if not str(module.manifest.get("version", "")).startswith("19.0."):
        found.append(f"{place}: the version must start with 19.0.")
    names = (name.format(name=module.name) for name in MODULE_FILES)
    found += [f"{place}: {name} is missing" for name in names if not (module.folder / name).exists()]
    pyproject = module.folder / "pyproject.toml"
    if pyproject.exists() and not uses_whool(pyproject.read_text(encoding="utf-8")):
        found.append(f"{place}/pyproject.toml: the build backend must be whool.buildapi, required as {BACKEND}")
    return found


def uses_whool(text):
    """Tell whether a pyproject builds with whool."""
    if tomllib is None:
        return 'build-backend = "whool.buildapi"' in text and BACKEND in text
    system = tomllib.loads(text).get("build-system", {})
    requires = [name for name in system.get("requires", []) if name.startswith(BACKEND)]
    return system.get("build-backend") == "whool.buildapi" and bool(requires)


def check_file(path, tree):
    """Return the complaints about one tracked file."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return []
    place = path.relative_to(tree)
    found = [
        f"{place}:{number}: names {what}: {match[0]}"
        for number, line in enumerate(text.splitlines(), 1)
        for what, pattern in FOREIGN.items()
        if (match := pattern.search(line))
    ]
    if path.suffix == ".py" and text.count("\n") > MAX_LINES:
        found.append(f"{place}: {text.count(chr(10))} lines; split it (at most {MAX_LINES})")
    return found


def tracked_files(tree):
    """Return the files of a checkout that git knows or would add; without git, every file but hidden ones."""
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        names = subprocess.run(command, cwd=tree, capture_output=True, check=True).stdout.decode().split("\0")
    except (OSError, subprocess.CalledProcessError):
        return [path for path in _walk(Path(tree)) if path.is_file()]
    return [tree / name for name in names if name and (tree / name).is_file()]


def _walk(folder):
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or path.name == "__pycache__":
            continue
        yield from _walk(path) if path.is_dir() else [path]
