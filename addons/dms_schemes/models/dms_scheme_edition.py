from dataclasses import replace
from datetime import timedelta

from odoo import api, fields, models, tools
from odoo.fields import Domain

from ..engine import Book


class DmsSchemeEdition(models.Model):
    """The approved schemes of a company as they stood at a moment: which, and from when to when.

    Each approval and each closing makes a new edition; none is ever changed. An order handed in keeps the edition of that
    moment, so that whatever happens to schemes later changes nothing of it, and it is evaluated again from the same terms.
    """

    _name = "dms.scheme.edition"
    _description = "Edition of Schemes"
    _order = "id desc"

    company_id = fields.Many2one("res.company", required=True, index=True, readonly=True, ondelete="cascade")
    entries = fields.Json(readonly=True, help="[[scheme, first day, last day]] of each version in force at some time.")

    @api.model
    def _renew(self, company):
        """Make the edition of what is approved now, and have every process use it."""
        recently = company._dms_today() - timedelta(days=366)
        domain = Domain("company_id", "=", company.id) & Domain("state", "=", "approved")
        domain &= Domain("date_to", "=", False) | Domain("date_to", ">=", recently)
        schemes = self.env["dms.scheme"].sudo().search(domain, order="id")  # terms of all, for the engine
        entries = [[s.id, fields.Date.to_string(s.date_from), fields.Date.to_string(s.date_to)] for s in schemes]
        self.env.registry.clear_cache()
        # again once everybody can see it: another thread may have read, and kept, the edition before in the meantime
        self.env.cr.postcommit.add(self.env.registry.clear_cache)
        return self.sudo().create({"company_id": company.id, "entries": entries})

    @api.model
    @tools.ormcache("company_id")
    def _get_current_id(self, company_id):
        """Id of the newest edition of a company, False when it never had a scheme."""
        return self.sudo().search([("company_id", "=", company_id)], limit=1).id

    @api.model
    @tools.ormcache("edition_id")
    def _get_book(self, edition_id):
        """The edition compiled for the engine; an edition never changes, so neither does what is cached.

        :rtype: engine.Book
        """
        entries = self.sudo().browse(edition_id).entries or []  # terms of all, for the engine
        schemes = self.env["dms.scheme"].sudo().browse([entry[0] for entry in entries])
        day = fields.Date.to_date
        return Book(
            replace(scheme._compile(), date_from=day(first), date_to=day(last))  # as they were then, an open end too
            for scheme, (_id, first, last) in zip(schemes, entries, strict=True)
        )
