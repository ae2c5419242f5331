from . import frame, home, orders, pad, upload, documents
