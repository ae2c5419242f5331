"""What the tests that go across modules share."""

from pathlib import Path

import pytest

from tools import modules


@pytest.fixture(scope="session")
def tree():
    """The root of the checkout."""
    return Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def suite(tree):
    """The modules of the suite: name to :class:`tools.modules.Module`."""
    return {module.name: module for module in modules.find(tree / "addons")}
