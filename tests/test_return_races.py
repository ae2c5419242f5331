"""What happens to returns at the same moment, in real processes: nothing comes back twice, nobody decides twice."""

import pytest

from tests.processes import arena as open_arena

#: where a return is about to be handed in: its transaction sees nothing of others any more, and holds no limit yet
BEFORE_LIMIT = ("dms.return", "_check_distributor")
#: where a decision has begun
BEGUN = ("dms.return", "_lock_documents")


@pytest.fixture(scope="module")
def arena(tmp_path_factory):
    with open_arena(tmp_path_factory.mktemp("return_races")) as found:
        if not found.call("race_credit.is_installed", "dms_returns"):
            pytest.skip("dms_returns is not installed")
        found.officers = found.call("race_returns.make_officers")
        yield found


def press(button, case, user):
    return {"uid": user, "model": "dms.return", "ids": [case], "method": button, "arguments": []}


def make(arena, delivery, quantity, *buttons):
    """A return that has gone through ``buttons``."""
    steps = [(arena.world["first"] if button == "action_submit" else arena.officers["first"], button) for button in buttons]
    return arena.call("race_returns.make_return", delivery, quantity, *steps)


def look(arena, delivery):
    return arena.call("race_returns.look_returns", delivery)


def assert_one_refused(answers, sentence):
    assert sorted(answer["error"] is None for answer in answers) == [False, True], answers
    refused = next(answer for answer in answers if answer["error"])
    assert refused["refusal"] and sentence in refused["message"], answers


def assert_done_once(answers):
    """Whoever came second found it done, or was asked to come back."""
    assert any(answer["error"] is None for answer in answers), answers
    assert all(answer["error"] is None or answer["refusal"] for answer in answers), answers


def test_the_last_unit_comes_back_once(arena):
    delivery = arena.call("race_returns.make_delivery", 10)
    make(arena, delivery, 9, "action_submit")
    cases = [make(arena, delivery, 1) for _number in range(2)]
    answers = arena.race(*(press("action_submit", case, arena.world["first"]) for case in cases), at=BEFORE_LIMIT)
    assert_one_refused(answers, "only 0 are left")
    found = look(arena, delivery)
    assert (found["states"], found["left"]) == (["draft", "submitted", "submitted"], 0)


def test_two_that_fit_are_both_submitted(arena):
    delivery = arena.call("race_returns.make_delivery", 10)
    cases = [make(arena, delivery, 5) for _number in range(2)]
    answers = arena.race(*(press("action_submit", case, arena.world["first"]) for case in cases), at=BEFORE_LIMIT)
    assert [answer["error"] for answer in answers] == [None, None], answers
    assert look(arena, delivery)["left"] == 0


def test_a_transfer_by_hand_and_a_return_share_what_is_there(arena):
    delivery = arena.call("race_returns.make_delivery", 10)
    case = make(arena, delivery, 5)
    by_hand = {"function": "race_returns.return_by_hand", "arguments": [delivery, 6]}
    answers = arena.overtake(by_hand, press("action_submit", case, arena.world["first"]), at=("sale.order.line", "_dms_lock_returnable"))
    assert_one_refused(answers, "only 4 are left")
    assert look(arena, delivery)["left"] == 4


@pytest.mark.parametrize("at", [BEGUN, ("dms.return", "_enter")], ids=["begun", "written"])
def test_approved_by_two_it_is_approved_once(arena, at):
    delivery = arena.call("race_returns.make_delivery", 10)
    case = make(arena, delivery, 5, "action_submit")
    answers = arena.race(*(press("action_approve", case, user) for user in arena.officers.values()), at=at)
    assert_done_once(answers)
    found = look(arena, delivery)
    assert (found["states"], found["transfers"], found["live"]) == (["approved"], 1, 5)


def test_received_by_two_it_is_received_once(arena):
    delivery = arena.call("race_returns.make_delivery", 10)
    case = make(arena, delivery, 5, "action_submit", "action_approve")
    task = {"function": "race_returns.receive", "arguments": [case]}
    answers = arena.race(task, task, at=("stock.picking", "_dms_divert_excess"))
    assert_done_once(answers)
    found = look(arena, delivery)
    assert (found["states"], found["received"], found["left"]) == (["received"], 5, 5)


@pytest.mark.parametrize("at", [BEGUN, ("dms.return", "_enter")], ids=["begun", "written"])
def test_inspected_by_two_it_is_inspected_once(arena, at):
    delivery = arena.call("race_returns.make_delivery", 10)
    case = make(arena, delivery, 5, "action_submit", "action_approve", "receive")
    answers = arena.race(*(press("action_inspect", case, user) for user in arena.officers.values()), at=at)
    assert_done_once(answers)
    found = look(arena, delivery)
    assert (found["states"], found["inspected"], found["delivered"]) == (["inspected"], 5, 5)


def test_cancelled_and_approved_at_once_it_is_one_of_them(arena):
    delivery = arena.call("race_returns.make_delivery", 10)
    case = make(arena, delivery, 5, "action_submit")
    tasks = press("action_cancel", case, arena.world["first"]), press("action_approve", case, arena.officers["first"])
    assert_done_once(arena.race(*tasks, at=BEGUN))
    found = look(arena, delivery)
    assert (found["states"], found["left"]) in ((["approved"], 5), (["cancelled"], 10))


def test_a_process_killed_while_approving_leaves_nothing(arena):
    delivery = arena.call("race_returns.make_delivery", 10)
    case = make(arena, delivery, 5, "action_submit")
    arena.die(press("action_approve", case, arena.officers["first"]), "dms.return", "_create_transfers")
    found = look(arena, delivery)
    assert (found["states"], found["transfers"]) == (["submitted"], 0)
