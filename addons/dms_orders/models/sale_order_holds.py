from odoo import api, models
from odoo.fields import Domain


class SaleOrder(models.Model):
    """The holds of an order: written from findings, re-checked when something has changed, shown."""

    _inherit = "sale.order"

    def _dms_open_findings(self, findings):
        """``findings`` less those of archived gates and those that a release still covers."""
        active = self.env["dms.order.gate"]._get_active_ids()
        found = self.filtered(lambda order: findings[order._origin.id])._origin
        releases = found.dms_hold_ids.filtered(lambda hold: hold.state == "released").grouped(lambda h: (h.order_id.id, h.gate))
        return {
            order._origin.id: [
                finding
                for finding in findings[order._origin.id]
                if finding.gate in active and not any(hold._covers(order) for hold in releases.get((order._origin.id, finding.gate), ()))
            ]
            for order in self
        }

    def _dms_write_holds(self, findings, revision=None, picking=None):
        """Make the open holds of these orders (or of one change, or of one late delivery of a confirmed order) those of ``findings``."""
        gates = self.env["dms.order.gate"]._get_active_ids()
        existing = self._dms_get_open_holds(revision, picking)
        by_key = {(hold.order_id.id, hold.gate): hold for hold in existing}
        wanted = {}
        for order in self:
            for finding in findings[order.id]:
                wanted.setdefault((order.id, finding.gate), []).append(finding)
        for key, hold in by_key.items():
            if key not in wanted:
                hold._clear()
        new = []
        subject = {"revision_id": revision and revision.id, "picking_id": picking and picking.id}
        for (order_id, gate), list_ in wanted.items():
            values = {"message": "\n".join(f.message for f in list_), "values": {"findings": [f.values for f in list_]}}
            if (order_id, gate) in by_key:
                by_key[order_id, gate].write(values)
            else:
                new.append({"order_id": order_id, "gate_id": gates[gate], **subject, **values})
        self.env["dms.order.hold"].flush_model(["state"])  # one open hold per gate: the closed ones first
        return existing.create(new)

    def _dms_get_open_holds(self, revision=None, picking=None):
        """Open holds of these orders themselves, or of one change or one transfer of theirs."""
        if revision:
            return revision.hold_ids.filtered(lambda hold: hold.state == "open")
        if picking:
            return self.dms_hold_ids.filtered(lambda hold: hold.state == "open" and hold.picking_id == picking)
        held = self.filtered(lambda order: order.dms_state == "on_hold" or order.state not in ("draft", "sent"))
        return self.env["dms.order.hold"].union(*(order._dms_open_holds() for order in held))

    def _dms_hold_notification(self):
        """Notification that tells which orders are held and why; False when none is."""
        if not self:
            return False
        reasons = [f"{order.name}: {hold.message}" for order in self for hold in order._dms_open_holds()]
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "sticky": True,
                "title": self.env._("On hold"),
                "message": "\n".join(reasons[:10]),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    @api.model
    def _dms_trigger_recheck(self, distributors=None):
        """Something that holds depend on has changed: re-check them right after this transaction.

        :param distributors: whose holds (``res.partner``); None for everybody's, when a rule for all has changed
        """
        if distributors is None:
            return self._dms_trigger_job("dms_orders.cron_recheck_holds")
        held = self.env["dms.order.hold"].sudo()._get_held_distributors(distributors)  # whether there is anything to do
        if held:
            self.env["dms.hold.recheck"].sudo().create([{"distributor_id": distributor.id} for distributor in held])
            self._dms_trigger_job("dms_orders.cron_recheck_requested")

    @api.model
    def _dms_trigger_job(self, xmlid):
        cron = self.env.ref(xmlid, raise_if_not_found=False)
        if cron:
            cron.sudo()._trigger()  # the suite's own job

    @api.model
    def _cron_dms_recheck_holds(self):
        """Re-check every open hold in (priority, date) order, one order at a time, each in a transaction of its own."""
        self._dms_recheck_queue([])

    @api.model
    def _cron_dms_recheck_requested(self):
        """As :meth:`_cron_dms_recheck_holds`, for the distributors something has changed for."""
        requests = self.env["dms.hold.recheck"].search([("distributor_id", "!=", False)])
        self._dms_recheck_queue([("distributor_id", "in", requests.distributor_id.ids)], requests)

    @api.model
    def _dms_recheck_queue(self, domain, requests=()):
        waiting = Domain("dms_state", "=", "on_hold") & Domain("state", "in", ("draft", "sent"))
        changing = Domain("dms_revision_ids.state", "=", "on_hold")
        held = self.search(Domain(domain) & (waiting | changing), order="dms_priority, date_order, id")
        commit_progress = self._dms_commit_progress()
        commit_progress(remaining=len(held))
        for order in held:
            order = order.with_prefetch()
            if order.try_lock_for_update():
                order._dms_recheck_holds()
                order.dms_revision_ids._recheck_holds()
            if not commit_progress(1):
                return
        self.env["dms.order.hold"]._recheck_deliveries(domain)
        if requests:
            requests.unlink()

    @api.model
    def _dms_commit_progress(self):
        """``ir.cron``'s way to commit and count; within somebody else's transaction nothing is committed."""
        if "ir_cron_progress_id" in self.env.context:
            return self.env["ir.cron"]._commit_progress
        return lambda processed=0, remaining=None: True

    def _dms_recheck_holds(self):
        """Clear the holds of submitted orders whose reason has gone; those that pass confirm if their class says so."""
        waiting = self.filtered(lambda order: order.state in ("draft", "sent") and order.dms_submitted_on)
        waiting._dms_pass_gates()._dms_confirm_automatic()

    def action_dms_check(self):
        """Open every gate's verdict on this order, as it would be now; nothing is locked or written to the order."""
        self.ensure_one()
        check = self.env["dms.gate.check"]._create_for(self)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Check of %(order)s", order=self.name),
            "res_model": "dms.gate.check",
            "res_id": check.id,
            "view_mode": "form",
            "target": "new",
        }
