from collections import defaultdict

from odoo import models

from odoo.addons.dms_orders.models.dms_order_gate import Finding

from ..engine import Used

GATE = "scheme"


class SaleOrder(models.Model):
    """Budgets and caps that orders share, and the gate that holds an order whose benefit shrank."""

    _inherit = "sale.order"

    # ------------------------------------------------------------ cover

    def _dms_limit_keys(self):
        """Caps per distributor, and budgets that cannot be taken from without looking who else does."""
        keys = super()._dms_limit_keys()
        wanted = set()
        for order in self.filtered("distributor_id"):
            wanted |= order._dms_scheme_keys()
        self._dms_cover()["locked"] |= wanted
        return keys | wanted

    def _dms_scheme_keys(self):
        """Keys to lock before this order is decided on; of a confirmed order what a change will take is not known yet."""
        capped = self._dms_capped_schemes()
        if self.state != "sale":
            return self._dms_uncovered(capped)
        keys = set()
        for scheme in capped.values():
            keys |= {self._dms_budget_key(scheme.code)} if scheme.budget else set()
            keys |= {self._dms_distributor_key(scheme.code)} if scheme.max_per_distributor else set()
        return keys

    def _dms_capped_schemes(self):
        """``{id: engine.Scheme}`` of the order's schemes whose caps it shares with others."""
        book = self._dms_scheme_book()
        return {scheme.id: scheme for scheme in book.capped} if book else {}

    def _dms_budget_key(self, code):
        return ("dms.scheme", self.company_id.id, code)

    def _dms_distributor_key(self, code):
        return (*self._dms_budget_key(code), self.distributor_id.id)

    def _dms_cover(self):
        """What this transaction may take: ``locked`` keys, and ``reserved`` amounts by (key, order id)."""
        cr = self.env.cr
        if "dms_scheme_cover" not in cr.cache:
            cr.cache["dms_scheme_cover"] = {"locked": set(), "reserved": {}}
            for hooks in (cr.postcommit, cr.postrollback):
                hooks.add(lambda: cr.cache.pop("dms_scheme_cover", None))
        return cr.cache["dms_scheme_cover"]

    def _dms_uncovered(self, capped):
        """Keys still to be locked for what this order's benefits take of caps; what can be had without a lock is reserved."""
        if not capped or not self.scheme_fingerprint:
            return set()
        rows = self.env["dms.scheme.application"]._read_group(
            [("order_id", "=", self.id), ("state", "=", "draft"), ("scheme_id", "in", list(capped))],
            ["scheme_id"],
            ["benefit_company_amount:sum"],
        )
        keys = set()
        for record, amount in rows:
            scheme = capped[record.id]
            if scheme.max_per_distributor:
                keys.add(self._dms_distributor_key(scheme.code))
            if scheme.budget and not self._dms_reserve(scheme, amount):
                keys.add(self._dms_budget_key(scheme.code))
        return keys - self._dms_cover()["locked"]

    def _dms_reserve(self, scheme, amount):
        """Whether this transaction may take the amount of the budget: under its lock, or reserved without one."""
        key, cover = self._dms_budget_key(scheme.code), self._dms_cover()
        if key in cover["locked"]:
            return True
        more = amount - cover["reserved"].get((key, self.id), 0.0)
        if more <= 0:
            return True
        left = scheme.budget - self._dms_scheme_used({scheme.code}, {})[scheme.code].total
        mine = sum(taken for (other, _order), taken in cover["reserved"].items() if other == key)
        if not self.env["dms.limit.lock"]._reserve(key, more, left - mine):
            return False
        cover["reserved"][key, self.id] = amount
        return True

    # ------------------------------------------------------------ decide

    def _dms_pin_terms(self):
        """The schemes of an order are those of the day on which it is handed in, whatever day its quotation was made."""
        super()._dms_pin_terms()
        orders = self.filtered(lambda order: order.distributor_id and not order.scheme_edition_id)
        for company, unpinned in orders.grouped("company_id").items():
            edition = self.env["dms.scheme.edition"]._get_current_id(company.id)
            if edition:
                unpinned.write({"scheme_edition_id": edition, "scheme_date": company._dms_today()})

    def _dms_renew_terms(self):
        """What schemes give now, with what is left of their caps; each order on top of those before it."""
        super()._dms_renew_terms()
        orders = self.filtered(lambda order: order.distributor_id and order.state in ("draft", "sent") and order.scheme_edition_id)
        taken = orders._dms_get_raced_caps()
        for order in orders:
            order._dms_apply_schemes(taken=taken)
            order._dms_cover_rest(taken)
            if len(orders) > 1:
                order._dms_add_taken(taken)

    def _dms_cover_rest(self, taken):
        """Cover what the evaluation takes beyond what was foreseen: another scheme of a group, say, or more than before."""
        capped = self._dms_capped_schemes()
        missing = self._dms_uncovered(capped)
        while missing:
            self.env["dms.limit.lock"]._lock(missing)
            self._dms_cover()["locked"] |= missing
            taken.update(self._dms_get_raced_caps())
            self._dms_apply_schemes(taken=taken)
            missing = self._dms_uncovered(capped)

    def _dms_get_raced_caps(self):
        """``{code: engine.Used}`` that others took of caps locked here and committed since this transaction began to look."""
        keys = [key for key in self._dms_cover()["locked"] if len(key) == 3 or key[3] in self.distributor_id.ids]
        taken = {}
        for key, amount in self.env["dms.limit.lock"]._get_raced(keys).items() if keys else ():
            before = taken.get(key[2], Used())
            of_all, of_one = (amount, 0.0) if len(key) == 3 else (0.0, amount)
            taken[key[2]] = Used(before.total + of_all, before.distributor + of_one)
        return taken

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
        schemes = (
            env["dms.scheme"].sudo().search([("code", "in", list(shrunk)), ("company_id", "=", self.company_id.id)])
        )  # names of its own
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
        rows = self.env["dms.scheme.application"]._take(orders) if orders else []
        for order, own in orders.grouped("id").items():
            own._dms_tell_taken([row for row in rows if row["order_id"] == order])

    def _dms_tell_taken(self, rows, instead=()):
        """Tell concurrent decisions what a confirmed order takes of caps, unless that was reserved.

        :param rows: benefits with ``scheme_code`` and ``benefit_company_amount``
        :param instead: those of the order that they replace
        """
        capped = {scheme.code: scheme for scheme in self._dms_capped_schemes().values()} if rows else {}
        more = defaultdict(float)
        for sign, benefits in ((1, rows), (-1, instead)):
            for benefit in benefits:
                more[benefit["scheme_code"]] += sign * benefit["benefit_company_amount"]
        reserved, amounts = self._dms_cover()["reserved"], {}
        for code in more.keys() & capped.keys():
            if capped[code].max_per_distributor:
                amounts[self._dms_distributor_key(code)] = more[code]
            if capped[code].budget and (self._dms_budget_key(code), self.id) not in reserved:
                amounts[self._dms_budget_key(code)] = more[code]
        self.env["dms.limit.lock"]._commit(amounts)
