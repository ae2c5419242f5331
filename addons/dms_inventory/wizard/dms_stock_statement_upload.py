import base64
import binascii

from odoo import fields, models
from odoo.exceptions import UserError

from ..models.dms_stock_statement import STATEMENT_KINDS


class DmsStockStatementUpload(models.TransientModel):
    _name = "dms.stock.statement.upload"
    _description = "Upload a Stock Statement"

    distributor_id = fields.Many2one("res.partner", required=True, domain=[("is_distributor", "=", True)])
    kind = fields.Selection(STATEMENT_KINDS, required=True, default="sellout")
    date = fields.Date(required=True, default=lambda self: self.env.company._dms_today(), help="The day it is about.")
    reference = fields.Char(help="The distributor's own number of it.")
    is_full_count = fields.Boolean("Everything Was Counted", help="What is not listed was not there: its balance becomes 0.")
    file = fields.Binary(attachment=False, help="XLSX or CSV, 5 MB at most.")
    filename = fields.Char("File Name")
    text = fields.Text("Or Lines", help="One line for each product: code, quantity and, where it is not the product's own, the unit.")

    def action_upload(self):
        """Take in the file or the lines, and open the draft they make."""
        self.ensure_one()
        self.check_access("write")
        if bool(self.file) == bool((self.text or "").strip()):
            raise UserError(self.env._("Choose a file, or write the lines of the statement; not both."))
        statement = self._take_in()
        self.unlink()  # the statement keeps its own copy
        return {"type": "ir.actions.act_window", "res_model": statement._name, "res_id": statement.id, "view_mode": "form"}

    def _take_in(self):
        Statement = self.env["dms.stock.statement"]
        terms = {
            "kind": self.kind,
            "date": self.date,
            "reference": self.reference,
            "is_full_count": self.is_full_count and self.kind == "count",
        }
        if self.file:
            return Statement._take_in(self.distributor_id, self._get_data(), self.filename or "", **terms)
        return Statement._take_in_lines(self.distributor_id, self.text, **terms)

    def _get_data(self):
        try:
            return base64.b64decode(self.with_context(bin_size=False).file, validate=True)
        except (binascii.Error, ValueError) as error:
            raise UserError(self.env._("The file did not arrive whole. Choose it again.")) from error
