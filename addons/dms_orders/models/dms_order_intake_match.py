from odoo import api, models

from .dms_item_match import RowRefused


class DmsOrderIntake(models.Model):
    """Rows of an order file with the products and units they mean."""

    _name = "dms.order.intake"
    _inherit = ["dms.order.intake", "dms.item.match"]

    def _match_items(self, items):
        """Return the values of a `dms.order.intake.line` for each item, in their order.

        A row that can be ordered has `product_id`, `quantity` and `product_uom_id`, every other one an `error`.
        The number of queries does not depend on the number of items.
        """
        catalogue = self._load_catalogue(items)
        return [self._match_item(item, catalogue) for item in items]

    def _match_item(self, item, catalogue):
        values = self._prepare_row_values(item)
        errors = [self._get_sentence(problem) for problem in item.problems]
        try:
            if all(problem.code.startswith("quantity") for problem in item.problems):
                values.update(self._match_product_and_unit(item, catalogue))
        except RowRefused as refusal:
            errors.append(str(refusal))
        return {**values, "error": "\n".join(errors) or False}

    @api.model
    def _prepare_row_values(self, item):
        """Values of a row as the input has it; all keys are always there so that rows are created in one go."""
        return {
            "row_number": item.number,
            "code": item.code,
            "barcode": item.barcode,
            "buyer_code": item.buyer_code,
            "name": item.name,
            "quantity_text": item.quantity_text,
            "unit_text": item.unit,
            "remark": item.note,
            "file_price": float(item.price or 0.0),
            "product_id": False,
            "quantity": 0.0,
            "product_uom_id": False,
            "note": False,
        }
