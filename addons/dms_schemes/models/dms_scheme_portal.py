from dataclasses import replace

from odoo import api, fields, models, tools
from odoo.tools import SQL

from ..engine import Facts, Used
from ..engine.caps import tightest
from .portal_words import NAMES
from .sale_order_facts import _nodes


class DmsSchemeEdition(models.Model):
    _inherit = "dms.scheme.edition"

    @api.model
    @tools.ormcache("edition_id")
    def _get_all_terms(self, edition_id):
        """Every scheme of an edition as the engine knows it, those of periods too.

        :rtype: tuple[engine.Scheme]
        """
        entries = self.sudo().browse(edition_id).entries or []  # terms of all, for the engine
        schemes = self.env["dms.scheme"].sudo().browse([entry[0] for entry in entries])
        day = fields.Date.to_date
        return tuple(
            replace(scheme._compile(), date_from=day(first), date_to=day(last))
            for scheme, (_id, first, last) in zip(schemes, entries, strict=True)
        )


class DmsScheme(models.Model):
    """Which schemes run for a distributor, and what its portal shows of them: plain values, nobody else's terms."""

    _inherit = "dms.scheme"

    # ------------------------------------------------------------ which

    @api.model
    def _get_portal_terms(self, distributor, company):
        """Approved schemes that run for this distributor today or will, as the engine has them.

        :param distributor: ``res.partner`` with full rights
        :rtype: list[engine.Scheme]
        """
        Edition = self.env["dms.scheme.edition"]
        edition, today = Edition._get_current_id(company.id), company._dms_today()
        terms = [term for term in Edition._get_all_terms(edition) if not term.date_to or term.date_to >= today] if edition else []
        facts = self._prepare_portal_facts(distributor, company, terms)
        return [term for term in terms if term.is_for(facts)]

    def _prepare_portal_facts(self, distributor, company, terms, used=None):
        """What the engine asks of a distributor, without an order: what one of ``terms`` asks for, and no more.

        :rtype: engine.Facts
        """
        territory = distributor.territory_id.parent_path if any(term.territories for term in terms) else ""
        tags = distributor.category_id.ids if any(term.tags for term in terms) else ()
        return Facts(
            lines=(),
            day=company._dms_today(),
            distributor=distributor.id,
            distributor_class=distributor.distributor_class_id.id or None,
            territory=_nodes(territory),
            tags=frozenset(tags),
            rounding=company.currency_id.rounding,
            company_rounding=company.currency_id.rounding,
            used=used or {},
        )

    @api.model
    def _get_portal_used(self, distributor, company, codes):
        """``{code: engine.Used}``: what is taken of the caps of these schemes."""
        used = self.env["dms.scheme.application"]._get_used(company, codes, distributor, self.env["sale.order"])
        return {code: Used(total, mine.get(distributor.id, 0.0)) for code, (total, mine) in used.items()}

    @api.model
    def _get_portal_schemes(self, distributor, company):
        """Schemes with something in them that this distributor may order: running ones first, then those to come.

        :return: ``{dms.scheme: (engine.Scheme, (product ids, category ids))}``, see :meth:`_get_portal_goods`
        """
        today = company._dms_today()
        terms = self._get_portal_terms(distributor, company)
        goods = self._get_portal_goods(distributor, terms)
        kept = [term for term in terms if goods[term.id] is not None]
        kept.sort(key=lambda term: (bool(term.date_from and term.date_from > today), term.sequence, term.code))
        return {self.browse(term.id): (term, goods[term.id]) for term in kept}

    def _get_portal_goods(self, distributor, terms):
        """``{scheme id: (product ids, category ids)}`` of what the distributor may order; None where there is nothing of it,
        or a product that must be ordered is not to be had.

        A scheme of all products has two empty lists. What is not in the assortment is not named to the distributor.
        """
        named = {product for term in terms for product in term.products | term.must_have}
        categories = {category for term in terms for category in term.categories}
        products, filled = self._get_orderable(distributor, named) if named or categories else (set(), set())
        goods = {}
        for term in terms:
            own = sorted(term.products & products), sorted(term.categories & filled)
            possible = (any(own) or not (term.products or term.categories)) and term.must_have <= products
            goods[term.id] = own if possible else None
        return goods

    def _get_orderable(self, distributor, product_ids):
        """(which of ``product_ids`` the distributor may order, ids of the categories in which it may order anything)."""
        allowed = self.env["product.product"]._search(self.env["dms.portal.catalogue"]._get_product_domain(distributor))
        query = SQL(
            """
            SELECT category.parent_path, array_agg(product.id) FILTER (WHERE product.id = ANY(%s))
              FROM product_product product
              JOIN product_template template ON template.id = product.product_tmpl_id
              JOIN product_category category ON category.id = template.categ_id
             WHERE product.id IN %s
             GROUP BY 1
            """,
            list(product_ids),
            allowed.subselect(),
        )
        products, categories = set(), set()
        for path, ids in self.env.execute_query(query):
            products.update(ids or ())
            categories |= _nodes(path)
        return products, categories

    # ------------------------------------------------------------ order pad

    @api.model
    def _get_portal_offers(self, distributor, company):
        """Schemes that run today and are about goods: what a badge on the pad stands for, not the value of an order.

        Those of which nothing is left, for the distributor or for everybody, are no offer any more.
        """
        today = company._dms_today()
        terms = [term for term in self._get_portal_terms(distributor, company) if term.is_in_force(today) and _is_of_goods(term)]
        capped = {term.code for term in terms if term.is_capped}
        if not capped:
            return terms
        facts = self._prepare_portal_facts(distributor, company, (), self._get_portal_used(distributor, company, capped))
        return [term for term in terms if not _is_used_up(term, facts)]

    @api.model
    def _get_portal_badges(self, distributor, company, product_ids):
        """``{product id: badge}`` of the products that a scheme of today covers, in a fixed number of queries."""
        terms = self._get_portal_offers(distributor, company)
        if not terms:
            return {}
        paths = self._get_paths(product_ids) if any(term.categories for term in terms) else {}
        named = {product_id for term in terms for product_id in term.products}
        terms = sorted(terms, key=lambda term: (term.scope != "product", not term.products, term.turn))  # the closest first
        words, known, badges = self._get_offer_words(tuple(term.id for term in terms), self.env.lang), {}, {}
        for product_id in product_ids:
            alike = (paths.get(product_id), product_id if product_id in named else None)  # products of a category have one badge
            if alike not in known:
                offers = [words[term.id][1:] for term in terms if _covers(term, product_id, alike[0] or frozenset())]
                known[alike] = self._prepare_badge(offers) if offers else None
            if known[alike]:
                badges[product_id] = known[alike]
        return badges

    def _get_paths(self, product_ids):
        """``{product id: ids of its category and all above}``."""
        self.env["product.template"].flush_model(["categ_id"])
        query = SQL(
            """
            SELECT category.parent_path, array_agg(product.id)
              FROM product_product product
              JOIN product_template template ON template.id = product.product_tmpl_id
              JOIN product_category category ON category.id = template.categ_id
             WHERE product.id = ANY(%s)
             GROUP BY 1
            """,
            list(product_ids),
        )
        return {product_id: _nodes(path) for path, ids in self.env.execute_query(query) for product_id in ids}

    @tools.ormcache("ids", "lang")
    def _get_offer_words(self, ids, lang):
        """``{scheme id: (name, a few words, all steps)}`` of approved schemes, whose terms stay as they are."""
        return {scheme.id: (scheme.name, scheme._get_offer_in_words(), scheme._get_steps_in_words()) for scheme in self.browse(ids)}

    def _prepare_badge(self, offers):
        text = offers[0][0]
        if len(offers) > 1:
            text = self.env._("%(offer)s · %(count)s more", offer=text, count=len(offers) - 1)
        return {"text": text, "tone": "success", "title": "\n".join(title for _words, title in offers)}

    # ------------------------------------------------------------ page of the schemes

    @api.model
    def _prepare_portal_schemes(self, distributor, company):
        """What the page of the schemes shows.

        :return: list of dicts of texts, see :meth:`_prepare_portal_scheme`
        """
        found = self._get_portal_schemes(distributor, company)
        schemes = self.browse(scheme.id for scheme in found)
        used = self._get_portal_used(distributor, company, set(schemes.mapped("code")))
        facts = self._prepare_portal_facts(distributor, company, (), used)
        progress = schemes._prepare_portal_progress(distributor)
        names = self._get_goods_names(found.values())
        rows = [(scheme, *found[scheme]) for scheme in schemes]  # of one recordset: read together
        return [scheme._prepare_portal_scheme(term, facts, goods, names, progress.get(scheme.id)) for scheme, term, goods in rows]

    def _get_goods_names(self, found):
        """``{("product" | "category", id): name}`` of all that the page names, read together."""
        products, categories = set(), set()
        for term, (product_ids, category_ids) in found:
            products.update(product_ids[:NAMES], sorted(term.must_have)[:NAMES])
            categories.update(category_ids[:NAMES])
        records = self.env["product.product"].with_context(display_default_code=False).browse(products)
        return {
            **{("product", product.id): product.display_name for product in records},
            **{("category", category.id): category.name for category in self.env["product.category"].browse(categories)},
        }

    def _prepare_portal_scheme(self, term, facts, goods, names, progress):
        today = facts.day
        upcoming = bool(self.date_from and self.date_from > today)
        used = facts.used.get(self.code, Used())
        return {
            "id": self.id,
            "name": self.name,
            "description": self.description or "",
            "dates": self._get_dates_in_words(today),
            "status": self._get_portal_status(term, facts, upcoming),
            "timing": self._get_timing_in_words(),
            "slabs": [self._prepare_portal_slab(slab) for slab in self.slab_ids.sorted("threshold")],
            "slab_label": self._get_threshold_label(),
            "goods": self._get_goods_in_words(goods, names),
            "must_have": self._name_all([("product", id_) for id_ in sorted(term.must_have)], names),
            "conditions": self._get_conditions_in_words(),
            "earned": "" if upcoming or not used.distributor else self.currency_id.format(used.distributor),
            "progress": progress,
        }

    def _get_portal_status(self, term, facts, upcoming):
        """{"label", "tone"}: how the scheme stands for this distributor today."""
        _ = self.env._
        if upcoming:
            return {"label": _("Coming"), "tone": "info"}
        if _is_used_up(term, facts):
            return {"label": _("Used up"), "tone": "neutral"}
        if self.date_to and (self.date_to - facts.day).days <= 7:
            return {"label": _("Ends soon"), "tone": "warning"}
        return {"label": _("Running"), "tone": "success"}

    def _prepare_portal_slab(self, slab):
        slab = slab.with_context(display_default_code=False)
        return {"from": slab._in_words(slab.threshold) if slab.threshold else "", "gift": slab._gift_in_words()}

    def _get_threshold_label(self):
        _ = self.env._
        return {"quantity": _("From a quantity of"), "amount": _("From a value of"), "growth": _("From a growth of")}[self.basis]

    def _get_goods_in_words(self, goods, names):
        """The products and categories of a scheme that the distributor may order, on one line."""
        products, categories = goods
        keys = [*(("category", id_) for id_ in categories), *(("product", id_) for id_ in products)]
        return self._name_all(keys, names) or self.env._("All products")

    def _name_all(self, keys, names):
        """The first few names of ``keys``, and how many more there are."""
        shown = [names[key] for key in keys if key in names][:NAMES]
        if len(keys) > len(shown):
            shown.append(self.env._("%(count)s more", count=len(keys) - len(shown)))
        return ", ".join(shown)


def _is_of_goods(term):
    """Whether a scheme tells one product from another, or counts product by product."""
    if term.scope == "period":
        return False
    return term.scope == "product" or bool(term.products) or (bool(term.categories) and term.basis != "amount")


def _is_used_up(term, facts):
    rest = tightest(term, facts)
    return bool(rest) and rest.company_units <= 0


def _covers(term, product_id, path):
    return not (term.products or term.categories) or product_id in term.products or not term.categories.isdisjoint(path)
