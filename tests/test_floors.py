"""A module knows only the floors below it: held against manifests, Python imports and references in XML."""

import ast
import itertools
import re

import pytest

# The floors of docs/architecture.md, from the ground up.
FLOORS = (
    ("dms_orders",),
    ("dms_portal",),
    ("dms_schemes", "dms_credit", "dms_inventory"),
    ("dms_returns", "dms_reports"),
    ("dms_connect",),
)
FLOOR = {name: number for number, names in enumerate(FLOORS, 1) for name in names}
# What the ground may be made of: Odoo Community's own modules, and no more of them than these.
GROUND = {
    "account", "base_import", "barcodes", "bus", "digest", "mail", "portal", "product_expiry", "sale_management", "sale_stock",
    "spreadsheet_dashboard", "web", "web_tour",
}  # fmt: skip
REFERENCE = re.compile(r"\b(dms_[a-z]+)\.[a-z_]")


def is_below(name, other):
    """Whether the module ``other`` stands on a floor below that of ``name``."""
    return FLOOR.get(other, 99) < FLOOR[name]


def references(module, pattern):
    """Yield (file, line number, module) for each mention of another module of the suite in some files."""
    for path in sorted(module.folder.glob(pattern)):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            for found in REFERENCE.findall(line):
                if found in FLOOR and found != module.name:
                    yield path.relative_to(module.folder), number, found


def imported(path):
    """Yield (line number, module) for each import of an Odoo module in a Python file."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        for name in names:
            if name.startswith("odoo.addons."):
                yield node.lineno, name.split(".")[2]


def all_depends(name, suite):
    """Return the suite's modules that one needs, directly or not."""
    direct = [other for other in suite[name].depends if other in suite]
    return {*direct, *(deeper for other in direct for deeper in all_depends(other, suite))}


def test_every_module_has_a_floor(suite):
    assert set(suite) <= set(FLOOR), "a module without a floor: add it to FLOORS and to docs/architecture.md"


def test_manifests_depend_on_lower_floors_only(suite):
    for name, module in suite.items():
        own = [other for other in module.depends if other.startswith("dms_")]
        assert all(is_below(name, other) for other in own), f"{name} depends on {own}"


def test_manifests_depend_on_the_ground_only(suite):
    for name, module in suite.items():
        others = {other for other in module.depends if not other.startswith("dms_")}
        assert others <= GROUND, f"{name} depends on {sorted(others - GROUND)}"


def test_python_imports_lower_floors_only(suite):
    for name, module in suite.items():
        known = {name, *all_depends(name, suite)}
        for path in module.folder.rglob("*.py"):
            wrong = [(line, other) for line, other in imported(path) if other.startswith("dms_") and other not in known]
            assert not wrong, f"{path.relative_to(module.folder)} of {name} imports {wrong}"


@pytest.mark.parametrize("pattern", ["**/*.xml", "**/*.csv", "**/*.js"])
def test_files_refer_to_lower_floors_only(suite, pattern):
    for name, module in suite.items():
        known = all_depends(name, suite)
        wrong = [found for found in references(module, pattern) if found[2] not in known]
        assert not wrong, f"{name} refers to modules it does not stand on: {wrong}"


def test_python_names_lower_floors_only(suite):
    """References by external id (``env.ref("dms_x.y")``) in Python, tests included."""
    for name, module in suite.items():
        known = all_depends(name, suite)
        wrong = [found for found in references(module, "**/*.py") if found[2] not in known]
        assert not wrong, f"{name} refers to modules it does not stand on: {wrong}"


def test_engines_import_nothing_of_odoo(suite):
    for module in suite.values():
        for path in module.folder.glob("engine/**/*.py"):
            source = ast.parse(path.read_text(encoding="utf-8"))
            names = [alias.name for node in ast.walk(source) if isinstance(node, ast.Import) for alias in node.names]
            names += [node.module or "" for node in ast.walk(source) if isinstance(node, ast.ImportFrom) and not node.level]
            assert not [name for name in names if name.split(".")[0] == "odoo"], f"{path} imports Odoo"


def methods(module):
    """Return {(class extended, method): calls super} of what a module adds to models and controllers of others."""
    found = {}
    for path in module.folder.rglob("*.py"):
        if "tests" not in path.parts:
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.ClassDef):
                    for extended in extends(node, path):
                        for part in node.body:
                            if isinstance(part, ast.FunctionDef):
                                found[extended, part.name] = "super()" in ast.unparse(part)
    return found


def extends(node, path):
    """Return what a class adds to: the models it inherits without a name of its own, or the portal's controller."""
    given = {part.targets[0].id: part.value for part in node.body if isinstance(part, ast.Assign) and isinstance(part.targets[0], ast.Name)}
    if "_inherit" in given and "_name" not in given:
        value = ast.literal_eval(given["_inherit"])
        return [value] if isinstance(value, str) else value
    return ["controller"] if "controllers" in path.parts else []


def test_modules_that_do_not_know_each_other_do_not_replace_each_others_methods(suite):
    added = {name: methods(module) for name, module in suite.items()}
    for name, other in itertools.combinations(suite, 2):
        if name not in all_depends(other, suite) and other not in all_depends(name, suite):
            own, theirs = added[name], added[other]
            both = [key for key in own.keys() & theirs.keys() if not (own[key] and theirs[key])]
            assert not both, f"{name} and {other} both define {both}"
