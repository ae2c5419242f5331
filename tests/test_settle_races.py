"""Two people credit returns at the same moment, in real processes: each once, and both as if one had come after the other."""

import pytest

from tests.processes import arena as open_arena

#: where a settlement has written the state and credited nothing
ENTERED = ("dms.return", "_enter")
#: where it has read what was credited before
READ = ("dms.return.line", "_share_over_invoices")


@pytest.fixture(scope="module")
def arena(tmp_path_factory):
    with open_arena(tmp_path_factory.mktemp("settle_races")) as found:
        if not found.call("race_credit.is_installed", "dms_returns"):
            pytest.skip("dms_returns is not installed")
        yield found


def settle(arena, case, clerk="first"):
    return {"uid": arena.world[clerk], "model": "dms.return", "ids": [case], "method": "action_settle", "arguments": []}


def test_one_return_settled_by_two_is_credited_once(arena):
    returns = arena.call("race_settle.make_returns", [30])
    task = settle(arena, returns["cases"][0])
    answers = arena.race(task, {**task, "uid": arena.world["second"]}, at=("dms.return", "_check_group"))
    found = arena.call("race_settle.look_returns", returns)
    assert [answer["error"] for answer in answers if not answer.get("refusal")].count(None) >= 1, answers
    assert all(answer["error"] is None or answer["refusal"] for answer in answers), answers
    assert (found["states"], found["refunds"], found["credited"], found["qty_invoiced"]) == (["settled"], [1], 270.0, 70)


@pytest.mark.parametrize(("policy", "credited", "returned"), [("net", 540.0, 60.0), ("requalify", 500.0, 100.0)])
def test_two_returns_of_one_line_are_credited_as_one_after_the_other(arena, policy, credited, returned):
    returns = arena.call("race_settle.make_returns", [30, 30], policy)
    first, second = returns["cases"]
    answers = arena.overtake(settle(arena, first), settle(arena, second, "second"), at=READ)
    found = arena.call("race_settle.look_returns", returns)
    assert [answer and answer["error"] for answer in answers] == [None, None], answers
    assert (found["states"], found["refunds"]) == (["settled", "settled"], [1, 1])
    assert (found["credited"], found["returned"], found["qty_invoiced"]) == (credited, returned, 40)


def test_two_returns_that_start_together_are_both_credited(arena):
    returns = arena.call("race_settle.make_returns", [20, 50], "requalify")
    first, second = returns["cases"]
    answers = arena.race(settle(arena, first), settle(arena, second, "second"), at=ENTERED)
    found = arena.call("race_settle.look_returns", returns)
    assert [answer and answer["error"] for answer in answers] == [None, None], answers
    assert (found["credited"], found["returned"]) == (600.0, 100.0)


@pytest.mark.parametrize("of_invoice", [False, True], ids=["line", "invoice"])
@pytest.mark.parametrize("first", ["return", "claim"])
def test_a_return_and_a_claim_pay_a_line_once(arena, first, of_invoice):
    returns = arena.call("race_settle.make_returns", [100])
    claim = arena.call("race_settle.make_claim", returns, 50.0, of_invoice)
    tasks = {"return": settle(arena, returns["cases"][0], "second"), "claim": {**settle(arena, claim), "model": "dms.claim"}}
    answers = arena.overtake(tasks.pop(first), *tasks.values(), at=("account.move", "_post"))
    assert all(answer and (answer["error"] is None or answer["refusal"]) for answer in answers), answers
    found, paid = arena.call("race_settle.look_returns", returns), arena.call("race_settle.look_claim", claim)
    assert found["credited"] + paid["credited"] == 900.0, (found, paid, answers)
    assert (found["states"], paid["state"]) == (["settled"], "approved" if first == "return" else "settled"), answers
