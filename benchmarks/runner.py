"""What a benchmark script uses, and the program that runs one script on a database of its own.

A script ``bench_<name>.py`` has a function ``run(bench)`` that returns one row or a list of rows made by
:meth:`Bench.row`. It first checks that both sides compute the same (:meth:`Bench.check`), then times them in turns
(:meth:`Bench.interleave`). Its database is a copy of the test database with demo data, dropped afterwards; the
constant ``NEEDS = ("sale_loyalty",)`` names further modules that the peer is made of, and ``PACKAGES = ("name==1.0",)``
the packages that bring those of them that are not Odoo's own.

    from benchmarks.runner import at_most

    def run(bench):
        times = bench.interleave(ours=confirm, peer=confirm_plain, prepare_ours=new_order, prepare_peer=new_plain_order)
        return bench.row("confirm", times, at_most(1.05), extra_queries=10)
"""

import argparse
import contextlib
import gc
import importlib
import json
import statistics
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Target:
    """What a ratio must reach: ``at_most`` x the peer's time, or at least ``factor`` x as fast."""

    factor: float
    faster: bool

    def ratio(self, ours, peer):
        """Return the ratio of the table: ours / peer, or peer / ours where the target says "faster"."""
        above, below = (peer, ours) if self.faster else (ours, peer)
        return above / below if below else float("inf")

    def is_met(self, ratio):
        return ratio >= self.factor if self.faster else ratio <= self.factor

    def __str__(self):
        return f">= {self.factor:g}x faster" if self.faster else f"<= {self.factor:g}x"


def at_most(factor):
    """Return the target "takes at most ``factor`` times as long as the peer"."""
    return Target(factor, False)


def at_least(factor):
    """Return the target "is at least ``factor`` times as fast as the peer"."""
    return Target(factor, True)


@dataclass(frozen=True)
class Sample:
    """One timed run: seconds, and the SQL queries it made."""

    seconds: float
    queries: int


@dataclass(frozen=True)
class Times:
    """The runs of both sides, medians in seconds."""

    ours: tuple
    peer: tuple

    def seconds(self, side):
        return statistics.median(sample.seconds for sample in side)

    def queries(self, side):
        return int(statistics.median(sample.queries for sample in side))


class Bench:
    """The environment of one benchmark.

    :param env: Odoo's environment, as the superuser; its cursor is rolled back after every timed run
    """

    def __init__(self, env):
        self.env = env

    def interleave(self, ours, peer, rounds=9, warm=2, prepare_ours=None, prepare_peer=None, clock=time.process_time):
        """Time both sides in turns and return the :class:`Times`.

        :param ours: function of what its ``prepare`` returned (of nothing without one); flushed inside the timing
        :param peer: the same work in the peer
        :param rounds: timed runs of each side
        :param warm: runs of each side before that
        :param clock: CPU seconds of this process by default; ``time.perf_counter`` where the database does the work
        """
        samples = {"ours": [], "peer": []}
        sides = {"ours": (ours, prepare_ours), "peer": (peer, prepare_peer)}
        for number in range(warm + rounds):
            order = ("ours", "peer") if number % 2 else ("peer", "ours")
            for side in order:
                sample = self.measure(*sides[side], clock=clock)
                if number >= warm:
                    samples[side].append(sample)
        return Times(tuple(samples["ours"]), tuple(samples["peer"]))

    def measure(self, work, prepare=None, clock=time.process_time):
        """Run ``work`` once and return its :class:`Sample`; whatever it wrote is rolled back."""
        with self.rolled_back():
            arguments = (prepare(),) if prepare else ()
            self.env.flush_all()
            with _no_garbage_collection():
                queries, start = self.env.cr.sql_log_count, clock()
                work(*arguments)
                self.env.flush_all()
                seconds = clock() - start
                return Sample(seconds, self.env.cr.sql_log_count - queries)

    @contextlib.contextmanager
    def rolled_back(self):
        """Undo everything the block writes, caches and pending hooks included."""
        self.env.flush_all()
        savepoint = self.env.cr.savepoint(flush=False)
        try:
            yield
        finally:
            savepoint.close(rollback=True)
            self.env.cr.clear()  # caches, pending writes and pre-commit hooks
            self.env.cr.postcommit.clear()

    def check(self, ours, peer, what):
        """Stop the benchmark unless both sides computed the same."""
        if ours != peer:
            raise AssertionError(f"The two sides differ in {what}: ours {ours!r}, peer {peer!r}")

    def row(self, name, times, target, max_queries=None, extra_queries=None):
        """Return a row of the table.

        :param target: :func:`at_most` or :func:`at_least`
        :param max_queries: queries that ours may make at most
        :param extra_queries: queries that ours may make more than the peer
        """
        ours, peer = times.seconds(times.ours), times.seconds(times.peer)
        queries = times.queries(times.ours)
        limits = [max_queries] if max_queries is not None else []
        if extra_queries is not None:
            limits.append(times.queries(times.peer) + extra_queries)
        ratio = target.ratio(ours, peer)
        words = [str(target), *(f"<= {limit:g} queries" for limit in limits)]
        return {
            "name": name,
            "ours": ours,
            "peer": peer,
            "ratio": ratio,
            "queries": queries,
            "target": ", ".join(words),
            "met": target.is_met(ratio) and all(queries <= limit for limit in limits),
        }


@contextlib.contextmanager
def _no_garbage_collection():
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def main():
    """Run one script on the database of a configuration file and write its rows to a file, as JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("script")
    parser.add_argument("--config", required=True)
    parser.add_argument("--database", required=True)
    parser.add_argument("--result", required=True, type=Path)
    options = parser.parse_args()
    with _environment(options) as env:
        rows = importlib.import_module(f"benchmarks.{options.script}").run(Bench(env))
    options.result.write_text(json.dumps(rows if isinstance(rows, list) else [rows]))


@contextlib.contextmanager
def _environment(options):
    from odoo import SUPERUSER_ID, api, tools
    from odoo.modules.registry import Registry

    tools.config.parse_config(["-c", options.config, "-d", options.database], setup_logging=True)
    with Registry(options.database).cursor() as cr:
        try:
            yield api.Environment(cr, SUPERUSER_ID, {})
        finally:
            cr.rollback()


if __name__ == "__main__":
    main()
