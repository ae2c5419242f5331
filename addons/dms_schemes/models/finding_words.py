"""Findings of the engine's linter as an author or approver reads them."""


class FindingWords:
    """Sentences about one scheme, in the language of its environment. Nothing of what a product costs is said in figures."""

    def __init__(self, scheme):
        self.scheme, self.env = scheme, scheme.env
        self.money = scheme.currency_id.format

    def of(self, finding):
        """:param finding: ``engine.catalogue.Finding``"""
        slab = self.scheme.slab_ids.browse(finding.slabs[:1])
        return getattr(self, f"_{finding.code}")(finding.figures, slab)

    def _base(self, number):
        """A base as the scheme measures it."""
        return self.scheme.slab_ids[:1]._in_words(number)

    def _product(self, product_id):
        return self.env["product.product"].sudo().browse(product_id).display_name  # a name, to who drafts the scheme

    def no_distributor_now(self):
        return self.env._("No distributor meets the conditions today: nobody gets anything until one does.")

    # ------------------------------------------------------------ slabs

    def _dead_slab(self, figures, slab):
        _ = self.env._
        name = self._base(slab.threshold)
        if figures["reason"] == "unreachable":
            return _("The slab from %(bound)s can never be reached: the next one starts at once.", bound=name)
        if figures["reason"] == "worthless":
            return _("The slab from %(bound)s gives nothing.", bound=name)
        other = self._base(self.scheme.slab_ids.browse(figures["shadowed_by"]).threshold)
        return _("The slab from %(bound)s never gives more than the one from %(other)s.", bound=name, other=other)

    def _gap(self, figures, slab):
        start, end = self._base(figures["start"]), figures["end"]
        if end is None:
            return self.env._("From %(start)s on a slab is reached and nothing is given.", start=start)
        return self.env._("From %(start)s up to %(end)s a slab is reached and nothing is given.", start=start, end=self._base(end))

    def _cliff(self, figures, slab):
        values = {
            "below": self._base(figures["base_below"]),
            "bill_below": self.money(figures["bill_below"]),
            "base": self._base(figures["base"]),
            "bill": self.money(figures["bill"]),
            "start": self._base(figures["costs_more_from"]),
        }
        return self.env._(
            "%(below)s cost %(bill_below)s, and %(base)s only %(bill)s: from %(start)s on it is cheaper to take %(base)s.",
            **values,
        )

    # ------------------------------------------------------------ beside others

    def _overlap(self, figures, slab):
        _ = self.env._
        name = self.env["dms.scheme"].sudo().browse(figures["scheme"]).display_name  # a name, to who drafts schemes
        words = {
            "adds_up": _("%(scheme)s runs for the same goods and days: both are given.", scheme=name),
            "one_of_group": _("%(scheme)s is of the same group: only the better of the two is given.", scheme=name),
            "blocks": _("%(scheme)s runs for the same goods and days, and this exclusive scheme keeps it off.", scheme=name),
            "blocked": _("%(scheme)s runs for the same goods and days, is exclusive, and keeps this scheme off.", scheme=name),
        }
        return words[figures["effect"]]

    # ------------------------------------------------------------ money

    def _under_cost(self, figures, slab):
        values = self._loss(figures, slab)
        return self.env._("The slab from %(bound)s sells %(product)s under cost (%(products)s products in all).", **values)

    def _under_cost_stacked(self, figures, slab):
        values = self._loss(figures, slab)
        return self.env._(
            "Together with other running schemes the slab from %(bound)s sells %(product)s under cost (%(products)s products in all).",
            **values,
        )

    def _loss(self, figures, slab):
        return {"bound": self._base(slab.threshold), "product": self._product(figures["product"]), "products": figures["products"]}

    def _uncapped(self, figures, slab):
        return self.env._("Nothing limits what it may cost: there is no budget and no limit per order or distributor.")

    def _mixed_units(self, figures, slab):
        units = self.env["uom.uom"].browse(figures["units"]).mapped("name")
        return self.env._("Quantities in different units are added up as they are: %(units)s.", units=", ".join(units))
