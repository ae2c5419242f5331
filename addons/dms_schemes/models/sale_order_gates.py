from collections import defaultdict

from odoo import models

from odoo.addons.dms_orders.models.dms_order_gate import Finding

from ..engine import Used

GATE = "scheme"


class SaleOrder(models.Model):
    """Budgets and caps that orders share, and the gate that holds an order whose benefit shrank."""

    _inherit = "sale.order"

    # ------------------------------------------------------------ locks

    def _dms_limit_keys(self):
        """Caps per distributor, and budgets that cannot be taken from without looking who else does."""
        keys = super()._dms_limit_keys()
        for order in self.filtered("distributor_id"):
            book = order._dms_scheme_book()
            if book and book.capped:
                keys |= order._dms_scheme_keys(book)
        return keys

    def _dms_scheme_keys(self, book):
        if self.state == "sale":  # what a change will take is not known yet
            return set().union(*(self._dms_cap_keys(scheme) for scheme in book.capped))
        _lines, result = self._dms_evaluate_schemes()
        keys = set()
        for outcome in result.outcomes:
            if outcome.grants and outcome.scheme.is_capped:
                keys |= self._dms_cap_keys(outcome.scheme, None if outcome.reason else self._dms_company_benefit(outcome))
        return keys

    def _dms_cap_keys(self, scheme, wanted=None):
        """Keys to lock for one scheme; none for a budget of which ``wanted`` could be taken at once."""
        budget_key = ("dms.scheme", self.company_id.id, scheme.code)
        keys = {(*budget_key, self.distributor_id.id)} if scheme.max_per_distributor else set()
        if scheme.budget and not (wanted and self._dms_reserve(scheme, budget_key, wanted)):
            keys.add(budget_key)
        return keys

    def _dms_reserve(self, scheme, key, wanted):
        reserved = self._dms_reservations()
        if (key, self.id) in reserved:
            return True
        left = scheme.budget - self._dms_scheme_used({scheme.code}, {})[scheme.code].total
        mine = sum(amount for (other, _order), amount in reserved.items() if other == key)
        if not self.env["dms.limit.lock"]._reserve(key, wanted, left - mine):
            return False
        reserved[key, self.id] = wanted
        return True

    def _dms_reservations(self):
        """``{(key, order id): amount}`` that this transaction has taken without a lock."""
        cr = self.env.cr
        if "dms_scheme_reserved" not in cr.cache:
            cr.cache["dms_scheme_reserved"] = {}
            for hooks in (cr.postcommit, cr.postrollback):
                hooks.add(lambda: cr.cache.pop("dms_scheme_reserved", None))
        return cr.cache["dms_scheme_reserved"]

    def _dms_company_benefit(self, outcome):
        company_currency = self.company_id.currency_id
        return sum(
            company_currency.round(grant.benefit * self.currency_id.rounding / (self.currency_rate or 1.0)) for grant in outcome.grants
        )

    # ------------------------------------------------------------ decide

    def _dms_renew_terms(self):
        """The schemes of the day of submission, with what is left of their caps now; each order on top of those before it."""
        super()._dms_renew_terms()
        orders = self.filtered(lambda order: order.distributor_id and order.state in ("draft", "sent"))
        orders._dms_pin_schemes()
        taken = orders._dms_get_raced_caps()
        for order in orders:
            order._dms_apply_schemes(taken=taken)
            if len(orders) > 1:
                order._dms_add_taken(taken)

    def _dms_pin_schemes(self):
        for company, orders in self.filtered(lambda order: not order.scheme_edition_id).grouped("company_id").items():
            edition = self.env["dms.scheme.edition"]._get_current_id(company.id)
            if edition:
                orders.write({"scheme_edition_id": edition, "scheme_date": company._dms_today()})

    def _dms_get_raced_caps(self):
        """``{code: engine.Used}`` that others took of caps locked here and committed since this transaction began to look."""
        locked = {}
        for order in self:
            book = order._dms_scheme_book()
            for scheme in book.capped if book else ():
                key = ("dms.scheme", order.company_id.id, scheme.code)
                locked[key] = scheme.code
                locked[(*key, order.distributor_id.id)] = scheme.code
        raced = self.env["dms.limit.lock"]._get_raced(list(locked)) if locked else {}
        taken = defaultdict(Used)
        for key, amount in raced.items():
            before = taken[locked[key]]
            more = Used(amount, 0.0) if len(key) == 3 else Used(0.0, amount)
            taken[locked[key]] = Used(before.total + more.total, before.distributor + more.distributor)
        return dict(taken)

    def _dms_add_taken(self, taken):
        """Count what this order takes for those after it in the batch."""
        rows = self.env["dms.scheme.application"].search([("order_id", "=", self.id), ("state", "=", "draft")])
        for row in rows:
            before = taken.get(row.scheme_code, Used())
            amount = row.benefit_company_amount
            taken[row.scheme_code] = Used(before.total + amount, before.distributor + amount)

    # ------------------------------------------------------------ gate

    def _dms_gate_findings(self):
        findings = super()._dms_gate_findings()
        if GATE in self.env["dms.order.gate"]._get_active_ids():
            for order in self.filtered(lambda order: order.state in ("draft", "sent") and order._origin == order):
                finding = order._dms_find_scheme()
                if finding:
                    findings[order.id].append(finding)
        return findings

    def _dms_find_scheme(self):
        """A benefit is less than what the distributor last saw: the order waits until somebody agrees."""
        seen = self.scheme_seen or {}
        if not seen:
            return None
        given = self._dms_get_given() if self.scheme_fingerprint else {}
        shrunk = {code: units * self.currency_id.rounding - given.get(code, 0.0) for code, units in seen.items()}
        shrunk = {code: less for code, less in shrunk.items() if self.currency_id.compare_amounts(less, 0.0) > 0}
        if not shrunk:
            return None
        env = self._dms_tongue()
        schemes = env["dms.scheme"].sudo().search([("code", "in", list(shrunk)), ("company_id", "=", self.company_id.id)])  # names of its own
        names = {scheme.code: scheme.name for scheme in schemes}
        money = self.currency_id.with_env(env).format
        less = ", ".join(f"{names.get(code, code)} −{money(amount)}" for code, amount in sorted(shrunk.items()))
        message = env._("You get less than was shown: %(schemes)s. Change the order, or tell us that you want it as it is.", schemes=less)
        return Finding(GATE, message, {"shrunk": shrunk})

    def _dms_get_given(self):
        """``{scheme code: benefit}`` of the order's live rows, in its currency."""
        rows = self.env["dms.scheme.application"]._read_group(
            [("order_id", "=", self.id), ("state", "in", ("draft", "committed"))], ["scheme_code"], ["benefit_amount:sum"]
        )
        return dict(rows)

    # ------------------------------------------------------------ what was confirmed

    def _dms_take_limits(self, before=None):
        super()._dms_take_limits(before)
        orders = self.filtered("scheme_fingerprint")
        amounts = defaultdict(float)
        reserved = self._dms_reservations() if orders else {}
        for row in self.env["dms.scheme.application"]._take(orders) if orders else ():
            order, key = orders.browse(row["order_id"]), ("dms.scheme", row["company_id"], row["scheme_code"])
            amounts[(*key, order.distributor_id.id)] += row["amount"]
            if (key, order.id) not in reserved:
                amounts[key] += row["amount"]
        self.env["dms.limit.lock"]._commit(amounts)
