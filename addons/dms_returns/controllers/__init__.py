from . import settlements
