"""Which lines of a server log are ours to answer for: WARNING and above, less a short list of Odoo's own."""

import re
from dataclasses import dataclass

LEVELS = ("WARNING", "ERROR", "CRITICAL")


@dataclass(frozen=True)
class Allowed:
    """A message that may be logged: the logger's name (or its start), a pattern, and why it is no fault of ours."""

    logger: str
    pattern: str
    reason: str

    def matches(self, logger, message):
        return (logger == self.logger or logger.startswith(f"{self.logger}.")) and bool(re.search(self.pattern, message))


ALLOWED = (
    Allowed("odoo.addons.base.models.ir_actions_report", "wkhtmltopdf|Wkhtmltopdf", "Debian's build is unpatched"),
    Allowed("py.warnings", "", "deprecations inside the pinned packages; ours are lint's business"),
)

_LINE = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} \d+ (?P<level>[A-Z]+) \S+ (?P<logger>[\w.]+): (?P<message>.*)$")


def is_ours(level, logger, message):
    """Tell whether a logged message is one that fails a run.

    :param level: its name ("WARNING")
    """
    return level in LEVELS and not any(allowed.matches(logger, message) for allowed in ALLOWED)


def scan(path):
    """Return the lines of a server's log file that are ours, as "LEVEL logger: message"."""
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    matches = (_LINE.match(line) for line in text.splitlines())
    return [
        f"{found['level']} {found['logger']}: {found['message']}"
        for found in matches
        if found and is_ours(found["level"], found["logger"], found["message"])
    ]
