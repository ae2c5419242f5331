"""What two people do to one return, claim or deduction at the same moment, in real processes: nothing slips in between."""

import pytest

from tests.processes import arena as open_arena

CLAIM, RETURN, DEDUCTION, PROTECTION = "dms.claim", "dms.return", "dms.deduction", "dms.price.protection"


@pytest.fixture(scope="module")
def arena(tmp_path_factory):
    with open_arena(tmp_path_factory.mktemp("case_races")) as found:
        if not found.call("race_credit.is_installed", "dms_returns"):
            pytest.skip("dms_returns is not installed")
        found.officers = found.call("race_claims.make_officers")
        yield found


def press(uid, model, method, record, *arguments):
    return {"uid": uid, "model": model, "ids": [record], "method": method, "arguments": list(arguments)}


def assert_told(answers):
    """Whoever did not succeed was told so by a sentence."""
    for answer in answers:
        assert answer and (answer["error"] is None or answer["refusal"]), answers


# ------------------------------------------------------------ returns


def test_two_transfers_of_a_return_that_arrive_at_once_are_both_received(arena):
    delivery = arena.call("race_cases.make_deliveries", [5, 5])
    case = arena.call("race_cases.make_return", delivery, 10, True)
    assert len(case["pickings"]) == 2
    tasks = [{"function": "race_cases.receive", "arguments": [picking]} for picking in case["pickings"]]
    assert_told(arena.race(*tasks, at=("stock.picking", "_dms_divert_excess")))
    found = arena.call("race_cases.look_return", case["id"])
    assert (found["state"], found["received"], found["live"]) == ("received", 10, 0)


@pytest.mark.parametrize("first", ["submit", "add"])
def test_line_that_comes_while_a_return_is_submitted_was_looked_at_or_is_refused(arena, first):
    delivery = arena.call("race_cases.make_deliveries", [10])
    case = arena.call("race_cases.make_return", delivery, 10)
    tasks = {
        "submit": press(arena.world["first"], RETURN, "action_submit", case["id"]),
        "add": {"function": "race_cases.add_line", "arguments": [case["id"], delivery, 10]},
    }
    at = {"submit": (RETURN, "_check_submittable"), "add": ("dms.return.line", "create")}[first]
    answers = arena.overtake(tasks.pop(first), *tasks.values(), at=at)
    assert_told(answers)
    found = arena.call("race_cases.look_return", case["id"])
    assert (found["state"], found["quantities"]) in (("submitted", [10]), ("draft", [10, 10])), (found, answers)
    assert set(found["line_states"]) == {found["state"]}


@pytest.mark.parametrize("pair", [("action_approve", "action_reject"), ("action_reject", "action_reject")])
def test_decided_by_two_at_once_a_return_has_one_answer(arena, pair):
    delivery = arena.call("race_cases.make_deliveries", [10])
    case = arena.call("race_cases.make_return", delivery, 5)
    arena.ask(press(arena.world["first"], RETURN, "action_submit", case["id"]))
    tasks = [
        press(uid, RETURN, button, case["id"], *(["No"] if button == "action_reject" else []))
        for uid, button in zip(arena.officers, pair, strict=True)
    ]
    answers = arena.race(*tasks, at=(RETURN, "_lock_documents"))
    assert_told(answers)
    found = arena.call("race_cases.look_return", case["id"])
    assert found["state"] in ("approved", "rejected") and found["live"] == (found["state"] == "approved"), (found, answers)


@pytest.mark.parametrize("second", ["action_split", "action_approve"])
def test_line_split_while_others_work_on_it_keeps_its_quantity(arena, second):
    delivery = arena.call("race_cases.make_deliveries", [10])
    case = arena.call("race_cases.make_return", delivery, 10)
    arena.ask(press(arena.world["first"], RETURN, "action_submit", case["id"]))
    split = press(arena.officers[0], "dms.return.line", "action_split", case["line"], 4)
    other = split | {"uid": arena.officers[1]} if second == "action_split" else press(arena.officers[1], RETURN, second, case["id"])
    assert_told(arena.race(split, other, at=(RETURN, "_lock_documents")))
    found = arena.call("race_cases.look_return", case["id"])
    assert (sum(found["quantities"]), len(set(found["line_states"]))) == (10, 1), found


# ------------------------------------------------------------ claims and deductions


