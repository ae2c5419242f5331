"""Confirmations that share the budget of a scheme, in real processes: never overspent, and no queue far from its edge."""

import pytest

from tests.processes import arena as open_arena

#: where both have taken their snapshot, and what they could take without a lock
LIMITS = ("sale.order", "_dms_limit_keys")
#: where a confirmation has taken what it takes, and not committed
TAKEN = ("sale.order", "_dms_take_limits")
RESERVED = ("dms.limit.lock", "_reserve")


@pytest.fixture(scope="module")
def arena(tmp_path_factory):
    with open_arena(tmp_path_factory.mktemp("scheme_races")) as found:
        if not found.call("race_credit.is_installed", "dms_schemes"):
            pytest.skip("dms_schemes is not installed")
        yield found


def make_pair(arena, path, **caps):
    return arena.call("race_schemes.make_scheme_pair", path, caps)


def look(arena, pair):
    return arena.call("race_schemes.look_schemes", pair["scheme"], pair["orders"])


def assert_no_error(answers):
    assert [answer and answer["error"] for answer in answers] == [None, None], answers


@pytest.mark.parametrize("budget", [15, 10, 19.99])
def test_a_budget_for_one_is_not_given_twice(arena, budget):
    pair = make_pair(arena, "two", budget_amount=budget)
    answers = arena.race(*pair["tasks"], at=LIMITS)
    found = look(arena, pair)
    assert_no_error(answers)
    assert found["used"] == 10, "one confirmed"
    assert sorted(found["states"]) == ["confirmed", "on_hold"]
    assert sorted(found["gates"]) == [[], ["scheme"]], "the other is told that it gets less"
    assert sum(found["benefits"]) == pytest.approx(budget)


def test_who_comes_while_another_is_not_committed_counts_it(arena):
    pair = make_pair(arena, "two", budget_amount=15)
    answers = arena.overtake(*pair["tasks"], at=TAKEN)
    found = look(arena, pair)
    assert_no_error(answers)
    assert (found["used"], sorted(found["states"])) == (10, ["confirmed", "on_hold"])
    assert answers[1]["seconds"] > 0.5, "at the edge it waited"


def test_far_from_the_edge_nobody_waits(arena):
    pair = make_pair(arena, "two", budget_amount=1000)
    answers = arena.race(*pair["tasks"], at=TAKEN)
    found = look(arena, pair)
    assert_no_error(answers)
    assert max(answer["seconds"] for answer in answers) < 2.5, "both reached the end of their confirmation together"
    assert (found["used"], found["states"]) == (20, ["confirmed", "confirmed"])


def test_a_limit_of_a_distributor_holds_over_two_orders(arena):
    pair = make_pair(arena, "one", max_per_distributor=15)
    answers = arena.race(*pair["tasks"], at=LIMITS)
    found = look(arena, pair)
    assert_no_error(answers)
    assert found["used"] == 10
    assert sorted(found["states"]) == ["confirmed", "on_hold"]


def test_amendments_share_what_is_left(arena):
    pair = make_pair(arena, "amendment", budget_amount=35)
    answers = arena.overtake(*pair["tasks"], at=TAKEN)
    found = look(arena, pair)
    assert_no_error(answers)
    assert found["used"] <= 35.001
    assert found["used"] == pytest.approx(35)


def test_what_a_process_reserved_comes_back_when_it_dies(arena):
    pair = make_pair(arena, "two", budget_amount=12)
    arena.die(pair["tasks"][0], *RESERVED)
    arena.ask(pair["tasks"][1])
    found = look(arena, pair)
    assert (found["used"], found["states"][1]) == (10, "confirmed")
