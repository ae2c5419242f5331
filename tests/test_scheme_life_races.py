"""Schemes approved and closed at once, in real processes: none is lost, no two versions of a code are in force on a day."""

import pytest

from tests.processes import arena as open_arena

#: where both have read what is approved, and neither has approved anything
BEFORE = ("dms.scheme", "_check_approvable")
#: where a decision has made its edition, and not committed
MADE = ("dms.scheme.edition", "_renew")


@pytest.fixture(scope="module")
def arena(tmp_path_factory):
    with open_arena(tmp_path_factory.mktemp("scheme_life_races")) as found:
        if not found.call("race_credit.is_installed", "dms_schemes"):
            pytest.skip("dms_schemes is not installed")
        found.approvers = found.call("race_scheme_life.approvers")
        yield found


def decide(arena, number, scheme, method="action_approve"):
    """The task of the first or second approver."""
    return {"uid": arena.approvers[number], "model": "dms.scheme", "ids": [scheme], "method": method, "arguments": []}


def look(arena, schemes):
    return arena.call("race_scheme_life.look_versions", schemes)


def ask(arena, worker, task):
    """Run a task in one of the two processes and return its result."""
    arena.workers[worker].start(task)
    answer = arena.workers[worker].answer()
    assert answer and not answer["error"], answer
    return answer["result"]


def assert_no_technical_error(answers):
    assert all(answer and (not answer["error"] or answer["refusal"]) for answer in answers), answers


@pytest.mark.parametrize("way", ["race", "overtake"])
def test_two_schemes_approved_at_once_are_both_in_force(arena, way):
    schemes, products = arena.call("race_scheme_life.make_drafts", f"BOTH-{way}", 2)
    tasks = [decide(arena, number, scheme) for number, scheme in enumerate(schemes)]
    answers = getattr(arena, way)(*tasks, at=BEFORE if way == "race" else MADE)
    assert [answer["error"] for answer in answers] == [None, None], answers
    assert look(arena, schemes)["edition"] == sorted(schemes), "neither edition left out the other's scheme"
    for worker in (0, 1):
        for product in products:
            task = {"function": "race_scheme_life.order_benefit", "arguments": [f"{way}{worker}{product}", product]}
            assert ask(arena, worker, task) == 10, "both processes know both"


def test_one_scheme_approved_twice_at_once_is_approved_once(arena):
    (scheme,), _products = arena.call("race_scheme_life.make_drafts", "TWICE", 1)
    answers = arena.race(decide(arena, 0, scheme), decide(arena, 1, scheme), at=BEFORE)
    assert [answer["error"] for answer in answers] == [None, None], answers
    assert look(arena, [scheme])["edition"] == [scheme]


@pytest.mark.parametrize("way", ["race", "overtake"])
def test_two_versions_approved_at_once_are_never_in_force_together(arena, way):
    first, second, third = versions = arena.call("race_scheme_life.make_versions", f"VERSIONS-{way}")
    answers = getattr(arena, way)(decide(arena, 0, second), decide(arena, 1, third), at=BEFORE if way == "race" else MADE)
    assert_no_technical_error(answers)
    found = look(arena, versions)
    assert max(found["days"]) == 1, found
    assert found["days"][0] == 1, "the first one still runs today"
    assert found["versions"][0][0] == "approved"


def test_version_approved_while_the_one_before_is_closed(arena):
    first, second, _third = versions = arena.call("race_scheme_life.make_versions", "CLOSED")
    answers = arena.race(decide(arena, 0, second), decide(arena, 1, first, "action_close"), at=MADE)
    assert [answer["error"] for answer in answers] == [None, None], answers
    found = look(arena, versions)
    assert found["versions"][0][0] == "closed"
    assert found["edition"] == [second], "the edition in use knows of both decisions"


def test_other_process_sees_what_was_approved_and_closed(arena):
    (scheme,), (product,) = arena.call("race_scheme_life.make_drafts", "SEEN", 1)
    task = {"function": "race_scheme_life.order_benefit", "arguments": ["seen", product]}
    assert ask(arena, 1, task) == 0, "and its caches are warm"
    ask(arena, 0, decide(arena, 0, scheme))
    assert ask(arena, 1, task) == 10
    ask(arena, 0, decide(arena, 0, scheme, "action_close"))
    assert ask(arena, 1, task) == 0


def test_process_that_dies_while_approving_leaves_the_draft(arena):
    (scheme,), (product,) = arena.call("race_scheme_life.make_drafts", "DIES", 1)
    arena.die(decide(arena, 0, scheme), *MADE)
    assert look(arena, [scheme])["versions"][0][0] == "draft"
    ask(arena, 1, decide(arena, 1, scheme))
    assert ask(arena, 0, {"function": "race_scheme_life.order_benefit", "arguments": ["dies", product]}) == 10
