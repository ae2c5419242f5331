from odoo import fields


class LiveField:
    """A computed figure that is right on read, not only at the first look of a transaction.

    The documents it is made of are too many to depend on one by one: what was computed is forgotten as soon as the
    transaction has sent any other statement to the database.
    """

    def __get__(self, record, owner=None):
        if record is not None and record._ids:
            record.env["dms.credit.account"]._forget_old_positions()
        return super().__get__(record, owner)


class LiveMonetary(LiveField, fields.Monetary):
    pass


class LiveFloat(LiveField, fields.Float):
    pass


class LiveInteger(LiveField, fields.Integer):
    pass
