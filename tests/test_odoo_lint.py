"""Odoo's own lint tests (its module test_lint), run over the suite's modules.

``./dms lint`` has those that need no database; these look at the loaded models and routes or reuse Odoo's test classes.
"""

from unittest.mock import patch

import pytest

from odoo.modules import Manifest
from odoo.tests import tagged

pytest.importorskip("odoo.addons.test_lint", reason="this Odoo came without its lint tests")

from odoo.addons.test_lint.tests import (  # noqa: E402
    test_docstring,
    test_dunderinit,
    test_i18n,
    test_index,
    test_jstranslate,
    test_manifests,
    test_naming,
    test_onchange_domains,
    test_orm_import,
    test_override_signatures,
    test_pofile,
    test_routes,
    test_test_holes,
)


class OnlyOurs:
    """Odoo's checks walk over every module they find; let them find the suite's."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        ours = [found for found in Manifest.all_addon_manifests() if found.name.startswith("dms_")]
        finder = patch.object(Manifest, "all_addon_manifests", lambda: ours)
        finder.start()
        cls.addClassCleanup(finder.stop)


class TestManifests(OnlyOurs, test_manifests.ManifestLinter):
    pass


class TestInit(OnlyOurs, test_dunderinit.TestDunderinit):
    pass


class TestHoles(OnlyOurs, test_test_holes.TestTestHoles):
    pass


class TestOrmImport(OnlyOurs, test_orm_import.TestDunderinit):
    pass


class TestOnchange(OnlyOurs, test_onchange_domains.TestOnchangeDomains):
    pass


class TestScriptTerms(OnlyOurs, test_jstranslate.TestJsTranslations):
    pass


class TestTemplateTerms(OnlyOurs, test_i18n.TestI18n):
    pass


@tagged("post_install", "-at_install")
class TestCatalogues(test_pofile.PotLinter):
    def test_pot_duplicate_entries(self):
        ours = [name for name in test_pofile.get_modules() if name.startswith("dms_")]
        with patch.object(test_pofile, "get_modules", lambda: ours):
            super().test_pot_duplicate_entries()


@tagged("post_install", "-at_install")
class TestNames(test_naming.TestNaming):
    pass


@tagged("post_install", "-at_install")
class TestSignatures(test_override_signatures.TestLintOverrideSignatures):
    pass


@tagged("post_install", "-at_install")
class TestDocstrings(test_docstring.TestDocstring):
    pass


@tagged("post_install", "-at_install")
class TestIndexes(test_index.TestIndex):
    pass


@tagged("post_install", "-at_install")
class TestRoutes(test_routes.RoutesLinter):
    pass
