from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .statement_rows import make_item

ERROR_CODES = [
    ("product", "Product"),
    ("unit", "Unit"),
    ("lot", "Lot"),
    ("quantity", "Quantity"),
    ("price", "Price"),
    ("date", "Date"),
    ("cell", "Cell"),
]
#: what a person says of a row
ANSWERS = {"product_id", "product_uom_id", "lot_id", "typed_quantity"}


class DmsStockStatementRow(models.Model):
    """A row of a list that could not be read for certain. A person says what it means, and it becomes a line, or leaves it out."""

    _name = "dms.stock.statement.row"
    _description = "Row of a Stock Statement Put Aside"
    _order = "statement_id, row_number, id"
    _rec_name = "row_number"
    _check_company_auto = True

    statement_id = fields.Many2one("dms.stock.statement", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="statement_id.company_id", store=True, precompute=True)
    distributor_id = fields.Many2one(related="statement_id.distributor_id", store=True, precompute=True, index=True)
    row_number = fields.Integer("Row", readonly=True, aggregator=None, help="As the file counts them.")
    code = fields.Char(readonly=True)
    barcode = fields.Char(readonly=True)
    name = fields.Char(readonly=True)
    quantity_text = fields.Char("Quantity in the List", readonly=True)
    unit_text = fields.Char("Unit in the List", readonly=True)
    lot_text = fields.Char("Lot in the List", readonly=True)
    retailer = fields.Char(readonly=True)
    price_text = fields.Char("Price in the List", readonly=True)
    date_text = fields.Char("Date in the List", readonly=True)
    said = fields.Char("In the List", compute="_compute_said", help="Product, quantity, unit and lot as the list has them.")
    error_code = fields.Selection(ERROR_CODES, "Concerns", readonly=True)
    error = fields.Text("What Is Wrong", readonly=True)
    is_legible = fields.Boolean(readonly=True, help="Its texts stand for what the list has; not so where a cell could not be read.")
    state = fields.Selection(
        [("open", "To Settle"), ("taken", "Taken In"), ("left_out", "Left Out")], "Status", required=True, readonly=True, default="open"
    )
    product_id = fields.Many2one("product.product", ondelete="set null", check_company=True, domain=[("type", "=", "consu")])
    product_uom_id = fields.Many2one("uom.uom", "Unit", ondelete="set null")
    lot_id = fields.Many2one("stock.lot", ondelete="set null", check_company=True, domain="[('product_id', '=', product_id)]")
    typed_quantity = fields.Char("Quantity", help="Of the unit beside it.")
    line_id = fields.Many2one("dms.stock.statement.line", readonly=True, ondelete="set null", index="btree_not_null")

    @api.depends("code", "barcode", "name", "quantity_text", "unit_text", "lot_text")
    def _compute_said(self):
        for row in self:
            product = dict.fromkeys(filter(None, (row.code or row.barcode, row.name)))
            parts = (" ".join(product), " ".join(filter(None, (row.quantity_text, row.unit_text))), row.lot_text)
            row.said = " · ".join(filter(None, parts))

    def write(self, vals):
        if not self.env.su:
            if vals.keys() - ANSWERS:
                raise AccessError(self.env._("A row stays as the list has it. Say which product, unit, lot and quantity it means."))
            self._check_open_rows()
        return super().write(vals)

    def _check_open_rows(self):
        self.statement_id._check_open()
        if any(row.state != "open" for row in self):
            raise UserError(self.env._("This row is settled."))

    # ------------------------------------------------------------ buttons

    def action_take_in(self):
        """Make lines of these rows by what was said of them. A product that a code was unknown for is remembered by it, and the
        other rows with that code are taken in with it.

        :raise UserError: something is still missing, or does not fit
        """
        self.check_access("write")
        for _statement, rows in self.filtered(lambda row: row.state == "open").grouped("statement_id").items():
            rows._check_open_rows()
            rows._take_in_as([row._prepare_answered_line() for row in rows])
        return True

    def action_leave_out(self):
        """Report without these rows."""
        self.check_access("write")
        rows = self.filtered(lambda row: row.state == "open")
        rows._check_open_rows()
        rows.sudo().write({"state": "left_out"})  # the rows at hand, checked above
        return True

    def action_put_back(self):
        """Look at rows again that were left out."""
        self.check_access("write")
        self.statement_id._check_open()
        rows = self.filtered(lambda row: row.state == "left_out")
        rows.sudo().write({"state": "open"})  # the rows at hand, checked above
        return True

    # ------------------------------------------------------------ becoming a line

    def _take_in_as(self, vals_list):
        """Make lines of rows of one statement, and remember what the distributor calls their products; all or nothing.

        :param vals_list: values of a line for each row
        """
        rows = self.sudo()  # rows checked by the caller; their lines are refused where their figures do not fit
        unknown = rows.filtered(lambda row: row.error_code == "product" and row.is_legible and row.code)
        lines = rows.env["dms.stock.statement.line"].create(vals_list)
        for row, line in zip(rows, lines, strict=True):
            row.write({"state": "taken", "line_id": line.id, "product_id": line.product_id.id, "product_uom_id": line.product_uom_id.id})
        if unknown:
            codes = unknown._remember_codes()
            rows.statement_id.row_ids.filtered(lambda row: row.code in codes)._match_again()

    def _prepare_answered_line(self):
        """Values of the line that a person's answers make."""
        if not self.product_id:
            raise UserError(self.env._("Row %(row)s: choose the product.", row=self.row_number))
        item = make_item(self.row_number, {"code": "?", "quantity": self.typed_quantity, "price": self._get_readable_price()}, self._day())
        if item.problems:
            raise UserError(self._describe(self.statement_id._get_sentence(item.problems[0])))
        values = {"product_id": self.product_id.id, "product_uom_id": (self.product_uom_id or self.product_id.uom_id).id}
        return {
            **self.statement_id._prepare_matched_line(item, {**values, "quantity": float(item.quantity)}, self.lot_id.id),
            "retailer": self.retailer,
        }

    def _get_readable_price(self):
        """The price in the list, or none where it was what could not be read: a line does without."""
        if not self.price_text or make_item(0, {"code": "?", "quantity": "1", "price": self.price_text}, self._day()).problems:
            return ""
        return self.price_text

    def _day(self):
        return self.statement_id.date

    def _describe(self, sentence):
        return self.env._("Row %(row)s: %(sentence)s", row=self.row_number, sentence=sentence)

    def _remember_codes(self):
        """Keep what the distributor calls these products, so that the next list is understood; what it said before stands.

        :return: the codes
        """
        codes = {row.code.strip(): row.product_id.id for row in reversed(self)}
        own = self.env["dms.distributor.product"].sudo()  # of the distributor of rows that the caller has checked
        key = [("distributor_id", "=", self.distributor_id.id), ("company_id", "in", [False, self.company_id.id])]
        known = set(own.search_fetch([*key, ("code", "in", list(codes))], ["code"]).mapped("code"))
        both = {"distributor_id": self.distributor_id.id, "company_id": self.company_id.id}
        own.create([{**both, "code": code, "product_id": product_id} for code, product_id in codes.items() if code not in known])
        return set(codes)

    # ------------------------------------------------------------ matching again

    def _match_again(self):
        """Take in those open rows of one statement that are understood by now; the others say what is wrong today."""
        rows = self.sudo().filtered(lambda row: row.state == "open" and row.is_legible)  # rows checked by the caller
        if not rows:
            return
        statement = rows.statement_id.with_company(rows.company_id)
        statement._check_open()
        found = statement._match_report([make_item(row.row_number, row._get_texts(), row._day()) for row in rows])
        understood = [(row, values) for row, (is_line, values) in zip(rows, found, strict=True) if is_line]
        rows.browse(row.id for row, _values in understood)._take_in_as([values for _row, values in understood])
        for row, (is_line, values) in zip(rows, found, strict=True):
            if not is_line:
                row.write({"error_code": values["error_code"], "error": values["error"]})

    def _take_in_texts(self, said):
        """Take in a row by what was typed for it, texts that replace those of the list, by field.

        :raise UserError: it is still not understood
        """
        self._check_open_rows()
        statement = self.statement_id.with_company(self.company_id)
        texts = {**self._get_texts(), "price": self._get_readable_price(), "date": "", **said}
        ((understood, values),) = statement._match_report([make_item(self.row_number, texts, self._day())])
        if not understood:
            raise UserError(self._describe(values["error"]))
        self._take_in_as([values])

    def _get_texts(self):
        texts = {
            "code": self.code,
            "barcode": self.barcode,
            "name": self.name,
            "quantity": self.typed_quantity or self.quantity_text,
            "unit": self.unit_text,
            "lot": self.lot_text,
            "retailer": self.retailer,
            "price": self.price_text,
            "date": self.date_text,
        }
        return {name: text or "" for name, text in texts.items()}
