from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.dms_orders.engine.document import read_pasted
from odoo.addons.dms_orders.engine.errors import IntakeError

#: longest text that is read as lines
MAX_PASTED = 500_000


class DmsPortalPad(models.AbstractModel):
    """Lines pasted into the pad, and files sent as orders: both read by the order intake of ``dms_orders``."""

    _inherit = "dms.portal.pad"

    @api.model
    def _read_paste(self, distributor, text):
        """Pasted ``code quantity [unit]`` lines as quantities for the pad; nothing is written.

        :return: ``{"lines": [{"product_id", "uom_id", "quantity"}], "problems": [{"row", "text", "message"}]}``
        :raise UserError: for a text that cannot be read at all
        """
        Intake = self.env["dms.order.intake"]
        text = text if isinstance(text, str) else ""
        try:
            document = read_pasted(text[:MAX_PASTED], self.env.company._dms_today(), Intake._get_limits())
        except IntakeError as error:
            raise UserError(Intake._get_sentence(error)) from error
        intake = Intake.new({"distributor_id": distributor.id, "company_id": self.env.company.id})
        rows = intake._match_items(document.items)
        self._refuse_outside(distributor, rows)
        return {
            "lines": [self._prepare_pasted_line(row) for row in rows if not row["error"]],
            "problems": [self._prepare_problem(row) for row in rows if row["error"]],
        }

    def _refuse_outside(self, distributor, rows):
        """A product outside the assortment is not on the pad: its row is refused."""
        found = [row["product_id"] for row in rows if not row["error"]]
        domain = self.env["dms.portal.catalogue"]._get_product_domain(distributor)
        allowed = set(self.env["product.product"].search([("id", "in", found), *domain]).ids)
        for row in rows:
            if not row["error"] and row["product_id"] not in allowed:
                row["error"] = self.env._("Not in your assortment today.")

    def _prepare_pasted_line(self, row):
        product = self.env["product.product"].browse(row["product_id"])
        asked = self.env["uom.uom"].browse(row["product_uom_id"])
        unit = self._get_pad_unit(product, asked)
        return {
            "product_id": product.id,
            "uom_id": unit.id,
            "quantity": asked._compute_quantity(row["quantity"], unit, round=False),
        }

    def _prepare_problem(self, row):
        texts = (row["code"] or row["barcode"] or row["name"], row["quantity_text"], row["unit_text"])
        return {"row": row["row_number"], "text": " ".join(filter(None, texts)), "message": row["error"]}

    @api.model
    def _prepare_intake_values(self, intake):
        """What the page of a file that could not become an order shows; ``intake`` with full rights, checked."""
        bad = intake.line_ids.filtered("error")
        return {
            "id": intake.id,
            "name": intake.name,
            "filename": intake.filename or "",
            "message": intake.message or "",
            "state": intake.state,
            "good": intake.row_count - intake.error_count,
            "total": intake.row_count,
            "problems": [
                {
                    "row": line.row_number,
                    "code": line.code or line.barcode or line.buyer_code or "",
                    "name": line.name or "",
                    "quantity": " ".join(filter(None, (line.quantity_text, line.unit_text))),
                    "message": line.error,
                }
                for line in bad[:500]
            ],
        }
