from . import schemes
