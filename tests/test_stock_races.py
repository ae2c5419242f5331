"""What happens to the stock of one distributor at the same moment, in real processes: nothing twice, nothing overlooked."""

import pytest

from tests.processes import arena as open_arena

#: where a posting has read the balances and written nothing
READ = ("dms.stock.ledger", "_get_floors")
#: where it has written everything and not committed
WRITTEN = ("dms.stock.position", "_refresh")


@pytest.fixture(scope="module")
def arena(tmp_path_factory):
    with open_arena(tmp_path_factory.mktemp("stock_races")) as found:
        if not found.call("race_credit.is_installed", "dms_inventory"):
            pytest.skip("dms_inventory is not installed")
        yield found


def make_stock(arena, quantity=100):
    return arena.call("race_stock.make_stock", quantity)


def post(arena, statement, clerk="first"):
    return {"uid": arena.world[clerk], "model": "dms.stock.statement", "ids": [statement], "method": "action_post", "arguments": []}


def look(arena, stock):
    found = arena.call("race_stock.look_stock", stock)
    assert found["difference"] is None
    return found


def assert_no_error(answers):
    assert [answer and answer["error"] for answer in answers] == [None, None], answers


def test_what_is_there_once_is_sold_once(arena):
    stock = make_stock(arena)
    statements = [arena.call("race_stock.make_statement", stock, 60) for _number in range(2)]
    answers = arena.race(post(arena, statements[0]), post(arena, statements[1], "second"), at=READ)
    found = look(arena, stock)
    assert_no_error(answers)
    assert (found["states"], found["on_hand"], found["ledger"]) == (["posted", "review"], 40, [-60, 100])


def test_two_that_fit_are_both_counted(arena):
    stock = make_stock(arena)
    statements = [arena.call("race_stock.make_statement", stock, 40) for _number in range(2)]
    answers = arena.race(post(arena, statements[0]), post(arena, statements[1], "second"), at=READ)
    found = look(arena, stock)
    assert_no_error(answers)
    assert (found["states"], found["on_hand"]) == (["posted", "posted"], 20)


def test_one_statement_posted_by_two_is_posted_once(arena):
    stock = make_stock(arena)
    statement = arena.call("race_stock.make_statement", stock, 30)
    answers = arena.race(post(arena, statement), post(arena, statement, "second"), at=READ)
    assert_no_error(answers)
    assert look(arena, stock)["ledger"] == [-30, 100]


def test_a_delivery_confirmed_by_two_is_received_once(arena):
    stock = make_stock(arena)
    picking = arena.call("race_stock.make_delivery", stock)
    assert look(arena, stock)["in_transit"] == 10
    tasks = [
        {"uid": arena.world[clerk], "model": "stock.picking", "ids": [picking], "method": "action_dms_confirm_receipt", "arguments": []}
        for clerk in ("first", "second")
    ]
    answers = arena.race(*tasks, at=WRITTEN)
    found = look(arena, stock)
    assert_no_error(answers)
    assert (found["ledger"], found["on_hand"], found["in_transit"]) == ([10, 100], 110, 0)


def test_a_receipt_and_a_sellout_at_once_are_both_in_the_position(arena):
    stock = make_stock(arena)
    picking = arena.call("race_stock.make_delivery", stock)
    statement = arena.call("race_stock.make_statement", stock, 25)
    confirm = {
        "uid": arena.world["first"],
        "model": "stock.picking",
        "ids": [picking],
        "method": "action_dms_confirm_receipt",
        "arguments": [],
    }
    answers = arena.race(confirm, post(arena, statement, "second"), at=WRITTEN)
    assert_no_error(answers)
    assert look(arena, stock)["on_hand"] == 85


def test_one_reference_makes_one_statement(arena):
    stock = make_stock(arena)
    task = {"function": "race_stock.create_referenced", "arguments": [stock, "W12"]}
    answers = arena.race(task, task, at=("dms.stock.statement", "_refuse_known_reference"))
    assert sorted(answer["error"] is None for answer in answers) == [False, True]
    assert next(answer for answer in answers if answer["error"])["refusal"], answers
    assert look(arena, stock)["states"] == ["draft"]


def test_one_file_makes_one_statement(arena):
    stock = make_stock(arena)
    task = {"function": "race_stock.take_in_file", "arguments": [stock]}
    answers = arena.race(task, task, at=("dms.stock.statement", "_find_same_input"))
    assert sorted(answer["error"] is None for answer in answers) == [False, True], answers
    refused = next(answer for answer in answers if answer["error"])
    assert refused["refusal"] and "reported already, with ST/" in refused["message"], answers
    assert look(arena, stock)["states"] == ["draft"]


def test_a_process_killed_while_posting_leaves_nothing(arena):
    stock = make_stock(arena)
    statement = arena.call("race_stock.make_statement", stock, 30)
    arena.die(post(arena, statement), *WRITTEN)
    found = look(arena, stock)
    assert (found["ledger"], found["states"], found["on_hand"]) == ([100], ["draft"], 100)
