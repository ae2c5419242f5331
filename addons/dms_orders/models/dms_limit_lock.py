import hashlib
from contextlib import contextmanager

import psycopg2

from odoo import models
from odoo.exceptions import UserError

#: longest wait for a limit that another transaction is deciding on
LOCK_TIMEOUT = "30s"


class DmsLimitLock(models.AbstractModel):
    """Serialises decisions on limits that several documents share (credit, budgets, returnable quantities)."""

    _name = "dms.limit.lock"
    _description = "Lock of a Shared Limit"

    def _lock(self, keys):
        """Lock ``keys`` (tuples of text and numbers) until the end of the transaction, in one agreed order.

        :raise UserError: after a wait of 30 seconds
        """
        numbers = sorted({self._get_number(key) for key in keys})
        if not numbers:
            return
        cr = self.env.cr
        try:
            with cr.savepoint(flush=False), self._timeout():
                cr.execute(
                    "SELECT pg_advisory_xact_lock(number) FROM (SELECT unnest(%s::bigint[]) AS number ORDER BY 1) AS keys",
                    [numbers],
                    log_exceptions=False,
                )
        except psycopg2.errors.LockNotAvailable:
            raise UserError(self.env._("Another order of the same distributor is being processed. Please try again in a minute.")) from None

    @contextmanager
    def _timeout(self):
        cr = self.env.cr
        cr.execute("SELECT current_setting('lock_timeout'), set_config('lock_timeout', %s, true)", [LOCK_TIMEOUT])
        before = cr.fetchone()[0]
        yield
        cr.execute("SELECT set_config('lock_timeout', %s, true)", [before])

    def _get_number(self, key):
        """The key as the 64-bit number that PostgreSQL locks, equal in every process."""
        digest = hashlib.sha256("\x1f".join(map(str, key)).encode()).digest()
        return int.from_bytes(digest[:8], "big", signed=True)
