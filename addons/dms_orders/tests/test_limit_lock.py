from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from odoo.addons.dms_orders.models import dms_limit_lock


@tagged("post_install", "-at_install")
class TestLimitLock(TransactionCase):
    """The lock of a shared limit within one process; ``tests/test_races.py`` shows it between processes."""

    def setUp(self):
        super().setUp()
        self.lock = self.env["dms.limit.lock"]

    def held_locks(self):
        self.env.cr.execute(
            "SELECT (classid::bigint << 32) | objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid() AND granted"
        )
        return {row[0] if row[0] < 2**63 else row[0] - 2**64 for row in self.env.cr.fetchall()}

    def other_session(self):
        """A second connection, as another request would have; its transaction ends with the test."""
        connection = self.env.registry._db.cursor()
        self.addCleanup(connection.close)
        return connection

    def take_elsewhere(self, key):
        self.other_session().execute("SELECT pg_advisory_xact_lock(%s)", [self.lock._get_number(key)])

    def test_number_is_stable_and_fits(self):
        keys = [("dms.credit", 1, 2), ("dms.credit", 1, 3), ("dms.credit", 12, 3), ("dms.credit", 1, 23), ("dms.scheme", "A")]
        numbers = [self.lock._get_number(key) for key in keys]
        self.assertEqual(len(set(numbers)), len(keys), "parts are kept apart")
        self.assertTrue(all(-(2**63) <= number < 2**63 for number in numbers))
        self.assertEqual(self.lock._get_number(("dms.credit", 1, 2)), numbers[0])

    def test_keys_are_taken_and_kept_until_the_end(self):
        keys = {("t", 1), ("t", 2)}
        before = self.held_locks()
        self.lock._lock(keys)
        self.assertEqual(self.held_locks() - before, {self.lock._get_number(key) for key in keys})
        with self.env.cr.savepoint():
            pass
        self.assertLessEqual({self.lock._get_number(key) for key in keys}, self.held_locks())

    def test_no_key_asks_the_database_nothing(self):
        with self.assertQueryCount(0):
            self.lock._lock(set())

    def test_own_lock_again_does_not_wait(self):
        self.lock._lock({("t", 1)})
        self.patch(dms_limit_lock, "LOCK_TIMEOUT", "50ms")
        self.lock._lock({("t", 1), ("t", 3)})

    def test_timeout_of_the_session_is_left_as_it_was(self):
        self.env.cr.execute("SET LOCAL lock_timeout = '7s'")
        self.lock._lock({("t", 1)})
        self.env.cr.execute("SHOW lock_timeout")
        self.assertEqual(self.env.cr.fetchone()[0], "7s")

    @mute_logger("odoo.sql_db")
    def test_wait_beyond_the_timeout_ends_in_words_and_the_transaction_lives(self):
        self.take_elsewhere(("t", "busy"))
        self.patch(dms_limit_lock, "LOCK_TIMEOUT", "50ms")
        self.env.cr.execute("SET LOCAL lock_timeout = '7s'")
        partner = self.env["res.partner"].create({"name": "Written before"})
        with self.assertRaises(UserError):
            self.lock._lock({("t", "busy")})
        self.env.cr.execute("SHOW lock_timeout")
        self.assertEqual(self.env.cr.fetchone()[0], "7s")
        self.assertEqual(partner.name, "Written before")

    def test_other_keys_do_not_wait(self):
        self.take_elsewhere(("t", "busy"))
        self.patch(dms_limit_lock, "LOCK_TIMEOUT", "50ms")
        self.lock._lock({("t", "free")})

    def test_it_cannot_be_called_from_outside(self):
        from odoo.exceptions import AccessError
        from odoo.service.model import call_kw

        for method in ("_lock", "_get_number", "_timeout"):
            with self.assertRaises(AccessError):
                call_kw(self.lock, method, [[], [("t", 1)]], {})

    # ------------------------------------------------------------ what was taken

    def take_and_commit(self, key, amount, ahead=0):
        """Another session takes ``amount`` and commits, under a number so far ``ahead``; its row is removed after the test."""
        session = self.other_session()
        number = self.lock._get_number(key)
        session.execute(
            "INSERT INTO dms_limit_commitment (key, amount, xid) VALUES (%s, %s, (pg_current_xact_id()::text::bigint + %s)::text::xid8)",
            [number, amount, ahead],
        )
        session.commit()
        self.addCleanup(session.commit)
        self.addCleanup(session.execute, "DELETE FROM dms_limit_commitment WHERE key = %s", [number])

    def test_what_was_taken_before_the_snapshot_is_not_counted_again(self):
        self.lock._lock({("t", "own")})
        self.lock._commit({("t", "own"): 100.0})
        self.assertEqual(self.lock._get_raced([("t", "own")]), {}, "one's own is in one's own figures")

    def test_what_others_committed_since_the_snapshot_is_counted(self):
        self.lock._lock({("t", "raced")})
        self.take_and_commit(("t", "raced"), 60)
        self.take_and_commit(("t", "raced"), 15.5)
        self.assertEqual(self.lock._get_raced([("t", "raced"), ("t", "other")]), {("t", "raced"): 75.5})
        later = self.other_session()
        later.execute("SELECT pg_current_snapshot()::text")
        self.env.cr.cache["dms_snapshot"] = later.fetchone()[0]
        self.assertEqual(self.lock._get_raced([("t", "raced")]), {}, "a later snapshot shows it anyway")

    def test_what_a_backup_of_another_server_brought_is_not_counted(self):
        self.lock._lock({("t", "restored")})
        self.take_and_commit(("t", "restored"), 60, ahead=1_000_000)
        self.take_and_commit(("t", "restored"), 7)
        self.assertEqual(self.lock._get_raced([("t", "restored")]), {("t", "restored"): 7})

    def test_amounts_that_take_nothing_leave_no_row(self):
        self.env.cr.execute("SELECT count(*) FROM dms_limit_commitment")
        before = self.env.cr.fetchone()
        self.lock._commit({("t", 1): 0.0, ("t", 2): -5.0})
        self.env.cr.execute("SELECT count(*) FROM dms_limit_commitment")
        self.assertEqual(self.env.cr.fetchone(), before)

    def test_old_rows_are_pruned(self):
        self.env.cr.execute(
            "INSERT INTO dms_limit_commitment (key, amount, created_on) VALUES (1, 1, now() - interval '2 days'), (2, 1, now())"
        )
        self.lock._gc_commitments()
        self.env.cr.execute("SELECT key FROM dms_limit_commitment WHERE key IN (1, 2)")
        self.assertEqual(self.env.cr.fetchall(), [(2,)])
