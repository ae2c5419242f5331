"""Pure Python: no Odoo, no database, plain values in and plain values out."""
