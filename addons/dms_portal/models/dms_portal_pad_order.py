from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command

#: longest reference of the distributor's own
MAX_REFERENCE = 64


class DmsPortalPad(models.AbstractModel):
    """What becomes of the pad: a draft, an order handed in, a change, a repetition."""

    _inherit = "dms.portal.pad"

    # ------------------------------------------------------------ draft, submit, change

    @api.model
    def _save(self, distributor, order, lines, header):
        """Make a draft of the pad, or bring the pad into a draft.

        :param dict header: ``reference`` and ``address_id`` from the browser
        :return: ``sale.order`` with full rights
        """
        return self._save_values(distributor, order, self._parse_lines(distributor, lines, order), header)

    def _save_values(self, distributor, order, values, header):
        header = self._prepare_header(distributor, header)
        if not order:
            return self._create_draft(distributor, values, header)
        if self._get_mode(order) != "draft":
            raise UserError(self.env._("%(order)s was already sent: change it on its page.", order=order.name))
        order.write({**header, "order_line": self._prepare_line_commands(order, values)})
        return order

    def _create_draft(self, distributor, values, header):
        # core looks for an analytic model line by line; without any there is none to be found
        defaults = {} if self.env["dms.order.intake"]._has_analytic_models() else {"analytic_distribution": False}
        return self.env["sale.order"].create(
            {
                "partner_id": distributor.id,
                "company_id": self.env.company.id,
                "order_channel": "portal",
                "dms_is_shared": True,
                "order_line": [Command.create({**line, **defaults}) for line in values],
                **header,
            }
        )

    def _prepare_header(self, distributor, header):
        """Values of the order's head that a distributor may give.

        :raise UserError: for an address that is not the distributor's own
        """
        header = header if isinstance(header, dict) else {}
        values = {}
        if isinstance(header.get("reference"), str):
            values["client_order_ref"] = header["reference"].replace("\0", "").strip()[:MAX_REFERENCE] or False
        if header.get("address_id"):
            if header["address_id"] is True or header["address_id"] not in self._get_address_partners(distributor).ids:
                raise UserError(self.env._("Choose one of your own delivery addresses."))
            values["partner_shipping_id"] = header["address_id"]
        return values

    def _prepare_line_commands(self, order, values):
        """Commands that make the lines of a draft those of ``values``; a line that stays keeps its id."""
        same = self._get_unchanged(order, values)
        values = [vals for vals in values if vals["product_id"] not in same]
        lines = order._dms_gated_lines().filtered(lambda line: line.product_id.id not in same)
        kept = {}
        for line in lines:
            kept.setdefault((line.product_id.id, line.product_uom_id.id), line)
        commands = []
        for vals in values:
            line = kept.pop((vals["product_id"], vals["product_uom_id"]), None)
            commands.append(Command.update(line.id, {"product_uom_qty": vals["product_uom_qty"]}) if line else Command.create(vals))
        stay = {command[1] for command in commands if command[0] == Command.UPDATE}
        commands += [Command.delete(line.id) for line in lines if line.id not in stay]
        return commands

    def _get_unchanged(self, order, values):
        """Ids of the products of which as much is wanted as before: their lines stay, however many there are."""
        before = {product.id: quantity for product, quantity in order._dms_reference_quantities().items()}
        same = set()
        for vals in values:
            product = self.env["product.product"].browse(vals["product_id"])
            unit = self.env["uom.uom"].browse(vals["product_uom_id"])
            quantity = unit._compute_quantity(vals["product_uom_qty"], product.uom_id, round=False)
            if product.uom_id.compare(quantity, before.get(product.id, 0.0)) == 0:
                same.add(product.id)
        return same

    @api.model
    def _submit(self, distributor, order, lines, header):
        """Save the pad and hand the order in; what the gates find becomes holds, never an error."""
        values = self._parse_lines(distributor, lines, order)
        if not values:
            raise UserError(self.env._("The order has no products yet."))
        order = self._save_values(distributor, order, values, header)
        order.action_dms_submit()
        return order

    @api.model
    def _change(self, distributor, order, lines):
        """Amend an order that both sides know so that it is what the pad shows.

        :return: ``dms.order.revision``
        """
        values = self._parse_lines(distributor, lines, order)
        same = self._get_unchanged(order, values)
        wanted = {line["product_id"]: line for line in values if line["product_id"] not in same}
        changes = []
        for line in order._dms_gated_lines().filtered(lambda line: line.product_id.id not in same):
            target = wanted.pop(line.product_id.id, None)
            quantity = self._in_line_unit(line, target)
            changes.append({"line_id": line.id, "product_id": line.product_id.id, "quantity": quantity})
        for line in wanted.values():
            product = self.env["product.product"].browse(line["product_id"])
            unit = self.env["uom.uom"].browse(line["product_uom_id"])
            quantity = unit._compute_quantity(line["product_uom_qty"], product.uom_id, round=False)
            changes.append({"line_id": None, "product_id": product.id, "quantity": quantity})
        return order.action_dms_amend(changes)

    def _in_line_unit(self, line, target):
        if not target:
            return 0.0
        unit = self.env["uom.uom"].browse(target["product_uom_id"])
        return unit._compute_quantity(target["product_uom_qty"], line.product_uom_id, round=False)

    @api.model
    def _repeat(self, distributor, order):
        """A new draft with what ``order`` ordered, as far as it can still be ordered.

        :return: (``sale.order``, names of the products left out)
        """
        domain = self.env["dms.portal.catalogue"]._get_product_domain(distributor)
        allowed = self.env["product.product"].search([("id", "in", order.order_line.product_id.ids), *domain])
        lines = order._dms_gated_lines()
        values = [
            {"product_id": line.product_id.id, "product_uom_id": line.product_uom_id.id, "product_uom_qty": line.product_uom_qty}
            for line in lines
            if line.product_id in allowed and line.product_uom_qty > 0
        ]
        if not values:
            raise UserError(self.env._("None of the products of %(order)s can be ordered today.", order=order.name))
        draft = self._create_draft(distributor, values, {"partner_shipping_id": order.partner_shipping_id.id})
        return draft, (lines.product_id - allowed).mapped("display_name")
