"""File locks: two commands at once wait for each other, a killed one leaves no trace."""

import contextlib
import fcntl

from .console import say


@contextlib.contextmanager
def locked(path, shared=False):
    """Hold an exclusive (or shared) lock on ``path`` for the block; says so when it has to wait."""
    with open(path, "a") as file:
        mode = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
        try:
            fcntl.flock(file, mode | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"  … waiting for another dms command ({path.name})")
            fcntl.flock(file, mode)
        yield file


def is_free(path):
    """Tell whether nobody holds a lock on ``path`` right now."""
    with open(path, "a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True
