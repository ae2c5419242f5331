from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class DmsOrderIntake(models.Model):
    """Who the order is from."""

    _inherit = "dms.order.intake"

    @api.model
    def _resolve_distributor(self, document, distributor):
        """Return the distributor of an input: the one given, or the buyer a UBL order names (empty when nobody is).

        :raise UserError: when none is given for rows, or the file names another distributor than the one given
        """
        if distributor and not distributor.is_distributor:
            raise UserError(self.env._("%(name)s is not a distributor.", name=distributor.display_name))
        if document.order is None:
            if not distributor:
                raise UserError(self.env._("Choose the distributor whose order this is."))
            return distributor
        buyer = self._match_buyer(document.order.buyer)
        if distributor and buyer and buyer != distributor:
            self._refuse_other_buyer(buyer)
        return distributor or buyer

    @api.model
    def _refuse_other_buyer(self, buyer):
        if self.env.user.share:
            raise UserError(self.env._("The file names another company as the buyer. Send your own orders only, or contact us."))
        raise UserError(self.env._("The file names %(buyer)s as the buyer, not the distributor chosen.", buyer=buyer.display_name))

    @api.model
    def _match_buyer(self, party):
        """Return the one distributor that a party's identifiers name: by endpoint, then by code, then by VAT number.

        :param party: `engine.ubl.Party`
        :return: `res.partner`, empty when no identifier or more than one distributor fits
        """
        for domain in self._get_buyer_domains(party):
            found = self.env["res.partner"].search(domain & self._get_distributor_domain(), limit=2)
            if len(found) == 1:
                return found
        return self.env["res.partner"]

    @api.model
    def _get_distributor_domain(self):
        return Domain("is_distributor", "=", True) & Domain("company_id", "in", [False, self.env.company.id])

    @api.model
    def _get_buyer_domains(self, party):
        """Yield the ways to find a buyer, the surest first; extended by modules that know more identifiers."""
        if party.endpoint:
            yield Domain("edi_endpoint", "=", str(party.endpoint))
        identifiers = [identifier.value for identifier in (party.endpoint, *party.identifiers) if identifier]
        if identifiers:
            yield Domain("distributor_code", "in", identifiers)
        if party.vat:
            yield Domain("vat", "in", list({party.vat, "".join(party.vat.split()).upper()}))

    @api.model
    def _describe_buyer(self, party):
        identifiers = [str(identifier) for identifier in (party.endpoint, *party.identifiers) if identifier]
        names = [party.name or party.legal_name, *identifiers, party.vat]
        return ", ".join(dict.fromkeys(name for name in names if name))[:500]
