from odoo import api, fields, models
from odoo.exceptions import UserError

from .dms_stock_statement import STATEMENT_KINDS
from .statement_columns import check_mapping


class DmsStockMapping(models.Model):
    """What the columns of a distributor's own lists mean, said once by a person: the next list with the same header is read by it."""

    _name = "dms.stock.mapping"
    _description = "Columns of a Distributor's Stock Lists"
    _order = "distributor_id, kind, id desc"
    _rec_name = "header"

    company_id = fields.Many2one("res.company", required=True, readonly=True, default=lambda self: self.env.company)
    distributor_id = fields.Many2one("res.partner", required=True, readonly=True, index=True, ondelete="cascade")
    territory_id = fields.Many2one(related="distributor_id.territory_id", groups="base.group_user")
    kind = fields.Selection(STATEMENT_KINDS, required=True, readonly=True)
    signature = fields.Char(required=True, readonly=True, help="What the header row is known by again.")
    header = fields.Char(required=True, readonly=True, help="The header row as it stands in the lists.")
    columns = fields.Json(required=True, readonly=True, help="The column of each field, counted from 0.")
    meaning = fields.Char(compute="_compute_meaning", help="What each column is read as.")

    _header_uniq = models.UniqueIndex("(company_id, distributor_id, kind, signature)", "The columns of this list are known already.")

    @api.depends("columns")
    def _compute_meaning(self):
        labels = self._get_field_labels()
        for mapping in self:
            places = sorted((check_mapping(mapping.columns) or {}).items(), key=lambda place: place[1])
            mapping.meaning = ", ".join(f"{column + 1}: {labels[name]}" for name, column in places)

    @api.model
    def _get_field_labels(self):
        """``{field: label}`` of what a column can be, in the order in which people look for it."""
        _ = self.env._
        return {
            "code": _("Product code"),
            "product": _("Product code or name"),
            "barcode": _("Barcode"),
            "name": _("Product name"),
            "quantity": _("Quantity"),
            "unit": _("Unit"),
            "lot": _("Lot"),
            "retailer": _("Retailer"),
            "price": _("Unit price"),
            "date": _("Date"),
        }

    @api.model
    def _get_remembered(self, company, distributor, kind):
        """``{signature: {field: column}}`` of what was said about this distributor's lists."""
        domain = [("company_id", "=", company.id), ("distributor_id", "=", distributor.id), ("kind", "=", kind)]
        known = self.sudo().search_fetch(domain, ["signature", "columns"])  # of the distributor whose list is read
        return {mapping.signature: fields for mapping in known if (fields := check_mapping(mapping.columns))}

    @api.model
    def _remember(self, statement, header, signature, columns):
        """Keep what a person said of a header row; said again, the later word counts.

        :param str header: the row as people read it
        :param dict columns: ``{field: column}``
        :raise UserError: these columns make no row
        """
        if not check_mapping(columns):
            raise UserError(self.env._("Name one column for the quantity and one for the product, each column once."))
        key = {
            "company_id": statement.company_id.id,
            "distributor_id": statement.distributor_id.id,
            "kind": statement.kind,
            "signature": signature,
        }
        mappings = self.sudo()  # of the distributor of a statement that the caller has checked
        known = mappings.search([(name, "=", value) for name, value in key.items()])
        values = {"header": header[:500] or "?", "columns": columns}
        return known.write(values) and known if known else mappings.create({**key, **values})
