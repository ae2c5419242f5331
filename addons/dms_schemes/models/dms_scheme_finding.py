from odoo import fields, models
from odoo.exceptions import UserError

from ..engine.catalogue import Catalogue
from ..engine.lint import lint
from .finding_words import FindingWords
from .sale_order_facts import _nodes

#: of the engine's findings, what this module refuses in its own words
REFUSED = {"no_match", "group_in_two_phases", "circular_free"}
COST_CODES = {"under_cost", "under_cost_stacked"}
#: products looked at for what they cost; of more, those sold at the lowest price
MOST_PRODUCTS = 1000
SEVERITIES = [("error", "Stands in the way"), ("warning", "Wants a look"), ("info", "Good to know")]
_SEVERITY = {"refuse": "error", "warn": "warning", "note": "info"}


class DmsSchemeFinding(models.Model):
    """What the check of a draft found: errors refuse its approval, warnings are accepted by the approver with a note."""

    _name = "dms.scheme.finding"
    _description = "Finding about a Scheme"
    _order = "scheme_id, severity_rank, id"
    _rec_name = "message"

    scheme_id = fields.Many2one("dms.scheme", required=True, index=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one(related="scheme_id.company_id", store=True, index=True)
    severity = fields.Selection(SEVERITIES, required=True, readonly=True)
    severity_rank = fields.Integer(readonly=True)
    code = fields.Char(required=True, readonly=True)
    message = fields.Char(required=True, readonly=True)
    slab_id = fields.Many2one("dms.scheme.slab", readonly=True, ondelete="cascade")
    is_cost = fields.Boolean(readonly=True, help="Says something of what products cost: read by those who may see costs.")
    acknowledged_by_id = fields.Many2one("res.users", "Accepted By", readonly=True)
    acknowledged_on = fields.Datetime("Accepted On", readonly=True)
    note = fields.Char(readonly=True, help="Why the approver accepts it.")

    def _acknowledge(self, note):
        """The approver accepts these warnings."""
        if self:
            user = self.env.user.id
            self.sudo().write({"acknowledged_by_id": user, "acknowledged_on": fields.Datetime.now(), "note": note})  # by a decider


class DmsScheme(models.Model):
    """The linter before approval."""

    _inherit = "dms.scheme"

    finding_ids = fields.One2many(
        "dms.scheme.finding", "scheme_id", "Findings", readonly=True, copy=False, groups="dms_schemes.group_scheme_manager"
    )

    # ------------------------------------------------------------ check

    def action_check(self):
        """Look for what is wrong, or surprising, in these drafts, and keep it as their findings.

        :raise AccessError: for who is no scheme manager
        :raise UserError: for a scheme that is approved
        """
        self._check_manager()
        for scheme in self:
            if scheme.state != "draft":
                raise UserError(self.env._("%(scheme)s is approved: a draft is checked.", scheme=scheme.display_name))
            scheme._renew_findings()
        return True

    def _renew_findings(self):
        self.sudo().finding_ids.unlink()  # of a draft the user may check
        values = [*self._prepare_errors(), *self._prepare_lint()]
        self.env["dms.scheme.finding"].sudo().create(values)  # found by the check, not entered

    def _prepare_errors(self):
        return [self._prepare_finding("error", code, sentence, slab.id) for code, sentence, slab in self._get_refusals()]

    def _prepare_finding(self, severity, code, message, slab_id=False):
        rank = [name for name, _label in SEVERITIES].index(severity)
        return {
            "scheme_id": self.id,
            "severity": severity,
            "severity_rank": rank,
            "code": code,
            "message": message,
            "slab_id": slab_id,
            "is_cost": code in COST_CODES,
        }

    def _prepare_lint(self):
        """What the engine's linter finds, in words; nothing of costs for who may not see them."""
        if not self.slab_ids:
            return
        words = FindingWords(self)
        if not self.env["res.partner"].sudo().search_count(self._get_distributors_domain(), limit=1):  # whether there is one
            yield self._prepare_finding("warning", "no_distributor_now", words.no_distributor_now())
        for finding in self._lint():
            if finding.code not in REFUSED:
                slab = finding.slabs[0] if finding.slabs else False
                yield self._prepare_finding(_SEVERITY[finding.severity], finding.code, words.of(finding), slab)

    def _lint(self):
        """:rtype: list[engine.catalogue.Finding]"""
        scheme = self.sudo()._compile()  # terms of all, for the engine
        return lint([scheme], self._compile_beside(self._get_overlap_domain()), self._catalogue())

    def _get_overlap_domain(self):
        """Schemes that may be in force on the same days."""
        domain = fields.Domain("scope", "!=", False)
        if self.date_to:
            domain &= fields.Domain("date_from", "=", False) | fields.Domain("date_from", "<=", self.date_to)
        if self.date_from:
            domain &= fields.Domain("date_to", "=", False) | fields.Domain("date_to", ">=", self.date_from)
        return domain

    def _catalogue(self):
        """What the linter knows of the products of this scheme and what it gives.

        :rtype: engine.catalogue.Catalogue
        """
        products = self.env["product.product"].sudo().with_company(self.company_id)  # prices; costs only below
        products = products.search(self._get_goods_domain(), order="list_price, id", limit=MOST_PRODUCTS)
        products |= (self.slab_ids.free_product_id | self.must_have_product_ids).sudo().with_company(self.company_id)  # the same
        sees_cost = self.env.user._dms_sees_cost()
        territories = self.env["dms.territory"].sudo().search([("parent_path", "!=", False)])  # the tree, no terms
        return Catalogue(
            prices={product.id: product.lst_price for product in products},
            costs={product.id: product.standard_price for product in products if product.standard_price} if sees_cost else {},
            units={product.id: product.uom_id.id for product in products},
            paths={product.id: _nodes(product.categ_id.parent_path) for product in products},
            territories={territory.id: _nodes(territory.parent_path) for territory in territories},
            rounding=self.company_id.currency_id.rounding,
        )

    def _note_author(self):
        """Findings hold for the terms that were checked."""
        super()._note_author()
        self.sudo().filtered(lambda scheme: scheme.state == "draft").finding_ids.unlink()  # of other terms than there are now
