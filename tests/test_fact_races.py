"""Facts and documents at the same moment, in real processes: nobody waits, nothing is lost, nothing counts twice."""

import pytest

from tests.processes import arena as open_arena

#: where upkeep has written days and not committed
WRITTEN = ("dms.sales.upkeep", "_replace_days")
#: where it holds the lock and has written nothing
LOCKED = ("dms.sales.upkeep", "_lock")
#: where an order is confirmed and not committed
CONFIRMED = ("sale.order", "action_confirm")


@pytest.fixture(scope="module")
def arena(tmp_path_factory):
    with open_arena(tmp_path_factory.mktemp("fact_races")) as found:
        if not found.call("race_credit.is_installed", "dms_reports"):
            pytest.skip("dms_reports is not installed")
        yield found


def task(name, *arguments):
    return {"function": f"race_facts.{name}", "arguments": arguments}


def look(arena):
    return arena.call("race_facts.look", arena.world["distributor"])


def assert_right(arena):
    """Facts are what the documents say, before what is left is folded and after it."""
    for _time in range(2):
        found = look(arena)
        assert (found["days"], found["months"], found["checks"]) == (found["documents"], found["documents"], []), found
        arena.call("race_facts.fold")
    assert look(arena)["stale"] == 0
    assert look(arena)["same"]


def assert_no_error(answers):
    assert [answer and answer["error"] for answer in answers] == [None, None], answers


def test_two_orders_of_a_day_do_not_wait_for_each_other(arena):
    orders = [arena.order()["id"] for _number in range(2)]
    answers = arena.race(*(task("confirm", order) for order in orders), at=CONFIRMED)
    assert_no_error(answers)
    assert [answer["tries"] for answer in answers] == [1, 1]
    assert_right(arena)


@pytest.mark.parametrize("at", [LOCKED, WRITTEN])
@pytest.mark.parametrize("upkeep", ["fold", "rebuild"])
def test_order_confirmed_while_facts_are_written_is_not_lost(arena, upkeep, at):
    arena.order(steps=("action_confirm",))
    order = arena.order()["id"]
    answers = arena.overtake(task(upkeep), task("confirm", order), at=at)
    assert_no_error(answers)
    assert answers[1]["seconds"] < 15
    assert_right(arena)


@pytest.mark.parametrize("upkeep", ["fold", "rebuild"])
def test_order_not_yet_committed_while_facts_are_written_is_not_lost(arena, upkeep):
    order = arena.order()["id"]
    answers = arena.overtake(task("confirm", order), task(upkeep), at=CONFIRMED)
    assert_no_error(answers)
    assert_right(arena)


def test_change_of_a_day_that_is_being_written_is_not_lost(arena):
    order = arena.order(steps=("action_confirm",))["id"]
    answers = arena.overtake(task("fold"), task("change", order, 17), at=WRITTEN)
    assert_no_error(answers)
    assert_right(arena)


def test_two_who_fold_do_it_once(arena):
    arena.order(steps=("action_confirm",))
    answers = arena.race(task("fold"), task("fold"), at=LOCKED)
    assert_no_error(answers)
    assert sorted(answer["result"] > 0 for answer in answers) == [False, True]
    assert_right(arena)


@pytest.mark.parametrize("second", ["fold", "rebuild"])
def test_two_who_write_facts_follow_one_another(arena, second):
    arena.order(steps=("action_confirm",))
    answers = arena.overtake(task("rebuild"), task(second), at=WRITTEN)
    assert_no_error(answers)
    assert_right(arena)


@pytest.mark.parametrize("upkeep", ["fold", "rebuild"])
def test_killed_upkeep_leaves_what_was_there(arena, upkeep):
    arena.order(steps=("action_confirm",))
    before = look(arena)
    arena.die(task(upkeep), *WRITTEN)
    assert look(arena) == before
    assert_right(arena)
