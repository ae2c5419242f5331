from . import portal, receipt
