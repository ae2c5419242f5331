"""Two people at once, and a process that dies: real processes on a database of their own, each call as a request makes it.

The loser of a race reads a sentence or is retried to a good end; a technical error never comes out.
"""

import signal

import pytest

from tests.processes import arena as open_arena


@pytest.fixture(scope="module")
def arena(tmp_path_factory):
    with open_arena(tmp_path_factory.mktemp("races")) as found:
        yield found


def call(user, model, ids, method, *arguments):
    return {"uid": user, "model": model, "ids": ids, "method": method, "arguments": list(arguments)}


def assert_decent(answers):
    """Every answer is a result or a refusal in words."""
    for answer in answers:
        assert answer is not None
        assert not answer["error"] or answer["refusal"], answer
    return [answer for answer in answers if not answer["error"]]


# ------------------------------------------------------------ two at once


@pytest.mark.parametrize("at", [("sale.order", "_dms_pass_gates"), ("sale.order", "_action_confirm"), None], ids=str)
def test_the_same_order_confirmed_twice_is_delivered_once(arena, at):
    order = arena.order()
    answers = arena.race(*(call(arena.world[user], "sale.order", [order["id"]], "action_confirm") for user in ("first", "second")), at=at)
    assert assert_decent(answers)
    found = arena.look(order)
    assert (found["state"], found["pickings"], found["demand"]) == ("sale", 1, 10)
    assert found["holds"] == []


@pytest.mark.parametrize("at", [("sale.order", "_dms_pass_gates"), ("sale.order", "_dms_write_holds"), None], ids=str)
def test_the_same_order_submitted_twice_is_held_once(arena, at):
    order = arena.order(minimum=50)
    answers = arena.race(*(call(arena.world[user], "sale.order", [order["id"]], "action_dms_submit") for user in ("first", "buyer")), at=at)
    assert [answer["error"] for answer in answers] == [None, None], "the second finds it submitted"
    found = arena.look(order)
    assert (found["dms_state"], found["holds"]) == ("on_hold", [["quantity", "open"]])


def test_an_order_that_confirms_by_itself_submitted_twice_is_delivered_once(arena):
    order = arena.order(distributor=arena.world["automatic"])
    tasks = [call(arena.world[user], "sale.order", [order["id"]], "action_dms_submit") for user in ("first", "second")]
    assert assert_decent(arena.race(*tasks, at=("sale.order", "_dms_pass_gates")))
    found = arena.look(order)
    assert (found["state"], found["pickings"], found["demand"]) == ("sale", 1, 10)


@pytest.mark.parametrize("steps", [("action_dms_submit",), ("action_confirm",)], ids=["submitted", "confirmed"])
def test_two_changes_at_once_are_one_after_the_other(arena, steps):
    order = arena.order(steps=steps)
    line, product = order["lines"][0], order["products"][0]
    tasks = [
        call(
            arena.world[user],
            "sale.order",
            [order["id"]],
            "action_dms_amend",
            [{"line_id": line, "product_id": product, "quantity": quantity}],
        )
        for user, quantity in (("buyer", 12), ("first", 15))
    ]
    good = assert_decent(arena.race(*tasks, at=("sale.order", "_dms_create_revision")))
    assert good
    found = arena.look(order)
    applied = [revision for revision in found["revisions"] if revision["state"] == "applied"]
    assert len(applied) == len(found["revisions"]) == len(good)
    quantity = 10
    for revision in applied:
        assert revision["lines"] == [[line, quantity, revision["lines"][0][2]]]
        quantity = revision["lines"][0][2]
    assert found["lines"][str(line)] == quantity
    if steps == ("action_confirm",):
        assert found["demand"] == quantity


