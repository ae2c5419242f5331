from odoo import api, models
from odoo.tools import format_date

#: schemes on the card of the home page
ROWS = 4


class DmsPortal(models.AbstractModel):
    """Schemes in the distributors' portal: a tab, a card, offers on the order pad, what an order gets and nearly gets."""

    _inherit = "dms.portal"

    # ------------------------------------------------------------ frame and home

    @api.model
    def _get_menu(self, distributor):
        entry = {"key": "schemes", "label": self.env._("Schemes"), "url": "/my/dms/schemes", "icon": "fa-gift", "sequence": 25}
        return [*super()._get_menu(distributor), entry]

    @api.model
    def _get_cards(self, distributor):
        return [*super()._get_cards(distributor), self._get_scheme_card(distributor)]

    def _get_scheme_card(self, distributor):
        company = self.env.company
        terms = [term for term, _goods in self.env["dms.scheme"]._get_portal_schemes(distributor, company).values()]
        return self._prepare_card(
            "schemes",
            self.env._("Schemes for you"),
            icon="fa-gift",
            sequence=22,
            figures=self._get_scheme_figures(distributor, company) if terms else [],
            rows=self._prepare_scheme_card_rows(terms[:ROWS], company._dms_today()),
            empty=self.env._("No scheme runs for you at the moment."),
            action={"label": self.env._("All schemes and what you earned"), "url": "/my/dms/schemes"},
        )

    def _get_scheme_figures(self, distributor, company):
        first = company._dms_today().replace(month=1, day=1)
        earned = self.env["dms.scheme"]._get_earned_on_invoice(distributor, company, first, company._dms_today())
        label = self.env._("taken off your orders this year")
        texts = earned["texts"] if earned["count"] else []
        return [{"value": amount, "label": label, "url": "/my/dms/schemes/benefits", "tone": "success"} for amount in texts]

    def _prepare_scheme_card_rows(self, terms, today):
        words = self.env["dms.scheme"]._get_offer_words(tuple(term.id for term in terms), self.env.lang)
        return [self._prepare_scheme_card_row(term, *words[term.id][:2], today) for term in terms]

    def _prepare_scheme_card_row(self, term, name, offer, today):
        upcoming = term.date_from and term.date_from > today
        return {
            "label": name,
            "detail": offer,
            "value": term.date_to and not upcoming and self.env._("until %(day)s", day=format_date(self.env, term.date_to)) or "",
            "badge": upcoming and self.env._("from %(day)s", day=format_date(self.env, term.date_from)) or "",
            "tone": "info",
            "url": f"/my/dms/schemes#scheme-{term.id}",
        }

    # ------------------------------------------------------------ order pad

    @api.model
    def _get_pad_columns(self, distributor):
        column = {"key": "scheme", "label": self.env._("On offer"), "type": "badge", "sequence": 30}
        return [*super()._get_pad_columns(distributor), column]

    @api.model
    def _get_pad_values(self, distributor, product_ids):
        values = super()._get_pad_values(distributor, product_ids)
        badges = self.env["dms.scheme"]._get_portal_badges(distributor, self.env.company, product_ids)
        for product_id, badge in badges.items():
            values.setdefault(product_id, {})["scheme"] = badge
        return values

    @api.model
    def _get_pad_notes(self, order):
        return [*super()._get_pad_notes(order), *order._prepare_scheme_pad_notes()]

    # ------------------------------------------------------------ page of an order

    @api.model
    def _get_order_sections(self, order):
        sections = super()._get_order_sections(order)
        values = order._prepare_scheme_section()
        if values:
            template = "dms_schemes.portal_order_schemes"
            sections.append({"key": "schemes", "title": self.env._("Schemes"), "template": template, "values": values, "sequence": 10})
        return sections


class DmsPortalPad(models.AbstractModel):
    _inherit = "dms.portal.pad"

    def _make_virtual_order(self, distributor, order, values):
        """What schemes give is part of the price."""
        virtual = super()._make_virtual_order(distributor, order, values)
        virtual._dms_apply_schemes()
        return virtual
