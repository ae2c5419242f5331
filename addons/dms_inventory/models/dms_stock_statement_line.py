from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

#: quantities beyond this are mistyped
MAX_QUANTITY = 1e9


class DmsStockStatementLine(models.Model):
    _name = "dms.stock.statement.line"
    _description = "Line of a Stock Statement"
    _inherit = ["dms.finite.numbers"]
    _order = "statement_id, sequence, id"
    _rec_name = "product_id"
    _check_company_auto = True

    statement_id = fields.Many2one("dms.stock.statement", required=True, index=True, ondelete="cascade")
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(related="statement_id.company_id", store=True, precompute=True)
    distributor_id = fields.Many2one(related="statement_id.distributor_id", store=True, precompute=True, index=True)
    date = fields.Date(related="statement_id.date")
    state = fields.Selection(related="statement_id.state")
    product_id = fields.Many2one("product.product", required=True, index=True, ondelete="restrict", check_company=True)
    lot_id = fields.Many2one("stock.lot", ondelete="restrict", domain="[('product_id', '=', product_id)]", check_company=True)
    product_uom_id = fields.Many2one(
        "uom.uom",
        "Unit",
        required=True,
        compute="_compute_product_uom_id",
        store=True,
        readonly=False,
        precompute=True,
        ondelete="restrict",
    )
    quantity = fields.Float(
        required=True, digits="Product Unit", help="Sold, or counted; of a correction, what is to be added (or, negative, taken off)."
    )
    product_qty = fields.Float(
        "Quantity in the Product's Unit", compute="_compute_product_qty", store=True, precompute=True, digits="Product Unit"
    )
    retailer = fields.Char(help="Whom it was sold to.")
    price_unit = fields.Float(
        "Unit Price", min_display_digits="Product Price", aggregator=None, help="At which one of the unit was sold, in company currency."
    )
    calculated_qty = fields.Float(
        "Calculated", readonly=True, copy=False, digits="Product Unit", help="Balance at the end of the day, as known when it was posted."
    )
    difference_qty = fields.Float("Difference", readonly=True, copy=False, digits="Product Unit", help="Counted less calculated.")

    @api.depends("product_id")
    def _compute_product_uom_id(self):
        for line in self:
            line.product_uom_id = line.product_id.uom_id

    @api.depends("product_id", "product_uom_id", "quantity")
    def _compute_product_qty(self):
        for line in self:
            line.product_qty = line.product_uom_id._compute_quantity(line.quantity, line.product_id.uom_id, rounding_method="HALF-UP")

    @api.constrains("product_id", "product_uom_id", "quantity", "lot_id")
    def _check_line(self):
        for line in self:
            name = line.product_id.display_name
            if abs(line.quantity) > MAX_QUANTITY:
                raise UserError(self.env._("%(product)s: this is no quantity.", product=name))
            if not line.product_uom_id._has_common_reference(line.product_id.uom_id):
                raise UserError(
                    self.env._(
                        "%(product)s is counted in %(own)s; %(unit)s does not convert.",
                        product=name,
                        own=line.product_id.uom_id.name,
                        unit=line.product_uom_id.name,
                    )
                )
            if line.lot_id and line.lot_id.product_id != line.product_id:
                raise UserError(self.env._("Lot %(lot)s is not one of %(product)s.", lot=line.lot_id.name, product=name))
            if line.product_id.type != "consu":
                raise UserError(self.env._("%(product)s is no goods: nothing of it is kept in stock.", product=name))

    @api.model_create_multi
    def create(self, vals_list):
        self._refuse_own_fields(*vals_list)
        lines = super().create(vals_list)
        lines.statement_id._check_open()
        lines._check_lots_delivered()
        return lines

    def write(self, vals):
        self._refuse_own_fields(vals)
        if vals.keys() - {"calculated_qty", "difference_qty"}:
            self.statement_id._check_open()
        result = super().write(vals)
        if "statement_id" in vals:
            self.statement_id._check_open()
        if {"lot_id", "product_id", "statement_id"} & vals.keys():
            self._check_lots_delivered()
        return result

    def _refuse_own_fields(self, *vals_list):
        if not self.env.su and any(vals.get(name) for vals in vals_list for name in ("calculated_qty", "difference_qty")):
            raise UserError(self.env._("Calculated figures are written when the statement is posted."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_posted(self):
        self.statement_id._check_open()

    def _check_lots_delivered(self):
        """A distributor has lots that were delivered to it, and no others."""
        named = self.filtered("lot_id")
        for statement, lines in named.grouped("statement_id").items():
            unknown = lines.lot_id - statement._get_delivered_lots(lines.lot_id)
            if unknown:
                raise UserError(
                    self.env._(
                        "%(lots)s: never delivered to %(name)s.",
                        lots=", ".join(unknown.mapped("name")),
                        name=statement.distributor_id.display_name,
                    )
                )

    def _keep_figures(self, figures):
        """Write what a count was compared with, by one statement however many lines it has.

        :param figures: list of ``(id of one of these lines, calculated, difference)``, in the products' own units
        """
        if not figures:
            return
        names = ["calculated_qty", "difference_qty"]
        self.flush_recordset(names)
        ids, *columns = zip(*figures, strict=True)
        values = [
            [self._fields[name].convert_to_column_insert(value, self) for value in column]
            for name, column in zip(names, columns, strict=True)
        ]
        self.env.cr.execute(
            SQL(
                """
                UPDATE dms_stock_statement_line line SET calculated_qty = new.calculated, difference_qty = new.difference
                  FROM unnest(%s::int[], %s::numeric[], %s::numeric[]) AS new(id, calculated, difference) WHERE line.id = new.id
                """,
                list(ids),
                *values,
            )
        )
        self.invalidate_recordset(names, flush=False)
