"""Databases together with their filestores: make, copy, rename, drop."""

import os
import shutil
from pathlib import Path


class Databases:
    """The databases of one server whose filestores lie in one Odoo data folder.

    :param server: a :class:`~tools.postgres.Server`
    :param data_dir: Odoo's ``data_dir``
    """

    def __init__(self, server, data_dir):
        self.server = server
        self.data_dir = Path(data_dir)

    def filestore(self, name):
        return self.data_dir / "filestore" / name

    def names(self, prefix=""):
        """Return the names of the databases that start with ``prefix``."""
        rows = self.server.sql("SELECT datname FROM pg_database WHERE NOT datistemplate ORDER BY datname")
        return [name for name in rows if name.startswith(prefix)]

    def exists(self, name):
        return name in self.names(name)

    def drop(self, name):
        """Drop a database and its filestore; one that is not there is fine."""
        self.server.sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        shutil.rmtree(self.filestore(name), ignore_errors=True)

    def copy(self, source, target):
        """Copy a database nobody is connected to; files of the filestore, never changed in place, are linked."""
        self.drop(target)
        if self.filestore(source).is_dir():
            shutil.copytree(self.filestore(source), self.filestore(target), copy_function=_link)
        self.server.sql(f'CREATE DATABASE "{target}" TEMPLATE "{source}"')

    def rename(self, source, target):
        """Rename a database; its new name appears last, when everything else is in place."""
        shutil.rmtree(self.filestore(target), ignore_errors=True)
        if self.filestore(source).is_dir():
            self.filestore(source).rename(self.filestore(target))
        self.server.sql(f'ALTER DATABASE "{source}" RENAME TO "{target}"')

    def installed(self, name):
        """Return the names of the modules installed in a database."""
        return set(self.server.sql("SELECT name FROM ir_module_module WHERE state = 'installed'", name))


def _link(source, target, **_options):
    try:
        os.link(source, target)
    except OSError:  # another file system
        shutil.copy2(source, target)
    return target