def test_a_hold_released_twice_is_released_once(arena):
    order = arena.order(distributor=arena.world["automatic"], minimum=50, steps=("action_dms_submit",))
    tasks = [call(arena.world[user], "dms.order.hold", order["holds"], "action_release", "agreed") for user in ("second", "third")]
    good = assert_decent(arena.race(*tasks, at=("dms.order.hold", "_check_decider")))
    assert good
    found = arena.look(order)
    assert (found["state"], found["holds"], found["pickings"], found["demand"]) == ("sale", [["quantity", "released"]], 1, 10)


def test_a_hold_released_and_rejected_at_once_has_one_answer(arena):
    order = arena.order(minimum=50, steps=("action_dms_submit",))
    tasks = [
        call(arena.world["second"], "dms.order.hold", order["holds"], "action_release", "agreed"),
        call(arena.world["third"], "dms.order.hold", order["holds"], "action_reject", "no"),
    ]
    assert_decent(arena.race(*tasks, at=("dms.order.hold", "_check_decider")))
    found = arena.look(order)
    assert (found["dms_state"], found["holds"]) in (("submitted", [["quantity", "released"]]), ("cancelled", [["quantity", "rejected"]]))


def test_released_while_it_grows_is_not_covered(arena):
    """A release covers the order as its decider saw it."""
    order = arena.order(minimum=50, steps=("action_dms_submit",))
    tasks = [
        call(arena.world["second"], "dms.order.hold", order["holds"], "action_release", "ten are fine"),
        call(arena.world["first"], "sale.order.line", order["lines"], "write", {"product_uom_qty": 20}),
    ]
    assert_decent(arena.race(*tasks, at=("sale.order", "_dms_gate_findings")))
    arena.call("look", order["id"])
    confirm = arena.race(
        call(arena.world["first"], "sale.order", [order["id"]], "action_confirm"),
        call(arena.world["third"], "sale.order", [order["id"]], "read", ["state"]),
    )
    assert_decent(confirm)
    found = arena.look(order)
    if found["state"] == "sale":
        assert found["lines"][str(order["lines"][0])] == 10 or found["holds"][-1] == ["quantity", "released"]


def test_confirmed_while_it_shrinks_below_the_minimum(arena):
    order = arena.order(quantity=60, minimum=50)
    tasks = [
        call(arena.world["first"], "sale.order", [order["id"]], "action_confirm"),
        call(arena.world["second"], "sale.order.line", order["lines"], "write", {"product_uom_qty": 10}),
    ]
    assert_decent(arena.race(*tasks, at=("sale.order.line", "_dms_reference_qty")))
    found = arena.look(order)
    if found["state"] == "sale":  # confirmed first, lowered then: a decrease is never checked
        assert found["demand"] == found["lines"][str(order["lines"][0])]
    else:
        assert found["holds"] == [["quantity", "open"]]


def test_confirmed_and_cancelled_at_once_is_one_of_both(arena):
    order = arena.order()
    tasks = [
        call(arena.world["first"], "sale.order", [order["id"]], "action_confirm"),
        call(arena.world["buyer"], "sale.order", [order["id"]], "action_dms_request_cancel", "mistake"),
    ]
    assert assert_decent(arena.race(*tasks, at=("sale.order", "_dms_limit_keys")))
    found = arena.look(order)
    assert (found["state"], found["demand"]) in (("sale", 10), ("cancel", 0))


def test_the_same_lines_sent_in_twice_make_one_order(arena):
    code = arena.order()["products"][0]
    text = f"RACE-{code} 7"
    users = ("first", "second")
    forms = [arena.call("make_upload", arena.world[user], arena.world["distributor"], text) for user in users]
    before = arena.call("count_orders", code)
    tasks = [call(arena.world[user], "dms.order.upload", [form], "action_upload") for user, form in zip(users, forms, strict=True)]
    good = assert_decent(arena.race(*tasks, at=("dms.order.intake", "_find_earlier")))
    assert len(good) == 1
    assert arena.call("count_orders", code) - before == 1


