from odoo import api, models
from odoo.exceptions import AccessError


class DmsPortal(models.AbstractModel):
    """The frame of the distributors' portal: what the installed modules put on its pages.

    Modules of upper floors extend the hooks below by ``super()`` and bring their own routes (a subclass of
    ``controllers.frame.DistributorPortal``) and templates (around ``dms_portal.layout``). Every hook is called with
    full rights for a distributor that the frame has checked, and returns plain values: never a record.
    """

    _name = "dms.portal"
    _description = "Distributor Portal"

    @api.model
    def _get_distributor(self):
        """The distributor of the logged-in user, with full rights; empty for everybody else, staff included."""
        user = self.env.user
        partner = user.commercial_partner_id.sudo()  # the user's own company
        return partner if user._is_portal() and partner.is_distributor else partner.browse()

    @api.model
    def _is_open(self, distributor):
        """Whether the portal is open to this distributor: prospects may look around, suspended and closed ones not."""
        return bool(distributor) and distributor.active and distributor.distributor_state in ("prospect", "active")

    @api.model
    def _check_own(self, record):
        """``record`` with full rights, after it was checked to be the user's distributor's own.

        Branches, which a distributor may be allowed to look at, are not its own to act on.

        :raise AccessError: for anything else
        """
        record.check_access("read")
        record = record.sudo()  # a document the user may read; given back only if it is the distributor's own
        if not record or record.distributor_id != self._get_distributor():
            raise AccessError(self.env._("You can only act on your own documents."))
        return record

    # ------------------------------------------------------------ hooks

    @api.model
    def _get_menu(self, distributor):
        """Entries of the tab bar; extended by every module with pages of its own.

        :return: list of ``{"key", "label", "url", "icon" (Font Awesome class), "sequence"}``
        """
        _ = self.env._
        return [
            {"key": "home", "label": _("Home"), "url": "/my/dms", "icon": "fa-home", "sequence": 0},
            {"key": "pad", "label": _("Order pad"), "url": "/my/dms/pad", "icon": "fa-pencil-square-o", "sequence": 10},
            {"key": "orders", "label": _("Orders"), "url": "/my/dms/orders", "icon": "fa-list-alt", "sequence": 20},
            {"key": "deliveries", "label": _("Deliveries"), "url": "/my/dms/deliveries", "icon": "fa-truck", "sequence": 30},
            {"key": "invoices", "label": _("Invoices"), "url": "/my/dms/invoices", "icon": "fa-file-text-o", "sequence": 40},
            {"key": "account", "label": _("My account"), "url": "/my/dms/account", "icon": "fa-user-o", "sequence": 90},
        ]

    @api.model
    def _get_cards(self, distributor):
        """Cards of the home page; extended by every module that has something to tell there.

        :return: list of cards as :meth:`_prepare_card` makes them
        """
        return []

    @api.model
    def _get_pad_columns(self, distributor):
        """Columns of the order pad besides code, product, stock, price, unit, quantity and amount; those without any value
        in :meth:`_get_pad_values` are not shown.

        :return: list of ``{"key", "label", "type", "sequence"}``; ``type`` is ``text``, ``number``, ``badge``
            (``{"text", "tone", "title"}``) or ``suggest`` (a quantity in the product's own unit that one key takes over)
        """
        return []

    @api.model
    def _get_pad_values(self, distributor, product_ids):
        """Values of those columns, for all products in a number of queries that does not depend on theirs.

        :param list product_ids: ids of ``product.product``
        :return: ``{product id: {column key: value}}``; products and keys without a value are left out
        """
        return {}

    @api.model
    def _get_pad_verdicts(self, order):
        """What stands for or against the order as it is on the pad: what every module has to say of any order
        (``sale.order._dms_get_verdicts``); extended by a module that has something to add on the pad alone.

        :param order: ``sale.order``, virtual, priced, with full rights
        :return: list of ``{"tone": "success" | "info" | "warning" | "danger", "message": str, "product_id": int | None}``
        """
        return order._dms_get_verdicts()[order._origin.id]

    @api.model
    def _get_pad_notes(self, order):
        """What the order gets beyond its prices, or could get: told at the foot of the pad and on the row of a product.

        Extended by modules with benefits of their own. ``mark`` is a few words for the row of ``product_id``, ``title`` what is
        told of it in a tooltip, ``set`` the quantity and unit that one click on it puts into the row. A note without
        ``message`` stands on its row only.

        :param order: ``sale.order``, virtual, priced, with full rights
        :return: list of ``{"tone": "success" | "info", "message": str, "product_id": int | None, "mark": str, "title": str,
            "set": [quantity, unit id] | None}``, the most important first
        """
        return []

    @api.model
    def _get_order_sections(self, order):
        """Sections at the end of an order's page; extended by modules with documents of an order.

        :param order: ``sale.order`` with full rights, checked
        :return: list of ``{"key", "title", "template" (xml id, rendered with "values"), "values": dict, "sequence"}``
        """
        return []

    @api.model
    def _get_order_actions(self, order):
        """Links beside the buttons of an order's page (report a shortage, return goods).

        :param order: ``sale.order`` with full rights, checked
        :return: list of ``{"label", "url", "icon", "sequence"}``
        """
        return []

    # ------------------------------------------------------------ plain values

    @api.model
    def _fetch_children(self, records, *names):
        """Read one2many fields of records together with what they hold: one query each where the ORM makes two."""
        if not records:
            return
        for name in names:
            field = records._fields[name]
            children = records.env[field.comodel_name].search_fetch([(field.inverse_name, "in", records.ids)])
            by_record = children.grouped(field.inverse_name)
            field._insert_cache(records, [by_record.get(record, children.browse())._ids for record in records])

    @api.model
    def _prepare_card(self, key, title, **values):
        """One card of the home page.

        :param list figures: ``{"value", "label", "url", "tone"}``, shown large
        :param list rows: ``{"label", "detail", "value", "url", "tone"}``, at most a handful
        :param str empty: shown when there is neither
        :param dict action: ``{"label", "url"}`` in the foot of the card
        :param int sequence: place on the page
        :param bool wide: over the whole width
        """
        card = {"figures": [], "rows": [], "empty": "", "action": None, "icon": "", "sequence": 50, "wide": False, "tone": ""}
        return {**card, "key": key, "title": title, **values}

    @api.model
    def _sorted(self, entries):
        return sorted(entries, key=lambda entry: entry.get("sequence", 50))

    @api.model
    def _format_quantity(self, quantity):
        """A quantity as people write it: grouped, without trailing zeros, in the user's language."""
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        lang = self.env["res.lang"]._get_data(code=self.env.lang or "en_US")
        text = f"{quantity:,.{digits}f}".rstrip("0").rstrip(".") if digits else f"{quantity:,.0f}"
        return text.translate({ord(","): lang.thousands_sep or "", ord("."): lang.decimal_point or "."})
