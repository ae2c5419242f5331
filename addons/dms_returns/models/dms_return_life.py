from odoo import fields, models
from odoo.exceptions import UserError

OFFICER = "dms_returns.group_claims_officer"
MAKERS = ("dms_orders.group_dms_user", "dms_orders.group_dms_area_manager", OFFICER)
INSPECTORS = (OFFICER, "stock.group_stock_user")


class DmsReturn(models.Model):
    """The life of a return up to its inspection; every button does nothing the second time."""

    _inherit = "dms.return"

    # ------------------------------------------------------------ submit

    def action_submit(self):
        """Hand drafts in; what their policy or the delivered quantities forbid is refused with every reason at once.

        :raise AccessError: for anybody but the order desk, area managers and claims officers
        :raise UserError: with a sentence for each thing in the way
        """
        self._check_group(*MAKERS)
        self._with_full_rights()._submit()
        return True

    def _submit_own(self):
        """The same for a user of the distributor itself, on returns of its own.

        :raise AccessError: for anything else
        """
        self.env["dms.portal"]._check_own(self)
        self._with_full_rights()._submit()

    def _submit(self):
        cases = self._take_up("draft", ("submitted", "approved", "received", "inspected", "settled"))
        cases._check_distributor()
        lines = cases.line_ids
        lines.sale_line_id._dms_lock_returnable()
        cases._check_submittable()
        lines._take_limits(lines._get_requested())
        cases._enter("submitted", submitted_by_id=self.env.uid, submitted_on=fields.Datetime.now())
        for case in cases:
            case._tell(case._tongue()._("The return was submitted."))

    def _check_submittable(self):
        """One refusal with all that is in the way; the limits of the delivered lines, and shares, over the whole batch."""
        findings = [sentence for case in self for sentence in case._get_policy_findings()]
        batches = self.grouped(lambda case: (case.distributor_id, case.company_id)).values()
        findings += [sentence for cases in batches if len(cases) > 1 for sentence in cases._find_share()]
        findings += self.line_ids._get_limit_findings(self.line_ids._get_requested())
        if findings:
            raise UserError("\n".join(dict.fromkeys(findings)))

    # ------------------------------------------------------------ approve and refuse

    def action_approve(self):
        """Approve line by line what was submitted: a line without an approved quantity in full; where all are 0, the return is refused.

        :raise AccessError: for anybody but claims officers
        :raise UserError: for who made or submitted it or sold the goods, and for quantities beyond what was asked or is left
        """
        self._check_group(OFFICER)
        self._with_full_rights()._approve()
        return True

    def _approve(self):
        cases = (self - self.filtered(lambda case: case._is_refused_by_line()))._take_up(
            "submitted", ("approved", "received", "inspected", "settled")
        )
        cases._check_not_maker()
        cases.line_ids._decide()
        cases.line_ids._check_limits({line: line._in_own_unit(line.approved_qty) for line in cases.line_ids})
        granted = cases.filtered(lambda case: any(line.approved_qty for line in case.line_ids))
        (cases - granted)._refuse(self.env._("None of the goods was approved."))
        granted._enter("approved", **self._prepare_decision_values())
        granted._create_transfers()
        granted._follow_goods()
        for case in granted:
            case._tell(case._tongue()._("The return was approved."))

    def _is_refused_by_line(self):
        """Whether this was approved with nothing, which is refused."""
        return self.state == "rejected" and all(line.is_decided and not line.approved_qty for line in self.line_ids)

    def _prepare_decision_values(self):
        return {"decided_by_id": self.env.uid, "decided_on": fields.Datetime.now()}

    def action_reject(self, reason):
        """Refuse returns that were submitted.

        :param str reason: the distributor reads it
        """
        self._check_group(OFFICER)
        reason = self._read_reason(reason)
        cases = self._with_full_rights()._take_up("submitted", ("rejected",))
        cases._refuse(reason)
        return True

    def _refuse(self, reason):
        self._enter("rejected", rejection_reason=reason, **self._prepare_decision_values())
        for case in self:
            case._tell(case._tongue()._("The return was refused: %(reason)s", reason=reason))

    # ------------------------------------------------------------ inspect

    def action_inspect(self):
        """Accept what came back: all of a line without an accepted quantity. The rest goes to quarantine.

        :raise AccessError: for anybody but claims officers and the warehouse
        :raise UserError: for who made or submitted it or sold the goods, and for more than was received
        """
        self._check_group(*INSPECTORS)
        self._with_full_rights()._inspect()
        return True

    def _inspect(self):
        cases = self._take_up("received", ("inspected", "settled"))
        cases._check_not_maker()
        cases.line_ids._judge()
        cases.line_ids._check_limits({line: line._in_own_unit(line.accepted_qty) for line in cases.line_ids})
        cases._enter("inspected")
        cases._move_inspected_goods()

    # ------------------------------------------------------------ cancel

    def action_cancel(self):
        """Take back what has not come back yet; transfers under way are cancelled.

        :raise UserError: once goods have arrived
        """
        self._check_group(*MAKERS)
        self._with_full_rights()._cancel()
        return True

    def _cancel_own(self):
        """The same for a user of the distributor itself, on returns of its own."""
        self.env["dms.portal"]._check_own(self)
        self._with_full_rights()._cancel()

    def _cancel(self):
        cases = self._take_up_to_cancel()
        cases._enter("cancelled")
        cases._get_live_transfers().action_cancel()
        for case in cases.filtered("submitted_on"):
            case._tell(case._tongue()._("The return was cancelled."))

    def _take_up_to_cancel(self):
        """Those to be cancelled, locked.

        :raise UserError: where goods have arrived, or that was refused
        """
        self._lock_documents()
        self.line_ids._read_arrivals()
        for case in self:
            if case.state == "rejected":
                raise UserError(self.env._("%(name)s was refused: there is nothing to cancel.", name=case.name))
            if case.state in ("received", "inspected", "settled") or any(line._get_arrived_quantity() for line in case.line_ids):
                raise UserError(self.env._("Goods of %(name)s have come back: inspect them instead.", name=case.name))
        return self.filtered(lambda case: case.state != "cancelled")

    # ------------------------------------------------------------ one at a time

    def _take_up(self, state, past):
        """Those in ``state``, locked; those in one of ``past`` have it behind them and are left alone.

        :raise UserError: for all others
        """
        self._lock_documents()
        labels = dict(self._fields["state"]._description_selection(self.env))
        for case in self:
            if case.state != state and case.state not in past:
                raise UserError(
                    self.env._(
                        "%(name)s is “%(state)s”: that is not possible any more, or not yet.", name=case.name, state=labels[case.state]
                    )
                )
        return self.filtered(lambda case: case.state == state)


