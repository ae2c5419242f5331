"""Turns ``story`` into returns and claims that went through the real life cycle, dated back from today."""

from datetime import timedelta

from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from odoo.addons.dms_orders.demo.loader import QUIET
from odoo.addons.dms_orders.demo.loader import Loader as OrderLoader

from . import story
from .photo import draw_photo

WAY = ("submitted", "approved", "received", "inspected", "settled")
REVIEWED = ("under_review", "approved", "settled", "rejected")


def load(env):
    env = env(context={**env.context, **QUIET})
    CaseLoader(env["res.company"].with_company(env.ref("base.main_company")).env).run()


class CaseLoader(OrderLoader):
    """One run over the whole story; what a plan has no goods for is left out."""

    def run(self):
        self.today = self.company._dms_today()
        self.claims_user, self.desk, self.warehouse = (
            self.env.ref(name) for name in ("dms_returns.user_claims", "dms_orders.user_desk", "dms_orders.user_warehouse")
        )
        self.manager = self.env.ref("base.user_admin")
        self.set_account()
        self.invoice_delivered()
        for plan in story.RETURNS:
            self.tell_return(plan)
        for plan in story.CLAIMS:
            self.tell_claim(plan)
        for name, damaged, sent in story.SHORT_RECEIPTS:
            self.receive_short(name, damaged, sent)
        self.drop_prices()
        self.keep_back()
        self.env["sale.order"]._cron_dms_recheck_requested()  # credits may have made room for orders that wait

    def set_account(self):
        """What is spent on displays is booked as an expense: no invoice says where."""
        domain = [("account_type", "=", "expense"), ("company_ids", "in", self.company.ids)]
        self.mine("claim_type_display").account_id = self.env["account.account"].search(domain, order="code", limit=1)

    def invoice_delivered(self):
        """Orders that some distributors got a while ago are invoiced: claims and credits are about invoices."""
        names = [self.ref(f"distributor_{name}").id for name in story.INVOICED]
        day = self.today - timedelta(days=story.INVOICED_AGO)
        domain = [("distributor_id", "in", names), ("invoice_status", "=", "to invoice"), ("date_order", "<", day)]
        orders = self.env["sale.order"].search(domain)
        moves = orders._create_invoices(grouped=True) if orders else self.env["account.move"]
        moves.invoice_date = day
        moves.action_post()

    def ship(self, distributor):
        """A delivery that has left for a distributor, or none where a gate holds its order."""
        products = self.env["product.product"].search(
            [("default_code", "=like", "BEV%"), ("tracking", "=", "none")], order="default_code", limit=2
        )
        order = self.env["sale.order"].create(
            {
                "partner_id": distributor.id,
                "order_line": [Command.create({"product_id": product.id, "product_uom_qty": story.SHIPPED}) for product in products],
            }
        )
        order.action_confirm()
        if order.state == "sale":
            order.picking_ids.move_ids.picked = True
            order.picking_ids._action_done()
        return order.picking_ids.filtered(lambda picking: picking.state == "done")[:1]

    def mine(self, name):
        return self.env.ref(f"dms_returns.{name}")

    def maker(self, distributor):
        """A user of the distributor itself where it has one, else the desk."""
        users = distributor.child_ids.user_ids.filtered(lambda user: user.share and user.active)
        return users[:1] or self.desk

    def as_user(self, record, user):
        return record.with_user(user)

    # ------------------------------------------------------------ returns

    def tell_return(self, plan):
        distributor, reason = self.ref(f"distributor_{plan.distributor}"), self.mine(f"reason_{plan.reason}")
        lines = self.choose_goods(distributor, reason, plan)
        if not lines:
            return
        maker = self.maker(distributor)
        case = (
            self.env["dms.return"]
            .with_user(maker)
            .sudo()
            .create(
                {
                    "distributor_id": distributor.id,
                    "resolution": plan.resolution,
                    "note": plan.note or False,
                    "line_ids": [Command.create(line) for line in lines],
                }
            )
            .with_env(self.env)
        )
        self.prove(case, story.PHOTOS.get(plan.reason, ()), maker)
        if plan.fate != "draft" and self.submit(case, maker):
            self.follow_return(case, plan)
        self.date_case_back(case, plan.ago)

    def choose_goods(self, distributor, reason, plan):
        """Values of lines: of the latest goods delivered within the window, a share of what is left of each."""
        since = self.now - timedelta(days=(reason.window_days or 90) - 1)
        domain = Domain("order_id.distributor_id", "=", distributor.id) & Domain("move_ids.date", ">=", since)
        domain &= (
            Domain("is_scheme_free", "=", False)
            & Domain("qty_delivered", ">", 0)
            & Domain("display_type", "=", False)
            & Domain("company_id", "=", self.company.id)
        )
        # what the demo of schemes tells of budgets stays as it tells it
        domain &= Domain("order_id", "not any", [("scheme_application_ids.scheme_id.budget_amount", ">", 0)])
        found = self.env["sale.order.line"].search(domain, order="id desc", limit=40)
        values = []
        for line, there in found._dms_get_returnable(distributor).items():
            lot = next(iter(there["lots"]), self.env["stock.lot"]) if line.product_id.tracking != "none" else self.env["stock.lot"]
            left = there["lots"][lot]["left"] if lot else there["left"]
            if int(left * plan.share) >= 1:
                values.append(
                    {
                        "sale_line_id": line.id,
                        "product_id": line.product_id.id,
                        "lot_id": lot.id,
                        "product_uom_id": line.product_id.uom_id.id,
                        "quantity": int(left * plan.share),
                        "reason_id": reason.id,
                    }
                )
        return values[: plan.lines]

    def submit(self, case, maker):
        """Whether it could be submitted; what the policy refuses stays a draft, as in life."""
        try:
            with self.env.cr.savepoint():
                self.as_user(case, maker)._submit_own() if maker.share else self.as_user(case, maker).action_submit()
        except UserError:
            return False
        return True

    def follow_return(self, case, plan):
        if plan.fate == "cancelled":
            return self.as_user(case, self.desk).action_cancel()
        if plan.fate == "rejected":
            return self.as_user(case, self.claims_user).action_reject(plan.answer)
        for state in WAY[1 : WAY.index(plan.fate) + 1]:
            getattr(self, f"make_{state}")(case, plan)
        return None

    def make_approved(self, case, plan):
        if plan.granted < 1:
            for line in case.line_ids:
                self.as_user(line, self.claims_user).approved_qty = int(line.quantity * plan.granted) or line.quantity
        self.as_user(case, self.claims_user).action_approve()

    def make_received(self, case, plan):
        pickings = case.picking_ids.filtered(lambda picking: picking.state not in ("done", "cancel"))
        pickings.move_ids.picked = True
        pickings.with_user(self.warehouse).sudo()._action_done()

    def make_inspected(self, case, plan):
        if plan.good < 1:
            for line in case.line_ids:
                self.as_user(line, self.warehouse).accepted_qty = int(line.received_qty * plan.good) or line.received_qty
        self.as_user(case, self.warehouse).action_inspect()

    def make_settled(self, case, plan):
        self.as_user(case, self.claims_user).action_settle()

    # ------------------------------------------------------------ claims

    def tell_claim(self, plan):
        distributor = self.ref(f"distributor_{plan.distributor}")
        values = self.prepare_claim(distributor, plan)
        if not values:
            return
        maker = self.maker(distributor)
        claim = self.env["dms.claim"].with_user(maker).sudo().create(values).with_env(self.env)
        self.prove(claim, story.PHOTOS.get(plan.kind, ()), maker)
        if plan.fate != "draft":
            self.as_user(claim, maker).action_submit()
            self.follow_claim(claim, plan)
        self.date_case_back(claim, plan.ago)

    def prepare_claim(self, distributor, plan):
        values = {
            "distributor_id": distributor.id,
            "claim_type_id": self.mine(f"claim_type_{plan.kind}").id,
            "reference": plan.reference or False,
            "note": plan.note or False,
        }
        if plan.amount:
            return {**values, "amount_claimed": plan.amount}
        invoice = self.find_invoice(distributor)
        source = invoice.invoice_line_ids.filtered(lambda line: line.product_id and line.price_subtotal > 0)[:1]
        line = {
            "name": source.product_id.display_name,
            "product_id": source.product_id.id,
            "source_model": source._name,
            "source_id": source.id,
            "amount_claimed": self.company.currency_id.round(source.price_subtotal * plan.share),
        }
        return source and {**values, "invoice_id": invoice.id, "line_ids": [Command.create(line)]}

    def find_invoice(self, distributor):
        """Its latest invoice that no claim is about."""
        used = self.env["dms.claim"].search([("distributor_id", "=", distributor.id)]).invoice_id
        domain = (
            Domain("commercial_partner_id", "=", distributor.id) & Domain("move_type", "=", "out_invoice") & Domain("state", "=", "posted")
        )
        domain &= Domain("id", "not in", used.ids) & Domain("invoice_date", ">=", self.today - timedelta(days=85))
        return self.env["account.move"].search(domain, order="invoice_date desc, id desc", limit=1)

    def follow_claim(self, claim, plan):
        if plan.fate == "cancelled":
            return self.as_user(claim, self.desk).action_cancel()
        officer = self.as_user(claim, self.claims_user)
        if plan.fate in REVIEWED:
            officer.action_review()
        if plan.fate == "rejected":
            return officer.action_reject(plan.answer)
        if plan.fate in ("approved", "settled"):
            if plan.granted < 1:
                officer.write({"amount_approved": claim.amount_claimed * plan.granted})
                self.as_user(claim, self.claims_user).message_post(
                    body=plan.answer, message_type="comment", subtype_xmlid="mail.mt_comment"
                )
            officer.action_approve()
        return officer.action_settle() if plan.fate == "settled" else None

    def receive_short(self, name, damaged, sent):
        """Something of a delivery does not arrive in good order: what becomes of it is a claim draft."""
        picking = self.ship(self.ref(f"distributor_{name}"))
        line = picking.move_line_ids[:1]
        if not line:
            return
        before = self.env["dms.claim"].search([("picking_id", "=", picking.id)])
        picking._dms_receive({line.id: {"quantity": max(line.quantity // 20, 1), "damaged": damaged}})
        claim = self.env["dms.claim"].search([("picking_id", "=", picking.id)]) - before
        if sent and claim:
            self.submit_short(claim)

    def submit_short(self, claim):
        maker = self.maker(claim.distributor_id)
        self.prove(claim, story.PHOTOS["transit"] if claim.kind == "transit_damage" else (), maker)
        self.as_user(claim, maker).action_submit()

    # ------------------------------------------------------------ price drops and deductions

    def drop_prices(self):
        """A range got cheaper a few days ago: what distributors held is computed, and drafted as claims."""
        start, share, ago = story.PRICE_DROP
        products = self.env["product.product"].search([("default_code", "=like", f"{start}%")], order="default_code", limit=4)
        pricelist = self.ref("distributor_north_star").property_product_pricelist
        prices = pricelist._get_products_price(products, 1.0)
        protection = (
            self.env["dms.price.protection"]
            .with_user(self.claims_user)
            .create(
                {
                    "date": self.today - timedelta(days=ago),
                    "pricelist_id": pricelist.id,
                    "line_ids": [
                        Command.create(
                            {
                                "product_id": product.id,
                                "old_price": prices[product.id],
                                "new_price": round(prices[product.id] * (1 - share), 2),
                            }
                        )
                        for product in products
                    ],
                }
            )
        )
        protection.action_compute()

    def keep_back(self):
        """A distributor paid less than was invoiced, and named its claim."""
        claim = self.env["dms.claim"].search([("reference", "=", "MC-4410")], limit=1)
        if claim.invoice_id:
            self.env["dms.deduction"].with_user(self.claims_user).create(
                {
                    "distributor_id": claim.distributor_id.id,
                    "invoice_id": claim.invoice_id.id,
                    "amount": claim.amount_claimed,
                    "reference": claim.reference,
                    "date": self.today,
                }
            )

    # ------------------------------------------------------------ what all have in common

    def prove(self, case, kinds, maker):
        for number, kind in enumerate(kinds):
            evidence = self.mine(f"evidence_{kind}")
            photo = draw_photo(f"{case.distributor_id.name}: {evidence.name}", case.id * 10 + number)
            case.with_user(maker).sudo()._attach_evidence(f"{kind}.png", photo, evidence)

    def date_case_back(self, case, ago):
        """As if it had been submitted so many days ago, and the last step a little later."""
        if not case.submitted_on or not ago:
            return
        self.env.flush_all()
        start = self.now - timedelta(days=ago)
        last = start + timedelta(days=ago / 2) if case.decided_on or case.state == "under_review" else start
        dates = {"submitted_on": start, "stage_since": last}
        if case.decided_on:
            dates["decided_on"] = start + timedelta(days=ago / 4)
        if case.settled_on:
            dates["settled_on"] = last
        if case.stage_due:
            dates["stage_due"] = self.env["dms.service.level"]._get_due(case._name, case.state, case.company_id, last) or None
        if case.turnaround_days or case.settled_on:
            dates["turnaround_days"] = (last - start).total_seconds() / 86400
        self.set_columns(case, **dates)
        case.invalidate_recordset()
