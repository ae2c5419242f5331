from odoo import models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..engine.neighbours import circle, group_clashes
from ..engine.refusals import refusals

#: what :func:`engine.refusals.refusals` looks at
TERMS = (
    "scope", "basis", "mode", "timing", "stacking", "group", "date_from", "date_to", "budget_amount", "max_per_order",
    "max_per_distributor", "min_distinct_products",
)  # fmt: skip
SLAB_FIELDS = {"threshold", "benefit", "value", "free_product_id", "free_qty", "repeat_every", "max_times", "mode"}
SLAB_TERMS = ("threshold", "benefit", "value", "free_qty", "repeat_every", "max_times")


class DmsScheme(models.Model):
    """What an approver is spared: a draft whose terms make no sense is refused, naming the field and what to do."""

    _inherit = "dms.scheme"

    def _check_manager(self):
        """:raise AccessError: for who does not draft schemes, or may not read these"""
        self.check_access("read")
        if not self.env.user.has_group("dms_schemes.group_scheme_manager"):
            raise AccessError(self.env._("This is for those who draft schemes."))

    def _check_approvable(self):
        """
        :raise UserError: with a sentence for each thing that is wrong
        """
        super()._check_approvable()
        found = self._get_refusals()
        if found:
            sentences = "\n".join(f"- {sentence}" for _code, sentence, _slab in found)
            raise UserError(self.env._("%(scheme)s cannot be approved:\n%(sentences)s", scheme=self.display_name, sentences=sentences))

    def _get_refusals(self):
        """Why this draft cannot be approved; extended by kinds of schemes with rules of their own.

        :return: ``[(code, sentence, slab record)]``, each sentence naming the field and saying what to do
        """
        self.ensure_one()
        found = self._refuse_terms()
        if not self.slab_ids:
            return found
        return found + self._refuse_goods() + self._refuse_neighbours() + self._refuse_empty()

    def _refusal(self, field, code, sentence, slab=None):
        """:param field: name of a field of the scheme, or of the slab where one is given"""
        owner = self if field in self._fields else self.slab_ids
        label = owner._fields[field]._description_string(self.env)
        if slab:
            label = self.env._("%(field)s of the slab from %(bound)s", field=label, bound=slab._in_words(slab.threshold))
        return code, f"{label}: {sentence}", slab or self.slab_ids.browse()

    # ------------------------------------------------------------ terms

    def _refuse_terms(self):
        """Terms that contradict themselves, each with the slabs that are to blame."""
        values = {name: self[name] for name in TERMS} | {"group": (self.group or "").strip()}
        slabs = {slab: slab._get_terms() for slab in self.slab_ids}
        blamed = {slab: refusals({**values, "slab_ids": [terms]}) for slab, terms in slabs.items()}
        words, found = self._get_refusal_words(), []
        for field, code in refusals({**values, "slab_ids": list(slabs.values())}):
            guilty = [slab for slab in slabs if (field, code) in blamed[slab]] if field in SLAB_FIELDS else []
            found += [self._refusal(field, code, words[code], slab) for slab in guilty or [None]]
        return found

    def _get_refusal_words(self):
        """What to do about each code of :func:`engine.refusals.refusals`."""
        _ = self.env._
        return {
            "no_slab": _("add a slab that says what is given from which threshold on."),
            "negative": _("it cannot be negative; enter 0 or more."),
            "dates_reversed": _("the last day is before the first one; change one of them."),
            "period_on_invoice": _("purchases of a period are known only afterwards; choose off invoice."),
            "growth_without_period": _("growth is measured over a period; choose another basis, or the scope of a period."),
            "group_missing": _("the best of a group is chosen; enter the group's name."),
            "different_phases": _("net prices, discounts and free goods take turns; give each of them a scheme of its own."),
            "equal_thresholds": _("two slabs start at the same threshold; change one of them, or delete it."),
            "percent_over_100": _("a percentage is at most 100."),
            "marginal_benefit": _(
                "bands can have percentages, amounts per unit or net prices only; choose mode whole, or another benefit."
            ),
            "repeat_benefit": _("only amounts and free goods are given again and again; set it to 0."),
            "basket_free_unnamed": _("what is bought together does not say what is given; name the free product."),
            "period_free": _("purchases of a period are settled in money; choose another benefit."),
        }

    # ------------------------------------------------------------ goods

    def _refuse_goods(self):
        return [self._refuse_gift(slab) for slab in self.slab_ids if slab.benefit == "free_product" and slab._lacks_gift()]

    def _refuse_gift(self, slab):
        product = slab.free_product_id
        if not product.active:
            sentence = self.env._("%(product)s is archived; restore it, or choose another product.", product=product.display_name)
            return self._refusal("free_product_id", "archived_gift", sentence, slab)
        sentence = self.env._("%(product)s cannot be sold here; make it saleable, or choose another product.", product=product.display_name)
        return self._refusal("free_product_id", "unsaleable_gift", sentence, slab)

    # ------------------------------------------------------------ beside others

    def _compile_beside(self, domain):
        """Approved schemes of the company with other codes, as the engine knows them."""
        domain &= Domain("company_id", "=", self.company_id.id) & Domain("state", "=", "approved") & Domain("code", "!=", self.code)
        return [other._compile() for other in self.sudo().search(domain, order="code, id")]  # terms of all, whoever approves

    def _refuse_neighbours(self):
        scheme = self.sudo()._compile()  # what is named counts, whether the approver may read it or not
        return [*self._refuse_group(scheme), *self._refuse_circle(scheme)]

    def _refuse_group(self, scheme):
        if not scheme.contest:
            return
        members = Domain("group", "=", self.group) & Domain("stacking", "=", "best_of_group")
        clashes = group_clashes(scheme, self._compile_beside(members))
        if clashes:
            sentence = self.env._(
                "%(others)s of this group give another kind of benefit on the same days, so that they cannot be compared; "
                "enter another group.",
                others=self._name_schemes(clashes),
            )
            yield self._refusal("group", "group_phases", sentence)

    def _refuse_circle(self, scheme):
        if not any(slab.free_product for slab in scheme.slabs):
            return
        givers = Domain("slab_ids", "any", [("benefit", "=", "free_product"), ("free_product_id", "!=", False)])
        way = circle(scheme, self._compile_beside(givers), self._covers)
        if way:
            sentence = self.env._(
                "what is given comes round: it earns free goods of %(others)s, which earn it again; give another product.",
                others=self._name_schemes(way[1:]),
            )
            yield self._refusal("slab_ids", "circle", sentence)

    def _name_schemes(self, schemes):
        return ", ".join(self.sudo().browse([scheme.id for scheme in schemes]).mapped("display_name"))  # names, to one who approves

    def _covers(self, scheme, product_id):
        """Whether a scheme names a product, or a category above it; one for all products names none."""
        if product_id in scheme.products:
            return True
        path = self.env["product.product"].browse(product_id).categ_id.parent_path or ""
        return any(str(category) in path.split("/") for category in scheme.categories)

    # ------------------------------------------------------------ what it matches

    def _get_goods_domain(self):
        """Products that can be bought under this scheme."""
        companies = [False, self.company_id.id]
        domain = Domain("sale_ok", "=", True) & Domain("type", "not in", ("service", "combo")) & Domain("company_id", "in", companies)
        lists = []
        if self.with_context(active_test=False).product_ids:
            lists.append(Domain("id", "in", self.with_context(active_test=False).product_ids.ids))
        if self.categ_ids:
            lists.append(Domain("categ_id", "child_of", self.categ_ids.ids))
        return domain & Domain.OR(lists) if lists else domain

    def _refuse_empty(self):
        return [*self._refuse_empty_goods(), *self._refuse_empty_distributors()]

    def _refuse_empty_goods(self):
        goods = self.env["product.product"].sudo()  # whether there are any, of the scheme's own company
        least = max(self.min_distinct_products, 1) if self.scope == "basket" else 1
        found = goods.search_count(self._get_goods_domain(), limit=least)
        if not found:
            sentence = self.env._(
                "no product that is sold is named, so that the scheme matches nothing; name products or categories that are."
            )
            yield self._refusal("product_ids", "no_goods", sentence)
        elif found < least:
            sentence = self.env._("only %(found)s products can be bought under the scheme; name more, or ask for fewer.", found=found)
            yield self._refusal("min_distinct_products", "too_few_goods", sentence)
        must_have = self.with_context(active_test=False).must_have_product_ids
        gone = must_have.filtered(lambda product: not (product.active and product.sale_ok) or product.type in ("service", "combo"))
        if gone:
            sentence = self.env._(
                "%(products)s cannot be bought, so that the scheme matches nothing.", products=", ".join(gone.mapped("display_name"))
            )
            yield self._refusal("must_have_product_ids", "must_have_gone", sentence)

    def _refuse_empty_distributors(self):
        """None of those named can get it: whoever may join a class or territory later is not named."""
        named = self.with_context(active_test=False).distributor_ids
        if named and not self.env["res.partner"].sudo().search_count(self._get_distributors_domain(), limit=1):  # whether there is one
            sentence = self.env._(
                "none of them is open for orders and meets the other conditions, so that the scheme matches nobody; name others."
            )
            yield self._refusal("distributor_ids", "no_distributor", sentence)

    def _get_distributors_domain(self):
        """Distributors that meet every condition and are not closed."""
        self = self.with_context(active_test=False)
        domain = Domain("is_distributor", "=", True) & Domain("distributor_state", "!=", "closed")
        if self.distributor_ids:
            domain &= Domain("id", "in", self.distributor_ids.ids)
        if self.class_ids:
            domain &= Domain("distributor_class_id", "in", self.class_ids.ids)
        if self.territory_ids:
            domain &= Domain("territory_id", "child_of", self.territory_ids.ids)
        if self.tag_ids:
            domain &= Domain("category_id", "in", self.tag_ids.ids)
        return domain


class DmsSchemeSlab(models.Model):
    _inherit = "dms.scheme.slab"

    def _get_terms(self):
        return {name: self[name] for name in SLAB_TERMS} | {"free_product_id": self.free_product_id.id}

    def _lacks_gift(self):
        """Whether the free product that is named cannot be given."""
        product = self.free_product_id
        return bool(product) and not (
            product.active and product.sale_ok and product.company_id in (self.company_id, self.env["res.company"])
        )
