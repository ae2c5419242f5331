from odoo import fields, models


class DmsOrderIntakeLine(models.Model):
    _name = "dms.order.intake.line"
    _description = "Order Intake Row"
    _order = "intake_id, row_number, id"
    _rec_name = "row_number"

    intake_id = fields.Many2one("dms.order.intake", required=True, index=True, ondelete="cascade")
    row_number = fields.Integer("Row", help="Number of the row in the file, or of the line in an electronic order.", aggregator=None)
    code = fields.Char()
    barcode = fields.Char()
    buyer_code = fields.Char("Buyer's Code")
    name = fields.Char()
    quantity_text = fields.Char("Quantity in the File")
    unit_text = fields.Char("Unit in the File")
    remark = fields.Char("Remark in the File")
    product_id = fields.Many2one("product.product", ondelete="set null", index="btree_not_null")
    quantity = fields.Float(digits="Product Unit", aggregator=None)
    product_uom_id = fields.Many2one("uom.uom", "Unit", ondelete="set null")
    file_price = fields.Float(
        "Price in the File", digits="Product Price", aggregator=None, help="Untaxed, for one unit. The order has the price list's price."
    )
    error = fields.Text("What Is Wrong", help="A row with an error is not ordered.")
    note = fields.Text("Remarks", help="Differences that did not stop the row, such as another price.")
