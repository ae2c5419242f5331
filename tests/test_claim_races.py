"""What happens to the claims of one distributor at the same moment, in real processes: paid once, and never beyond an invoice."""

import pytest

from tests.processes import arena as open_arena

#: where a settlement has written its state and not yet its credit note
STATED = ("dms.claim", "_enter")
#: where a submission has found room on the invoice and written nothing
FITTED = ("dms.claim", "_get_findings")


@pytest.fixture(scope="module")
def arena(tmp_path_factory):
    with open_arena(tmp_path_factory.mktemp("claim_races")) as found:
        if not found.call("race_credit.is_installed", "dms_returns"):
            pytest.skip("dms_returns is not installed")
        found.officers = found.call("race_claims.make_officers")
        yield found


@pytest.fixture
def claimant(arena):
    return arena.call("race_claims.make_claimant")


def press(uid, method, record, *arguments, model="dms.claim"):
    return {"uid": uid, "model": model, "ids": [record], "method": method, "arguments": list(arguments)}


def look(arena, claimant):
    return arena.call("race_claims.look_claims", claimant)


def assert_told(answers):
    """Whoever did not succeed was told so by a sentence."""
    for answer in answers:
        assert answer and (answer["error"] is None or answer["refusal"]), answers


@pytest.mark.parametrize("at", [None, STATED, ("account.move", "_post")])
def test_settled_by_two_at_once_is_paid_once(arena, claimant, at):
    claim = arena.call("race_claims.make_claim", claimant, 60.0, True)
    answers = arena.race(*(press(uid, "action_settle", claim) for uid in arena.officers), at=at)
    assert_told(answers)
    assert any(answer["error"] is None for answer in answers), answers
    arena.ask(press(arena.officers[0], "action_settle", claim))
    found = look(arena, claimant)
    assert (found["states"], found["refunds"], found["refund_states"]) == (["settled"], [60.0], ["posted"])


def test_settled_and_cancelled_at_once_is_one_of_both(arena, claimant):
    claim = arena.call("race_claims.make_claim", claimant, 60.0, True)
    answers = arena.race(press(arena.officers[0], "action_settle", claim), press(arena.officers[1], "action_cancel", claim), at=STATED)
    assert_told(answers)
    found = look(arena, claimant)
    assert (found["states"], len(found["refunds"])) in ((["settled"], 1), (["cancelled"], 0)), answers


def test_process_killed_while_settling_leaves_nothing(arena, claimant):
    claim = arena.call("race_claims.make_claim", claimant, 60.0, True)
    arena.die(press(arena.officers[0], "action_settle", claim), "account.move", "_post")
    found = look(arena, claimant)
    assert (found["states"], found["refunds"]) == (["approved"], [])


def test_two_claims_on_the_last_of_an_invoice(arena, claimant):
    claims = [arena.call("race_claims.make_claim", claimant) for _number in range(2)]
    answers = arena.race(*(press(uid, "action_submit", claim) for uid, claim in zip(arena.officers, claims, strict=True)), at=FITTED)
    assert_told(answers)
    assert sorted(answer["error"] is None for answer in answers) == [False, True], answers
    assert "40" in next(answer["message"] for answer in answers if answer["error"]), answers
    assert look(arena, claimant)["states"] == ["draft", "submitted"]


def test_two_claims_that_fit_both_pass(arena, claimant):
    claims = [arena.call("race_claims.make_claim", claimant, 50.0) for _number in range(2)]
    answers = arena.race(*(press(uid, "action_submit", claim) for uid, claim in zip(arena.officers, claims, strict=True)), at=FITTED)
    assert [answer["error"] for answer in answers] == [None, None], answers
    assert look(arena, claimant)["states"] == ["submitted", "submitted"]


def test_one_source_makes_one_claim(arena, claimant):
    task = {"function": "race_claims.make_claim", "arguments": [claimant, 10.0, False, True]}
    answers = arena.race(task, task, at=("dms.claim.line", "_refuse_claimed"))
    assert sorted(answer["error"] is None for answer in answers) == [False, True], answers
    assert_told(answers)
    assert look(arena, claimant)["states"] == ["draft"]


def test_claims_of_a_protection_drafted_by_two_are_drafted_once(arena, claimant):
    protection = arena.call("race_claims.make_protection", claimant)
    task = [press(uid, "action_draft_claims", protection, model="dms.price.protection") for uid in arena.officers]
    assert_told(arena.race(*task, at=("dms.price.protection", "_get_undrafted")))
    arena.ask(task[0])
    found = look(arena, claimant)
    assert (found["states"], found["claimed"]) == (["draft"], [10.0])


def test_two_protections_of_one_drop_pay_once(arena, claimant):
    protections = [arena.call("race_claims.draft_protection", claimant, stock) for stock in (5, 0)]
    tasks = [press(uid, "action_compute", row, model="dms.price.protection") for uid, row in zip(arena.officers, protections, strict=True)]
    answers = arena.race(*tasks, at=("dms.price.protection", "_get_holders"))
    assert [answer["error"] for answer in answers] == [None, None], answers
    for row in protections:
        arena.ask(press(arena.officers[0], "action_draft_claims", row, model="dms.price.protection"))
    found = look(arena, claimant)
    assert (found["items"], found["claimed"]) == ([10.0], [10.0])


def test_two_deductions_of_the_last_of_an_invoice(arena, claimant):
    tasks = [{"function": "race_claims.make_deduction", "arguments": [claimant, uid, 60.0]} for uid in arena.officers]
    answers = arena.race(*tasks, at=("dms.deduction", "_check_values"))
    assert_told(answers)
    assert look(arena, claimant)["deductions"] == [60.0], answers
