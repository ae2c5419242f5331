"""With `product_expiry` installed: lots that live too short are not reserved for a distributor, and its horizon is seen.

Nothing of the suite depends on that module, so the tests of `dms_inventory` run without it; here it is installed in a copy.
"""

import contextlib
import subprocess
import sys

import pytest

from tests.live_server import copied_database, write_config
from tests.processes import Arena
from tools import log_check


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    """What :mod:`tests.shelf_life` saw in a database with lots that expire."""
    folder = tmp_path_factory.mktemp("shelf")
    with copied_database("shelf") as database:
        install(database, folder)
        with contextlib.closing(Arena(database, folder, workers=1)) as arena:
            found = arena.call("shelf_life.run", arena.world["distributor"])
            if arena.call("race_credit.is_installed", "dms_returns"):
                found["may come back"] = arena.call("return_expiry.run", arena.world["distributor"])
            yield found


def install(database, folder):
    log = folder / "install.log"
    command = [sys.executable, "-m", "odoo", "server", "-c", str(write_config(folder, database, 0)), "-d", database]
    command += ["--no-http", "--without-demo", "--stop-after-init", "-i", "product_expiry"]
    with log.open("wb") as output:
        code = subprocess.run(command, stdout=output, stderr=output, stdin=subprocess.DEVNULL, cwd="/", check=False).returncode
    assert (code, log_check.scan(log)) == (0, []), log.read_text(errors="replace")[-3000:]


def test_distributor_gets_lots_that_live_long_enough(answers):
    assert answers["reserved"] == {"LONG": 10}
    assert "lots that expire before" in answers["note"]


def test_other_customers_and_classes_without_a_rule_get_the_first_to_expire(answers):
    assert answers["customer"] == {"SHORT": 10}
    assert answers["without rule"] == {"SHORT": 10}


def test_lot_chosen_by_hand_is_allowed_and_noted(answers):
    assert "SHORT" in answers["banner"]
    assert answers["done"] == "done"
    assert "chosen by hand" in answers["message"]


def test_horizon_shows_what_is_left_of_a_lot_at_a_distributor(answers):
    assert answers["horizon"] == [["SHORT", 4, 20]]
    assert answers["menu shown"]


def test_goods_come_back_around_their_expiry_both_ends_included(answers):
    if "may come back" not in answers:
        pytest.skip("dms_returns is not installed")
    assert answers["may come back"] == {"6": False, "5": True, "0": True, "-3": True, "-4": False}
