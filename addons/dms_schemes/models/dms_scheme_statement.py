from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.misc import format_date, formatLang


class DmsScheme(models.Model):
    """What a scheme tells one distributor: documents, slab reached, what is missing to the next, accrued and settled.

    Plain values, read with full rights: callers check who asks. Nothing of other distributors is in them.
    """

    _inherit = "dms.scheme"

    # ------------------------------------------------------------ progress

    def _prepare_portal_progress(self, distributor):
        """How far a distributor is in those of these schemes that count the purchases of a period, by the documents of now.

        :param distributor: ``res.partner``, a commercial partner
        :return: ``{scheme id: values}``, see :meth:`_prepare_progress`; schemes without progress are left out
        """
        distributor = distributor.sudo().commercial_partner_id  # the caller's own
        schemes = self.sudo().filtered(lambda scheme: scheme.scope == "period" and scheme.state != "draft")  # terms meant for it
        return {scheme.id: scheme._prepare_progress(distributor) for scheme in schemes}

    @api.model
    def _prepare_portal_accruals(self, distributor, company):
        """Where a distributor stands in each scheme of a company that is settled later: those it may take part in, and those
        it earned something in.

        :return: list of values, see :meth:`_prepare_progress`, each with ``rows`` and ``documents`` as in :meth:`_get_statement`
        """
        distributor = distributor.sudo().commercial_partner_id  # the caller's own
        domain = (
            Domain("timing", "=", "off_invoice") & Domain("state", "in", ("approved", "closed")) & Domain("company_id", "=", company.id)
        )
        schemes = self.sudo().search(domain, order="date_to desc, sequence, code")  # terms meant for the distributor
        earned = schemes.accrual_ids.filtered(lambda row: row.distributor_id == distributor).scheme_id
        shown = schemes.filtered(lambda scheme: scheme in earned or scheme.state == "approved" and scheme._is_for(distributor))
        return [{**scheme._get_statement(distributor), **scheme._prepare_progress(distributor)} for scheme in shown]

    def _is_for(self, distributor):
        """Whether the distributor may take part, as it is today."""
        territories = {int(node) for node in (distributor.territory_id.parent_path or "").split("/") if node}
        return (
            (not self.distributor_ids or distributor in self.distributor_ids)
            and (not self.class_ids or distributor.distributor_class_id in self.class_ids)
            and (not self.territory_ids or bool(territories & set(self.territory_ids.ids)))
            and (not self.tag_ids or bool(distributor.category_id & self.tag_ids))
        )

    def _prepare_progress(self, distributor):
        """Where a distributor stands in one scheme.

        :return: ``{"scheme_id": int, "name", "description", "period", "scope", "base", "base_label", "slab", "next_slab",
            "missing", "next_earned", "sentence": str, "share": 0..100 of the way to the next slab, "is_running": bool,
            "slabs": [str], "earned", "accrued", "settled", "released", "open": str, "accrued_amount", "settled_amount",
            "released_amount", "open_amount": float}``; texts in the environment's language, amounts in company currency.
            ``earned`` is what the documents of now are worth, ``accrued`` what of it is booked.
        """
        totals = self._get_totals(distributor)
        return {
            "scheme_id": self.id,
            "name": self.name,
            "description": self.description or "",
            "period": self._get_period_in_words(),
            "scope": self.scope,
            "is_running": self.state == "approved" and (not self.date_to or self.date_to >= self.company_id._dms_today()),
            "slabs": self.slab_ids.mapped("summary"),
            **self._prepare_reached(distributor, self._fetch_base(distributor)),
            **{name: self._money(amount) for name, amount in totals.items()},
            **{f"{name}_amount": amount for name, amount in totals.items()},
        }

    def _fetch_base(self, distributor):
        """(quantity, amount) of the distributor's documents so far, accrued or not."""
        self.env.flush_all()
        ((quantity, amount),) = self.env.execute_query(
            SQL(
                "SELECT COALESCE(SUM(quantity), 0)::float, COALESCE(SUM(amount), 0)::float FROM (%s) AS found WHERE distributor_id = %s",
                self._sources_sql(self._get_document_day(self.company_id._dms_today())),
                distributor.id,
            )
        )
        return quantity, amount

    def _prepare_reached(self, distributor, base):
        """Base, slab reached, what it is worth, and what is missing to the next, in words."""
        values = {"base": self._number(base[0]) if self.basis == "quantity" else self._money(base[1]), "base_label": self.env._("Bought")}
        values.update({"slab": "", "next_slab": "", "missing": "", "next_earned": "", "sentence": "", "earned": "", "share": 0.0})
        if self.scope != "period":
            return values
        reached = self._get_entitlements({distributor.id: base})[distributor.id]
        values["slab"] = self.env["dms.scheme.slab"].browse(reached.slab.id).summary if reached.slab else ""
        values["earned"] = self._money(self._to_amount(reached.amount)) if reached.amount else ""
        if self.basis == "growth":
            values["base"] = self.env._(
                "%(amount)s (growth %(growth)s)", amount=values["base"], growth=f"{self._number(round(reached.measure, 2))} %"
            )
        return {**values, **(self._prepare_next(reached.next, reached.measure) if reached.next else {})}

    def _prepare_next(self, ahead, measure):
        """What is missing to the next slab or repetition, and what everything would be worth then."""
        missing = self._number(ahead.missing) if ahead.missing_amount is None else self._money(self._to_amount(ahead.missing_amount))
        worth = self._money(self._to_amount(ahead.amount))
        return {
            "next_slab": self.env["dms.scheme.slab"].browse(ahead.slab.id).summary,
            "missing": missing,
            "next_earned": worth,
            "sentence": self.env._("%(missing)s more: %(amount)s for everything", missing=missing, amount=worth),
            "share": round(max(0.0, min(100.0 * measure / ahead.target, 100.0)), 1) if ahead.target > 0 else 0.0,
        }

    def _get_totals(self, distributor):
        """``{"accrued", "settled", "released", "open"}`` of a distributor so far."""
        groups = self.env["dms.scheme.accrual"]._read_group(
            [("scheme_id", "=", self.id), ("distributor_id", "=", distributor.id)],
            [],
            ["amount:sum", "settled_amount:sum", "released_amount:sum", "open_amount:sum"],
        )
        return dict(zip(("accrued", "settled", "released", "open"), (amount or 0.0 for amount in groups[0]), strict=True))

    # ------------------------------------------------------------ statement

    def _get_statement(self, distributor):
        """The statement of this scheme to a distributor: the documents that were accrued, and what became of them.

        :return: the values of :meth:`_prepare_reached` and :meth:`_get_totals` by the documents accrued, with ``documents``
            ``[{"date": date, "document", "kind": str, "quantity", "amount", "benefit": float}]`` and ``rows``
            ``[{"period", "credit_note", "note": str, "base", "amount", "settled", "released", "open": float}]``
        """
        self.ensure_one()
        rows = self.env["dms.scheme.accrual"].search(
            [("scheme_id", "=", self.id), ("distributor_id", "=", distributor.id)], order="date_from, id"
        )
        documents = self._fetch_documents(distributor)
        base = tuple(sum(document[name] for document in documents) for name in ("quantity", "amount"))
        return {
            "scheme": self.name,
            "code": self.code,
            "period": self._get_period_in_words(),
            "slabs": self.slab_ids.mapped("summary"),
            "accrued_until": self.accrued_until,
            "documents": documents,
            "base_quantity": base[0],
            "base_amount": base[1],
            "rows": [row._prepare_statement_row() for row in rows],
            **self._prepare_reached(distributor, base),
            **self._get_totals(distributor),
        }

    def _get_live_domain(self, distributor):
        """Domain of the sources that count."""
        return [("scheme_id", "=", self.id), ("distributor_id", "=", distributor.id), ("removed_accrual_id", "=", False)]

    def _fetch_documents(self, distributor):
        """Base by document: invoices and credit notes, or orders."""
        groups = self.env["dms.scheme.accrual.line"]._read_group(
            self._get_live_domain(distributor),
            ["move_id", "application_id"],
            ["date:min", "quantity:sum", "amount:sum", "benefit:sum"],
        )
        documents = {}
        for move, application, day, quantity, amount, benefit in groups:
            document = move or application.order_id
            values = documents.setdefault(
                document,
                {"date": day, "document": document.name, "kind": self._get_kind(move), "quantity": 0.0, "amount": 0.0, "benefit": 0.0},
            )
            values["date"] = min(values["date"], day)
            for name, more in (("quantity", quantity), ("amount", amount), ("benefit", benefit)):
                values[name] += more
        return sorted(documents.values(), key=lambda values: (values["date"], values["document"]))

    def _get_kind(self, move):
        if not move:
            return self.env._("Order")
        return self.env._("Credit Note") if move.move_type == "out_refund" else self.env._("Invoice")

    # ------------------------------------------------------------ words

    def _get_period_in_words(self):
        first, last = (format_date(self.env, day) if day else "" for day in (self.date_from, self.date_to))
        if first and last:
            return self.env._("%(first)s to %(last)s", first=first, last=last)
        return self.env._("from %(first)s", first=first) if first else self.env._("until %(last)s", last=last) if last else ""

    def _money(self, amount):
        return self.company_id.currency_id.format(amount)

    def _number(self, number):
        digits = 0 if float(number).is_integer() else 2
        return formatLang(self.env, number, digits=digits)


class DmsSchemeAccrual(models.Model):
    _inherit = "dms.scheme.accrual"

    def _prepare_statement_row(self):
        note = self.env._("Prior-period adjustment") if self.is_adjustment else ""
        note = self.env._("Released: %(reason)s", reason=self.release_reason) if self.release_reason else note
        return {
            "period": format_date(self.env, self.date_from, date_format="MMMM y"),
            "note": note,
            "credit_note": self.settlement_move_id.name or "",
            "base": self.base_amount,
            "amount": self.amount,
            "settled": self.settled_amount,
            "released": self.released_amount,
            "open": self.open_amount,
        }
