import importlib

from odoo.tests import TransactionCase, new_test_user, tagged

#: fields that every model has
COMMON = {"id", "display_name", "create_uid", "create_date", "write_uid", "write_date"}


@tagged("post_install", "-at_install")
class TestReadableFields(TransactionCase):
    """Rule: every field a distributor can read is decided, by name, in a file of the module that brings it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.modules = set(cls.env["ir.module.module"].search([("name", "=like", "dms\\_%"), ("state", "=", "installed")]).mapped("name"))
        cls.user = new_test_user(cls.env, "t_reader", groups="base.group_portal")

    def get_decided(self):
        decided = {}
        for module in self.modules:
            try:
                listed = importlib.import_module(f"odoo.addons.{module}.readable_fields").READABLE_FIELDS
            except ModuleNotFoundError:
                continue
            for model, names in listed.items():
                decided.setdefault(model, set()).update(names)
        return decided

    def get_readable(self):
        """``{model: names}`` of the fields that our modules define and a portal session may read."""
        readable = {}
        for name in self.env.registry:
            model = self.env[name].with_user(self.user)
            if model._abstract or not model.has_access("read"):
                continue
            ours = {
                field.name
                for field in model._fields.values()
                if field.name not in COMMON and self.is_ours(field, name) and model._has_field_access(field, "read")
            }
            if ours:
                readable[name] = ours
        return readable

    def is_ours(self, field, model):
        modules = {module for module in field._modules if module}
        return bool(modules) and modules <= self.modules or model.startswith("dms.")

    def test_no_field_is_readable_by_accident(self):
        decided = self.get_decided()
        for model, names in self.get_readable().items():
            extra = names - decided.get(model, set())
            self.assertFalse(extra, f"{model}: decide in readable_fields.py, or give groups to {sorted(extra)}")

    def test_list_names_nothing_that_is_not_there(self):
        readable = self.get_readable()
        for model, names in self.get_decided().items():
            gone = names - readable.get(model, set())
            self.assertFalse(gone, f"{model}: no longer readable {sorted(gone)}")

    def test_secrets_are_not_in_the_list(self):
        words = ("cost", "margin", "limit", "territory", "class", "release_note", "priority", "released_by", "assortment", "warehouse")
        for model, names in self.get_decided().items():
            for name in names:
                self.assertFalse([word for word in words if word in name], f"{model}.{name}")