@pytest.mark.parametrize("at", [(DEDUCTION, "_check_claim"), (DEDUCTION, "_start"), (DEDUCTION, "_check_claim_covers")])
def test_two_deductions_are_not_matched_beyond_a_claim(arena, at):
    paid = arena.call("race_cases.make_short_paid", [40.0, 40.0])
    tasks = [press(uid, DEDUCTION, "action_match", row, paid["claim"]) for uid, row in zip(arena.officers, paid["deductions"], strict=True)]
    answers = arena.race(*tasks, at=at)
    assert_told(answers)
    found = arena.call("race_cases.look_short_paid", paid)
    assert (sorted(found["states"]), found["matched"]) == (["matched", "open"], 40.0), answers


@pytest.mark.parametrize("first", ["match", "settle"])
def test_deduction_matched_while_its_claim_is_settled_is_closed_by_it(arena, first):
    paid = arena.call("race_cases.make_short_paid", [40.0])
    arena.call("race_cases.approve", paid["claim"])
    tasks = {
        "match": press(arena.officers[0], DEDUCTION, "action_match", paid["deductions"][0], paid["claim"]),
        "settle": press(arena.officers[1], CLAIM, "action_settle", paid["claim"]),
    }
    at = {"match": (DEDUCTION, "_check_claim_covers"), "settle": (CLAIM, "_enter")}[first]
    answers = arena.overtake(tasks[first], tasks["settle" if first == "match" else "match"], at=at)
    assert_told(answers)
    for task in tasks.values():
        arena.ask(task)
    found = arena.call("race_cases.look_short_paid", paid)
    assert (found["claim"], found["states"], found["closed"], found["open"]) == ("settled", ["matched"], [True], 40.0), answers


@pytest.mark.parametrize("first", ["match", "reject"])
def test_deduction_is_not_matched_to_a_claim_that_falls_meanwhile(arena, first):
    paid = arena.call("race_cases.make_short_paid", [40.0])
    tasks = {
        "match": press(arena.officers[0], DEDUCTION, "action_match", paid["deductions"][0], paid["claim"]),
        "reject": press(arena.officers[1], CLAIM, "action_reject", paid["claim"], "No"),
    }
    at = {"match": (DEDUCTION, "_check_claim_covers"), "reject": (CLAIM, "_enter")}[first]
    answers = arena.overtake(tasks[first], tasks["reject" if first == "match" else "match"], at=at)
    assert_told(answers)
    found = arena.call("race_cases.look_short_paid", paid)
    assert (found["claim"], found["states"]) in (("rejected", ["open"]), ("submitted", ["matched"])), (found, answers)


def test_deduction_split_by_two_at_once_is_split_once(arena):
    paid = arena.call("race_cases.make_short_paid", [40.0])
    tasks = [press(uid, DEDUCTION, "action_split", paid["deductions"][0], [10.0, 30.0]) for uid in arena.officers]
    assert_told(arena.race(*tasks, at=(DEDUCTION, "_read_parts")))
    found = arena.call("race_cases.look_short_paid", paid)
    assert (found["states"], found["parts"]) == (["cancelled"], [10.0, 30.0])


def test_claim_taken_back_by_two_at_once_is_reversed_once(arena):
    paid = arena.call("race_cases.make_short_paid", [])
    managers = arena.call("race_cases.make_managers")
    arena.call("race_cases.approve", paid["claim"])
    arena.ask(press(arena.officers[0], CLAIM, "action_settle", paid["claim"]))
    assert_told(
        arena.race(*(press(uid, CLAIM, "action_reverse", paid["claim"], "Never") for uid in managers), at=(CLAIM, "_check_not_settler"))
    )
    found = arena.call("race_cases.look_short_paid", paid)
    assert (found["claim"], found["reversals"]) == ("cancelled", 1)


@pytest.mark.parametrize("first", ["submit", "add"])
def test_line_that_comes_while_a_claim_is_submitted_was_looked_at_or_is_refused(arena, first):
    claimant = arena.call("race_claims.make_claimant")
    claim = arena.call("race_claims.make_claim", claimant, 60.0, False, True)
    tasks = {
        "submit": press(arena.officers[0], CLAIM, "action_submit", claim),
        "add": {"function": "race_cases.add_claim_line", "arguments": [claim]},
    }
    at = {"submit": (CLAIM, "_check_submission"), "add": ("dms.claim.line", "create")}[first]
    answers = arena.overtake(tasks.pop(first), *tasks.values(), at=at)
    assert_told(answers)
    assert arena.call("race_cases.look_claim_lines", claim) in (["submitted"], ["draft", "draft"]), answers


