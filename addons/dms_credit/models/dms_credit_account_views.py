from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.misc import unique

from .dms_credit_position import FIGURES
from .live_fields import LiveField, LiveMonetary


class DmsCreditAccount(models.Model):
    """What the screens of an account need: the documents behind each number, counts, sums and order by the figures.

    The lists of documents hold what the query of the figures adds up, no more and no less; what the user may see of
    them is decided by his access to the documents.
    """

    _inherit = "dms.credit.account"

    extension_amount = LiveMonetary(search="_search_extension_amount")
    hold_count = fields.Integer("Open Holds", compute="_compute_hold_count", search="_search_hold_count", aggregator=None)
    waiting_extension_count = fields.Integer("Requested Limits", compute="_compute_waiting_extension_count", aggregator=None)
    last_payment_date = fields.Date("Last Payment", compute="_compute_last_payment")
    last_payment_amount = fields.Monetary("Last Paid", compute="_compute_last_payment", aggregator=None)
    are_drafts_counted = fields.Boolean(compute="_compute_are_drafts_counted")

    def _compute_hold_count(self):
        counts = self._count_holds()
        for account in self:
            account.hold_count = counts.get((account.partner_id.id, account.company_id.id), 0)

    def _count_holds(self):
        """``{(partner id, company id): open credit holds}`` of the accounts that have any."""
        groups = self.env["dms.order.hold"]._read_group(self._get_hold_domain(), ["order_id"], ["__count"])
        counts = {}
        for order, count in groups:
            payer = order.sudo().partner_invoice_id.commercial_partner_id  # whose limit it is; the hold is the reader's to see
            key = (payer.id, order.sudo().company_id.id)
            counts[key] = counts.get(key, 0) + count
        return counts

    def _search_hold_count(self, operator, value):
        if operator not in ("in", ">", ">=", "<", "<="):
            return NotImplemented
        return Domain("id", "in", self._search_visible().filtered_domain([("hold_count", operator, value)]).ids)

    @api.model
    def _search_visible(self):
        """Every account that the user sees in the companies at work."""
        accounts = self.env["dms.credit.account"].with_context(active_test=False)
        return accounts.search([("company_id", "in", self.env.companies.ids)], order="id")

    def _search_extension_amount(self, operator, value):
        return self._search_figure("extension_amount", operator, value)

    @api.depends("extension_ids.state")
    def _compute_waiting_extension_count(self):
        groups = self.env["dms.credit.extension"]._read_group(
            [("account_id", "in", self.ids), ("state", "=", "draft")], ["account_id"], ["__count"]
        )
        counts = {account.id: count for account, count in groups}
        for account in self:
            account.waiting_extension_count = counts.get(account.id, 0)

    def _compute_last_payment(self):
        payments = self._get_last_payments()
        for account in self:
            account.last_payment_date, account.last_payment_amount = payments.get(account.id, (False, 0.0))

    def _compute_are_drafts_counted(self):
        for account in self:
            account.are_drafts_counted = account.company_id.sudo().credit_include_drafts  # a setting

    # ------------------------------------------------------------ sums and order by figures

    def _is_figure(self, name):
        return isinstance(self._fields.get(name), LiveField) and name in FIGURES

    def _read_group_select(self, aggregate_spec, query):
        """Figures are not stored: a group gathers its accounts, whose figures are added up afterwards."""
        name, _colon, aggregator = aggregate_spec.partition(":")
        if self._is_figure(name) and aggregator in ("sum", "sum_currency", "max", "min", "avg"):
            return SQL("ARRAY_AGG(%s)", SQL.identifier(self._table, "id"))
        return super()._read_group_select(aggregate_spec, query)

    def _read_group_postprocess_aggregate(self, aggregate_spec, raw_values):
        name, _colon, aggregator = aggregate_spec.partition(":")
        if not self._is_figure(name):
            return super()._read_group_postprocess_aggregate(aggregate_spec, raw_values)
        groups = [self.browse(group or ()) for group in raw_values]
        accounts = self.browse(unique(account_id for group in groups for account_id in group.ids))
        values = {account.id: account[name] for account in accounts}
        if aggregator == "sum_currency":
            values = {account.id: account._to_current_currency(values[account.id]) for account in accounts}
        return (self._aggregate([values[account_id] for account_id in group.ids], aggregator) for group in groups)

    def _to_current_currency(self, amount):
        """An amount of the account in the currency of the company at work, at today's rate."""
        company = self.env.company
        if self.currency_id == company.currency_id:
            return amount
        return self.currency_id._convert(amount, company.currency_id, company, company._dms_today())

    @api.model
    def _aggregate(self, values, aggregator):
        if not values or aggregator == "avg":
            return sum(values) / len(values) if values else 0
        return max(values) if aggregator == "max" else min(values) if aggregator == "min" else sum(values)

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        """Accounts in the order of a figure: a place for each that the user sees."""
        if not self._is_figure(field_name):
            return super()._order_field_to_sql(alias, field_name, direction, nulls, query)
        positions = self._get_visible_positions()
        ranked = sorted(positions, key=lambda account: positions[account][field_name])
        place = SQL("array_position(%s::int[], %s)", [account.id for account in ranked], SQL.identifier(alias, "id"))
        return SQL("%s %s %s", place, direction, nulls)

    @api.model
    def _get_visible_positions(self):
        """Positions of every account the user sees; asked again before any other statement, the same ones.

        Describing the fields of a screen asks for the order by each figure in a row.
        """
        cr = self.env.cr
        key = (self.env.uid, self.env.su, tuple(self.env.companies.ids))
        known = cr.cache.get("dms_credit_visible")
        if not known or known[:2] != (key, cr.sql_log_count):
            positions = self._search_visible()._get_positions()
            known = cr.cache["dms_credit_visible"] = (key, cr.sql_log_count, positions)
        return known[2]

    # ------------------------------------------------------------ the documents behind the numbers

    def action_open_receivable(self):
        """Open the items that make up the receivable."""
        return self._action_items(self.env._("Receivable"), self._get_item_domain())

    def action_open_overdue(self):
        """Open the items past their due date, credits left out."""
        today = self.company_id._dms_today()
        due = Domain("date_maturity", "<", today) | (Domain("date_maturity", "=", False) & Domain("date", "<", today))
        return self._action_items(self.env._("Overdue"), self._get_item_domain() & Domain("amount_residual", ">", 0) & due)

    def _get_item_domain(self):
        """Open receivable items, as the query of the figures reads them."""
        self.ensure_one()
        return (
            Domain("parent_state", "=", "posted")
            & Domain("account_id.account_type", "=", "asset_receivable")
            & Domain("amount_residual", "!=", 0)
            & Domain("partner_id.commercial_partner_id", "=", self.partner_id.id)
            & Domain("company_id", "=", self.company_id.id)
        )

    def _action_items(self, name, domain):
        """Journal items for who reads the books, the ageing of the same items for everybody else."""
        self.check_access("read")
        user = self.env.user
        if not (user.has_group("account.group_account_readonly") or user.has_group("account.group_account_invoice")):
            return self._action_ageing()
        return self._action_documents("dms_credit.action_receivable_item", name, domain)

    def _action_documents(self, xmlid, name, domain):
        """A window action on documents of this account, named after both."""
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
        name = f"{self.partner_id.name}: {name}"
        return {**action, "name": name, "display_name": name, "domain": list(domain), "context": {"create": False}}

    def _action_ageing(self):
        action = self.env["ir.actions.act_window"]._for_xml_id("dms_credit.action_credit_ageing")
        return {**action, "domain": [("account_id", "=", self.id)], "context": {}}

    def action_open_ordered(self):
        """Open the confirmed orders of which something is still to be delivered."""
        return self._action_orders(self.env._("To Deliver"), "open")

    def action_open_uninvoiced(self):
        """Open the orders of which something was delivered and not invoiced."""
        return self._action_orders(self.env._("To Invoice"), "uninvoiced")

    def _action_orders(self, name, part):
        self.check_access("read")
        parts = self.sudo()._get_order_parts()  # which orders they are; the list shows those the user may see
        domain = [("id", "in", [order_id for order_id, amounts in parts.items() if amounts[part]])]
        return self._action_documents("dms_credit.action_exposed_order", name, domain)

    def _get_order_parts(self):
        """What each confirmed order adds to the exposure of these accounts: the rows that the terms O and D add up.

        :return: ``{order id: {"open": amount, "uninvoiced": amount}}`` in company currency
        """
        self._flush_position_fields()
        parts = {}
        for company, accounts in self.grouped("company_id").items():
            ctes = SQL(", ").join(accounts._position_ctes(company, None))
            rows = self.env.execute_query(SQL("WITH %s SELECT order_id, open_amount, uninvoiced_amount FROM ordered", ctes))
            parts |= {order_id: {"open": float(open_ or 0), "uninvoiced": float(uninvoiced or 0)} for order_id, open_, uninvoiced in rows}
        return parts

    def action_open_drafts(self):
        """Open the draft invoices that come from no order."""
        self.check_access("read")
        domain = [
            ("state", "=", "draft"),
            ("move_type", "=", "out_invoice"),
            ("company_id", "=", self.company_id.id),
            ("commercial_partner_id", "=", self.partner_id.id),
            ("line_ids", "not any", [("sale_line_ids", "!=", False)]),
        ]
        return self._action_documents("dms_credit.action_draft_invoice", self.env._("Draft Invoices"), domain)

    # ------------------------------------------------------------ what waits

    @api.model
    def _get_hold_domain(self):
        return Domain("state", "=", "open") & Domain("is_credit_hold", "=", True)

    def action_open_holds(self):
        """Open the held orders of this account, those decided on too."""
        self.check_access("read")
        domain = [
            ("is_credit_hold", "=", True),
            ("company_id", "=", self.company_id.id),
            ("order_id.partner_invoice_id.commercial_partner_id", "=", self.partner_id.id),
        ]
        action = self.env["ir.actions.act_window"]._for_xml_id("dms_credit.action_credit_hold")
        return {**action, "domain": domain, "context": {"search_default_open": 1}}

    def action_open_advice(self):
        """Open the notices of transfers of this account."""
        return self._action_own("dms_credit.action_payment_advice", "distributor_id", {"search_default_to_match": 1})

    def action_open_extensions(self):
        """Open the temporary limits of this account."""
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("dms_credit.action_credit_extension")
        return {**action, "domain": [("account_id", "=", self.id)], "context": {"default_account_id": self.id}}

    def _action_own(self, xmlid, partner_field, context):
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
        domain = [(partner_field, "=", self.partner_id.id), ("company_id", "=", self.company_id.id)]
        return {**action, "domain": domain, "context": context}

    def action_open_distributor(self):
        """Open the distributor's contact form."""
        self.check_access("read")
        return {"type": "ir.actions.act_window", "res_model": "res.partner", "view_mode": "form", "res_id": self.partner_id.id}

    def action_request_extension(self):
        """Open the form that asks for a temporary limit."""
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Request a Temporary Limit"),
            "res_model": "dms.credit.extension",
            "views": [(self.env.ref("dms_credit.view_credit_extension_request_form").id, "form")],
            "target": "new",
            "context": {"default_account_id": self.id, "default_date_to": fields.Date.to_string(self._get_usual_end())},
        }

    def _get_usual_end(self):
        """Last day proposed for a temporary limit."""
        return self.company_id._dms_today() + timedelta(days=30)

    def action_open_account(self):
        """Open the account's own form, from a card of it elsewhere."""
        self.ensure_one()
        return self._action_open_form()

    def _action_open_form(self):
        """Action that opens the account's own form."""
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": self._name,
            "view_mode": "form",
            "res_id": self.id,
        }
