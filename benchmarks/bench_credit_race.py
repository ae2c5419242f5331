"""Two confirmations at once for a limit that has room for one, 200 times on each path; and what the gates cost in throughput.

Real processes, as in ``tests/test_credit_races.py``: both take their snapshot before either decides. Rows:

- ``credit_race_<path>``: ``ours`` and ``peer`` are the seconds until both of a pair have their answer, with the gates of
  credit and with the gates archived (when nobody waits, and every pair is over its limit: so they do race). ``ratio`` is
  the share of our pairs that ended over the limit without a release, with another number of steps taken than one, or in
  a technical error; ``queries`` are those of both processes together.
- ``credit_race_apart``: seconds for each confirmation when two processes confirm orders of different distributors, with
  the gates and with the gates archived; ``ratio`` of the two.
"""

import itertools
import statistics
import tempfile
import threading
import time
from contextlib import closing
from pathlib import Path

from benchmarks.runner import Sample, Times, at_most
from tests.processes import Arena
from tests.race_credit import CREDIT_PATHS

PAIRS = 200
#: pairs with the gates archived
PEERS = 20
#: where both have taken their snapshot, and neither the lock
MEETING = ("sale.order", "_dms_limit_keys")
ROUNDS, CHUNK, LINES = 16, 6, 10


def run(bench):
    env = bench.env
    env.cr.commit()  # the processes work on the database as it is, beside this one
    with tempfile.TemporaryDirectory() as folder, closing(Arena(env.cr.dbname, Path(folder))) as arena:
        return [*(race(arena, path) for path in CREDIT_PATHS), apart(bench, arena)]


def race(arena, path):
    """Let all pairs of one path race and return the row."""
    ours, failed = run_pairs(arena, path, PAIRS)
    arena.call("race_credit.set_credit_gates", False)
    peer, over = run_pairs(arena, path, PEERS)
    arena.call("race_credit.set_credit_gates", True)
    assert over == PEERS, f"{over} of {PEERS} pairs without gates are over their limit: they do not race"
    times = Times(tuple(ours), tuple(peer))
    return {
        "name": f"credit_race_{path}",
        "ours": times.seconds(times.ours),
        "peer": times.seconds(times.peer),
        "ratio": failed / PAIRS,
        "queries": times.queries(times.ours),
        "target": f"0 of {PAIRS} over the limit or in error",
        "met": not failed,
    }


def run_pairs(arena, path, count):
    """The :class:`Sample` of each pair, and how many of the pairs failed."""
    samples, failed = [], 0
    for pair in arena.call("race_credit.make_credit_pairs", path, count):
        start = time.perf_counter()
        answers = arena.race(*pair["tasks"], at=MEETING)
        samples.append(Sample(time.perf_counter() - start, sum(answer["queries"] for answer in answers if answer)))
        (found,) = arena.call("race_credit.look_credit", [pair["distributor"]])
        is_decent = all(answer and (not answer["error"] or answer["refusal"]) for answer in answers)
        failed += not is_decent or found["exposure"] != pair["exposure"]
    return samples, failed


# ------------------------------------------------------------ different distributors


def apart(bench, arena):
    """Two processes confirm orders of different distributors, in turns with the gates and without.

    The first order of each turn only fills the caches that the change of the gates has emptied.
    """
    sides = [True, False] * ROUNDS
    queues = [arena.call("race_credit.make_debtors_with_orders", CHUNK + 1, LINES, len(sides)) for _worker in arena.workers]
    samples = {side: [] for side in sides}
    for number, is_gated in enumerate(sides):
        arena.call("race_credit.set_credit_gates", is_gated)
        chunks = [queue[number :: len(sides)] for queue in queues]
        confirm_together(arena, [chunk[:1] for chunk in chunks])
        samples[is_gated].append(confirm_together(arena, [chunk[1:] for chunk in chunks]))
    times = Times(tuple(samples[True]), tuple(samples[False]))
    return bench.row("credit_race_apart", times, at_most(1.1))


def confirm_together(arena, chunks):
    """Each worker confirms the orders of its chunk, one by one; returns the :class:`Sample` of one confirmation."""
    answers = [[] for _worker in arena.workers]
    threads = [
        threading.Thread(target=confirm_all, args=(worker, arena.world["first"], chunk, found))
        for worker, chunk, found in zip(arena.workers, chunks, answers, strict=True)
    ]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = (time.perf_counter() - start) / sum(map(len, chunks))
    together = list(itertools.chain(*answers))
    assert all(answer and answer["result"] is True for answer in together), "every order has room"
    return Sample(seconds, statistics.median(answer["queries"] for answer in together))


def confirm_all(worker, user, orders, answers):
    for order in orders:
        worker.start({"uid": user, "model": "sale.order", "ids": [order], "method": "action_confirm", "arguments": []})
        answers.append(worker.answer())
