import hashlib
from contextlib import contextmanager

import psycopg2

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

#: longest wait for a limit that another transaction is deciding on
LOCK_TIMEOUT = "30s"


class DmsLimitLock(models.AbstractModel):
    """Serialises decisions on limits that several documents share (credit, budgets, returnable quantities).

    Odoo's transactions keep the snapshot of their first query, taken before any lock. Who decides on a limit therefore
    locks its key, sums what its own snapshot shows, adds what others committed since (:meth:`_get_raced`) and tells
    others what it takes itself (:meth:`_commit`).
    """

    _name = "dms.limit.lock"
    _description = "Lock of a Shared Limit"

    def init(self):
        """Table of what transactions took of shared limits: rows are only added, and pruned once every snapshot sees them."""
        self.env.cr.execute(
            """
            CREATE TABLE IF NOT EXISTS dms_limit_commitment (
                id bigserial PRIMARY KEY,
                key bigint NOT NULL,
                xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
                amount numeric NOT NULL,
                created_on timestamp NOT NULL DEFAULT (now() AT TIME ZONE 'UTC')
            );
            CREATE INDEX IF NOT EXISTS dms_limit_commitment_key_idx ON dms_limit_commitment (key, xid);
            """
        )

    # ------------------------------------------------------------ lock

    def _lock(self, keys):
        """Lock ``keys`` (tuples of text and numbers) until the end of the transaction, in one agreed order.

        :raise UserError: after a wait of 30 seconds
        """
        numbers = sorted({self._get_number(key) for key in keys})
        if not numbers or (len(numbers) == 1 and self._try_lock(numbers[0])):
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
        cr.execute("SELECT pg_current_snapshot()::text")
        self._remember_snapshot(cr.fetchone()[0])

    def _try_lock(self, number):
        """Whether the one key was free: the usual case, in one query, which asks for the snapshot as well."""
        self.env.cr.execute("SELECT pg_try_advisory_xact_lock(%s), pg_current_snapshot()::text", [number])
        locked, snapshot = self.env.cr.fetchone()
        if locked:
            self._remember_snapshot(snapshot)
        return locked

    def _remember_snapshot(self, snapshot):
        """Keep the snapshot of this transaction, the same from its first query to its end."""
        self._remember("dms_snapshot", snapshot)

    def _remember(self, name, value):
        cr = self.env.cr
        cr.cache[name] = value
        for hooks in (cr.postcommit, cr.postrollback):
            hooks.add(lambda: cr.cache.pop(name, None))

    @contextmanager
    def _timeout(self):
        cr = self.env.cr
        cr.execute("SELECT current_setting('lock_timeout'), set_config('lock_timeout', %s, true)", [LOCK_TIMEOUT])
        before = cr.fetchone()[0]
        yield
        cr.execute("SELECT set_config('lock_timeout', %s, true)", [before])

    @api.model
    def _get_number(self, key):
        """The key as the 64-bit number that PostgreSQL locks, equal in every process."""
        digest = hashlib.sha256("\x1f".join(map(str, key)).encode()).digest()
        return int.from_bytes(digest[:8], "big", signed=True)

    # ------------------------------------------------------------ without a queue

    def _reserve(self, key, amount, left):
        """Take ``amount`` of a limit at once, while it is far enough from its edge that nobody has to wait for anybody.

        What is taken is told to others before this transaction ends, through a connection of its own, under the number of
        this transaction: while it runs, and after its commit, others count it; when it is rolled back, nobody does. The
        lock shared here makes who locks the key, to decide at the edge, wait for all that is under way.

        :param float left: what is left of the limit as this transaction sees it
        :return: whether it was taken; if not, nothing is, and the key has to be locked
        """
        number = self._get_number(key)
        self.env.cr.execute(
            "SELECT pg_try_advisory_xact_lock_shared(%s), pg_current_snapshot()::text, pg_current_xact_id()::text", [number]
        )
        locked, snapshot, transaction = self.env.cr.fetchone()
        if not locked or amount > left:
            return False
        self._remember("dms_transaction", transaction)
        with self.env.registry.cursor() as fresh:
            fresh.execute(
                "INSERT INTO dms_limit_commitment (key, xid, amount) VALUES (%s, %s::xid8, %s) RETURNING id", [number, transaction, amount]
            )
            (row,) = fresh.fetchone()
            fresh.commit()  # from here on others see it; who comes later adds it to his own
            fresh.execute(
                SQL("SELECT COALESCE(SUM(amount), 0) FROM (%s) AS others", self._get_raced_query([number], snapshot, transaction))
            )
            taken = amount + float(fresh.fetchone()[0]) <= left
            if not taken:
                fresh.execute("DELETE FROM dms_limit_commitment WHERE id = %s", [row])
        return taken

    def _get_raced_query(self, numbers, snapshot, transaction):
        """Rows of what other transactions take of these limits beyond what ``snapshot`` shows; rolled back ones take nothing, and
        neither do those whose number is still to come: they were restored from the backup of another server.

        :param transaction: number of the transaction that asks, if it has reserved anything; the rest of its own is not seen
        """
        return SQL(
            """
            SELECT key, amount FROM dms_limit_commitment
             WHERE key = ANY(%s) AND NOT pg_visible_in_snapshot(xid, %s::pg_snapshot)
               AND xid IS DISTINCT FROM %s::xid8 AND xid IS DISTINCT FROM pg_current_xact_id_if_assigned()
               AND CASE WHEN xid < pg_current_xact_id() THEN pg_xact_status(xid) IS DISTINCT FROM 'aborted' ELSE FALSE END
            """,
            numbers,
            snapshot,
            transaction,
        )

    # ------------------------------------------------------------ what others took meanwhile

    def _commit(self, amounts):
        """Tell concurrent decisions what this transaction takes of limits; rolled back with it.

        :param dict amounts: ``{key: amount}``, the unit is the limit's own; amounts that take nothing are left out
        """
        rows = [SQL("(%s, %s)", self._get_number(key), amount) for key, amount in amounts.items() if amount > 0]
        if rows:
            self.env.cr.execute(SQL("INSERT INTO dms_limit_commitment (key, amount) VALUES %s", SQL(", ").join(rows)))

    def _get_raced(self, keys):
        """What other transactions took of these limits and committed since the snapshot of this one.

        Read through a connection of its own, which sees what was committed while this one waited for its lock.

        :param keys: keys that this transaction has locked; who locked nothing only looks, and is told nothing
        :return: ``{key: amount}``, only where there is any
        """
        numbers = {self._get_number(key): key for key in keys}
        snapshot = self.env.cr.cache.get("dms_snapshot")
        if not numbers or not snapshot:
            return {}
        with self.env.registry.cursor() as fresh:
            rows = self._get_raced_query(list(numbers), snapshot, self.env.cr.cache.get("dms_transaction"))
            fresh.execute(SQL("SELECT key, SUM(amount) FROM (%s) AS others GROUP BY key", rows))
            return {numbers[number]: float(amount) for number, amount in fresh.fetchall()}

    @api.autovacuum
    def _gc_commitments(self):
        """Rows older than a day are in every snapshot."""
        self.env.cr.execute("DELETE FROM dms_limit_commitment WHERE created_on < now() AT TIME ZONE 'UTC' - interval '1 day'")
