"""Who reads and writes price protection and deductions: a table of model x role, with records of two distributors.

``alpha`` lies in the area manager's territory, ``beta`` in another. A cell holds the operations allowed ("r", "w", "c", "u" for read,
write, create, unlink); what the model refuses to everybody by a sentence counts as refused.
"""

import contextlib

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .claims_common import ClaimsCommon

NOTHING, READ = ("", ""), ("r", "r")
ALPHA = ("r", "")
TABLE = {
    "dms.price.protection": {
        "desk": READ,
        "manager": READ,
        "area": READ,
        "accountant": READ,
        "officer": ("rwcu", "rwcu"),
        "chief": ("rwcu", "rwcu"),
    },
    "dms.price.protection.line": {
        "desk": READ,
        "manager": READ,
        "area": READ,
        "accountant": READ,
        "officer": ("rwcu", "rwcu"),
        "chief": ("rwcu", "rwcu"),
    },
    "dms.price.protection.item": {"desk": READ, "manager": READ, "area": ALPHA, "accountant": READ, "officer": READ, "chief": READ},
    "dms.deduction": {
        "desk": READ,
        "manager": READ,
        "area": ALPHA,
        "accountant": ("rwc", "rwc"),
        "officer": ("rwc", "rwc"),
        "chief": ("rwc", "rwc"),
    },
}


@tagged("post_install", "-at_install")
class TestClaimAccess(ClaimsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = cls.create_roles() | {"officer": cls.officer, "chief": cls.claims_manager, "accountant": cls.accountant}
        cls.sides = {side: cls.create_side(side, distributor) for side, distributor in (("alpha", cls.alpha), ("beta", cls.beta))}
        cls.env.flush_all()

    @classmethod
    def create_side(cls, name, distributor):
        """``{model: record}``: a draft of a protection, an item of another that was computed, and a deduction."""
        product = cls.create_product(f"Dropped {name}", f"T-D-{name}", 10.0)
        cls.append(product, 5, 3, distributor=distributor)
        values = {"pricelist_id": cls.pricelist.id, "date": cls.today, "claim_type_id": cls.types["price_protection"].id}
        values["line_ids"] = [Command.create({"product_id": product.id, "old_price": 10.0, "new_price": 8.0})]
        draft, computed = (cls.env["dms.price.protection"].create(values) for _number in range(2))
        computed.action_compute()
        bill = cls.invoice_of(cls.buy(distributor=distributor))
        deduction = cls.env["dms.deduction"].create({"distributor_id": distributor.id, "invoice_id": bill.id, "amount": 5.0})
        return {
            "dms.price.protection": draft,
            "dms.price.protection.line": draft.line_ids,
            "dms.price.protection.item": computed.item_ids,
            "dms.deduction": deduction,
        }

    def do_r(self, record):
        record.read(["create_date"])

    def do_w(self, record):
        record.write(
            {"dms.price.protection.line": {"new_price": 7.0}, "dms.price.protection.item": {"amount": 1.0}}.get(record._name, {"note": "x"})
        )

    def do_c(self, record):
        source = record.sudo().with_env(self.env)
        values = {
            "dms.price.protection": lambda: {"date": source.date, "claim_type_id": source.claim_type_id.id},
            "dms.price.protection.line": lambda: {
                "protection_id": source.protection_id.id,
                "product_id": self.coffee.id,
                "old_price": 2,
                "new_price": 1,
            },
            "dms.price.protection.item": lambda: {"protection_id": source.protection_id.id, "distributor_id": source.distributor_id.id},
            "dms.deduction": lambda: {"distributor_id": source.distributor_id.id, "invoice_id": source.invoice_id.id, "amount": 1.0},
        }[record._name]()
        record.browse().create(values)

    def do_u(self, record):
        record.unlink()

    def is_allowed(self, operation, record):
        allowed = False
        with self.env.cr.savepoint() as savepoint:
            with contextlib.suppress(AccessError, UserError):
                getattr(self, f"do_{operation}")(record)
                self.env.flush_all()
                allowed = True
            savepoint.rollback()
        self.env.invalidate_all()
        return allowed

    def test_every_role_does_what_the_table_says(self):
        for model, roles in TABLE.items():
            for role, user in self.users.items():
                for side, expected in zip(("alpha", "beta"), roles.get(role, NOTHING), strict=True):
                    record = self.sides[side][model].with_user(user)
                    found = "".join(operation for operation in "rwcu" if self.is_allowed(operation, record))
                    self.assertEqual(found, expected, (model, role, side))

    def test_other_companies_see_nothing(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.officer.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        for model in TABLE:
            self.assertFalse(self.env[model].with_user(self.officer).with_context(allowed_company_ids=other.ids).search([]))

    def test_views_open_for_who_uses_them(self):
        for model in ("dms.price.protection", "dms.price.protection.item", "dms.deduction", "dms.deduction.decide"):
            for user in (self.officer, self.accountant):
                if self.env[model].with_user(user).has_access("read"):
                    for kind in ("list", "form", "search"):
                        self.assertTrue(self.env[model].with_user(user).get_view(view_type=kind)["arch"])
