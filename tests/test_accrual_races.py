"""Accruals and settlements at once, in real processes: everything is booked once, and a process that dies books nothing."""

import signal

import pytest

from tests.processes import arena as open_arena

#: where both have read the books, and neither has the lock
BEFORE_THE_LOCK = ("dms.scheme", "_get_accrual_key")
SETTLE_READ = ("dms.scheme.accrual", "_check_claimed_by_another")
ONCE = {"amounts": [10.0, 10.0], "balance": 20.0, "entries": 1, "notes": 0, "sources": 2, "open": 20.0, "states": ["open"]}
PAID = {**ONCE, "balance": 0.0, "notes": 2, "open": 0.0, "states": ["settled"]}


@pytest.fixture(scope="module")
def arena(tmp_path_factory):
    with open_arena(tmp_path_factory.mktemp("accrual_races")) as found:
        if not found.call("race_accruals.is_installed", "dms_schemes"):
            pytest.skip("dms_schemes is not installed")
        found.world.update(found.call("race_accruals.make_people"))
        yield found


def rebate(arena, code, claimed=False):
    return arena.call("race_accruals.make_rebate", arena.world["judge"], code, arena.world["asker"] if claimed else None)


def look(arena, case):
    return arena.call("race_accruals.look_accruals", case["scheme"])


def accrue(case):
    return {"function": "race_accruals.accrue", "arguments": [case["scheme"]]}


def decide(arena, case, who, method):
    return {"uid": arena.world[who], "model": "dms.scheme.accrual", "ids": case["rows"], "method": method, "arguments": []}


def test_two_true_ups_at_once_book_once(arena):
    for number in range(3):
        case = rebate(arena, f"RACE-A{number}")
        answers = arena.race(accrue(case), accrue(case), at=BEFORE_THE_LOCK)
        assert [answer["error"] for answer in answers] == [None, None], answers
        assert look(arena, case) == ONCE


def test_two_jobs_at_once_book_once(arena):
    case = rebate(arena, "RACE-J")
    job = {"function": "race_accruals.run_job", "arguments": []}
    answers = arena.race(job, job, at=BEFORE_THE_LOCK)
    assert [answer["error"] for answer in answers] == [None, None], answers
    assert look(arena, case) == ONCE


def test_two_approvers_at_once_pay_once(arena):
    for number in range(3):
        case = rebate(arena, f"RACE-S{number}", claimed=True)
        tasks = [decide(arena, case, who, "action_settle") for who in ("judge", "judge2")]
        answers = arena.race(*tasks, at=SETTLE_READ)
        assert [answer["error"] for answer in answers] == [None, None], answers
        assert look(arena, case) == PAID


def test_claim_and_true_up_at_once_keep_the_account(arena):
    case = rebate(arena, "RACE-C")
    arena.ask(accrue(case))
    case["rows"] = arena.call("race_accruals.find_rows", case["scheme"])
    answers = arena.race(decide(arena, case, "asker", "action_claim"), accrue(case), at=BEFORE_THE_LOCK)
    assert [answer["error"] for answer in answers] == [None, None], answers
    assert look(arena, case) == {**ONCE, "states": ["claimed"]}


@pytest.mark.parametrize(("model", "method"), [("dms.scheme", "_take_sources"), ("dms.scheme", "_create_entry")])
def test_process_that_dies_in_a_true_up_books_nothing(arena, model, method):
    case = rebate(arena, f"RACE-D{method}")
    assert arena.die(accrue(case), model, method) == -signal.SIGKILL
    assert look(arena, case) == {**ONCE, "amounts": [], "balance": 0.0, "entries": 0, "sources": 0, "open": 0.0, "states": []}
    arena.ask(accrue(case))
    assert look(arena, case) == ONCE
