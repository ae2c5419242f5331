from odoo.fields import Domain
from odoo.http import request, route

from odoo.addons.dms_portal.controllers.frame import MAX_SEARCH, PAGE_SIZE, DistributorPortal, page

from ..models.dms_stock_position_portal import ORDERS


class DistributorStock(DistributorPortal):
    """What the distributor has: list of positions, history of one product."""

    @route(["/my/dms/stock", "/my/dms/stock/page/<int:number>"], type="http", auth="user", website=True, readonly=True)
    @page
    def dms_stock(self, number=1, status=None, categ=None, search="", sort=None, **kwargs):
        Position = request.env["dms.stock.position"]
        own = self._dms_position_domain()
        statuses = Position._get_portal_statuses()
        status, sort = self._dms_choice(status, statuses), self._dms_choice(sort, ORDERS, "lasts")
        search, categ = self._dms_text(search, MAX_SEARCH), self._dms_int(categ)
        found = own & self._dms_position_filter(search, categ)
        counts = dict(Position._read_group(found, ["status"], ["__count"]))
        total = counts.get(status, 0) if status else sum(counts.values())
        pager = self._dms_pager("/my/dms/stock", total, number, {"status": status, "search": search, "categ": categ, "sort": sort})
        shown = found & Domain("status", "=", status) if status else found
        rows = Position._get_portal_page(shown, sort, PAGE_SIZE, max(pager["offset"], 0)).sudo()  # positions the user may read
        values = {
            "rows": [row._prepare_portal_row() for row in rows],
            "filters": [(code, f"{label} ({counts[code]})") for code, (label, _tone) in statuses.items() if code in counts],
            "categories": self._dms_position_categories(own),
            "sorts": self._dms_position_sorts(),
            "status": status,
            "categ": categ,
            "search": search,
            "sort": sort,
            "pager": pager,
        }
        return self._dms_render("dms_inventory.portal_stock", "stock", values)

    def _dms_position_domain(self):
        """Positions of the user's own distributor in the company of the request."""
        return request.env["dms.stock.position"]._get_portal_domain(self._dms_distributor(), request.env.company)

    def _dms_position_filter(self, search, categ):
        domain = Domain("categ_id", "=", categ) if categ else Domain.TRUE
        return domain & request.env["dms.stock.position"]._get_portal_search_domain(search) if search else domain

    def _dms_position_categories(self, domain):
        """``[(id, name)]`` of the categories of these positions."""
        groups = request.env["dms.stock.position"].sudo()._read_group(domain, ["categ_id"])  # own positions; names of categories leave
        return sorted(((category.id, category.display_name) for (category,) in groups if category), key=lambda entry: entry[1])

    def _dms_position_sorts(self):
        _ = request.env._
        return {"lasts": _("What lasts shortest"), "most": _("What lasts longest"), "stock": _("Most in stock")}

    # ------------------------------------------------------------ one product

    @route(
        ["/my/dms/stock/<int:product_id>", "/my/dms/stock/<int:product_id>/page/<int:number>"],
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    @page
    def dms_stock_product(self, product_id, number=1, **kwargs):
        position = self._dms_own_position(product_id)
        Ledger = request.env["dms.stock.ledger"]
        domain = [(name, "=", position[name].id) for name in ("company_id", "distributor_id", "product_id")]
        shown = position._prepare_portal_row()
        pager = self._dms_pager(shown["url"], Ledger.search_count(domain), number, {})
        offset = max(pager["offset"], 0)
        rows = Ledger.search(domain, order="date desc, id desc", limit=PAGE_SIZE, offset=offset).sudo()  # rows the user may read
        balances = Ledger._get_portal_balances(position, PAGE_SIZE, offset)
        values = {
            "position": shown,
            "facts": position._prepare_portal_facts(shown),
            "lots": position._prepare_portal_lots(),
            "rows": [row._prepare_portal_row(balances.get(row.id, 0.0)) for row in rows],
            "pager": pager,
        }
        return self._dms_render("dms_inventory.portal_stock_product", "stock", values)

    def _dms_own_position(self, product_id):
        """The user's own distributor's position of a product, with full rights.

        :raise NotFound: for every other product
        """
        found = request.env["dms.stock.position"]
        if self._dms_int(product_id):
            found = found.search(self._dms_position_domain() & Domain("product_id", "=", product_id))
        if not found:
            raise request.not_found()
        return found.sudo()  # a position the user may read; plain values leave
