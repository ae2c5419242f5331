from odoo.fields import Command

from odoo.addons.dms_inventory.tests.common import InventoryCommon

PDF = b"%PDF-1.4 proof of "


class ClaimsCommon(InventoryCommon):
    """Officers, an accountant, types of claims without a window, and short ways through a claim."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.dms_duplicate_minutes = 0  # tests order the same again and again
        cls.env["dms.claim.tier"].search([]).unlink()
        cls.types = {
            kind: cls.env["dms.claim.type"].create({"name": f"T {kind}", "code": f"T-{kind}", "kind": kind, "sequence": 1})
            for kind in ("transit_damage", "shortage", "price_difference", "price_protection", "scheme", "spend")
        }
        cls.expense = cls.env["account.account"].search([("account_type", "=", "expense"), ("company_ids", "in", cls.company.ids)], limit=1)
        cls.types["spend"].account_id = cls.expense
        cls.types["price_protection"].account_id = cls.expense

    @classmethod
    def setUpStaff(cls):
        super().setUpStaff()
        groups = {
            "t_officer": "dms_returns.group_claims_officer",
            "t_officer2": "dms_returns.group_claims_officer",
            "t_claims_manager": "dms_returns.group_claims_manager",
            "t_accountant": "account.group_account_invoice",
        }
        cls.officer, cls.officer2, cls.claims_manager, cls.accountant = (cls.create_staff(*member) for member in groups.items())

    # ------------------------------------------------------------ documents

    @classmethod
    def buy(cls, quantities=None, distributor=None, missing=None, invoiced=True):
        """A delivered order of ``{product: quantity}``, its receipt confirmed with ``{product: missing or dict}``; its transfer.

        The order belongs to nobody, so nobody of the staff is its salesperson.
        """
        order = cls.create_order(distributor or cls.alpha, quantities or {cls.tea: 10}, user_id=False)
        order.action_confirm()
        assert order.state == "sale", order.dms_hold_ids.mapped("message")
        cls.deliver(order)
        if invoiced:
            cls.invoice(order)
        picking = order.picking_ids
        said = {line.id: missing[line.product_id] for line in picking.move_line_ids if line.product_id in (missing or {})}
        picking.with_user(cls.alpha_user if (distributor or cls.alpha) == cls.alpha else cls.beta_user).action_dms_confirm_receipt(said)
        return picking

    @classmethod
    def invoice_of(cls, picking):
        return picking.sale_id.invoice_ids

    @classmethod
    def claims_of(cls, picking):
        return cls.env["dms.claim"].search([("picking_id", "=", picking.id)], order="id")

    @classmethod
    def create_claim(cls, kind, lines=(), user=None, distributor=None, **values):
        """A draft made by the desk; ``lines``: values, or ``(source record, amount claimed)``."""
        lines = [line if isinstance(line, dict) else cls.source(*line) for line in lines]
        return (
            cls.env["dms.claim"]
            .with_user(user or cls.desk)
            .create(
                {
                    "distributor_id": (distributor or cls.alpha).id,
                    "claim_type_id": cls.types[kind].id,
                    "line_ids": [Command.create(line) for line in lines],
                    **values,
                }
            )
            .with_env(cls.env)
        )

    @classmethod
    def source(cls, record, amount, **values):
        return {"source_model": record._name, "source_id": record.id, "amount_claimed": amount, **values}

    @classmethod
    def submit(cls, claim, user=None):
        claim.with_user(user or cls.desk).action_submit()
        return claim

    @classmethod
    def approve(cls, claim, user=None):
        claim.with_user(user or cls.officer).action_approve()
        return claim

    @classmethod
    def settle(cls, claim, user=None):
        """From the draft to the credit note, which is returned."""
        if claim.state == "draft":
            cls.submit(claim)
        if claim.state == "submitted":
            cls.approve(claim)
        claim.with_user(user or cls.accountant).action_settle()
        return claim.refund_id

    # ------------------------------------------------------------ judging

    def items(self, move):
        """``[(account type, balance)]`` of an entry, sorted."""
        return sorted((line.account_id.account_type, round(line.balance, 2)) for line in move.line_ids)

    def assertUntouched(self, claim, state="draft"):
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual((claim.state, claim.refund_id, claim.amount_approved), (state, self.env["account.move"], 0.0))
