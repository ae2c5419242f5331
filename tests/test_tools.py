"""The tools behind ./dms, as far as they can be tried without a network."""

import os
import subprocess
import sys
from types import SimpleNamespace

import pytest

from tools import (
    bench,
    core_tests,
    debian,
    lint_rules,
    locks,
    log_check,
    logins,
    modules,
    odoo_home,
    peers,
    places,
    postgres,
    process,
    pytest_dms,
    run,
    system,
    testing,
    translations,
)
from tools.console import DmsError


def make_module(folder, name, depends=(), **manifest):
    path = folder / name
    (path / "models").mkdir(parents=True)
    (path / "tests").mkdir()
    (path / "__manifest__.py").write_text(repr({"name": name, "depends": list(depends), **manifest}))
    (path / "models/thing.py").write_text("x = 1\n")
    return path


# -- places -------------------------------------------------------------------


def test_places_follow_the_environment(tmp_path):
    found = places.find(tmp_path, {"DMS_CACHE": str(tmp_path / "c"), "DMS_DATA": str(tmp_path / "d")})
    assert (found.cache, found.data) == (tmp_path / "c", tmp_path / "d")


def test_places_of_a_normal_user_are_in_his_home(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    found = places.find(tmp_path, {"XDG_CACHE_HOME": "/c", "XDG_DATA_HOME": "/d"})
    assert str(found.cache) == "/c/dms"
    assert str(found.data).startswith(f"/d/dms/{tmp_path.name[:24]}")


def test_places_of_root_are_the_machines(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    found = places.find(tmp_path, {})
    assert str(found.cache) == "/var/cache/dms"
    assert str(found.data).startswith("/var/lib/dms/")


def test_two_checkouts_have_two_data_folders(tmp_path):
    assert places.find(tmp_path / "a", {}).data != places.find(tmp_path / "b", {}).data


def test_socket_folder_stays_short_enough(tmp_path):
    deep = tmp_path / ("x" * 60) / ("y" * 60)
    found = places.find(tmp_path, {"DMS_DATA": str(deep)})
    assert len(str(found.socket_dir("postgres-test"))) <= places.SOCKET_PATH_LIMIT


# -- modules ------------------------------------------------------------------


def test_modules_come_after_those_they_depend_on(tmp_path):
    make_module(tmp_path, "dms_a", ["dms_z", "sale"])
    make_module(tmp_path, "dms_z", ["portal"])
    make_module(tmp_path, "dms_off", installable=False)
    found = modules.find(tmp_path)
    assert [module.name for module in found] == ["dms_z", "dms_a"]
    assert modules.foundations(found) == ["portal", "sale"]


def test_modules_in_a_circle_are_refused(tmp_path):
    make_module(tmp_path, "dms_a", ["dms_b"])
    make_module(tmp_path, "dms_b", ["dms_a"])
    with pytest.raises(DmsError, match="circle"):
        modules.find(tmp_path)


def test_broken_manifest_is_named(tmp_path):
    path = make_module(tmp_path, "dms_a")
    (path / "__manifest__.py").write_text("{")
    with pytest.raises(DmsError, match="dms_a/__manifest__.py"):
        modules.find(tmp_path)


def test_closure_has_what_the_named_modules_need(tmp_path):
    make_module(tmp_path, "dms_a")
    make_module(tmp_path, "dms_b", ["dms_a"])
    make_module(tmp_path, "dms_c", ["dms_b"])
    found = modules.find(tmp_path)
    assert [module.name for module in modules.closure(found, "dms_b")] == ["dms_a", "dms_b"]
    assert modules.closure(found, "") == found
    with pytest.raises(DmsError, match="dms_x"):
        modules.closure(found, "dms_x")


def test_digest_sees_contents_not_times(tmp_path):
    path = make_module(tmp_path, "dms_a")
    before = modules.digest(path)
    os.utime(path / "models/thing.py", (1, 1))
    (path / "tests/test_a.py").write_text("assert True")
    (path / "README.md").write_text("words")
    assert modules.digest(path) == before
    (path / "models/thing.py").write_text("x = 2\n")
    assert modules.digest(path) != before


def test_digest_sees_a_renamed_file(tmp_path):
    path = make_module(tmp_path, "dms_a")
    before = modules.digest(path)
    (path / "models/thing.py").rename(path / "models/other.py")
    assert modules.digest(path) != before


# -- Odoo and Debian ----------------------------------------------------------

URIS = """\
'http://mirror.example/other/dists/nodistro/InRelease' a_InRelease 0
'http://mirror.example/debian-security/dists/bookworm-security/InRelease' b_InRelease 0
'http://mirror.example/debian/dists/bookworm/InRelease' c_InRelease 0
'http://mirror.example/debian/dists/bookworm-updates/InRelease' d_InRelease 0
"""


def test_mirror_is_the_one_of_this_release():
    assert debian.mirrors(URIS, "bookworm") == ["http://mirror.example/debian", "http://mirror.example/other"]


def test_no_mirror_without_sources():
    assert debian.mirrors("", "bookworm") == []


def test_only_debian_itself_has_the_package():
    assert not system.is_debian({"ID": "ubuntu"})
    assert not system.is_debian({})


def test_os_release_is_read_without_quotes(tmp_path):
    (tmp_path / "os-release").write_text('ID=debian\n# note\nVERSION_CODENAME="bookworm"\n')
    assert system.os_release(tmp_path / "os-release") == {"ID": "debian", "VERSION_CODENAME": "bookworm"}


def test_dangling_links_are_found(tmp_path):
    (tmp_path / "here").write_text("x")
    (tmp_path / "good").symlink_to("here")
    (tmp_path / "bad").symlink_to("nowhere")
    assert debian.dangling_links(tmp_path) == [tmp_path / "bad"]


@pytest.mark.parametrize("layout", ["", "usr/lib/python3/dist-packages", "lib/python3.11/site-packages"])
def test_odoo_home_may_be_a_checkout_or_an_installation(tmp_path, layout):
    make_odoo(tmp_path / "home" / layout, "(19, 0, 0, FINAL, 0, '')")
    where = SimpleNamespace(make_cache=lambda name: tmp_path)
    home = odoo_home.find(where, {"ODOO_HOME": str(tmp_path / "home")})
    assert odoo_home.series(home.package) == "19.0"


@pytest.mark.parametrize("version", ["(18, 0, 0, FINAL, 0, '')", "('saas~19', 1, 0, FINAL, 0, '')"])
def test_other_odoo_is_refused(tmp_path, version):
    make_odoo(tmp_path, version)
    with pytest.raises(DmsError, match="needs Odoo 19.0"):
        odoo_home.find(None, {"ODOO_HOME": str(tmp_path)})


def test_folder_without_odoo_is_refused(tmp_path):
    with pytest.raises(DmsError, match="is no Odoo"):
        odoo_home.find(None, {"ODOO_HOME": str(tmp_path)})


def make_odoo(folder, version):
    (folder / "odoo").mkdir(parents=True)
    (folder / "odoo/release.py").write_text(f"version_info = {version}\n")


# -- databases ----------------------------------------------------------------


def test_database_url_is_taken_apart(tmp_path):
    server, name = postgres.from_url("postgresql://me:p%40ss@db.example:5433/suite", tmp_path)
    assert (server.host, server.port, server.user, server.password, name) == ("db.example", 5433, "me", "p@ss", "suite")


def test_database_url_may_name_a_socket(tmp_path):
    server, name = postgres.from_url("postgresql://me@/suite?host=/run/Pg", tmp_path)
    assert (server.host, server.user, name) == ("/run/Pg", "me", "suite")


def test_other_urls_are_refused(tmp_path):
    with pytest.raises(DmsError, match="postgresql://"):
        postgres.from_url("mysql://db.example/suite", tmp_path)


# -- the log and the skips ----------------------------------------------------

LOG = """\
2026-01-01 10:00:00,000 1 INFO db odoo.modules.loading: fine
2026-01-01 10:00:00,000 1 WARNING db odoo.addons.dms_orders.models.x: careful
2026-01-01 10:00:00,000 1 WARNING db py.warnings: something old
"""


def test_log_keeps_what_is_ours(tmp_path):
    (tmp_path / "log").write_text(LOG)
    assert log_check.scan(tmp_path / "log") == ["WARNING odoo.addons.dms_orders.models.x: careful"]


def test_log_that_is_not_there_has_nothing(tmp_path):
    assert log_check.scan(tmp_path / "none") == []


@pytest.mark.parametrize(
    ("reason", "forbidden"),
    [
        ("Skipped: Chrome executable not found", True),
        ("Skipped: Failed to detect chrome devtools port after 60.0s.", True),
        ("Skipped: websocket-client module is not installed", True),
        ("Skipped: HttpCase and --odoo-http is not set", True),
        ("Skipped: needs two processors", False),
    ],
)
def test_skips_for_want_of_a_browser_are_forbidden(reason, forbidden):
    report = SimpleNamespace(longrepr=("file", 1, reason))
    assert pytest_dms.is_forbidden_skip(SimpleNamespace(cls=None), report) is forbidden


def test_every_skip_of_an_http_test_is_forbidden():
    odoo_tests = pytest.importorskip("odoo.tests")
    item = SimpleNamespace(cls=type("Case", (odoo_tests.HttpCase,), {"__module__": "tests"}))
    assert pytest_dms.is_forbidden_skip(item, SimpleNamespace(longrepr=("file", 1, "Skipped: any")))


# -- Odoo's own tests ---------------------------------------------------------

CORE_LOG = """\
2026-01-01 10:00:00,000 1 INFO db odoo.addons.sale.tests.test_a: Starting TestA.test_one ...\x20
2026-01-01 10:00:00,000 1 INFO db odoo.addons.sale.tests.test_a: Starting TestA.test_two ...\x20
2026-01-01 10:00:00,000 1 ERROR db odoo.addons.sale.tests.test_a: FAIL: TestA.test_two
Traceback (most recent call last):
2026-01-01 10:00:00,000 1 INFO db odoo.addons.sale.tests.test_a: skipped TestA.test_three : why
"""


def test_outcomes_are_read_from_the_log():
    prefix = "sale.tests.test_a: TestA"
    expected = {f"{prefix}.test_one": "passed", f"{prefix}.test_two": "failed", f"{prefix}.test_three": "skipped"}
    assert core_tests.outcomes(CORE_LOG) == expected


def test_differences_name_the_test():
    assert core_tests.differences({"a": "passed", "b": "failed"}, {"a": "failed", "b": "failed"}) == ["a: passed -> failed"]
    assert core_tests.differences({"a": "passed"}, {}) == ["a: passed -> not run"]


# -- the rest -----------------------------------------------------------------


def test_paths_are_taken_from_the_users_folder(tmp_path, monkeypatch):
    (tmp_path / "test_a.py").touch()
    monkeypatch.chdir(tmp_path)
    assert testing.absolute("test_a.py::TestA::test_b") == f"{tmp_path}/test_a.py::TestA::test_b"
    assert testing.absolute("-x") == "-x"
    assert testing.absolute("not_there") == "not_there"


def test_foreign_variables_do_not_reach_odoo(monkeypatch):
    for name in ("PGDATABASE", "ODOO_RC", "PYTHONPATH", "VIRTUAL_ENV"):
        monkeypatch.setenv(name, "x")
    assert not {"PGDATABASE", "ODOO_RC", "PYTHONPATH", "VIRTUAL_ENV"} & set(run.clean_environment())


def test_failed_command_names_its_log(tmp_path):
    with pytest.raises(DmsError, match="do this") as caught:
        run.logged([sys.executable, "-c", "import sys; sys.exit('broken')"], tmp_path / "log", "do this")
    assert "broken" in str(caught.value)
    assert str(tmp_path / "log") in str(caught.value)


def test_background_process_is_found_and_ended(tmp_path):
    background = process.Background(tmp_path / "pid")
    started = background.start([sys.executable, "-c", "import time; time.sleep(60)"], tmp_path / "log", dict(os.environ))
    assert background.pid() == started.pid
    assert background.stop()
    started.wait()
    assert background.pid() is None
    assert not background.stop()


def test_recycled_process_number_does_not_count(tmp_path):
    (tmp_path / "pid").write_text(f"{os.getpid()} 1\n")
    assert process.Background(tmp_path / "pid").pid() is None


def test_lock_is_seen_by_others(tmp_path):
    with locks.locked(tmp_path / "lock", shared=True):
        assert not locks.is_free(tmp_path / "lock")
    assert locks.is_free(tmp_path / "lock")


def test_table_shows_logins_that_exist():
    lines = logins.table({"admin", "north"})
    assert [line.split()[0] for line in lines] == ["login", "admin", "north"]


def test_export_without_dates_is_stable():
    header = '"Project-Id-Version: Odoo Server 19.0\\n"\n"POT-Creation-Date: %s\\n"\n"PO-Revision-Date: %s\\n"\n'
    assert translations.undated(header % (1, 1)) == translations.undated(header % (2, 2))


def test_bench_needs_are_read_without_running_the_script(tmp_path):
    (tmp_path / "bench_a.py").write_text('import nowhere\nNEEDS = ("sale_loyalty",)\n')
    assert bench.needs(tmp_path / "bench_a.py") == ("sale_loyalty",)


def test_bench_packages_are_fetched_in_one_state_only(tree):
    for script in tree.glob("benchmarks/bench_*.py"):
        assert all("==" in package for package in bench.packages(script)), script.name


def test_peers_are_kept_by_what_they_are():
    assert peers.key(("a==1", "b==2")) == peers.key(("b==2", "a==1")) != peers.key(("a==1", "b==3"))


def make_peers_setup(tmp_path, script):
    """A setup whose Python writes into the folder after --target what ``script`` says."""
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\nwhile [ "$1" != --target ]; do shift; done\n{script}\n')
    python.chmod(0o755)
    where = places.find(tmp_path, {"DMS_CACHE": str(tmp_path / "c"), "DMS_DATA": str(tmp_path / "d")})
    return SimpleNamespace(places=where, venv=SimpleNamespace(python=python))


def test_peers_are_fetched_once(tmp_path):
    found = make_peers_setup(tmp_path, f'mkdir -p "$2/odoo/addons" && echo once >> {tmp_path}/runs')
    folders = [peers.addons(found, ("a==1",)) for _time in range(2)]
    assert folders[0] == folders[1] == (tmp_path / "c/peers" / peers.key(("a==1",)) / "odoo/addons",)
    assert (tmp_path / "runs").read_text() == "once\n"
    assert peers.addons(found, ()) == ()


@pytest.mark.parametrize(("script", "words"), [("exit 1", "could not be fetched"), ("mkdir $2", "brought no addons")])
def test_peers_that_cannot_be_had_are_named(tmp_path, script, words):
    found = make_peers_setup(tmp_path, script)
    with pytest.raises(DmsError, match=words):
        peers.addons(found, ("a==1",))
    assert not (tmp_path / "c/peers" / peers.key(("a==1",))).exists()


def test_bench_table_says_what_missed():
    row = {"name": "a", "ours": 0.2, "peer": 0.1, "ratio": 2.0, "queries": 3, "target": "<= 1x", "met": False}
    assert bench.table([row])[1].split() == ["a", "200.00", "ms", "100.00", "ms", "2", "3", "<=", "1x", "NO"]


@pytest.mark.parametrize(
    ("text", "found"),
    [("see /home/" + "someone/x", 1), ("https://" + "pypi" + ".org/simple", 1), ("/var/lib/dms and ~/x", 0)],
)
def test_lint_finds_what_only_one_machine_has(tmp_path, text, found):
    (tmp_path / "a.md").write_text(text)
    assert len(lint_rules.check_file(tmp_path / "a.md", tmp_path)) == found


def test_lint_wants_whool():
    good = '[build-system]\nrequires = ["whool"]\nbuild-backend = "whool.buildapi"\n'
    assert lint_rules.uses_whool(good)
    assert not lint_rules.uses_whool(good.replace("whool.buildapi", "setuptools.build_meta"))


def test_command_explains_itself(tree):
    shown = subprocess.run([sys.executable, tree / "dms", "--help"], capture_output=True, text=True, check=True).stdout
    for name in ("up", "test", "lint", "bench", "shell", "psql", "stop", "reset", "i18n", "pictures"):
        assert f"  {name} " in shown
