"""Files to start from, offered by Odoo's own import of each master."""

from odoo import api, models

FOLDER = "/dms_orders/static/import_templates"


class DmsTerritory(models.Model):
    _inherit = "dms.territory"

    @api.model
    def get_import_templates(self):
        return [{"label": self.env._("Import Template for Territories"), "template": f"{FOLDER}/territories.xlsx"}]


class DmsDistributorClass(models.Model):
    _inherit = "dms.distributor.class"

    @api.model
    def get_import_templates(self):
        return [{"label": self.env._("Import Template for Distributor Classes"), "template": f"{FOLDER}/distributor_classes.xlsx"}]


class DmsAssortment(models.Model):
    _inherit = "dms.assortment"

    @api.model
    def get_import_templates(self):
        return [{"label": self.env._("Import Template for Assortments"), "template": f"{FOLDER}/assortments.xlsx"}]


class ResPartner(models.Model):
    _inherit = "res.partner"

    @api.model
    def get_import_templates(self):
        own = {"label": self.env._("Import Template for Distributors"), "template": f"{FOLDER}/distributors.xlsx"}
        return [*super().get_import_templates(), own]
