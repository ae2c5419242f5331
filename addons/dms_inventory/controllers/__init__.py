from . import portal_statements
