"""The pytest plugin of ./dms test: no silent skip of a browser test, no warning or error left in the server's log.

Odoo's browser gets the time and the tries that a busy machine takes, see :mod:`tools.browser`.
"""

import logging
import os
from pathlib import Path

import pytest

from tools import browser, log_check

SKIP_WORDS = ("chrome", "chromium", "websocket", "httpcase", "--odoo-http", "browser", "playwright", "wkhtmltopdf", "tesseract")


def pytest_configure(config):
    from odoo.tests import common

    browser.be_patient(common)
    watcher = LogWatcher()
    config.pluginmanager.register(watcher, "dms-log-watcher")
    logging.getLogger().addHandler(watcher.handler)


class LogWatcher:
    """Collects what the server logs and makes the test during which it was logged fail."""

    def __init__(self):
        self.handler = _Collector()
        self.failed = None

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_makereport(self, item, call):
        outcome = yield
        report = outcome.get_result()
        if report.skipped and is_forbidden_skip(item, report):
            report.outcome = "failed"
            report.longrepr = f"Skipped, which fails the run: {skip_reason(report)}"
        if report.failed:
            self.failed = item.nodeid
        if call.when == "teardown":
            self._fail_on_log(item, report)

    @pytest.hookimpl(hookwrapper=True)
    def pytest_make_collect_report(self, collector):
        """Do not let a whole file of browser tests skip itself either."""
        report = (yield).get_result()
        if report.skipped and has_forbidden_words(skip_reason(report)):
            report.outcome = "failed"
            report.longrepr = f"Skipped, which fails the run: {skip_reason(report)}"

    def _fail_on_log(self, item, report):
        """Fail a test by what was logged during it, unless it failed anyway (its report shows the log)."""
        lines = self.handler.take()
        if lines and self.failed != item.nodeid:
            report.outcome = "failed"
            report.longrepr = "The server logged during this test:\n" + "\n".join(lines)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session):
        """Report what was logged outside any test, and while the database was built."""
        found = {"outside any test": self.handler.take(), "at installation": installation_lines()}
        for place, lines in found.items():
            if lines:
                _report_failure(session, f"server log {place}", "\n".join(lines))
                if session.exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
                    session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter):
        if self.handler.allowed:
            terminalreporter.section("server log: allowed, not ours")
            for reason, count in sorted(self.handler.allowed.items()):
                terminalreporter.line(f"{count} x {reason}")
        from odoo.tests.common import ChromeBrowser

        if ChromeBrowser.restarts:
            terminalreporter.line(f"The browser of a test was started again {ChromeBrowser.restarts} times.")


class _Collector(logging.Handler):
    """Keeps the messages that fail a run; one muted or expected by the test never gets here."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self.lines = []
        self.allowed = {}

    def emit(self, record):
        message = record.getMessage()
        if log_check.is_ours(record.levelname, record.name, message):
            trace = f"\n{logging.Formatter().formatException(record.exc_info)}" if record.exc_info else ""
            self.lines.append(f"{record.levelname} {record.name}: {message}{trace}")
            return
        for allowed in log_check.ALLOWED:
            if allowed.matches(record.name, message):
                reason = f"{allowed.logger}: {allowed.reason}"
                self.allowed[reason] = self.allowed.get(reason, 0) + 1

    def take(self):
        """Return the lines collected since the last call."""
        lines, self.lines = self.lines, []
        return lines


def is_forbidden_skip(item, report):
    """Tell whether a skipped test is an HTTP or browser test, or was skipped for want of what those need."""
    from odoo.tests import HttpCase

    cls = getattr(item, "cls", None)
    return bool(cls and issubclass(cls, HttpCase)) or has_forbidden_words(skip_reason(report))


def has_forbidden_words(reason):
    """Tell whether the reason of a skip is the want of what HTTP and browser tests need."""
    return any(word in reason.lower() for word in SKIP_WORDS)


def skip_reason(report):
    """Return why a test was skipped."""
    return str(report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr)


def installation_lines():
    """Return the lines that failed the building of the test database, if ./dms test named its log."""
    path = os.environ.get("DMS_INSTALL_LOG")
    return log_check.scan(Path(path)) if path else []


def _report_failure(session, name, text):
    report = pytest.TestReport(name, (name, None, name), {}, "failed", text, "setup")
    session.config.hook.pytest_runtest_logreport(report=report)
