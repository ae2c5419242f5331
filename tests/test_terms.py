"""The translation templates hold the terms of the sources: a changed sentence needs ``./dms i18n``."""

import csv
import io

import polib
from lxml import etree

from odoo.tests import TransactionCase, tagged
from odoo.tools import config
from odoo.tools.translate import trans_export

from tools import modules


@tagged("post_install", "-at_install")
class TestTerms(TransactionCase):
    def test_templates_are_up_to_date(self):
        installed = self.env["ir.module.module"]._installed()
        for module in modules.find(config["addons_path"][0]):
            if module.name in installed:
                with self.subTest(module.name):
                    written = polib.pofile(str(module.folder / "i18n" / f"{module.name}.pot"))
                    self.assertEqual(terms(written), terms(self._exported(module), demo_ids(module)), "run ./dms i18n")

    def _exported(self, module):
        buffer = io.BytesIO()
        trans_export(False, [module.name], buffer, "po", self.env)
        return polib.pofile(buffer.getvalue().decode())


def terms(catalogue, left_out=()):
    """Return the sentences of a catalogue, without those that stand only in the records ``left_out``."""
    return {entry.msgid for entry in catalogue if not all(is_in(place, left_out) for place, _line in entry.occurrences)}


def is_in(place, records):
    """Whether a place ("model:product.template,name:module.record") is one of the records, or made along with one."""
    return place.rsplit(":", 1)[-1].startswith(tuple(records)) if records else False


def demo_ids(module):
    """Return the external ids in the demo files of a module, which its template leaves out."""
    found = set()
    for name in module.manifest.get("demo", []):
        path = module.folder / name
        if path.suffix == ".csv":
            found.update(row["id"] for row in csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))
        elif path.suffix == ".xml":
            found.update(node.get("id") for node in etree.parse(path).iter("record", "template", "menuitem") if node.get("id"))
    return {name if "." in name else f"{module.name}.{name}" for name in found}
