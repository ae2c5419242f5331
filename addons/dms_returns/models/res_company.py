from odoo import fields, models

RETURN_LOCATIONS = ("dms_inspection_location_id", "dms_quarantine_location_id")


class ResCompany(models.Model):
    """Where goods lie that distributors sent back: the company's own and valued, but in no warehouse, so that nobody sells them."""

    _inherit = "res.company"

    dms_inspection_location_id = fields.Many2one(
        "stock.location",
        "Inspection of Returns",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="What came back and was not looked at yet.",
    )
    dms_quarantine_location_id = fields.Many2one(
        "stock.location",
        "Quarantine of Returns",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="What came back and was not accepted.",
    )

    def _create_per_company_locations(self):
        super()._create_per_company_locations()
        self._dms_create_return_locations()

    def _dms_create_return_locations(self):
        """Give these companies their locations of returns; who has them keeps them."""
        companies = self.sudo().filtered(
            lambda company: not all(company[name] for name in RETURN_LOCATIONS)
        )  # locations are of the company
        Location = companies.env["stock.location"]
        roots = Location.create([{"name": self.env._("Returns"), "usage": "view", "company_id": company.id} for company in companies])
        for company, root in zip(companies, roots, strict=True):
            company.write({name: location.id for name, location in company._dms_create_below(root).items()})

    def _dms_create_below(self, root):
        """``{field: new location}`` below ``root`` of what this company lacks."""
        missing = [name for name in RETURN_LOCATIONS if not self[name]]
        labels = {"dms_inspection_location_id": self.env._("Inspection"), "dms_quarantine_location_id": self.env._("Quarantine")}
        values = [{"name": labels[name], "usage": "internal", "location_id": root.id, "company_id": self.id} for name in missing]
        return dict(zip(missing, root.create(values), strict=True))
