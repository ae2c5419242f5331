"""./dms pictures: take the pictures of docs/images anew, from the suite that ./dms up serves."""

import subprocess

from . import setup
from .console import DmsError, step
from .serve import port, server_process
from .template import INSIDE


def main(places, options):
    """Take the named pictures, or all of them."""
    if not server_process(places).pid():
        raise DmsError("The suite is not running. Start it with ./dms up and take the pictures then.")
    current = setup.prepare_tests(places)
    command = [
        current.venv.python,
        INSIDE / "take_pictures.py",
        f"http://localhost:{port()}",
        places.tree / "docs" / "images",
        *options.names,
    ]
    with step("Taking pictures"):
        subprocess.run([str(part) for part in command], check=True, env=current.environment())
