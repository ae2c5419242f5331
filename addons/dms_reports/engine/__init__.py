from . import split
from . import scale
