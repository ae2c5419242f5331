"""Scripts that run inside Odoo's shell: they have ``env`` and take their arguments from the environment."""
