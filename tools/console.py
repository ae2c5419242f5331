"""What the commands say: steps with their time, and failures with what to do."""

import contextlib
import sys
import time


class DmsError(Exception):
    """A failure the user can act on: the message says what happened and what to do next."""


def say(text=""):
    """Print one line at once, also into a pipe."""
    print(text, flush=True)


def warn(text):
    """Print something the user should know although the command goes on."""
    print(f"  ! {text}", file=sys.stderr, flush=True)


class Step:
    """A running step; ``note`` is shown beside its time when it ends."""

    def __init__(self, title):
        self.title = title
        self.note = ""
        self.started = time.monotonic()

    @property
    def seconds(self):
        return time.monotonic() - self.started


@contextlib.contextmanager
def step(title):
    """Announce a step, run the block, print how long it took.

    :param title: what is being done, as the user would say it
    :return: a context manager giving the :class:`Step`, whose ``note`` may be set in the block
    """
    current = Step(title)
    interactive = sys.stdout.isatty()
    if interactive:
        print(f"  … {title}", end="", flush=True)
    else:
        say(f"  … {title}")
    mark = "✗"
    try:
        yield current
        mark = "✓"
    finally:
        note = f" ({current.note})" if current.note else ""
        say(f"{chr(13) if interactive else ''}  {mark} {title}{note}  {current.seconds:.1f} s")


def tail(path, lines=25):
    """Return the last lines of a log file, long ones cut; "" when there is none."""
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    return "\n".join(line[:400] for line in text.splitlines()[-lines:])
