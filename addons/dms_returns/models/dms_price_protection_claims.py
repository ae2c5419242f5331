from odoo import api, models
from odoo.tools import SQL

#: distributors whose claims are drafted together, and up to which number they are drafted at once, not by the job
BATCH, AT_ONCE = 100, 1000


class DmsPriceProtection(models.Model):
    """Claims of a protection: one a distributor, with a line for each item; drafted once, whatever is run how often."""

    _inherit = "dms.price.protection"

    def action_draft_claims(self):
        """Draft the claims of computed protections; many are drafted by a job, batch by batch.

        :return: True, or a notification that the job does it
        """
        waiting = self._start(("computed",), ("done",))
        waiting.write({"is_requested": True})
        later = waiting.filtered(lambda protection: protection.distributor_count > AT_ONCE)
        for protection in waiting - later:
            while protection._draft_batch():
                pass
        if not later:
            return True
        self.env.ref("dms_returns.cron_draft_protection_claims")._trigger()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": self.env._("The claims are being drafted."),
                "type": "info",
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    @api.model
    def _cron_draft_claims(self):
        """Draft the claims that were asked for; batch by batch, each committed."""
        commit_progress = self.env["sale.order"]._dms_commit_progress()
        for protection in self.search([("is_requested", "=", True), ("state", "=", "computed")]):
            drafted = True
            while drafted:
                drafted = protection._draft_batch()
                if not commit_progress(drafted, remaining=protection._count_undrafted()):
                    return

    def _count_undrafted(self):
        domain = [("protection_id", "=", self.id), ("claim_id", "=", False), ("amount", ">", 0)]
        return len(self.env["dms.price.protection.item"]._read_group(domain, ["distributor_id"]))

    def _draft_batch(self):
        """Draft the claims of the next distributors; how many there were. Without any, the protection is done."""
        self._touch()  # two at once would draft the same
        if self.state != "computed":  # cancelled while the job was between two batches
            return 0
        rows = self._get_undrafted()
        if rows:
            values = [self._prepare_claim_values(distributor_id, amount) for distributor_id, amount, _items in rows]
            claims = self.env["dms.claim"].with_context(tracking_disable=True).create(values)
            self._insert_claim_lines(claims, [items for _distributor, _amount, items in rows])
        if len(rows) < BATCH:
            self.write({"state": "done", "is_requested": False})
        return len(rows)

    def _get_undrafted(self):
        """``[(distributor id, amount, ids of items)]`` of the next distributors with items without a claim."""
        self.env["dms.price.protection.item"].flush_model()
        return self.env.execute_query(
            SQL(
                """
                SELECT distributor_id, SUM(amount), array_agg(id) FROM dms_price_protection_item
                 WHERE protection_id = %s AND claim_id IS NULL AND amount > 0 GROUP BY distributor_id ORDER BY distributor_id LIMIT %s
                """,
                self.id,
                BATCH,
            )
        )

    def _prepare_claim_values(self, distributor_id, amount):
        return {
            "company_id": self.company_id.id,
            "distributor_id": distributor_id,
            "claim_type_id": self.claim_type_id.id,
            "amount_claimed": float(amount),
            "reference": self.name,
        }

    def _insert_claim_lines(self, claims, items):
        """The lines of fresh claims by a few statements: there may be fifty thousand, and nothing of them is computed any more.

        :param items: for each claim the ids of its items; given by id, the statements take the same way whatever the planner knows
        """
        claims.flush_recordset()
        item_ids = [item for ids in items for item in ids]
        claim_ids = [claim.id for claim, ids in zip(claims, items, strict=True) for _item in ids]
        self.env.cr.execute(
            SQL(
                """
                UPDATE dms_price_protection_item SET claim_id = claim.id
                  FROM unnest(%s::int[], %s::int[]) AS claim(item_id, id)
                 WHERE dms_price_protection_item.id = claim.item_id
                """,
                item_ids,
                claim_ids,
            )
        )
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO dms_claim_line (claim_id, company_id, distributor_id, state, claim_type_id, sequence, source_model, source_id,
                       product_id, quantity, amount_claimed, amount_calculated, counting_amount, create_uid, write_uid, create_date, write_date)
                SELECT claim_id, company_id, distributor_id, 'draft', %(type)s, 10, %(model)s, id,
                       product_id, quantity, amount, amount, 0, %(uid)s, %(uid)s, now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
                  FROM dms_price_protection_item WHERE id = ANY(%(items)s) ORDER BY claim_id, id
                """,
                items=item_ids,
                type=self.claim_type_id.id,
                model="dms.price.protection.item",
                uid=self.env.uid,
            )
        )
        self.env.cr.execute(SQL("UPDATE dms_claim SET amount_calculated = amount_claimed WHERE id = ANY(%s)", claims.ids))
        self.env.invalidate_all()
