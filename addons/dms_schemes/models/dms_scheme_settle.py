from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Domain


class DmsScheme(models.Model):
    _inherit = "dms.scheme"

    def action_close(self):
        """A closed scheme is accrued a last time: what was accrued and is not owed goes back."""
        closing = self.filtered(lambda scheme: scheme.state == "approved" and scheme.timing == "off_invoice")
        result = super().action_close()
        if closing:
            closing._accrue_versions()
        return result


class DmsSchemeAccrual(models.Model):
    """Settlement: one person asks for it, another approves, and a credit note pays what is owed; or it is released."""

    _inherit = "dms.scheme.accrual"

    # ------------------------------------------------------------ claim

    def action_claim(self):
        """Ask for the settlement of open accruals, after a true-up; negative ones of the same schemes and distributors go along.

        Accruals claimed or settled before are left alone.

        :raise AccessError: for who manages no schemes
        :raise UserError: when there is nothing to pay
        """
        self._check_group("dms_schemes.group_scheme_manager", self.env._("Settlements are asked for by scheme managers."))
        rows = self._with_full_rights().filtered(lambda row: row.state == "open")
        if rows:
            rows._lock_schemes()
            rows.scheme_id._accrue_versions()
            rows._claim(self.env.user)
        return True

    def _claim(self, user):
        rows = self.filtered(lambda row: not row.currency_id.is_zero(row.open_amount)) | self._get_carried("open")
        for distributor, batch in rows.grouped(lambda row: (row.company_id, row.distributor_id)).items():
            if sum(batch.mapped("open_amount")) <= 0:
                raise UserError(self.env._("Nothing to pay to %(distributor)s: it is carried forward.", distributor=distributor[1].name))
        if not rows:
            raise UserError(self.env._("Nothing is owed on these accruals."))
        rows.write({"state": "claimed", "claimed_by_id": user.id, "claimed_on": fields.Datetime.now(), "slot": False})

    def _get_carried(self, state):
        """Accruals below zero in ``state`` of the same codes and distributors: they lower the next settlement."""
        keys = {(row.company_id.id, row.scheme_code, row.distributor_id.id) for row in self}
        domain = Domain.OR(
            Domain("company_id", "=", company) & Domain("scheme_code", "=", code) & Domain("distributor_id", "=", distributor)
            for company, code, distributor in keys
        )
        return self.search(domain & Domain("state", "=", state) & Domain("open_amount", "<", 0)) if keys else self.browse()

    def action_reopen(self):
        """Take a claim back: by who asked, or who would decide on it."""
        self._check_group("dms_schemes.group_scheme_manager", self.env._("Claims are taken back by scheme managers."))
        approver = self.env.user.has_group("dms_schemes.group_scheme_approver")
        rows = self._with_full_rights().filtered(lambda row: row.state == "claimed")
        if not approver and any(row.claimed_by_id != self.env.user for row in rows):
            raise AccessError(self.env._("A claim is taken back by who asked for it, or by who approves settlements."))
        rows._reopen()
        return True

    def _reopen(self):
        """Nobody asks for these claimed rows any longer."""
        self._lock_schemes()
        for row in self:
            row.write({"state": "open", "claimed_by_id": False, "claimed_on": False, "slot": f"{row.date_from:%Y-%m}:again:{row.id}"})

    # ------------------------------------------------------------ settlement

    def action_settle(self):
        """Approve claims and pay them: one credit note for each distributor. What is settled already is left alone.

        :raise AccessError: without the right to approve
        :raise UserError: for one's own claim, or where nobody has asked
        """
        self._check_group("dms_schemes.group_scheme_approver", self.env._("Settlements are approved by those who approve schemes."))
        rows = self._with_full_rights().filtered(lambda row: row.state != "settled")
        rows |= rows._get_carried("claimed")
        rows._check_claimed_by_another(self.env.user)
        rows._lock_schemes()
        for (company, distributor), batch in rows.grouped(lambda row: (row.company_id, row.distributor_id)).items():
            batch.with_company(company)._settle(distributor, self.env.user)
        return True

    def _check_claimed_by_another(self, user):
        for row in self:
            if row.state != "claimed":
                raise UserError(self.env._("%(accrual)s: somebody has to ask for the settlement first.", accrual=row.display_name))
            if row.claimed_by_id == user:
                raise UserError(
                    self.env._("You asked for the settlement of %(accrual)s: a second person approves it.", accrual=row.display_name)
                )

    def _settle(self, distributor, user):
        """Pay claimed rows of one distributor and company."""
        if self.company_id.currency_id.compare_amounts(sum(self.mapped("open_amount")), 0.0) <= 0:
            raise UserError(self.env._("Nothing to pay to %(distributor)s: it is carried forward.", distributor=distributor.name))
        move = self.env["account.move"].create(self._prepare_settlement(distributor))
        move._post(soft=False)
        for row in self:
            row.write(
                {
                    "state": "settled",
                    "settled_amount": row.settled_amount + row.open_amount,
                    "settlement_move_id": move.id,
                    "settled_by_id": user.id,
                    "settled_on": fields.Datetime.now(),
                }
            )

    def _prepare_settlement(self, distributor):
        """Values of the credit note: Dr accrual account, Cr receivable; a line for each row, in the distributor's language."""
        company = self.company_id
        rows = self.with_context(lang=distributor.lang or self.env.lang).sorted(lambda row: (row.scheme_code, row.date_from, row.id))
        values = {
            "move_type": "out_refund",
            "partner_id": distributor.id,
            "invoice_date": company._dms_today(),
            "currency_id": company.currency_id.id,
            "invoice_payment_term_id": False,
            "invoice_origin": ", ".join(sorted(set(self.mapped("scheme_code")))),
            "invoice_line_ids": [Command.create(row._prepare_settlement_line()) for row in rows],
        }
        journal = company.scheme_settlement_journal_id
        return {**values, "journal_id": journal.id} if journal else values

    def _prepare_settlement_line(self):
        scheme = self.scheme_id
        return {
            "name": self.env._("%(scheme)s, %(first)s to %(last)s", scheme=scheme.name, first=self.date_from, last=self.date_to),
            "quantity": 1.0,
            "price_unit": self.open_amount,
            "account_id": scheme.accrual_account_id.id,
            "tax_ids": [Command.set(scheme.settlement_tax_id.ids)],
            "scheme_accrual_id": self.id,
        }

    # ------------------------------------------------------------ release

    def action_release(self, reason):
        """Give up what is owed on accruals that are not settled: it is booked back to the expense account.

        :param str reason: why it is not owed
        :raise AccessError: without the right to approve
        :raise UserError: without a reason, or for one's own claim
        """
        self._check_group("dms_schemes.group_scheme_approver", self.env._("Accruals are released by those who approve schemes."))
        if not isinstance(reason, str) or not reason.strip():
            raise UserError(self.env._("Say why it is not owed."))
        rows = self._with_full_rights().filtered(lambda row: row.state != "settled" and row.open_amount)
        if any(row.claimed_by_id == self.env.user for row in rows):
            raise UserError(self.env._("You asked for the settlement: a second person decides on it."))
        rows._lock_schemes()
        for scheme, batch in rows.grouped("scheme_id").items():
            batch._release(scheme, reason.strip()[:500], self.env.user)
        return True

    def _release(self, scheme, reason, user):
        scheme = scheme.with_company(scheme.company_id)
        scheme._create_entry(
            {row: row.open_amount for row in self}, scheme.company_id._dms_today(), self.env._("Release: %(reason)s", reason=reason)
        )
        for row in self:
            row.write(
                {
                    "state": "settled",
                    "released_amount": row.released_amount + row.open_amount,
                    "release_reason": reason,
                    "slot": False,
                    "settled_by_id": user.id,
                    "settled_on": fields.Datetime.now(),
                }
            )

    def _with_full_rights(self):
        """These rows as the settlement writes them: nothing of the caller's context gets into documents."""
        return self.with_env(self.scheme_id._get_clean_env())

    def _check_group(self, group, message):
        """Whether the user may decide, and sees the rows."""
        self.check_access("read")
        if not self.env.user.has_group(group):
            raise AccessError(message)
