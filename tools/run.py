"""Starting other programs: logged, with a failure that names the log."""

import os
import subprocess

from .console import DmsError, tail

_FOREIGN = ("PG", "ODOO_", "OPENERP_", "PYTHON", "VIRTUAL_ENV")


def clean_environment(**extra):
    """Return the environment without the variables that change what Python, PostgreSQL or Odoo do."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(_FOREIGN)}
    env.update({k: str(v) for k, v in extra.items()})
    return env


def logged(command, log, advice, **options):
    """Run ``command`` with all output in the file ``log``.

    :param command: list of program and arguments
    :param log: path of the log file, overwritten
    :param advice: what the user can do when it fails
    :param options: passed to :func:`subprocess.run`
    :raises DmsError: when the exit code is not 0
    """
    with open(log, "wb") as file:
        try:
            options.setdefault("stdin", subprocess.DEVNULL)
            code = subprocess.run([str(c) for c in command], stdout=file, stderr=file, **options).returncode
        except OSError as error:
            raise DmsError(f"Cannot start {command[0]}: {error.strerror}. {advice}") from error
    if code:
        refuse(advice, log)


def refuse(advice, log):
    """Raise a :class:`DmsError` with the end of a log, what to do, and where the whole log is."""
    raise DmsError(f"{tail(log)}\n\n{advice}\nThe whole log: {log}")


def output(command, **options):
    """Return what ``command`` printed; raises :class:`subprocess.CalledProcessError` when it fails."""
    return subprocess.run(
        [str(c) for c in command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=options.pop("stderr", subprocess.PIPE),
        text=True,
        check=True,
        **options,
    ).stdout
