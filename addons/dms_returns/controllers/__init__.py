from . import cases, claims, returns, settlements
