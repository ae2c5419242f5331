"""./dms bench: the benchmarks, each in a process and on a database of its own."""

import ast
import json
import subprocess

from . import peers, setup
from .console import DmsError, say, step, tail
from .template import Templates

COLUMNS = ("name", "ours", "peer", "ratio", "queries", "target", "met")


def main(places, options):
    """Run the benchmarks named (default: all), print the table, and return 1 when one could not be run."""
    scripts = find(places, options.names)
    current = setup.prepare_tests(places)
    rows, broken = [], []
    with current.test_server() as databases:
        for script in scripts:
            try:
                rows += _run(Templates(current, databases, peers.addons(current, packages(script))), script)
            except DmsError as error:
                broken.append(script.stem)
                say(f"\n{error}\n")
    for line in table(rows):
        say(line)
    if options.json:
        say(json.dumps(rows))
    return 1 if broken else 0


def find(places, names):
    """Return the paths of the scripts of some benchmarks, of all when none is named."""
    scripts = {path.stem.removeprefix("bench_"): path for path in sorted(places.tree.glob("benchmarks/bench_*.py"))}
    unknown = [name for name in names if name not in scripts]
    if unknown or not scripts:
        raise DmsError(f"There is no benchmark {', '.join(unknown)}. There are: {', '.join(scripts) or 'none yet'}.")
    return [scripts[name] for name in names or scripts]


def needs(script):
    """Return the modules, Odoo's or of its PACKAGES, that a script's constant NEEDS asks for."""
    return _constant(script, "NEEDS")


def packages(script):
    """Return the packages with addons of others that a script's constant PACKAGES asks for."""
    return _constant(script, "PACKAGES")


def _constant(script, name):
    """Return the tuple that a script assigns to a name, () when it does not; the script is not run."""
    for node in ast.parse(script.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == name:
            return tuple(ast.literal_eval(node.value))
    return ()


def table(rows):
    """Return the lines of the table of some rows; times in milliseconds."""
    texts = [COLUMNS, *([_cell(row, column) for column in COLUMNS] for row in rows)]
    widths = [max(len(text[index]) for text in texts) for index in range(len(COLUMNS))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(text, widths, strict=True)).rstrip() for text in texts]


def _cell(row, column):
    value = row[column]
    if column in ("ours", "peer"):
        return f"{value * 1000:.2f} ms"
    if column == "ratio":
        return f"{value:.3g}"
    return ("yes" if value else "NO") if column == "met" else str(value)


def _run(templates, script):
    places = templates.setup.places
    log = places.logs / f"{script.stem}.log"
    result = places.run / f"{script.stem}.json"
    result.unlink(missing_ok=True)
    with templates.copy(templates.full(needs(script)), "bench") as database, step(f"Benchmark {script.stem}"):
        conf = templates.config(database, f"{script.stem}.conf", http_enable=False, log_level="warn")
        options = ["--config", conf, "--database", database, "--result", result]
        command = [templates.setup.venv.python, "-m", "benchmarks.runner", script.stem, *options]
        with open(log, "wb") as file:
            code = subprocess.run(
                [str(part) for part in command],
                cwd=places.tree,
                env=templates.setup.environment(),
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=file,
            ).returncode
        if code or not result.exists():
            raise DmsError(f"{tail(log)}\n\nThe benchmark {script.stem} failed; its log is {log}")
    return json.loads(result.read_text())
