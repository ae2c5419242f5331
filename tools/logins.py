"""Who can log in to the demo database: the one list, printed by ./dms up."""

DEMO_LOGINS = (
    # login, password, who it is
    ("admin", "admin", "administrator"),
    ("desk", "desk", "order desk"),
    ("area", "area", "area manager: own territories only"),
    ("credit", "credit", "credit controller"),
    ("finance", "finance", "credit manager and accountant"),
    ("schemes", "schemes", "scheme manager: writes schemes"),
    ("approver", "approver", "scheme approver"),
    ("north", "north", "distributor, portal"),
    ("harbour", "harbour", "another distributor, portal"),
)


def table(known):
    """Return the lines of a table of the demo logins that exist.

    :param known: logins of the database
    """
    rows = [("login", "password", "who"), *(row for row in DEMO_LOGINS if row[0] in known)]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
