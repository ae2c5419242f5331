from . import split
