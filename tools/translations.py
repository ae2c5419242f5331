"""./dms i18n: the translation template (i18n/<module>.pot) of each module, the same for the same sources."""

import re
import shutil

from . import setup
from .console import say, step
from .template import Templates

_DATES = re.compile(r'^"(?:POT-Creation-Date|PO-Revision-Date): .*\\n"\n', re.MULTILINE)


def main(places, options):
    """Write the templates; with ``--check`` only tell which ones are out of date (exit code 1)."""
    current = setup.prepare_tests(places)
    names = [module.name for module in current.modules()]
    with current.test_server() as databases:
        templates = Templates(current, databases)
        with templates.copy(templates.full(demo=False), "terms") as database:
            exported = _export(templates, database, names)
    changed = [name for name in names if _differs(places, exported / f"{name}.pot", name)]
    for name in changed:
        say(f"  {'out of date' if options.check else 'written'}: addons/{name}/i18n/{name}.pot")
        if not options.check:
            _write(places, exported / f"{name}.pot", name)
    if options.check and changed:
        say("Run ./dms i18n")
    return 1 if options.check and changed else 0


def undated(text):
    """Return a translation file without the header lines that change at each export."""
    return _DATES.sub("", text)


def _export(templates, database, names):
    folder = templates.setup.places.private("terms")
    shutil.rmtree(folder)
    folder.mkdir()
    with step("Exporting the terms"):
        variables = {"DMS_TERMS_MODULES": ",".join(names), "DMS_TERMS_FOLDER": folder}
        templates.run_inside("export_terms", database, **variables)
    return folder


def _target(places, name):
    return places.addons / name / "i18n" / f"{name}.pot"


def _differs(places, exported, name):
    target = _target(places, name)
    return not target.exists() or target.read_text(encoding="utf-8") != undated(exported.read_text(encoding="utf-8"))


def _write(places, exported, name):
    target = _target(places, name)
    target.parent.mkdir(exist_ok=True)
    target.write_text(undated(exported.read_text(encoding="utf-8")), encoding="utf-8")
