"""Debian's own Odoo 19, unpacked into a folder: nothing is installed, no source list of the machine is touched.

A private apt reads the archive this machine's apt already uses, so its signatures are checked by apt with Debian's
own keyring and no address is written down here.
"""

import re
import shutil
import subprocess
from pathlib import Path

from . import run, system
from .console import DmsError, step, tail

UNSTABLE = "sid"
FROM_UNSTABLE = (
    "odoo-19",
    "libjs-jquery",
    "libjs-underscore",
    "libjs-jquery-form",
    "fonts-roboto-unhinted",
    "fonts-montserrat",
    "fonts-ocr-b",
)
# Odoo links to files of Font Awesome 4.7 and an Inconsolata that the unstable suite no longer has.
FROM_STABLE = ("fonts-font-awesome", "fonts-inconsolata")
KEYRINGS = tuple(Path(f"/usr/share/keyrings/debian-archive-keyring.{kind}") for kind in ("gpg", "pgp"))
HELP = "Set ODOO_HOME to an Odoo 19 of your own (a checkout or an installation) and run the command again."
LEFT_OUT = ("./etc", "./lib/systemd", "./usr/share/doc/*/*changelog*")
# Debian leaves this script out; without it every page of the backend logs an error.
STUB = "mail/static/lib/selfie_segmentation/selfie_segmentation.js"
STUB_TEXT = "/* not part of the Debian package: no background blur in calls */\n"
_URI = re.compile(r"^'(?P<base>[^']+)/dists/(?P<suite>[^'/]+)/(?:In)?Release(?:\.gpg)?'", re.MULTILINE)


def fetch(target, work, log):
    """Fetch and unpack Debian's Odoo 19.

    :param target: the root folder to create (it must not exist); appears only when complete
    :param work: an empty folder for lists and packages, removed afterwards
    :param log: path of the log file for apt
    :raises DmsError: with a way out when this machine cannot do it
    """
    release = system.os_release()
    if not system.is_debian(release):
        raise DmsError(f"Odoo 19 is fetched as Debian's package, and this machine is not Debian. {HELP}")
    suite = release.get("VERSION_CODENAME") or "stable"
    options = _connect(suite, work, log)
    with step("Downloading Odoo 19 from Debian"):
        _download(options, suite, work / "debs", log)
    with step("Unpacking Odoo 19") as current:
        partial = target.with_name(f"{target.name}.partial")
        shutil.rmtree(partial, ignore_errors=True)
        for package in sorted((work / "debs").glob("*.deb")):
            _unpack(package, partial)
        _complete(partial)
        current.note = "no dangling links"
        partial.rename(target)


def mirrors(text, suite):
    """Return the archive addresses named by ``apt-get --print-uris update``, the likeliest first.

    :param text: what apt printed
    :param suite: code name of this machine's release; other suites' addresses come after
    """
    found = [(match["suite"] != suite, match["base"]) for match in _URI.finditer(text)]
    plain = [(other, base) for other, base in found if "security" not in base]
    return list(dict.fromkeys(base for _other, base in sorted(plain, key=lambda pair: pair[0])))


def fetch_pip(work, log):
    """Return the path of a pip wheel from Debian, for machines whose Python came without pip.

    :param work: an empty folder
    :param log: path of the log file
    """
    suite = system.os_release().get("VERSION_CODENAME") or "stable"
    options = _connect(suite, work, log, suites=(suite,))
    _apt(options, "download", f"python3-pip-whl/{suite}", log=log, cwd=work)
    for package in work.glob("*.deb"):
        _unpack(package, work / "root")
    return next((work / "root/usr/share/python-wheels").glob("pip-*.whl"))


def _connect(suite, work, log, suites=None):
    """Return apt options for the first archive of this machine that has the suites we need."""
    suites = suites or (UNSTABLE, suite)
    keyring = next((path for path in KEYRINGS if path.exists()), None)
    if not keyring:
        raise DmsError(f"Debian's keyring is missing (package debian-archive-keyring). {HELP}")
    with step("Reading Debian's package lists") as current:
        printed = subprocess.run(["apt-get", "--print-uris", "update"], capture_output=True, text=True).stdout
        for mirror in mirrors(printed, suite):
            options = _private_apt(mirror, suites, keyring, work)
            try:
                _apt(options, "update", log=log, cwd=work)
            except DmsError:
                continue
            current.note = ", ".join(suites)
            return options
    raise DmsError(f"{tail(log, 5)}\n\nNo Debian archive that this machine's apt knows could be read. {HELP}")


def _private_apt(mirror, suites, keyring, work):
    for folder in ("lists/partial", "archives/partial", "preferences", "debs"):
        (work / folder).mkdir(parents=True, exist_ok=True)
    (work / "status").touch()
    sources = work / "sources.list"
    sources.write_text("".join(f"deb [signed-by={keyring}] {mirror} {suite} main\n" for suite in suites))
    settings = {
        "Dir::Etc::sourcelist": sources,
        "Dir::Etc::sourceparts": "-",
        "Dir::Etc::preferences": "-",
        "Dir::Etc::preferencesparts": work / "preferences",
        "Dir::State": work,
        "Dir::State::lists": work / "lists",
        "Dir::State::status": work / "status",
        "Dir::Cache": work,
        "Dir::Cache::archives": work / "archives",
        "APT::Sandbox::User": "",
        "APT::Update::Error-Mode": "any",
        "Acquire::Languages": "none",
        "Acquire::Retries": "3",
        "Acquire::AllowInsecureRepositories": "false",
        "APT::Get::AllowUnauthenticated": "false",
    }
    return [part for key, value in settings.items() for part in ("-o", f"{key}={value}")]


def _apt(options, *command, log, cwd):
    run.logged(["apt-get", "-q", *options, *command], log, f"Debian's archive could not be read. {HELP}", cwd=cwd)


def _download(options, suite, folder, log):
    names = [f"{name}/{UNSTABLE}" for name in FROM_UNSTABLE] + [f"{name}/{suite}" for name in FROM_STABLE]
    _apt(options, "download", *names, log=log, cwd=folder)
    version = next((path.name.split("_")[1] for path in folder.glob("odoo-19_*.deb")), "none")
    if not version.startswith("19.0"):
        raise DmsError(f"Debian's package odoo-19 is version {version}, not 19.0. {HELP}")


def _unpack(package, root):
    root.mkdir(parents=True, exist_ok=True)
    with subprocess.Popen(["dpkg-deb", "--fsys-tarfile", package], stdout=subprocess.PIPE) as source:
        excluded = [f"--exclude={pattern}" for pattern in LEFT_OUT]
        command = ["tar", "-x", "-C", root, "--no-same-owner", "--wildcards", *excluded]
        code = subprocess.run(command, stdin=source.stdout, stderr=subprocess.DEVNULL).returncode
    if code or source.returncode:
        raise DmsError(f"{package.name} could not be unpacked into {root}: is the disk full?")


def _complete(root):
    """Add what the package lacks and check that every file Odoo links to is there."""
    addons = root / "usr/lib/python3/dist-packages/odoo/addons"
    stub = addons / STUB
    stub.parent.mkdir(parents=True, exist_ok=True)
    if not stub.exists():
        stub.write_text(STUB_TEXT)
    dangling = dangling_links(addons)
    if dangling:
        names = ", ".join(str(path.relative_to(addons)) for path in dangling[:5])
        raise DmsError(f"Debian's packages lack files that Odoo links to: {names}. {HELP}")


def dangling_links(folder):
    """Return the symbolic links below ``folder`` that lead nowhere."""
    return sorted(path for path in folder.rglob("*") if path.is_symlink() and not path.exists())
