from collections import namedtuple

from odoo import api, models
from odoo.fields import Command, Domain

from ..engine import availability
from .dms_stock_position import MAY_NEED

#: What is proposed of one product. ``wanted``: what its position suggests; ``quantity``: what availability leaves of it;
#: ``free``: what the warehouse had left, None where nothing is counted. All in the product's own unit.
Proposal = namedtuple("Proposal", "product wanted quantity free")
#: What became of one distributor. ``state``: ``created``, ``updated``, ``kept`` (somebody edited the draft that is open) or
#: ``nothing``; ``barred``: products that are needed but not his to order.
Suggested = namedtuple("Suggested", "state order proposals barred")
#: most products named that a distributor may not order; the rest is counted
NAMED = 5


class DmsStockSuggester(models.AbstractModel):
    """From positions to draft orders, for many distributors at once: the queries of a batch do not depend on its size.

    The drafts are made with the rights of the user of the environment; who calls has checked the distributors.
    """

    _name = "dms.stock.suggester"
    _description = "Suggested Orders"

    @api.model
    def _suggest(self, distributors, categories=None, taken=None):
        """Make a draft for each distributor of the company of the environment, or bring the one that is open up to date.

        :param categories: ``product.category`` with all below it; None for everything
        :param dict taken: ``{(warehouse id, product id): quantity}`` that other drafts of the same run propose; added to here
        :return: ``{distributor: Suggested}``
        """
        plans = self._plan(distributors, categories, {} if taken is None else taken)
        opened = self.env["sale.order"]._dms_get_open_suggestions(distributors)
        wanted = [distributor for distributor in distributors if plans[distributor].proposals]
        results = {distributor: plans[distributor] for distributor in distributors}
        new = [distributor for distributor in wanted if distributor not in opened and any(p.quantity for p in plans[distributor].proposals)]
        for distributor, order in zip(new, self._create_drafts(new, plans), strict=True):
            results[distributor] = plans[distributor]._replace(state="created", order=order)
        for distributor, order in opened.items():
            state = order._dms_follow_suggestion(plans[distributor])
            results[distributor] = plans[distributor]._replace(state=state, order=order if state != "nothing" else None)
        return results

    # ------------------------------------------------------------ what to propose

    def _plan(self, distributors, categories, taken):
        """``{distributor: Suggested}`` with state ``nothing`` and no order yet."""
        needed = self._get_needed(distributors, categories)
        allowed = self._get_allowed(distributors, needed)
        warehouses = self._get_warehouses(distributors)
        free = {warehouse: self._get_free(warehouse) for warehouse in {*warehouses.values()}}
        plans = {}
        for distributor in distributors:
            positions, warehouse = needed[distributor], warehouses[distributor]
            proposals = [
                self._propose(position, warehouse, free[warehouse], taken)
                for position in positions
                if position.product_id in allowed[distributor]
            ]
            plans[distributor] = Suggested("nothing", None, proposals, positions.product_id - allowed[distributor])
        return plans

    def _get_needed(self, distributors, categories):
        """``{distributor: positions}`` that suggest something, by product code and name."""
        domain = Domain("company_id", "=", self.env.company.id) & Domain("distributor_id", "in", distributors.ids) & MAY_NEED
        if categories:
            domain &= Domain("categ_id", "child_of", categories.ids)
        positions = self.env["dms.stock.position"].sudo().search(domain)  # of distributors that the caller has checked
        positions.invalidate_recordset(["target_qty", "open_order_qty", "suggested_qty"])  # orders may have changed in this transaction
        positions = positions.filtered(lambda position: position.suggested_qty > 0)
        positions = positions.sorted(lambda position: (position.product_id.default_code or "", position.product_id.name, position.id))
        by_distributor = positions.grouped("distributor_id")
        return {distributor: by_distributor.get(distributor, positions.browse()) for distributor in distributors}

    def _get_allowed(self, distributors, needed):
        """``{distributor: products}`` of those needed that it may order today."""
        Assortment, company = self.env["dms.assortment"], self.env.company
        scopes = Assortment._get_scopes(distributors, company._dms_today(), company)
        saleable = self.env["dms.portal.catalogue"]._get_saleable_domain() & Domain("active", "=", True)
        allowed = {}
        for distributor in distributors:
            products = needed[distributor].product_id.filtered_domain(saleable)
            bound = scopes[distributor]
            allowed[distributor] = Assortment._filter_covered(products, bound) if bound else products
        return allowed

    def _get_warehouses(self, distributors):
        """``{distributor: warehouse}`` that serves it in this company, with full rights."""
        company = self.env.company
        first = self.env["stock.warehouse"].sudo().search([("company_id", "=", company.id)], limit=1)  # where an order would go
        served = {distributor: distributor.sudo().serving_warehouse_id for distributor in distributors}  # the same
        return {distributor: own if own.company_id == company else first for distributor, own in served.items()}

    def _get_free(self, warehouse):
        return self.env["dms.portal.catalogue"].sudo()._get_free_quantities(warehouse)  # quantities; what is told is the cut

    def _propose(self, position, warehouse, free, taken):
        product, wanted = position.product_id, position.suggested_qty
        key = (warehouse.id, product.id)
        left = free.get(product.id, 0.0) - taken.get(key, 0.0) if product.is_storable else None
        quantity = availability.cap(wanted, left, product.order_multiple, product.order_min_qty, product._dms_quantity_step())
        taken[key] = taken.get(key, 0.0) + quantity
        return Proposal(product, wanted, quantity, left)

    # ------------------------------------------------------------ drafts

    def _create_drafts(self, distributors, plans):
        """New drafts, priced by core, in one call."""
        # core looks for an analytic model line by line; without any there is none to be found
        defaults = {} if self.env["dms.order.intake"]._has_analytic_models() else {"analytic_distribution": False}
        values = [
            {
                "partner_id": distributor.id,
                "company_id": self.env.company.id,
                "order_channel": "suggested",
                "order_line": [
                    Command.create({**line, **defaults})
                    for proposal in plans[distributor].proposals
                    for line in self._prepare_lines(proposal)
                ],
                **self._prepare_suggestion_values(plans[distributor]),
            }
            for distributor in distributors
        ]
        return self.env["sale.order"].create(values) if values else self.env["sale.order"]

    def _prepare_lines(self, proposal):
        if not proposal.quantity:
            return []
        product = proposal.product
        return [{"product_id": product.id, "product_uom_id": product.uom_id.id, "product_uom_qty": proposal.quantity}]

    def _prepare_suggestion_values(self, plan):
        """What an order keeps of the suggestion it was made of: the day, what availability cut, and what it may be compared with."""
        return {
            "dms_suggested_on": self.env.company._dms_today(),
            "dms_suggestion_note": self._describe(plan) or False,
            "dms_suggested_quantities": {str(p.product.id): p.quantity for p in plan.proposals if p.quantity},
        }

    def _describe(self, plan):
        """What could not be proposed as it is needed, a line each, in the language of the user."""
        Portal = self.env["dms.portal"]
        sentences = []
        for proposal in plan.proposals:
            if proposal.quantity < proposal.wanted:
                values = {
                    "product": proposal.product.with_env(self.env).display_name,
                    "wanted": Portal._format_quantity(proposal.wanted),
                    "quantity": Portal._format_quantity(proposal.quantity),
                    "free": Portal._format_quantity(max(proposal.free, 0.0)),
                    "unit": proposal.product.uom_id.with_env(self.env).name,
                }
                sentences.append(
                    self.env._("%(product)s: %(quantity)s instead of %(wanted)s %(unit)s, the warehouse has %(free)s free.", **values)
                    if proposal.quantity
                    else self.env._("%(product)s: %(wanted)s %(unit)s needed, the warehouse has %(free)s free.", **values)
                )
        if plan.barred:
            names = ", ".join(plan.barred[:NAMED].with_env(self.env).mapped("display_name"))
            names += f" (+{len(plan.barred) - NAMED})" if len(plan.barred) > NAMED else ""
            sentences.append(self.env._("Needed, but not to be ordered by this distributor today: %(products)s.", products=names))
        return "\n".join(sentences)
