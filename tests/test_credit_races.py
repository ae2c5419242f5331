"""Two confirmations for one credit limit at once, in real processes: the second waits for the first and then sees it.

The limit of each distributor has room for exactly one of two steps, whose orders have no product in common. Both
transactions take their snapshot before either has decided; the benchmark ``credit_race`` runs the same many times.
"""

import signal

import pytest

from tests.processes import arena as open_arena
from tests.race_credit import CREDIT_PATHS

PAIRS = 6
#: where both have taken their snapshot, and neither the lock
BEFORE_THE_LOCK = ("sale.order", "_dms_limit_keys")
#: where a confirmation has told of what it takes, and not committed
CONFIRMED = ("sale.order", "_dms_take_limits")
#: where another change has told of what it takes
TOLD = ("dms.limit.lock", "_commit")


@pytest.fixture(scope="module")
def arena(tmp_path_factory):
    with open_arena(tmp_path_factory.mktemp("credit_races")) as found:
        if not found.call("race_credit.is_installed", "dms_credit"):
            pytest.skip("dms_credit is not installed")
        yield found


def pairs(arena, path, count=1):
    return arena.call("race_credit.make_credit_pairs", path, count)


def look(arena, pair):
    return arena.call("race_credit.look_credit", [pair["distributor"]])[0]


def task(function, *arguments):
    return {"function": f"race_credit.{function}", "arguments": arguments}


def assert_one_passed(path, answers, pair, found):
    """Nobody met a technical error, the limit holds, and the one that did not fit waits for a decision."""
    assert all(answer and (not answer["error"] or answer["refusal"]) for answer in answers), answers
    assert not found["over"], found
    assert found["exposure"] == pair["exposure"], "one of the two passed"
    if path == "line":  # a direct write is refused in words
        assert sorted(bool(answer["error"]) for answer in answers) == [False, True], answers
        assert found["holds"] == []
    else:
        assert [answer["error"] for answer in answers] == [None, None]
        assert found["holds"] == [["credit_limit", "open"]]
    if path in ("desk", "portal", "payment"):
        assert sorted(found["states"]) == ["confirmed", "on_hold"]


# ------------------------------------------------------------ one limit, every path


@pytest.mark.parametrize("path", CREDIT_PATHS)
def test_the_limit_holds_when_both_decide_at_once(arena, path):
    for pair in pairs(arena, path, PAIRS):
        answers = arena.race(*pair["tasks"], at=BEFORE_THE_LOCK)
        assert_one_passed(path, answers, pair, look(arena, pair))


@pytest.mark.parametrize("path", CREDIT_PATHS)
def test_who_comes_while_another_is_not_committed_waits_and_sees_it(arena, path):
    (pair,) = pairs(arena, path)
    answers = arena.overtake(*pair["tasks"], at=CONFIRMED)
    assert_one_passed(path, answers, pair, look(arena, pair))
    assert answers[1]["seconds"] > 0.5, "it waited"


@pytest.mark.parametrize("paths", [("desk", "portal"), ("desk", "amendment"), ("payment", "desk")], ids="-".join)
def test_the_limit_holds_across_paths(arena, paths):
    """Both steps are those of the first path, one of them made the way of the desk."""
    (pair,) = pairs(arena, paths[0])
    desk = {"uid": arena.world["first"], "model": "sale.order", "ids": pair["orders"][1:], "method": "action_confirm", "arguments": []}
    answers = arena.overtake(pair["tasks"][0], desk, at=CONFIRMED)
    assert_one_passed("desk", answers, pair, look(arena, pair))


def test_a_batch_of_one_distributor_holds_what_does_not_fit(arena):
    (one,) = pairs(arena, "desk")
    batch = {**one["tasks"][0], "ids": one["orders"]}
    answers = arena.race(batch, {**batch, "ids": one["orders"][::-1]}, at=BEFORE_THE_LOCK)
    found = look(arena, one)
    assert all(not answer["error"] or answer["refusal"] for answer in answers), answers
    assert not found["over"]
    assert sorted(found["states"]) == ["confirmed", "on_hold"]


def test_different_distributors_do_not_wait(arena):
    one, other = pairs(arena, "desk", 2)
    answers = arena.race(one["tasks"][0], other["tasks"][1], at=CONFIRMED)
    assert [answer["error"] for answer in answers] == [None, None]
    assert max(answer["seconds"] for answer in answers) < 1.5, "both reached the end of their confirmation together"
    assert [look(arena, pair)["states"].count("confirmed") for pair in (one, other)] == [1, 1]


# ------------------------------------------------------------ other changes of what is free


def test_a_limit_that_is_lowered_counts_for_who_comes_next(arena):
    (pair,) = pairs(arena, "desk")
    answers = arena.overtake(task("set_credit_limit", pair["distributor"], 50), pair["tasks"][0], at=TOLD)
    assert [answer["error"] for answer in answers] == [None, None]
    found = look(arena, pair)
    assert (found["states"].count("on_hold"), found["exposure"], found["limit"]) == (1, 0, 50)


def test_a_limit_lowered_after_a_confirmation_leaves_it(arena):
    (pair,) = pairs(arena, "desk")
    answers = arena.overtake(pair["tasks"][0], task("set_credit_limit", pair["distributor"], 50), at=CONFIRMED)
    assert [answer["error"] for answer in answers] == [None, None]
    found = look(arena, pair)
    assert (found["states"].count("confirmed"), found["exposure"], found["limit"]) == (1, 100, 50)


def test_an_invoice_of_no_order_counts_for_who_comes_next(arena):
    (pair,) = pairs(arena, "desk")
    invoice = arena.call("race_credit.make_draft_invoice", pair["distributor"], 80)
    answers = arena.overtake(task("post_invoice", invoice), pair["tasks"][0], at=TOLD)
    assert [answer["error"] for answer in answers] == [None, None]
    found = look(arena, pair)
    assert (found["states"].count("on_hold"), found["exposure"]) == (1, 80)


# ------------------------------------------------------------ a process that dies


@pytest.mark.parametrize("place", [CONFIRMED, ("sale.order", "_dms_pass_gates")], ids=str)
def test_killed_in_the_middle_leaves_nothing_and_holds_nobody_up(arena, place):
    (pair,) = pairs(arena, "desk")
    before = look(arena, pair)
    assert arena.die(pair["tasks"][0], *place) == -signal.SIGKILL
    assert look(arena, pair) == before
    answers = arena.race(*pair["tasks"], at=BEFORE_THE_LOCK)
    assert_one_passed("desk", answers, pair, look(arena, pair))