def test_the_same_form_sent_twice_makes_one_order(arena):
    product = arena.order()["products"][0]
    before = arena.call("count_orders", product)
    task = {"function": "send_form", "arguments": ["token-of-one-form-0001", arena.world["distributor"], product]}
    answers = arena.race(task, task, at=("dms.portal.token", "_claim"))
    assert [answer["error"] for answer in answers] == [None, None]
    (one, _new), (other, _again) = (answer["result"] for answer in answers)
    assert one == other
    assert sorted(answer["result"][1] for answer in answers) == [False, True]
    assert arena.call("count_orders", product) - before == 1


# ------------------------------------------------------------ the lock of a shared limit


def limit(keys, timeout="10s", seconds=0.0):
    return {"function": "limit", "arguments": [keys, timeout, seconds]}


def test_equal_keys_wait_for_each_other(arena):
    answers = arena.race(limit([["race", 1]], seconds=0.6), limit([["race", 1]], seconds=0.6))
    assert_decent(answers)
    assert max(answer["result"] for answer in answers) >= 0.3
    assert [answer["tries"] for answer in answers] == [1, 1]


def test_different_keys_do_not_wait(arena):
    answers = arena.race(limit([["race", 2]], seconds=0.6), limit([["race", 3]], timeout="200ms", seconds=0.6))
    assert [answer["error"] for answer in answers] == [None, None]
    assert max(answer["result"] for answer in answers) < 0.3


def test_a_wait_beyond_the_timeout_ends_in_words_and_is_not_retried(arena):
    answers = arena.race(limit([["race", 4]], timeout="300ms", seconds=2), limit([["race", 4]], timeout="300ms", seconds=2))
    refused = [answer for answer in answers if answer["error"]]
    assert [answer["error"] for answer in refused] == ["UserError"]
    assert (refused[0]["tries"], refused[0]["seconds"] < 1.5) == (1, True)


def test_several_keys_in_any_order_never_block_each_other(arena):
    keys = [["race", number] for number in range(40)]
    for _round in range(5):
        answers = arena.race(limit(keys, seconds=0.02), limit(keys[::-1], seconds=0.02))
        assert [answer["error"] for answer in answers] == [None, None]
        assert [answer["tries"] for answer in answers] == [1, 1]


# ------------------------------------------------------------ a process that dies


@pytest.mark.parametrize(
    "place", [("sale.order", "_dms_mark_submitted"), ("sale.order", "_action_confirm"), ("stock.move", "_action_confirm")], ids=str
)
def test_killed_in_the_middle_of_a_confirmation_leaves_nothing(arena, place):
    order = arena.order()
    before = arena.look(order)
    assert arena.die(call(arena.world["first"], "sale.order", [order["id"]], "action_confirm"), *place) == -signal.SIGKILL
    assert arena.look(order) == before
    answers = arena.race(
        call(arena.world["first"], "sale.order", [order["id"]], "action_confirm"),
        call(arena.world["second"], "sale.order", [order["id"]], "read", ["state"]),
    )
    assert [answer["error"] for answer in answers] == [None, None]
    found = arena.look(order)
    assert (found["state"], found["pickings"], found["demand"]) == ("sale", 1, 10)


def test_killed_while_holds_are_written_leaves_nothing(arena):
    order = arena.order(minimum=50)
    before = arena.look(order)
    arena.die(call(arena.world["first"], "sale.order", [order["id"]], "action_dms_submit"), "sale.order", "_dms_write_holds")
    assert arena.look(order) == before
    assert not before["submitted"]


def test_killed_while_a_change_is_applied_leaves_nothing(arena):
    order = arena.order(steps=("action_confirm",))
    before = arena.look(order)
    change = [{"line_id": order["lines"][0], "product_id": order["products"][0], "quantity": 12}]
    arena.die(call(arena.world["first"], "sale.order", [order["id"]], "action_dms_amend", change), "dms.order.revision", "_apply")
    assert arena.look(order) == before
