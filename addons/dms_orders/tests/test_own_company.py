"""Nobody moves what is his company's into another, where it would count for others."""

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import DmsCommon

#: models whose own rules let nobody write the company
REFUSED_BY_THEMSELVES = {"dms.deduction"}


@tagged("post_install", "-at_install")
class TestOwnCompany(DmsCommon):
    def test_record_is_not_moved_into_a_company_of_others(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        group = "dms_orders.group_dms_manager"
        manager = new_test_user(self.env, "t_elsewhere", groups=group, company_id=other.id, company_ids=[Command.set(other.ids)])
        values = {"name": "Theirs", "code": "T-ELSEWHERE"}
        for model in ("dms.territory", "dms.distributor.class"):
            models = self.env[model].with_user(manager).with_context(allowed_company_ids=other.ids)
            own = models.create({**values, "company_id": other.id})
            with self.assertRaises(AccessError), self.cr.savepoint():
                own.company_id = self.company
            own.company_id = False
            self.assertFalse(own.sudo().company_id, "what belongs to all companies is theirs as well")

    def test_every_model_with_a_company_to_choose_is_guarded(self):
        guard = self.env.registry["dms.own.company"]
        written = set(self.env["ir.model.access"].search([("perm_write", "=", True)]).model_id.mapped("model"))
        for name in written - REFUSED_BY_THEMSELVES:
            model = self.env.get(name)
            if model is None or not name.startswith("dms.") or model._transient:
                continue
            field = model._fields.get("company_id")
            if field and field.store and not field.readonly:
                self.assertTrue(issubclass(self.env.registry[name], guard), name)
