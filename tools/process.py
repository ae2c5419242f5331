"""Background processes known by a pid file that also holds when the process started."""

import os
import signal
import subprocess
import time
from pathlib import Path


class Background:
    """A process that outlives the command that started it.

    :param pid_file: path of the file that remembers it
    """

    def __init__(self, pid_file):
        self.pid_file = Path(pid_file)

    def start(self, command, log, env):
        """Start ``command`` with its output added to ``log`` and return its process id."""
        with open(log, "ab") as file:
            process = subprocess.Popen(
                [str(c) for c in command],
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=file,
                cwd="/",
                env=env,
                start_new_session=True,
            )
        self.pid_file.write_text(f"{process.pid} {_started(process.pid)}\n")
        return process

    def pid(self):
        """Return the process id when it still runs, else None (a recycled number does not count)."""
        try:
            pid, started = self.pid_file.read_text().split()
        except (OSError, ValueError):
            return None
        return int(pid) if _started(int(pid)) == started else None

    def stop(self, patience=20):
        """End the process, gently first; return whether it was running.

        :param patience: seconds to wait before it is killed
        """
        pid = self.pid()
        if pid:
            _signal(pid, signal.SIGTERM)
            deadline = time.monotonic() + patience
            while self.pid() and time.monotonic() < deadline:
                time.sleep(0.1)
            if self.pid():
                _signal(pid, signal.SIGKILL)
        self.pid_file.unlink(missing_ok=True)
        return bool(pid)


def _signal(pid, number):
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass


def _started(pid):
    """Return when a process started, in the kernel's ticks; "" when there is none or it is a zombie."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return ""
    return "" if fields[0] == "Z" else fields[19]
