"""./dms test --core MODULES: Odoo's own tests of some modules, on plain Odoo and with the suite on top.

Both runs use Odoo's runner, on databases that differ in the suite's modules alone; what differs is printed by name.
Demo data is loaded in both, as the tests that check import templates ask for it; --without-demo leaves it out.
"""

import argparse
import re
import socket
import subprocess
from collections import Counter

from . import log_check, setup
from .console import DmsError, say, step
from .template import Templates

_LINE = re.compile(r"^\d{4}-\S+ \S+ \d+ (?P<level>[A-Z]+) \S+ (?P<logger>odoo\.[\w.]+): (?P<message>.*)$")
_OUTCOMES = (
    ("passed", re.compile(r"^Starting (?P<name>\S+) \.\.\.$")),
    ("skipped", re.compile(r"^skipped (?P<name>\S+) : ")),
    ("failed", re.compile(r"^FAIL: (?:Subtest )?(?P<name>\S+)")),
    ("error", re.compile(r"^ERROR: (?:Subtest )?(?P<name>.+)$")),
)


def is_asked(arguments):
    """Tell whether the arguments of ./dms test ask for Odoo's own tests."""
    return any(argument.split("=")[0] == "--core" for argument in arguments)


def main(places, arguments):
    """Run Odoo's tests twice and return 1 when a test ends differently with the suite installed."""
    options = _parse(arguments)
    current = setup.prepare_tests(places)
    with current.test_server() as databases:
        templates = Templates(current, databases)
        layers = {
            "plain": templates.base(options.core, options.demo),
            "suite": templates.full(options.core, options.demo),
        }
        logs = {name: _run(templates, layer, name, options.core) for name, layer in layers.items()}
    results = {name: outcomes(log.read_text(encoding="utf-8", errors="replace")) for name, log in logs.items()}
    return _compare(results, logs)


def outcomes(text):
    """Return {test: "passed" | "skipped" | "failed" | "error"} of a log of Odoo's test runner."""
    found = {}
    for line in text.splitlines():
        match = _LINE.match(line.rstrip())
        for outcome, pattern in _OUTCOMES if match else ():
            test = pattern.match(match["message"])
            if test:
                found[f"{match['logger'].removeprefix('odoo.addons.')}: {test['name']}"] = outcome
    return found


def differences(plain, suite):
    """Return lines for each test that ends otherwise with the suite than without."""
    return [
        f"{test}: {plain.get(test, 'not run')} -> {suite.get(test, 'not run')}"
        for test in sorted({*plain, *suite})
        if plain.get(test) != suite.get(test)
    ]


def _parse(arguments):
    parser = argparse.ArgumentParser("dms test")
    parser.add_argument("--core", required=True, type=lambda text: tuple(filter(None, text.split(","))))
    parser.add_argument("--without-demo", dest="demo", action="store_false")
    options = parser.parse_args(arguments)
    if not options.core:
        raise DmsError("Name Odoo's modules to test: ./dms test --core sale,sale_stock")
    return options


def _run(templates, layer, name, modules):
    log = templates.setup.places.logs / f"core-{name}.log"
    with templates.copy(layer, f"core{name}") as database:
        conf = templates.config(database, f"core-{name}.conf", http_port=_free_port(), logfile=log)
        tags = ",".join(f"/{module}" for module in modules)
        # at_install tests expect a registry with nothing above their module; on a complete one they mean nothing.
        command = templates.setup.odoo(conf, "server", "--test-tags", f"{tags},-at_install", "--stop-after-init")
        log.unlink(missing_ok=True)
        with step(f"Odoo's tests of {', '.join(modules)}, {name}") as current:
            subprocess.run(
                [str(part) for part in command],
                cwd="/",
                env=templates.setup.environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            current.note = _count(outcomes(log.read_text(encoding="utf-8", errors="replace")))
    return log


def _compare(results, logs):
    for name, result in results.items():
        say(f"  {name}: {_count(result)}; log: {logs[name]}")
        for test, outcome in sorted(result.items()):
            if outcome in ("failed", "error"):
                say(f"    {outcome}: {test}")
    found = differences(results["plain"], results["suite"])
    for line in found:
        say(f"  differs: {line}")
    noise = {name: Counter(line.split(":", 1)[0] for line in log_check.scan(log)) for name, log in logs.items()}
    for kind, count in sorted((noise["suite"] - noise["plain"]).items()):
        say(f"  logged more often with the suite: {kind} ({count} more)")
    say("\nThe results differ." if found else "\nThe results are the same.")
    return 1 if found or not all(results.values()) else 0


def _count(result):
    kinds = [kind for kind, _pattern in _OUTCOMES]
    counts = {kind: sum(outcome == kind for outcome in result.values()) for kind in kinds}
    return ", ".join(f"{count} {kind}" for kind, count in counts.items() if count) or "no test ran"


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
