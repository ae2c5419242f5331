from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

#: rows that show what a column holds
SAMPLES = 4
MAX_SHOWN = 60


class DmsStockStatementColumns(models.TransientModel):
    """Asks what the columns of a list mean."""

    _name = "dms.stock.statement.columns"
    _description = "Columns of a Stock List"

    statement_id = fields.Many2one("dms.stock.statement", required=True, readonly=True, ondelete="cascade")
    header_row = fields.Integer("Row with Column Names", required=True, help="As the file counts its rows.")
    line_ids = fields.One2many("dms.stock.statement.column", "wizard_id", "Columns")

    @api.model
    def _create_for(self, statement):
        rows = statement._get_first_rows()
        header_row = statement._guess_header_row(rows)
        return self.create({"statement_id": statement.id, "header_row": header_row, "line_ids": self._prepare_lines(rows, header_row)})

    @api.model
    def _prepare_lines(self, rows, header_row):
        header = dict(rows).get(header_row, {})
        below = [texts for number, texts in rows if number > header_row][:SAMPLES]
        columns = sorted({column for texts in (header, *below) for column in texts})
        return [Command.create(self._prepare_line(column, header, below)) for column in columns]

    @api.model
    def _prepare_line(self, column, header, below):
        samples = [texts[column][:MAX_SHOWN] for texts in below if texts.get(column)]
        return {"column": column, "header": header.get(column, "")[:MAX_SHOWN], "sample": "  ·  ".join(samples)}

    def _get_dialog(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("What Do the Columns Mean?"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_show_row(self):
        """Show the columns under another row of names."""
        self.ensure_one()
        self.check_access("write")
        self.statement_id.check_access("write")
        rows = self.statement_id._get_first_rows()
        if self.header_row not in dict(rows):
            raise UserError(self.env._("Row %(row)s is none of the first rows of the list.", row=self.header_row))
        self.write({"line_ids": [Command.clear(), *self._prepare_lines(rows, self.header_row)]})
        return self._get_dialog()

    def action_read(self):
        """Read the list by these columns, and every later one with the same names."""
        self.ensure_one()
        self.check_access("write")
        self.statement_id.check_access("write")
        named = self.line_ids.filtered("meaning")
        if len(set(named.mapped("meaning"))) < len(named):
            raise UserError(self.env._("Two columns cannot mean the same."))
        self.statement_id._name_columns(self.header_row, {line.meaning: line.column for line in named})
        return {"type": "ir.actions.act_window_close"}


class DmsStockStatementColumn(models.TransientModel):
    _name = "dms.stock.statement.column"
    _description = "Column of a Stock List"
    _order = "column"

    wizard_id = fields.Many2one("dms.stock.statement.columns", required=True, ondelete="cascade")
    column = fields.Integer(readonly=True)
    header = fields.Char("Name in the List", readonly=True)
    sample = fields.Char("First Rows", readonly=True)
    meaning = fields.Selection(lambda self: list(self.env["dms.stock.mapping"]._get_field_labels().items()), "Means")
