"""./dms lint: style and the mistakes a reader of the files can see; needs no network once the packages are there."""

import os
import subprocess
from concurrent.futures import ThreadPoolExecutor

from . import lint_rules, python_env, setup
from .console import Step, say

# Odoo's own pylint checks (its module test_lint), without those that concern its core alone.
ODOO_CHECKS = (
    "used-before-assignment",
    "undefined-variable",
    "eval-used",
    "unreachable",
    "function-redefined",
    "sql-injection",
    "missing-gettext",
    "gettext-variable",
    "gettext-placeholders",
    "gettext-repr",
    "raise-unlink-override",
)
# Checks of OCA's that this repository answers differently: one file per responsibility; computes return nothing;
# "_ = self.env._" is taken for the global function.
NOT_HERE = ("consider-merging-classes-inherited", "missing-return", "prefer-env-translation")
ODOO_CHECKERS = (
    "_pylint_path_setup",
    "_odoo_checker_sql_injection",
    "_odoo_checker_gettext",
    "_odoo_checker_unlink_override",
)


def main(places, _options):
    """Run every check, print what it found, and return 1 when one found something."""
    current = setup.prepare(places, python_env.TESTING)
    checks = _checks(current)
    with ThreadPoolExecutor(max_workers=2) as pool:
        running = [(name, pool.submit(_timed, action)) for name, action in checks.items()]
        failed = [name for name, future in running if not _show(name, *future.result())]
    if failed:
        say(f"\nLint found something: {', '.join(failed)}")
    return 1 if failed else 0


def _checks(current):
    """Return name -> function that returns (fine, text), the slowest first."""
    addons = [module.folder for module in setup.modules.find(current.places.addons)]
    catalogues = sorted(current.places.addons.glob("*/i18n/*.po*"))
    tree, tool = current.places.tree, current.venv.tool
    commands = {
        "pylint, Odoo's checks": addons and _odoo_pylint(current, addons),
        "pylint, OCA's checks": addons and [tool("pylint"), "--rcfile=.pylintrc", f"--disable={','.join(NOT_HERE)}", *addons],
        "OCA's module checks": addons and [tool("oca-checks-odoo-module"), "--config=.oca_hooks.cfg", *addons],
        "OCA's translation checks": catalogues and [tool("oca-checks-po"), "--config=.oca_hooks.cfg", *catalogues],
        "ruff": [tool("ruff"), "check", "--no-cache", "--output-format=concise", "-q", "."],
        "ruff format": [tool("ruff"), "format", "--no-cache", "--check", "--output-format=concise", "-q", "."],
    }
    environment = current.environment()
    actions = {name: _command(command, tree, environment) for name, command in commands.items() if command}
    return {**actions, "modules and files": lambda: _own_rules(current.places)}


def _odoo_pylint(current, addons):
    options = [f"--rcfile={os.devnull}", "--disable=all,useless-option-value", "--persistent=n", "--jobs=2"]
    enable = f"--enable={','.join(ODOO_CHECKS)}"
    return [current.venv.tool("pylint"), *options, enable, f"--load-plugins={','.join(ODOO_CHECKERS)}", "-sn", *addons]


def _command(command, tree, environment):
    checkers = f"{environment['PYTHONPATH']}/odoo/addons/test_lint/tests"
    if "--rcfile=/dev/null" in command:
        path = f"{checkers}{os.pathsep}{environment['PYTHONPATH']}"
        environment = {**environment, "PYTHONPATH": path, "ADDONS_PATH": str(tree / "addons")}

    def run_it():
        done = subprocess.run(
            [str(part) for part in command],
            cwd=tree,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )
        return done.returncode == 0, (done.stdout + done.stderr).strip()

    return run_it


def _own_rules(places):
    found = lint_rules.check(places.tree)
    return not found, "\n".join(found)


def _timed(action):
    timer = Step("")
    return (*action(), timer.seconds)


def _show(name, fine, text, seconds):
    say(f"  {'✓' if fine else '✗'} {name}  {seconds:.1f} s")
    if not fine:
        say("\n".join(f"    {line}" for line in text.splitlines()))
    return fine
