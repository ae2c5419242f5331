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
        self.flush_recordset()
        # the row first: of two at once the later is turned away by the database, repeated by Odoo, and finds it done
        self.env.cr.execute(SQL("UPDATE dms_price_protection SET write_date = now() AT TIME ZONE 'UTC' WHERE id = %s", self.id))
        if self.state != "computed":  # cancelled while the job was between two batches
            return 0
        rows = self._get_undrafted()
        if rows:
            claims = self.env["dms.claim"].with_context(tracking_disable=True).create([self._prepare_claim_values(*row) for row in rows])
            self._insert_claim_lines(claims)
        if len(rows) < BATCH:
            self.write({"state": "done", "is_requested": False})
        return len(rows)

    def _get_undrafted(self):
        """``[(distributor id, amount)]`` of items without a claim, whose products nobody has claimed for."""
        self.env["dms.claim.line"].flush_model(["source_model", "source_id", "state", "claim_type_id"])
        self.env["dms.price.protection.item"].flush_model()
        return self.env.execute_query(
            SQL(
                "SELECT i.distributor_id, SUM(i.amount) FROM dms_price_protection_item i WHERE %s GROUP BY 1 ORDER BY 1 LIMIT %s",
                self._get_undrafted_condition(),
                BATCH,
            )
        )

    def _get_undrafted_condition(self):
        return SQL(
            """
            i.protection_id = %s AND i.claim_id IS NULL AND i.amount > 0 AND NOT EXISTS (
                SELECT FROM dms_claim_line l WHERE l.claim_type_id = %s AND l.source_model = 'dms.price.protection.item'
                   AND l.source_id = i.id AND l.state NOT IN ('rejected', 'cancelled'))
            """,
            self.id,
            self.claim_type_id.id,
        )

    def _prepare_claim_values(self, distributor_id, amount):
        return {
            "company_id": self.company_id.id,
            "distributor_id": distributor_id,
            "claim_type_id": self.claim_type_id.id,
            "amount_claimed": float(amount),
            "reference": self.name,
        }

    def _insert_claim_lines(self, claims):
        """The lines of fresh claims by one statement: there may be fifty thousand, and nothing of them is computed any more."""
        claims.flush_recordset()
        self.env.cr.execute(
            SQL(
                """
                WITH claim AS (SELECT id, distributor_id FROM dms_claim WHERE id = ANY(%(claims)s)),
                line AS (
                    INSERT INTO dms_claim_line (claim_id, company_id, distributor_id, state, claim_type_id, sequence, source_model,
                           source_id, product_id, quantity, amount_claimed, amount_calculated, counting_amount,
                           create_uid, write_uid, create_date, write_date)
                    SELECT claim.id, %(company)s, i.distributor_id, 'draft', %(type)s, 10, %(model)s,
                           i.id, i.product_id, i.quantity, i.amount, i.amount, 0,
                           %(uid)s, %(uid)s, now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
                      FROM claim
                      JOIN dms_price_protection_item i USING (distributor_id)
                     WHERE %(undrafted)s
                  ORDER BY claim.id, i.id
                 RETURNING claim_id, source_id, amount_claimed
                ), amounts AS (
                    UPDATE dms_claim SET amount_claimed = total.amount, amount_calculated = total.amount
                      FROM (SELECT claim_id, SUM(amount_claimed) AS amount FROM line GROUP BY claim_id) total WHERE dms_claim.id = total.claim_id
                )
                UPDATE dms_price_protection_item SET claim_id = line.claim_id FROM line WHERE dms_price_protection_item.id = line.source_id
                """,
                claims=claims.ids,
                company=self.company_id.id,
                type=self.claim_type_id.id,
                model="dms.price.protection.item",
                uid=self.env.uid,
                undrafted=self._get_undrafted_condition(),
            )
        )
        self.env.invalidate_all(flush=False)
