from . import frame, position, payments, limits
