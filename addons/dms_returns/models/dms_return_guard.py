from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import float_compare

from .dms_case import without_defaults
from .dms_return_life import INSPECTORS, MAKERS, OFFICER

#: ``{state of the return: (fields of its lines that people write, groups of who may)}``
OPEN_FIELDS = {
    "draft": (
        {"sequence", "sale_line_id", "product_id", "lot_id", "product_uom_id", "quantity", "reason_id", "disposition"},
        MAKERS,
    ),
    "submitted": ({"approved_qty", "decision_note", "disposition"}, (OFFICER,)),
    "received": ({"accepted_qty", "disposition"}, INSPECTORS),
}
DESTROYED = "destroyed_at_distributor"


class DmsReturn(models.Model):
    """What of a return is written by hand, and when."""

    _inherit = "dms.return"

    def write(self, vals):
        """Lines of what is no draft any more are written through it where they may be written by themselves."""
        if "line_ids" in vals and any(case.state != "draft" for case in self) and not self.env.su:
            self._write_lines(vals["line_ids"])
            vals = {name: value for name, value in vals.items() if name != "line_ids"}
        return super().write(vals)

    @api.constrains("distributor_id")
    def _check_lines(self):
        """Lines are of orders of whoever the return is of now."""
        self.line_ids._check_goods()

    def _write_lines(self, commands):
        own = {line.id: line for line in self.line_ids}
        for command in commands:
            if command[0] != fields.Command.UPDATE or command[1] not in own:
                raise UserError(self.env._("Lines are added and dropped while the return is a draft."))
            own[command[1]].write(command[2])