@pytest.mark.parametrize("pair", [("action_approve", "action_reject"), ("action_approve", "action_approve")])
def test_decided_by_two_at_once_a_claim_has_one_answer(arena, pair):
    paid = arena.call("race_cases.make_short_paid", [])
    tasks = [
        press(uid, CLAIM, button, paid["claim"], *(["No"] if button == "action_reject" else []))
        for uid, button in zip(arena.officers, pair, strict=True)
    ]
    answers = arena.race(*tasks, at=(CLAIM, "_check_not_maker"))
    assert_told(answers)
    assert arena.call("race_cases.look_short_paid", paid)["claim"] in ("approved", "rejected"), answers


@pytest.mark.parametrize("other", ["action_draft_claims", "action_compute"])
def test_protection_cancelled_while_it_is_worked_on_leaves_no_living_claim(arena, other):
    protection = arena.call("race_claims.make_protection", arena.call("race_claims.make_claimant"))
    tasks = [press(uid, PROTECTION, method, protection) for uid, method in zip(arena.officers, ("action_cancel", other), strict=True)]
    assert_told(arena.race(*tasks, at=(PROTECTION, "_lock_documents")))
    found = arena.call("race_cases.look_protection", protection)
    if found["state"] == "cancelled":
        assert not found["live"] and set(found["claims"]) <= {"cancelled"}, found
    else:
        assert found["live"], found


# ------------------------------------------------------------ killed in the middle


@pytest.mark.parametrize("place", [(RETURN, "_enter"), (RETURN, "_move_inspected_goods")])
def test_process_killed_while_inspecting_leaves_nothing(arena, place):
    delivery = arena.call("race_cases.make_deliveries", [10])
    case = arena.call("race_cases.make_return", delivery, 10, True)
    arena.call("race_cases.receive", case["pickings"][0])
    arena.die(press(arena.officers[1], RETURN, "action_inspect", case["id"]), *place)
    found = arena.call("race_cases.look_return", case["id"])
    assert (found["state"], found["accepted"], found["moved"]) == ("received", 0, 0)


@pytest.mark.parametrize("place", [(RETURN, "_credit"), ("account.move", "_post")])
def test_process_killed_while_a_return_is_settled_credits_nothing(arena, place):
    returns = arena.call("race_settle.make_returns", [30])
    arena.die(press(arena.world["first"], RETURN, "action_settle", returns["cases"][0]), *place)
    found = arena.call("race_settle.look_returns", returns)
    assert (found["states"], found["refunds"], found["returned"], found["qty_invoiced"]) == (["inspected"], [0], 0.0, 100)


def test_process_killed_while_a_claim_is_taken_back_leaves_it_settled(arena):
    paid = arena.call("race_cases.make_short_paid", [40.0])
    arena.call("race_cases.approve", paid["claim"])
    arena.ask(press(arena.officers[0], DEDUCTION, "action_match", paid["deductions"][0], paid["claim"]))
    arena.ask(press(arena.officers[0], CLAIM, "action_settle", paid["claim"]))
    manager = arena.call("race_cases.make_managers")[0]
    arena.die(press(manager, CLAIM, "action_reverse", paid["claim"], "Never"), DEDUCTION, "_reopen")
    found = arena.call("race_cases.look_short_paid", paid)
    assert (found["claim"], found["reversals"], found["states"], found["closed"]) == ("settled", 0, ["matched"], [True])


@pytest.mark.parametrize(
    ("method", "place"), [("action_match", (DEDUCTION, "_check_claim_covers")), ("action_split", (DEDUCTION, "create"))]
)
def test_process_killed_while_deciding_on_a_deduction_leaves_it_open(arena, method, place):
    paid = arena.call("race_cases.make_short_paid", [40.0])
    given = paid["claim"] if method == "action_match" else [10.0, 30.0]
    arena.die(press(arena.officers[0], DEDUCTION, method, paid["deductions"][0], given), *place)
    found = arena.call("race_cases.look_short_paid", paid)
    assert (found["states"], found["parts"], found["matched"]) == (["open"], [], 0)


def test_process_killed_while_claims_of_a_protection_are_drafted_leaves_none(arena):
    protection = arena.call("race_claims.make_protection", arena.call("race_claims.make_claimant"))
    arena.die(press(arena.officers[0], PROTECTION, "action_draft_claims", protection), PROTECTION, "_insert_claim_lines")
    found = arena.call("race_cases.look_protection", protection)
    assert (found["state"], found["claims"], found["live"]) == ("computed", [], True)
