"""Odoo's configuration: the checkout's odoo.conf with what depends on this machine added."""

import configparser
import os

from . import run


def write(places, name, **options):
    """Write a configuration file into the data of this clone and return its path.

    :param name: its file name
    :param options: options of Odoo, put over those of ``odoo.conf``
    """
    parser = configparser.RawConfigParser()
    parser.read(places.tree / "odoo.conf", encoding="utf-8")
    for option, value in options.items():
        parser.set("options", option, str(value))
    path = places.run / name
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        parser.write(file)
    return path


def odoo_environment(places, home, venv, **extra):
    """Return the environment in which our Python finds Odoo and writes no byte code into the checkout."""
    path = f"{venv.bin}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    return run.clean_environment(PYTHONPATH=home.python_path, PYTHONPYCACHEPREFIX=places.data / "pycache", PATH=path, **extra)
