from collections import defaultdict
from dataclasses import replace
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.misc import format_date

from ..engine import Used
from ..engine.period import Entitlement, PeriodBase, entitlement
from .dms_scheme_source import SOURCE_COLUMNS

#: days after its end for which a scheme's documents are still followed
FOLLOW_DAYS = 400
#: an entry of ``_get_owed`` of a distributor without documents
NOTHING = (0.0, Entitlement(0, 0.0), False, 0.0, 0.0)
#: what the job writes needs no message
QUIET = {"tracking_disable": True, "mail_create_nosubscribe": True}


class DmsScheme(models.Model):
    """The true-up: what a scheme owes for the documents so far, less what was accrued before."""

    _inherit = "dms.scheme"

    def _get_accrual_key(self):
        """Key of the lock under which a code's schemes are accrued and settled, see ``dms.limit.lock``."""
        return ("dms.scheme.accrual", self.company_id.id, self.code)

    # ------------------------------------------------------------ job

    @api.model
    def _cron_dms_accrue_schemes(self):
        """Accrue every off-invoice scheme to date, each in a transaction of its own; a scheme that cannot be accrued is told
        to its responsible and keeps no other from its turn."""
        schemes = self.search(self._get_accruing_domain(), order="company_id, code, version, id")
        commit_progress = self.env["sale.order"]._dms_commit_progress()
        commit_progress(remaining=len(schemes))
        for scheme in schemes:
            scheme.with_prefetch()._accrue_in_turn()
            if not commit_progress(1):
                return

    @api.model
    def _get_accruing_domain(self):
        """Domain of the schemes that the job looks at: those long over have no new documents."""
        long_ago = fields.Date.today() - timedelta(days=FOLLOW_DAYS)
        return self._get_accrued_domain() & (Domain("date_to", "=", False) | Domain("date_to", ">=", long_ago))

    @api.model
    def _get_accrued_domain(self):
        """Domain of the schemes that are accrued at all."""
        return Domain("timing", "=", "off_invoice") & Domain("state", "in", ("approved", "closed"))

    def _accrue_in_turn(self):
        """Accrue, unless somebody else is doing it right now."""
        lock = self.env["dms.limit.lock"]
        if not lock._try_lock(lock._get_number(self._get_accrual_key())):
            return
        try:
            with self.env.cr.savepoint():
                self._accrue()
        except UserError as error:
            self._tell_not_accrued(str(error))

    def _tell_not_accrued(self, reason):
        summary = self.env._("Scheme is not accrued")
        if not any(activity.summary == summary and activity.note and reason in activity.note for activity in self.activity_ids):
            user = self.user_id or self.approved_by_id or self.env.user
            self.activity_schedule("mail.mail_activity_data_todo", summary=summary, note=reason, user_id=user.id)

    # ------------------------------------------------------------ true-up

    def _accrue_versions(self):
        """Accrue these schemes with all versions of theirs, in order: what a later version cut off is taken out first."""
        schemes = self.sudo().search(self._get_versions_domain() & self._get_accrued_domain(), order="code, version")  # of the same code
        for scheme in schemes:
            scheme.with_env(self.env)._accrue()

    def _accrue(self, today=None):
        """Book what came to be owed since the last time, up to the end of last month and up to today. Twice books nothing more.

        :param date today: day in the company's time zone
        :raise UserError: where it cannot be booked
        """
        # figures of all distributors, entries of its own; nothing of the caller's context gets into them
        scheme = self.with_env(self._get_clean_env()).with_context(**QUIET).with_company(self.company_id)
        scheme.env["dms.limit.lock"]._lock({self._get_accrual_key()})
        today = today or self.company_id._dms_today()
        last, days = scheme.accrued_until, scheme._get_accrual_days(today)
        # always written: who did not wait for the lock with a fresh look at the books fails here, and tries again
        scheme.env.cr.execute("UPDATE dms_scheme SET accrued_until = GREATEST(accrued_until, %s) WHERE id = %s", [today, scheme.id])
        scheme.invalidate_recordset(["accrued_until"], flush=False)
        for day in days:
            scheme._true_up(day, max(scheme._get_document_day(day), last or day))

    def _get_accrual_days(self, today):
        """Days up to which to true up, in order: the end of a month, or of a period, that was not accrued yet, and today."""
        last, month_end = self.accrued_until, today.replace(day=1) - timedelta(days=1)
        end = self._get_last_day() if self.scope == "period" else None
        if end and end < month_end and (not last or last < end):
            return [end, today]
        begun = not self.date_from or self.date_from <= month_end
        return [month_end, today] if begun and (not last or last < month_end) else [today]

    def _true_up(self, day, until):
        """Take in the documents up to ``until`` and book the difference to what was accrued before, in the month of ``day``."""
        changes = self._fetch_changes(until)
        rows = self._get_rows(day, {row[name] for row in changes for name in ("distributor_id", "old_distributor_id")} - {None})
        self._take_sources(changes, rows)
        owed = self._get_owed()
        accrued = self._get_accrued()
        money = self.company_id.currency_id
        deltas = {}
        for distributor in owed.keys() | accrued.keys():
            delta = money.round((owed[distributor][0] if distributor in owed else 0.0) - accrued.get(distributor, 0.0))
            if not money.is_zero(delta):
                deltas[distributor] = delta
        rows |= self._get_rows(day, deltas.keys() - rows.keys())
        for distributor, row in rows.items():
            row._take_figures(*owed.get(distributor, NOTHING), deltas.get(distributor, 0.0))
        self._book_accrual({rows[distributor]: delta for distributor, delta in sorted(deltas.items())}, day)

    def _get_document_day(self, day):
        """Last day on documents taken in at ``day``: who posts them may live where it is tomorrow already, in the same month."""
        return min(day + timedelta(days=1), self._month_of(day)[1])

    # ------------------------------------------------------------ sources

    def _fetch_changes(self, day):
        """Sources that are new, changed or gone since they were last looked at; those gone have no ``source``."""
        self.env.flush_all()
        return self.env.execute_query_dict(
            SQL(
                """
                WITH found AS (%(found)s),
                     live AS (SELECT id, source, distributor_id, product_id, date, quantity, amount, benefit
                                FROM dms_scheme_accrual_line WHERE scheme_id = %(scheme)s AND removed_accrual_id IS NULL)
                SELECT live.id AS old_id, live.distributor_id AS old_distributor_id, live.quantity AS old_quantity,
                       live.amount AS old_amount, live.date AS old_date, found.*
                  FROM found FULL JOIN live ON live.source = found.source
                 WHERE live.id IS NULL
                    OR found.source IS NULL
                    OR (live.distributor_id, live.product_id, live.date, live.quantity, live.amount, live.benefit)
                       IS DISTINCT FROM
                       (found.distributor_id, found.product_id, found.date, found.quantity, found.amount, found.benefit)
                 ORDER BY found.date, found.source, live.id
                """,
                found=self._sources_sql(day),
                scheme=self.id,
            )
        )

    def _take_sources(self, changes, rows):
        """Take sources that changed or went out of the accruals, and put those that are there in."""
        if not changes:
            return
        gone = [(row["old_id"], rows[row["old_distributor_id"]].id) for row in changes if row["old_id"]]
        self.env.cr.execute_values(
            "UPDATE dms_scheme_accrual_line line SET removed_accrual_id = gone.accrual FROM (VALUES %s) AS gone (id, accrual) WHERE line.id = gone.id",
            gone,
        ) if gone else None
        stamp = (self.env.uid, fields.Datetime.now(), self.env.uid, fields.Datetime.now())
        fixed = (self.id, self.code, self.company_id.id, *stamp)
        new = [(rows[row["distributor_id"]].id, *(row[name] for name in SOURCE_COLUMNS), *fixed) for row in changes if row["source"]]
        if new:
            columns = ", ".join(SOURCE_COLUMNS)
            self.env.cr.execute_values(
                f"INSERT INTO dms_scheme_accrual_line (accrual_id, {columns}, scheme_id, scheme_code, company_id,"
                " create_uid, create_date, write_uid, write_date) VALUES %s",
                new,
                page_size=1000,
            )
        self.env["dms.scheme.accrual.line"].invalidate_model(flush=False)
        self._take_bases(changes, rows)

    def _take_bases(self, changes, rows):
        """Add what came in, less what was taken out, to the rows' own bases."""
        came = defaultdict(lambda: [0.0, 0.0])
        first = {}
        for change in changes:
            for prefix, sign in (("", 1.0), ("old_", -1.0)):
                distributor = change[f"{prefix}distributor_id"]
                if distributor:
                    came[distributor][0] += sign * float(change[f"{prefix}quantity"])
                    came[distributor][1] += sign * float(change[f"{prefix}amount"])
                    first[distributor] = min(first.get(distributor, change[f"{prefix}date"]), change[f"{prefix}date"])
        closed = self._get_closed_until()
        for distributor, (quantity, amount) in came.items():
            row = rows[distributor]
            values = {"base_qty": row.base_qty + quantity, "base_amount": row.base_amount + amount}
            if distributor in closed and first[distributor] <= closed[distributor]:
                values["is_adjustment"] = True
            row.write(values)

    def _get_closed_until(self):
        """``{distributor id: last day}`` of what was claimed or settled."""
        groups = self.env["dms.scheme.accrual"]._read_group(
            [("scheme_id", "=", self.id), ("state", "!=", "open")], ["distributor_id"], ["date_to:max"]
        )
        return {distributor.id: day for distributor, day in groups}

    # ------------------------------------------------------------ rows

    def _get_rows(self, day, distributors):
        """``{distributor id: the open row of the month of day}``, made where there is none."""
        if not distributors:
            return {}
        first, last = self._get_row_dates(day)
        slots = {f"{first:%Y-%m}:{distributor}": distributor for distributor in sorted(distributors)}
        accruals = self.env["dms.scheme.accrual"]
        found = accruals.search([("scheme_id", "=", self.id), ("slot", "in", list(slots))])
        missing = [slot for slot in slots if slot not in set(found.mapped("slot"))]
        partners = self.env["res.partner"].browse([slots[slot] for slot in missing])
        found |= accruals.create(
            [
                {
                    "scheme_id": self.id,
                    "scheme_code": self.code,
                    "company_id": self.company_id.id,
                    "distributor_id": partner.id,
                    "territory_id": partner.territory_id.id,
                    "date_from": first,
                    "date_to": last,
                    "slot": slot,
                }
                for slot, partner in zip(missing, partners, strict=True)
            ]
        )
        return {slots[row.slot]: row for row in found}

    def _get_row_dates(self, day):
        """Days that the row of a month covers: those of the scheme in it; the whole month once the scheme is over."""
        first, last = self._month_of(day)
        if self.date_from and self.date_from <= last:
            first = max(first, self.date_from)
        end = self._get_last_day()
        return first, min(last, end) if end and end >= first else last

    # ------------------------------------------------------------ what is owed

    def _get_accrued(self):
        """``{distributor id: amount}`` accrued so far."""
        groups = self.env["dms.scheme.accrual"]._read_group([("scheme_id", "=", self.id)], ["distributor_id"], ["amount:sum"])
        return {distributor.id: amount for distributor, amount in groups}

    def _get_owed(self):
        """``{distributor id: (amount, engine.period.Entitlement, cap, base quantity, base amount)}`` on the documents taken in so far."""
        self.env["dms.scheme.accrual.line"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT distributor_id, SUM(quantity)::float, SUM(amount)::float, SUM(benefit)::float
                  FROM dms_scheme_accrual_line WHERE scheme_id = %s AND removed_accrual_id IS NULL
                 GROUP BY 1
                """,
                self.id,
            )
        )
        return self._get_period_owed(rows) if self.scope == "period" else self._get_benefits_owed(rows)

    def _get_benefits_owed(self, rows):
        """What orders earned is owed as it was invoiced; caps had their say when the orders were confirmed."""
        return {distributor: (benefit, NOTHING[1], False, quantity, amount) for distributor, quantity, amount, benefit in rows}

    def _get_period_owed(self, rows):
        bases = {distributor: (quantity, amount) for distributor, quantity, amount, _benefit in rows}
        return self._keep_budget(
            {
                distributor: (self._to_amount(reached.amount), reached, reached.cap, *bases[distributor])
                for distributor, reached in self._get_entitlements(bases).items()
            }
        )

    def _get_entitlements(self, bases):
        """``{distributor id: engine.period.Entitlement}`` for ``{distributor id: (quantity, amount)}``: within the limit per
        distributor, over all versions; the budget, which distributors share, is kept by :meth:`_keep_budget`."""
        rounding = self.company_id.currency_id.rounding
        terms = replace(self._compile(), budget=0.0)
        baselines = self._get_baselines() if self.basis == "growth" else {}
        others = self._get_accrued_by_versions() if self.max_per_distributor else {}
        return {
            distributor: entitlement(
                terms,
                PeriodBase(quantity, round(amount / rounding), round(baselines.get(distributor, (0.0, 0.0))[1] / rounding)),
                Used(0.0, others.get(distributor, 0.0)),
                rounding,
            )
            for distributor, (quantity, amount) in bases.items()
        }

    def _to_amount(self, units):
        currency = self.company_id.currency_id
        return currency.round(units * currency.rounding)

    # ------------------------------------------------------------ caps

    def _keep_budget(self, owed):
        """Keep what is owed within the budget, over all versions: what was accrued before comes first, what became less makes
        room, and the rest is given to distributors in the order of their ids, in part at the edge."""
        if not self.budget_amount:
            return owed
        accrued = self._get_accrued()
        kept = {id_: min(amount, owed.get(id_, NOTHING)[0]) for id_, amount in accrued.items()}
        left = self.budget_amount - sum(self._get_accrued_by_versions().values()) - sum(kept.values())
        for id_ in sorted(owed):
            before = kept.get(id_, 0.0)
            owed[id_] = _cut(owed[id_], before + max(left, 0.0), "budget")
            left -= owed[id_][0] - min(before, owed[id_][0])
        return owed

    def _get_accrued_by_versions(self):
        """``{distributor id: amount}`` accrued by the other versions of this scheme."""
        domain = [("scheme_code", "=", self.code), ("company_id", "=", self.company_id.id), ("scheme_id", "!=", self.id)]
        groups = self.env["dms.scheme.accrual"]._read_group(domain, ["distributor_id"], ["amount:sum"])
        return {distributor.id: amount for distributor, amount in groups}

    # ------------------------------------------------------------ entries

    def _book_accrual(self, deltas, day):
        """Book ``{row: amount}``: Dr expense, Cr accrual with the distributor on it; the other way round where less is owed."""
        if not deltas:
            return
        label = self.env._("Accrual %(month)s", month=format_date(self.env, day, date_format="MMMM y"))
        move = self._create_entry({row: -delta for row, delta in deltas.items()}, day, label)
        self.env["dms.scheme.accrual"].union(*deltas).move_id = move

    def _create_entry(self, balances, day, label):
        """A posted entry on the miscellaneous journal: ``{row: balance}`` on the accrual account against the expense account.

        :return: ``account.move``; dated the first open day where ``day`` is locked
        """
        journal = self.company_id._get_scheme_accrual_journal()
        locks = self.company_id._get_violated_lock_dates(day, False, journal)
        ref = f"{self.display_name}: {label}"
        total = self.company_id.currency_id.round(sum(balances.values()))
        items = [self._prepare_item(ref, self.accrual_account_id, balance, row) for row, balance in balances.items()]
        if total:
            items.append(self._prepare_item(ref, self.expense_account_id, -total))
        move = self.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": journal.id,
                "date": locks[-1][0] + timedelta(days=1) if locks else day,
                "ref": ref,
                "line_ids": [fields.Command.create(item) for item in items],
            }
        )
        move._post(soft=False)
        return move

    def _prepare_item(self, name, account, balance, row=None):
        values = {"name": name, "account_id": account.id, "balance": balance, "tax_ids": False}
        if not row:
            return values
        return {**values, "partner_id": row.distributor_id.id, "scheme_accrual_id": row.id, "analytic_distribution": False}


class DmsSchemeAccrual(models.Model):
    _inherit = "dms.scheme.accrual"

    def _take_figures(self, entitlement, reached, cap, quantity, amount, delta):
        """Set what the row says of the scheme to date, and add what came to be owed."""
        self.write(
            {
                "entitlement_amount": entitlement,
                "slab_id": reached.slab.id if reached.slab else False,
                "cap": cap,
                "total_base_qty": quantity,
                "total_base_amount": amount,
                "amount": self.amount + delta,
            }
        )


def _cut(entry, most, name):
    """An entry of ``_get_owed`` within ``most``."""
    amount, reached, cap, *bases = entry
    return entry if amount <= most else (max(most, 0.0), reached, name, *bases)
