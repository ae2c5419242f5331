from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import format_date

from odoo.addons.dms_orders.engine.errors import IntakeError
from odoo.addons.dms_orders.engine.numbers import parse_quantity

#: what a distributor reports itself
PORTAL_KINDS = ("sellout", "count")
#: lines and rows that a page shows
MAX_LINES, MAX_ROWS = 500, 50


class DmsStockStatement(models.Model):
    """What a distributor does itself: report by form, text or file, settle rows, post, take back what is not posted yet.

    The private methods here are called with the rights of a portal user; each finds out whose distributor that is and acts on
    nothing else.
    """

    _inherit = "dms.stock.statement"

    # ------------------------------------------------------------ doors

    @api.model
    def _take_in_portal(self, data, filename, terms):
        """:meth:`_take_in` for the logged-in user of a distributor, always as that distributor.

        :param dict terms: texts of the form, see :meth:`_read_portal_terms`
        :return: the draft with the user's own rights
        :raise AccessError: for any other user, and for the users of a suspended or closed distributor
        """
        distributor, values = self._read_portal_terms(terms)
        return self.sudo()._take_in(distributor, data, filename, **values).sudo(False)  # the user's own distributor, found above

    @api.model
    def _take_in_portal_lines(self, text, terms):
        """:meth:`_take_in_lines` for the logged-in user of a distributor; see :meth:`_take_in_portal`."""
        distributor, values = self._read_portal_terms(terms)
        return self.sudo()._take_in_lines(distributor, text, **values).sudo(False)  # the user's own distributor, found above

    @api.model
    def _take_in_portal_form(self, typed, terms):
        """A draft of what was typed into the sheet of :meth:`_get_portal_sheet`; see :meth:`_take_in_portal`.

        :param dict typed: ``{"q-<key of a row>": quantity, "u-<key of a row>": id of a unit}``, texts; what no row has is ignored
        """
        distributor, values = self._read_portal_terms(terms)
        sheet = self.sudo()._get_portal_sheet(distributor, values["kind"])  # of the same distributor
        lines = [line for row in sheet if (line := self._read_typed(row, typed))]
        if not lines:
            raise UserError(self.env._("Type at least one quantity."))
        statement = self.sudo()._make_statement(distributor, "form", **values)  # of the same distributor
        statement.env["dms.stock.statement.line"].create([{**line, "statement_id": statement.id} for line in lines])
        return statement.sudo(False)

    @api.model
    def _read_portal_terms(self, terms):
        """The user's own distributor, and the values of its statement.

        :param dict terms: texts ``kind``, ``date``, ``reference``, ``is_full_count``
        """
        portal = self.env["dms.portal"]
        distributor = portal._get_distributor()
        if not portal._is_open(distributor):
            raise AccessError(self.env._("Your account cannot send statements. Please contact us."))
        kind = terms.get("kind")
        if kind not in PORTAL_KINDS:
            raise UserError(self.env._("Say whether this is a sell-out or a count."))
        try:
            date = fields.Date.to_date(terms.get("date") or None)
        except ValueError:
            date = None
        if not date:
            raise UserError(self.env._("Choose the day this is about."))
        return distributor, {
            "kind": kind,
            "date": date,
            "reference": terms.get("reference") or False,
            "is_full_count": kind == "count" and bool(terms.get("is_full_count")),
            "is_from_portal": True,
        }

    def _check_portal_own(self):
        """This statement with full rights, if it is the user's distributor's own and made by it.

        :raise AccessError: for any other
        """
        statement = self.env["dms.portal"]._check_own(self)
        if not statement.is_from_portal:
            raise AccessError(self.env._("You can only act on your own documents."))
        return statement

    def _portal_post(self):
        """Post the user's own draft; what is posted or under review already stays as it is."""
        statement = self._check_portal_own()
        if statement.state == "draft":
            statement._check_postable()
            statement._post()
        elif statement.state == "cancelled":
            raise UserError(self.env._("%(name)s was cancelled.", name=self.name))

    def _portal_cancel(self):
        """Take the user's own statement back, as long as it is not posted."""
        statement = self._check_portal_own()
        if statement.state == "posted":
            raise UserError(self.env._("A posted statement counts. Please contact us if it is wrong."))
        if statement.state != "cancelled":
            statement._cancel()

    def _portal_name_columns(self, header_row, columns):
        self._check_portal_own()._name_columns(header_row, columns)

    def _portal_settle(self, row_id, said):
        """Take in or leave out a row of the user's own statement.

        :param said: texts that replace those of the list, by field; None leaves the row out
        """
        row = self._check_portal_own().row_ids.filtered(lambda row: row.id == row_id and row.state == "open")
        if not row:
            raise UserError(self.env._("This row is settled."))
        if said is None:
            row.action_leave_out()
        else:
            row._take_in_texts(said)

    def _portal_leave_out_rows(self):
        """Report without any of the rows that are put aside."""
        self._check_portal_own().row_ids.action_leave_out()

    # ------------------------------------------------------------ products

    def _get_nameable_products(self, product_ids):
        """Ids of those products that the distributor has, had or may order: it knows of no others."""
        positions = self._get_portal_positions(self.distributor_id, product_ids)
        orderable = self.env["dms.portal.catalogue"]._get_product_domain(self.distributor_id)
        found = self.env["product.product"].search(Domain("id", "in", list(product_ids)) & orderable)
        return set(positions.product_id.ids) | set(found.ids)

    @api.model
    def _get_portal_positions(self, distributor, product_ids=None):
        positions = Domain("distributor_id", "=", distributor.id) & Domain("company_id", "=", self.env.company.id)
        if product_ids is not None:
            positions &= Domain("product_id", "in", list(product_ids))
        return self.env["dms.stock.position"].search_fetch(positions, ["product_id"])

    @api.model
    def _get_portal_sheet(self, distributor, kind):
        """Rows of the form: the products of the distributor's positions, of a count lot by lot.

        :return: list of ``{"key", "product_id", "lot_id" (or False), "code", "name", "lot", "units": [[id, name]], "balance": str}``
        """
        products = self._get_portal_positions(distributor).product_id.with_context(display_default_code=False)
        balances = self.env["dms.stock.ledger"]._get_balances(self.env.company, distributor, products.ids)
        lots = self.env["stock.lot"].browse({lot for by_lot in balances.values() for lot in by_lot if lot})
        names = {lot.id: lot.name for lot in lots}
        rows = []
        for product in products.sorted(lambda product: (product.categ_id.display_name or "", product.name, product.id)):
            held = balances.get(product.id, {})
            by_lot = [lot for lot in held if lot] if kind == "count" and product.tracking != "none" else []
            for lot_id in sorted(by_lot, key=names.get) or [False]:
                balance = held.get(lot_id, 0.0) if lot_id else sum(held.values())
                rows.append(self._prepare_sheet_row(product, lot_id, names.get(lot_id, ""), balance))
        return rows

    def _get_portal_names(self):
        """``[{"code", "name"}]`` of the products that the distributor has or had, to choose from."""
        products = self._get_portal_positions(self.distributor_id).product_id
        return [{"code": product.default_code or "", "name": product.name} for product in products]

    @api.model
    def _prepare_sheet_row(self, product, lot_id, lot, balance):
        return {
            "key": f"{product.id}-{lot_id or 0}",
            "product_id": product.id,
            "lot_id": lot_id,
            "code": product.default_code or "",
            "name": product.display_name,
            "lot": lot,
            "units": [[unit.id, unit.name] for unit in product.uom_id | product.uom_ids],
            "balance": self.env["dms.portal"]._format_quantity(balance),
        }

    @api.model
    def _read_typed(self, row, typed):
        """Values of a line of one row of the sheet, or None where nothing was typed.

        :raise UserError: what was typed is no quantity, or not of a unit of the product
        """
        text = (typed.get(f"q-{row['key']}") or "").strip()
        if not text:
            return None
        try:
            quantity = parse_quantity(text, signed=True)
        except IntakeError as error:
            sentence = self._get_sentence(error)
            raise UserError(self.env._("%(product)s: %(sentence)s", product=row["name"], sentence=sentence)) from error
        units = {str(unit_id): unit_id for unit_id, _name in row["units"]}
        unit = units.get(typed.get(f"u-{row['key']}") or str(row["units"][0][0]))
        if not unit:
            raise UserError(self.env._("%(product)s: choose a unit of the list.", product=row["name"]))
        return {"product_id": row["product_id"], "lot_id": row["lot_id"], "product_uom_id": unit, "quantity": float(quantity)}

    # ------------------------------------------------------------ pages

    @api.model
    def _get_portal_states(self):
        """``{state: (label, tone)}``"""
        _ = self.env._
        return {
            "draft": (_("Not posted"), "info"),
            "review": (_("With us for review"), "warning"),
            "posted": (_("Posted"), "success"),
            "cancelled": (_("Cancelled"), "neutral"),
        }

    @api.model
    def _get_portal_kinds(self):
        _ = self.env._
        return {"sellout": _("Sell-out"), "count": _("Count"), "correction": _("Correction")}

    def _prepare_portal_row(self):
        label, tone = self._get_portal_states()[self.state]
        return {
            "url": f"/my/dms/statements/{self.id}",
            "name": self.name,
            "kind": self._get_portal_kinds()[self.kind],
            "date": format_date(self.env, self.date),
            "reference": self.reference or "",
            "lines": self.line_count,
            "label": label,
            "tone": tone,
            "to_settle": self.state == "draft" and (self.open_row_count or self.needs_columns),
            "is_late": self.is_late,
        }

    def _prepare_portal_values(self):
        """Plain values of the page of one statement."""
        own_draft = self.state == "draft" and self.is_from_portal
        self.env["dms.portal"]._fetch_children(self, "line_ids", "row_ids")
        rows = self.row_ids.filtered(lambda row: row.state == "open") if own_draft else self.row_ids.browse()
        return {
            **self._prepare_portal_row(),
            "id": self.id,
            "state": self.state,
            "is_count": self.kind == "count",
            "is_full_count": self.is_full_count,
            "filename": (self.filename or "") if self.source == "file" else "",
            "sentences": self._get_portal_sentences(len(rows)),
            "reasons": self._get_portal_reasons(),
            "figures": [line._prepare_portal_line() for line in self.line_ids[:MAX_LINES]],
            "more": max(len(self.line_ids) - MAX_LINES, 0),
            "rows": [row._prepare_portal_row() for row in rows[:MAX_ROWS]],
            "more_rows": max(len(rows) - MAX_ROWS, 0),
            "needs_columns": own_draft and self.needs_columns,
            "may_post": own_draft and not rows and not self.needs_columns and bool(self.line_ids or self.is_full_count),
            "may_cancel": self.is_from_portal and self.state in ("draft", "review"),
        }

    def _get_portal_reasons(self):
        """Why it waits, with both figures; those of a count stand with its lines, unless it says something of what is not listed."""
        told = self.kind == "count" and not self.is_full_count and all(line.quantity >= 0 for line in self.line_ids[:MAX_LINES])
        return (self.review_reason or "").splitlines()[:MAX_ROWS] if self.state == "review" and not told else []

    def _get_portal_sentences(self, open_rows):
        """What the state of this statement means for the one who sent it."""
        _ = self.env._
        if self.state == "draft" and self.needs_columns:
            return [_("We cannot tell what the columns of your list mean. Tell us once: next time we know.")]
        if self.state == "draft" and open_rows:
            return [_("%(count)s rows need your answer. Nothing counts until you have posted the statement.", count=open_rows)]
        if self.state == "draft":
            return [_("Nothing counts until you have posted it: check the figures below.")]
        if self.state == "review":
            return [
                _("Some figures do not fit what we know of your stock. We look at them and come back to you; nothing has changed so far.")
            ]
        if self.state == "cancelled":
            return [_("This statement does not count.")]
        posted = _(
            "Posted on %(day)s: it counts in your stock.", day=format_date(self.env, self.company_id._dms_local(self.posted_on).date())
        )
        late = _("It came after a statement of a later day. Your stock since then has moved with it; what you counted later stands.")
        return [posted, late] if self.is_late else [posted]


