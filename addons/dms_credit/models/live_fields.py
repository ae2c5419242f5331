from odoo import fields


class LiveField:
    """A computed figure that is right on read, not only at the first look of a transaction.

    The documents it is made of are too many to depend on one by one: what was computed is forgotten as soon as the
    transaction has sent any other statement to the database.
    """

    def __get__(self, record, owner=None):
        if record is not None and record._ids:
            self._forget_if_old(record)
        return super().__get__(record, owner)

    def compute_value(self, records):
        super().compute_value(records)
        cr = records.env.cr
        cr.cache["dms_live", self.model_name] = cr.sql_log_count

    def _forget_if_old(self, record):
        cr = record.env.cr
        if cr.cache.get(("dms_live", self.model_name), cr.sql_log_count) != cr.sql_log_count:
            del cr.cache["dms_live", self.model_name]
            record.invalidate_model([name for name, field in record._fields.items() if isinstance(field, LiveField)], flush=False)


class LiveMonetary(LiveField, fields.Monetary):
    pass


class LiveFloat(LiveField, fields.Float):
    pass


class LiveInteger(LiveField, fields.Integer):
    pass
