"""Export the translation template of each module into a folder: DMS_TERMS_MODULES (commas), DMS_TERMS_FOLDER."""

import os
from pathlib import Path

from odoo.tools.translate import trans_export

folder = Path(os.environ["DMS_TERMS_FOLDER"])
for name in os.environ["DMS_TERMS_MODULES"].split(","):
    with open(folder / f"{name}.pot", "wb") as file:
        trans_export(False, [name], file, "po", env)  # noqa: F821