class DmsStockStatementLine(models.Model):
    _inherit = "dms.stock.statement.line"

    def _prepare_portal_line(self):
        words = self.env["dms.portal"]._format_quantity
        counted = self.statement_id.kind == "count" and self.statement_id.state in ("review", "posted")
        return {
            "code": self.product_id.default_code or "",
            "name": self.product_id.with_context(display_default_code=False).display_name,
            "lot": self.lot_id.name or "",
            "quantity": words(self.quantity),
            "unit": self.product_uom_id.name,
            "retailer": self.retailer or "",
            "calculated": words(self.calculated_qty) if counted else "",
            "difference": words(self.difference_qty) if counted else "",
            "own_unit": self.product_id.uom_id.name,
            "tone": "danger" if counted and self.difference_qty < 0 else "",
        }


class DmsStockStatementRow(models.Model):
    _inherit = "dms.stock.statement.row"

    def _prepare_portal_row(self):
        """Plain values of a row put aside, with the answers that its product leaves."""
        product = self.product_id
        return {
            "id": self.id,
            "number": self.row_number,
            "product": self.code or self.barcode or self.name or "",
            "name": self.name or "",
            "quantity": self.quantity_text or "",
            "typed": self.typed_quantity or "",
            "unit": self.unit_text or "",
            "lot": self.lot_text or "",
            "error": self.error or "",
            "about": self.error_code,
            "found": product.with_context(display_default_code=False).display_name or "",
            "units": [unit.name for unit in product.uom_id | product.uom_ids],
        }
