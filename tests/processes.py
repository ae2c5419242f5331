"""Real processes for tests of races and faults, on a database of their own."""

import contextlib
import itertools
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.live_server import copied_database, write_config

TREE = Path(__file__).resolve().parent.parent
#: seconds until a task must have reached the method it is to stop at
START = 20
_numbers = itertools.count(1)


class Worker:
    """A child process as in :mod:`tests.race_worker`; tasks are started and their answers fetched apart."""

    def __init__(self, conf, database, folder):
        self.log = folder / f"worker-{next(_numbers)}.log"
        command = [sys.executable, "-m", "tests.race_worker", str(conf), database]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True, cwd=TREE)

    def start(self, task):
        self.process.stdin.write(json.dumps(task) + "\n")
        self.process.stdin.flush()

    def answer(self):
        """Return the answer of the task started last, or None when the process is gone."""
        line = self.process.stdout.readline()
        return json.loads(line) if line else None

    def stop(self):
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()


class Arena:
    """Workers on one database, two unless told.

    ``world``: ids of the users and distributors that :func:`tests.race_worker.make_world` made.
    """

    def __init__(self, database, folder, workers=2):
        self.database = database
        self.folder = folder
        self.conf = write_config(folder, database, 0)
        self.workers = [self.new_worker() for _number in range(workers)]
        for worker in self.workers:
            assert worker.answer(), worker.log.read_text()
        self.world = self.call("make_world")

    def new_worker(self):
        return Worker(self.conf, self.database, self.folder)

    def call(self, function, *arguments):
        """Run one of the functions of the worker, committed, and return its result."""
        return self.ask({"function": function, "arguments": arguments})

    def ask(self, task):
        """Run one task, which must end well, and return its result."""
        worker = self.workers[0]
        worker.start(task)
        answer = worker.answer()
        assert answer and not answer["error"], (answer, worker.log.read_text()[-3000:])
        return answer["result"]

    def order(self, **kwargs):
        """A new order with products of its own; see :func:`tests.race_worker.make_order`."""
        given = {"distributor": self.world["distributor"], "user": self.world["first"], "quantity": 10, "minimum": 0, "steps": ()}
        given = {**given, **kwargs}
        return self.call("make_order", *given.values())

    def look(self, order):
        return self.call("look", order["id"])

    def race(self, *tasks, at=None):
        """Run one task in each worker at once and return the answers.

        :param at: (model, method) at which the transactions meet
        """
        with tempfile.TemporaryDirectory() as folder:
            for number, (worker, task) in enumerate(zip(self.workers, tasks, strict=True)):
                points = [{"model": at[0], "method": at[1], "folder": folder, "name": str(number)}] if at else []
                worker.start({**task, "points": points})
            return [worker.answer() for worker in self.workers]

    def overtake(self, first, second, at, patience=1.0):
        """Run ``second`` while ``first`` stands still at a method it has just run, and return both answers.

        :param at: (model, method); ``first`` goes on after ``patience`` seconds
        """
        with tempfile.TemporaryDirectory() as folder:
            point = {"model": at[0], "method": at[1], "folder": folder, "name": "first", "patience": patience}
            self.workers[0].start({**first, "points": [point]})
            deadline = time.monotonic() + START
            while not list(Path(folder).iterdir()):
                assert time.monotonic() < deadline, f"{at} was not reached: {self.workers[0].log.read_text()[-2000:]}"
                time.sleep(0.005)
            self.workers[1].start(second)
            return [worker.answer() for worker in self.workers]

    def die(self, task, model, method):
        """Run a task in a worker of its own that is killed right after ``method`` has run, its writes flushed."""
        worker = self.new_worker()
        try:
            assert worker.answer(), worker.log.read_text()
            worker.start({**task, "points": [{"model": model, "method": method, "die": True}]})
            assert worker.answer() is None, "the process was to die"
            return worker.process.wait()
        finally:
            worker.stop()

    def close(self):
        for worker in self.workers:
            worker.stop()


@contextlib.contextmanager
def arena(folder):
    """Give an :class:`Arena` on a fresh copy of the template database."""
    with copied_database("race") as database, contextlib.closing(Arena(database, folder)) as found:
        yield found