class DmsReturnLine(models.Model):
    """Who writes what of a line, and when."""

    _inherit = "dms.return.line"

    @api.model_create_multi
    def create(self, vals_list):
        if self.env.su:
            return super().create(vals_list)
        names, groups = OPEN_FIELDS["draft"]
        self._refuse_fields({name for vals in vals_list for name in vals} - names - {"return_id"}, groups)
        self._check_ids(vals_list)
        lines = super(DmsReturnLine, without_defaults(self, names | {"return_id"})).create(vals_list).with_env(self.env)
        lines.return_id._touch()  # who submits it meanwhile has not looked at these
        if any(line.return_id.state != "draft" for line in lines):
            raise UserError(self.env._("Lines are added and dropped while the return is a draft."))
        return lines

    def write(self, vals):
        if not self.env.su:
            for state, lines in self.grouped("state").items():
                lines._check_written(state, vals)
            self._check_ids([vals])
        return super().write(self._mark_given(vals))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_submitted(self):
        if any(line.return_id.state != "draft" for line in self):
            raise UserError(self.env._("Lines are added and dropped while the return is a draft."))

    def _mark_given(self, vals):
        """A quantity that is written counts as given, 0 included."""
        marks = {"approved_qty": "is_decided", "accepted_qty": "is_inspected"}
        return {**{mark: True for name, mark in marks.items() if name in vals}, **vals}

    def _check_written(self, state, vals):
        names, groups = OPEN_FIELDS.get(state, (set(), ()))
        self._refuse_fields(vals.keys() - names, groups)
        if state == "received" and "disposition" in vals and any(DESTROYED in (line.disposition, vals["disposition"]) for line in self):
            raise UserError(self.env._("Goods either came back or were destroyed at the distributor; an inspection does not change that."))

    def _refuse_fields(self, names, groups):
        """Refuse ``names``, which may not be written now, and who is of none of ``groups``."""
        if names or not any(self.env.user.has_group(group) for group in groups):
            raise AccessError(self.env._("This part of a return is not yours to write, or not at this stage."))

    # ------------------------------------------------------------ what a line says

    @api.model
    def _check_ids(self, vals_list):
        """An order line that is none looks like one of another distributor; of all else it is said what is none."""
        sold = {vals["sale_line_id"] for vals in vals_list if vals.get("sale_line_id")}
        if len(self._get_known("sale.order.line", sold)) != len(sold):
            raise ValidationError(self._get_foreign_refusal())
        self._check_known(vals_list, ("product_id", "lot_id", "product_uom_id", "reason_id"))

    def _get_foreign_refusal(self):
        return self.env._("A line is not one of an order of this distributor, or not of this product.")

    def _check_finite(self, vals):
        """A number, and more than nothing: said before the database refuses it."""
        super()._check_finite(vals)
        quantity = vals.get("quantity", 1)
        if (
            isinstance(quantity, int | float)
            and float_compare(quantity, 0.0, precision_digits=self._fields["quantity"].get_digits(self.env)[1]) <= 0
        ):
            raise UserError(self.env._("A return is of more than nothing."))

    @api.constrains("sale_line_id", "product_id", "lot_id", "product_uom_id", "quantity", "return_id")
    def _check_goods(self):
        """Ids and quantities that were posted are not believed; what was delivered is looked at when the return is submitted."""
        for line in self:
            own = line.sudo()  # the order line the user named, which may be another distributor's
            if own.sale_line_id.order_id.distributor_id != own.return_id.distributor_id or own.product_id != own.sale_line_id.product_id:
                raise ValidationError(self._get_foreign_refusal())
            if own.lot_id and own.lot_id.product_id != own.product_id:
                raise ValidationError(
                    self.env._("%(lot)s is no lot of %(product)s.", lot=own.lot_id.name, product=own.product_id.display_name)
                )
            if not own.product_uom_id._has_common_reference(own.product_id.uom_id):
                raise ValidationError(self.env._("%(product)s is not measured in that unit.", product=own.product_id.display_name))
            if not own._is_whole(own.quantity):
                raise ValidationError(self.env._("%(product)s: only whole quantities come back.", product=own.product_id.display_name))

    # ------------------------------------------------------------ two dispositions

    def action_split(self, quantity):
        """Make two lines of this one, so that each gets a disposition of its own.

        :param float quantity: what the new line gets, in the unit of the line: more than nothing, less than there is
        :return: the new line
        """
        self.ensure_one()
        _names, groups = OPEN_FIELDS.get(self.state, (set(), (*MAKERS, *INSPECTORS)))
        self.return_id._check_group(*groups)
        line = self.with_env(self.return_id._with_full_rights().env)
        line.return_id._lock_documents()
        if line.state not in OPEN_FIELDS:
            raise UserError(self.env._("A line is split before it is approved, or at its inspection."))
        line._check_split(quantity)
        return line._split(quantity).with_env(self.env)

    def _check_split(self, quantity):
        there = self._get_divisible()
        is_number = isinstance(quantity, int | float) and not isinstance(quantity, bool)
        self._check_finite({"quantity": quantity if is_number else float("nan")})
        if not is_number or self.product_uom_id.compare(quantity, 0.0) <= 0 or self.product_uom_id.compare(quantity, there) >= 0:
            raise UserError(
                self.env._(
                    "%(product)s: more than nothing and less than %(quantity)s can be split off.",
                    product=self.product_id.display_name,
                    quantity=self.env["dms.portal"]._format_quantity(there),
                )
            )
        self._check_part(quantity, there)

    def _get_divisible(self):
        return self.received_qty if self.state == "received" else self.quantity

    def _split(self, quantity):
        """Both lines are asked anew what is approved or accepted of them."""
        parts = {"quantity": quantity}
        if self.state == "received":
            parts |= {"approved_qty": quantity, "received_qty": quantity}
        arrived = self.state == "received"
        origin = self.split_from_id or self
        rest = {name: self[name] - part for name, part in parts.items()}
        new = self.copy({**parts, "is_decided": arrived, "split_from_id": origin.id if arrived else False})
        self.write({**rest, "is_decided": arrived, "accepted_qty": 0.0, "is_inspected": False})
        return new
