"""The browser of Odoo's tests on a machine that is busy with other work: waited for, and started anew when it fails to come up.

Odoo gives Chromium ten seconds and then skips the test. A start that fails for good still ends so, and the plugin of
./dms test makes the skip fail the run.
"""

import contextlib
import logging
import signal
import unittest

#: seconds until the browser must have opened its port
PATIENCE = 60
#: starts of a browser before its test is skipped
TRIES = 3


def be_patient(common):
    """Make Odoo's tests wait longer for their browser, and start it again.

    :param common: the module ``odoo.tests.common``
    """
    common.CHECK_BROWSER_ITERATIONS = round(PATIENCE / common.CHECK_BROWSER_SLEEP)
    common.BROWSER_WAIT = PATIENCE
    common.ChromeBrowser = persistent(common.ChromeBrowser)


def persistent(browser):
    """Return the class of a browser that is started up to ``TRIES`` times.

    :param browser: Odoo's ``ChromeBrowser``, whose start makes a profile of its own each time and raises ``SkipTest``
    """

    class PersistentBrowser(browser):
        restarts = 0

        def __init__(self, test_case, *args, **kwargs):
            for number in range(1, TRIES):
                handler = signal.getsignal(signal.SIGXCPU)
                try:
                    with noted_only(test_case._logger):
                        return super().__init__(test_case, *args, **kwargs)
                except unittest.SkipTest as failure:
                    signal.signal(signal.SIGXCPU, handler)  # that of the browser given up
                    PersistentBrowser.restarts += 1
                    test_case._logger.info("Start %s of the browser failed (%s), starting it again", number, failure)
            super().__init__(test_case, *args, **kwargs)

    return PersistentBrowser


@contextlib.contextmanager
def noted_only(logger):
    """Lower the warnings and errors of a logger to information: what they tell of is tried again."""

    def lower(record):
        if record.levelno > logging.INFO:
            record.levelno, record.levelname = logging.INFO, logging.getLevelName(logging.INFO)
        return True

    logger.addFilter(lower)
    try:
        yield
    finally:
        logger.removeFilter(lower)
