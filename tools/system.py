"""The machine: what it is, and the programs it must have (installed from Debian when the user may)."""

import os
import shutil
from pathlib import Path

from . import run
from .console import DmsError, step, warn

# program -> (other names, Debian package, what is missing without it)
PROGRAMS = {
    "wkhtmltopdf": ((), "wkhtmltopdf", "documents cannot be downloaded as PDF"),
    "chromium": (
        ("chromium-browser", "google-chrome", "google-chrome-stable"),
        "chromium",
        "browser tests cannot run, and a skipped browser test fails the run",
    ),
    "tesseract": ((), "tesseract-ocr", "the test that reads a downloaded PDF fails"),
}


def os_release(path="/etc/os-release"):
    """Return the machine's os-release file as a dictionary, {} when there is none."""
    try:
        lines = Path(path).read_text(encoding="utf-8").splitlines()
    except OSError:
        return {}
    pairs = (line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    return {key: value.strip().strip('"') for key, value in pairs}


def is_debian(release=None):
    """Tell whether this is Debian itself (Ubuntu and others have other packages)."""
    release = os_release() if release is None else release
    return release.get("ID") == "debian" and shutil.which("apt-get") is not None


def may_install():
    """Tell whether this user may install packages of the machine."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def ensure_programs(names, log):
    """Install the programs that are missing, or warn with the consequence and the command to run.

    :param names: keys of ``PROGRAMS``
    :param log: path of a log file for apt's output
    """
    missing = [name for name in names if not _has(name)]
    if not missing:
        return
    packages = [PROGRAMS[name][1] for name in missing]
    if may_install():
        try:
            install(packages, log)
            return
        except DmsError as error:
            warn(str(error))
    for name in missing:
        warn(f"{name} is missing: {PROGRAMS[name][2]}. Install it with: apt-get install {PROGRAMS[name][1]}")


def install(packages, log):
    """Install Debian packages with the machine's own apt (root only)."""
    with step(f"Installing {', '.join(packages)}"):
        env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        command = ["apt-get", "install", "-y", "-q", "--no-install-recommends", *packages]
        advice = f"apt could not install {' '.join(packages)}; install it yourself and run the command again."
        try:
            run.logged(command, log, advice, env=env)
        except DmsError:  # lists empty or outdated
            run.logged(["apt-get", "update", "-q"], log, advice, env=env)
            run.logged(command, log, advice, env=env)


def _has(name):
    return any(shutil.which(candidate) for candidate in (name, *PROGRAMS[name][0]))
