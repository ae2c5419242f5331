from . import portal, portal_statements, receipt