class DmsReturnLine(models.Model):
    """What is decided line by line."""

    _inherit = "dms.return.line"

    def _get_requested(self):
        """``{line: requested quantity}`` in the products' own units."""
        return {line: line._in_own_unit(line.quantity) for line in self}

    def _decide(self):
        """Give every line without a decision all that was asked for.

        :raise UserError: for a quantity that cannot be approved
        """
        for quantity, lines in self.filtered(lambda line: not line.is_decided).grouped("quantity").items():
            lines.write({"approved_qty": quantity, "is_decided": True})
        for line in self:
            line._check_part(line.approved_qty, line.quantity)

    def _judge(self):
        """Give every line without a verdict all that was received.

        :raise UserError: for a quantity that cannot be accepted
        """
        for quantity, lines in self.filtered(lambda line: not line.is_inspected).grouped("received_qty").items():
            lines.write({"accepted_qty": quantity, "is_inspected": True})
        for line in self:
            line._check_part(line.accepted_qty, line.received_qty)

    def _check_part(self, quantity, whole):
        """Refuse a quantity that is no part of ``whole``, both in the line's unit."""
        if quantity < 0 or self.product_uom_id.compare(quantity, whole) > 0:
            raise UserError(
                self.env._(
                    "%(product)s: from nothing up to %(quantity)s %(unit)s is possible.",
                    product=self.product_id.display_name,
                    quantity=self.env["dms.portal"]._format_quantity(whole),
                    unit=self.product_uom_id.name,
                )
            )
        if not self._is_whole(quantity):
            raise UserError(self.env._("%(product)s: only whole quantities come back.", product=self.product_id.display_name))

    def _check_limits(self, wanted):
        """Decide under the locks of the order lines.

        :param dict wanted: ``{line: quantity in the product's own unit}``
        :raise UserError: where more is asked than is left
        """
        self.sale_line_id._dms_lock_returnable()
        findings = self._get_limit_findings(wanted)
        if findings:
            raise UserError("\n".join(findings))
