from odoo.fields import Command

from odoo.addons.dms_orders.tests.common import DmsCommon


class DmsSchemesCommon(DmsCommon):
    """Schemes on top of the small manufacturer of orders: an author, an approver, and short ways to make schemes."""

    @classmethod
    def setUpStaff(cls):
        super().setUpStaff()
        groups = {"t_author": "dms_schemes.group_scheme_manager", "t_approver": "dms_schemes.group_scheme_approver"}
        cls.author, cls.approver = (cls.create_staff(*member) for member in groups.items())

    @classmethod
    def draft_scheme(cls, slabs, **values):
        """A draft of slabs ``(threshold, benefit, value)`` or dicts, on each product, from always to ever."""
        commands = [Command.create(slab if isinstance(slab, dict) else cls._slab_values(*slab)) for slab in slabs]
        code = values.pop("code", f"T{cls.env['dms.scheme'].search_count([]):04}")
        values = {"name": f"Scheme {code}", "code": code, "date_from": False, "slab_ids": commands, **values}
        lists = ("product_ids", "categ_ids", "territory_ids", "class_ids", "distributor_ids", "tag_ids", "must_have_product_ids")
        values |= {name: [Command.set(values[name].ids)] for name in lists if name in values}
        return cls.env["dms.scheme"].with_user(cls.author).create(values).with_env(cls.env)

    @classmethod
    def create_scheme(cls, slabs, **values):
        """As :meth:`draft_scheme`, approved."""
        scheme = cls.draft_scheme(slabs, **values)
        scheme.with_user(cls.approver).action_approve()
        return scheme

    @classmethod
    def _slab_values(cls, threshold, benefit, value=0.0, **more):
        return {"threshold": threshold, "benefit": benefit, "value": value, **more}

    @classmethod
    def free_slab(cls, threshold, free_qty, every=0.0, product=None, **more):
        return {
            "threshold": threshold,
            "benefit": "free_product",
            "free_qty": free_qty,
            "repeat_every": every,
            "free_product_id": product.id if product else False,
            **more,
        }

    def assertTied(self, order):
        """Value before schemes less live on-invoice benefits is the untaxed total, to the cent."""
        order.env.flush_all()
        order.env.invalidate_all()
        before = sum(
            line._dms_full_value() if line.is_scheme_free else line._dms_value_before_schemes()
            for line in order.order_line
            if not line.display_type
        )
        live = order.scheme_application_ids.filtered(lambda row: row.state != "reversed" and row.timing == "on_invoice")
        benefit = sum(live.mapped("benefit_amount"))
        self.assertAlmostEqual(before - benefit, sum(order.order_line.mapped("price_subtotal")), places=6)
        for line in order.order_line:
            split = line._get_scheme_reductions()
            self.assertAlmostEqual(sum(split.mapped("amount")), line.scheme_discount, places=6)
