"""The browser of Odoo's tests: waited for, started again, and never given up in silence."""

import logging
import os
import signal
import tempfile
import unittest
from types import SimpleNamespace

import pytest

from tools import browser

CASE = SimpleNamespace(_logger=logging.getLogger("browser_case"), touch_enabled=False, browser_size="800x600")


def make_browser(failures):
    """A class of browsers, the first ``failures`` of which do not come up."""

    class Browser:
        started = []

        def __init__(self, test_case, headless=True):
            self.started.append(headless)
            signal.signal(signal.SIGXCPU, lambda *_args: None)
            if len(self.started) <= failures:
                test_case._logger.warning("Chrome headless failed to start")
                raise unittest.SkipTest("Failed to detect chrome devtools port")

    return browser.persistent(Browser)


@pytest.fixture
def cpu_signal():
    """The handler of the signal for too much CPU time, put back afterwards: Odoo's browsers set one."""
    before = signal.getsignal(signal.SIGXCPU)
    yield before
    signal.signal(signal.SIGXCPU, before)


@pytest.fixture
def levels(monkeypatch):
    """The levels of what the logger of a test case wrote; the run's own log does not get it."""
    found = []
    handler = logging.Handler()
    handler.emit = lambda record: found.append(record.levelname)
    monkeypatch.setattr(CASE._logger, "propagate", False)
    monkeypatch.setattr(CASE._logger, "handlers", [handler])
    monkeypatch.setattr(CASE._logger, "level", logging.INFO)
    return found


def test_browser_that_does_not_come_up_is_started_again(cpu_signal, levels):
    Browser = make_browser(browser.TRIES - 1)
    assert Browser(CASE, headless=False).started == [False] * browser.TRIES
    assert Browser.restarts == browser.TRIES - 1
    assert set(levels) == {"INFO"}


def test_browser_that_never_comes_up_skips_its_test_aloud(cpu_signal, levels):
    Browser = make_browser(browser.TRIES)
    with pytest.raises(unittest.SkipTest, match="devtools port"):
        Browser(CASE)
    assert len(Browser.started) == browser.TRIES
    assert levels[-1] == "WARNING"
    assert set(levels[:-1]) == {"INFO"}


def test_browser_given_up_leaves_no_signal_handler(cpu_signal, levels):
    seen = []

    class Browser:
        def __init__(self, test_case):
            seen.append(signal.getsignal(signal.SIGXCPU))
            signal.signal(signal.SIGXCPU, lambda *_args: None)
            if len(seen) == 1:
                raise unittest.SkipTest("none")

    browser.persistent(Browser)(CASE)
    assert seen == [cpu_signal, cpu_signal]


def test_odoos_tests_are_patient_with_their_browser():
    common = pytest.importorskip("odoo.tests.common")
    assert common.ChromeBrowser.restarts >= 0
    assert common.CHECK_BROWSER_ITERATIONS * common.CHECK_BROWSER_SLEEP == pytest.approx(browser.PATIENCE)
    assert common.BROWSER_WAIT == browser.PATIENCE


def test_odoos_browser_is_started_again_with_a_fresh_profile(tmp_path, monkeypatch, cpu_signal, levels):
    """Odoo's own start, of a program that dies at the first try: Odoo then removes the profile it was given."""
    common = pytest.importorskip("odoo.tests.common")
    program = tmp_path / "chromium"
    program.write_text(
        f"""#!/bin/sh
echo run >> {tmp_path}/runs
[ "$(wc -l < {tmp_path}/runs)" -gt 1 ] || exit 1
for word in "$@"; do case "$word" in --user-data-dir=*) printf '12345\\n/devtools\\n' > "${{word#*=}}/DevToolsActivePort"; esac; done
"""
    )
    program.chmod(0o755)
    monkeypatch.setattr(common, "CHECK_BROWSER_ITERATIONS", 10)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    class Browser(next(cls for cls in common.ChromeBrowser.__mro__ if cls.__module__ == common.__name__)):
        executable = str(program)

        def __init__(self, test_case):
            self._logger = test_case._logger
            self.user_data_dir = tempfile.mkdtemp()
            self.chrome, self.devtools_port = self._chrome_start(self.user_data_dir, test_case.touch_enabled)

    started = browser.persistent(Browser)(CASE)
    started.chrome.wait()
    assert started.devtools_port == 12345
    assert (tmp_path / "runs").read_text().split() == ["run", "run"]
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == [os.path.basename(started.user_data_dir)]
    assert set(levels) == {"INFO"}
