from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..engine.rules import circle, faults, group_clashes
from .scheme_numbers import check_numbers

#: of the engine's values, the field of the scheme or slab that holds them, where the names differ
FIELDS = {"slabs": "slab_ids", "budget": "budget_amount", "min_distinct": "min_distinct_products", "free_product": "free_product_id"}


class DmsScheme(models.Model):
    """What an approver is spared: a draft whose terms make no sense is refused, naming the field and what to do."""

    _inherit = "dms.scheme"

    @api.model_create_multi
    def create(self, vals_list):
        check_numbers(self, vals_list)
        return super().create(vals_list)

    def write(self, vals):
        check_numbers(self, [vals])
        return super().write(vals)

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
        refusals = self._get_refusals()
        if refusals:
            sentences = "\n".join(f"- {sentence}" for _code, sentence, _slab in refusals)
            raise UserError(
                self.env._("%(scheme)s cannot be approved:\n%(sentences)s", scheme=self.display_name, sentences=sentences)
            )

    def _get_refusals(self):
        """Why this draft cannot be approved; extended by kinds of schemes with rules of their own.

        :return: ``[(code, sentence, slab record)]``, each sentence naming the field and saying what to do
        """
        self.ensure_one()
        if not self.slab_ids:
            return [self._refusal("slab_ids", "no_slab", self.env._("add a slab that says what is given from which threshold on."))]
        scheme = self.sudo()._compile()  # what is named counts, whether the approver may read it or not
        refusals = [self._refuse_fault(fault) for fault in faults(scheme)]
        return refusals + self._refuse_goods() + self._refuse_neighbours(scheme) + self._refuse_empty(scheme)

    def _refusal(self, field, code, sentence, slab=None):
        """:param field: name of a field of the scheme, or of the slab where one is given"""
        owner = self.slab_ids if slab is not None else self
        label = owner._fields[field]._description_string(self.env)
        if slab:
            label = self.env._("%(field)s of the slab from %(bound)s", field=label, bound=slab._in_words(slab.threshold))
        return code, f"{label}: {sentence}", slab or self.slab_ids.browse()

    # ------------------------------------------------------------ terms

    def _refuse_fault(self, fault):
        slab = fault.slab and self.slab_ids.browse(fault.slab.id)
        return self._refusal(FIELDS.get(fault.field, fault.field), fault.code, self._get_fault_words()[fault.code], slab)

    def _get_fault_words(self):
        """What to do about each code of :func:`engine.rules.faults`."""
        _ = self.env._
        return {
            "impossible": _("this is not a number that can be used; enter an ordinary one."),
            "negative": _("it cannot be negative; enter 0 or more."),
            "reversed_dates": _("the last day is before the first one; change one of them."),
            "period_on_invoice": _("purchases of a period are known only afterwards; choose off invoice."),
            "growth_without_period": _("growth is measured over a period; choose another basis, or the scope of a period."),
            "no_group": _("the best of a group is chosen; enter the group's name."),
            "phases": _("net prices, discounts and free goods take turns; give each of them a scheme of its own."),
            "equal": _("another slab starts there as well; change one of the two, or delete it."),
            "over_100": _("a percentage is at most 100."),
            "marginal": _("bands can have percentages, amounts per unit or net prices only; choose mode whole, or another benefit."),
            "repeat": _("only amounts and free goods are given again and again; set it to 0."),
            "unnamed": _("what is bought together does not say what is given; name the free product."),
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

    def _get_neighbours(self):
        """Other codes' approved schemes of the company that are not over, as the engine knows them."""
        domain = Domain("company_id", "=", self.company_id.id) & Domain("state", "=", "approved") & Domain("code", "!=", self.code)
        return [other._compile() for other in self.sudo().search(domain, order="code, id")]  # terms of all, whoever approves

    def _refuse_neighbours(self, scheme):
        others = self._get_neighbours()
        refusals = []
        clashes = group_clashes(scheme, others)
        if clashes:
            sentence = self.env._(
                "%(others)s of this group give another kind of benefit on the same days, so that they cannot be compared; "
                "enter another group.",
                others=self._name_schemes(clashes),
            )
            refusals.append(self._refusal("group", "group_phases", sentence))
        way = circle(scheme, others, self._covers)
        if way:
            sentence = self.env._(
                "what is given comes round: it earns free goods of %(others)s, which earn it again; give another product.",
                others=self._name_schemes(way[1:]),
            )
            refusals.append(self._refusal("slab_ids", "circle", sentence))
        return refusals

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

    def _refuse_empty(self, scheme):
        return [*self._refuse_empty_goods(), *self._refuse_empty_distributors()]

    def _refuse_empty_goods(self):
        goods = self.env["product.product"].sudo()  # whether there are any, of the scheme's own company
        least = max(self.min_distinct_products, 1) if self.scope == "basket" else 1
        found = goods.search_count(self._get_goods_domain(), limit=least)
        if not found:
            sentence = self.env._("no product that is sold is named, so that the scheme matches nothing; name products or categories that are.")
            yield self._refusal("product_ids", "no_goods", sentence)
        elif found < least:
            sentence = self.env._("only %(found)s products can be bought under the scheme; name more, or ask for fewer.", found=found)
            yield self._refusal("min_distinct_products", "too_few_goods", sentence)
        must_have = self.with_context(active_test=False).must_have_product_ids
        gone = must_have.filtered(lambda product: not (product.active and product.sale_ok) or product.type in ("service", "combo"))
        if gone:
            sentence = self.env._("%(products)s cannot be bought, so that the scheme matches nothing.", products=", ".join(gone.mapped("display_name")))
            yield self._refusal("must_have_product_ids", "must_have_gone", sentence)

    def _refuse_empty_distributors(self):
        """None of those named can get it: whoever may join a class or territory later is not named."""
        named = self.with_context(active_test=False).distributor_ids
        if named and not self.env["res.partner"].sudo().search_count(self._get_distributors_domain(), limit=1):  # whether there is one
            sentence = self.env._("none of them is open for orders and meets the other conditions, so that the scheme matches nobody; name others.")
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

    @api.model_create_multi
    def create(self, vals_list):
        check_numbers(self, vals_list)
        return super().create(vals_list)

    def write(self, vals):
        check_numbers(self, [vals])
        return super().write(vals)

    def _lacks_gift(self):
        """Whether the free product that is named cannot be given."""
        product = self.free_product_id
        return bool(product) and not (product.active and product.sale_ok and product.company_id in (self.company_id, self.env["res.company"]))
