from datetime import datetime, time, timedelta

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import SQL


class DmsPriceProtection(models.Model):
    _inherit = "dms.price.protection"

    # ------------------------------------------------------------ prices

    def action_fill(self):
        """Take the prices that dropped from the price lists: those of the day before against those of the day itself."""
        for protection in self._start(("draft",), ("computed", "done")):
            protection._fill()
        return True

    def _fill(self):
        """Lines for what distributors hold and what became cheaper; prices entered by hand are kept."""
        products = self._get_held_products()
        known = {(line.pricelist_id, line.product_id) for line in self.line_ids}
        lines = []
        for pricelist in self._get_pricelists(set(self._get_holders().values())):
            before, after = (self._get_prices(pricelist, products, day) for day in (self.date - timedelta(days=1), self.date))
            lines += [
                {"pricelist_id": pricelist.id, "product_id": product.id, "old_price": before[product], "new_price": after[product]}
                for product in products
                if after[product] < before[product] and (pricelist, product) not in known
            ]
        self.line_ids = [Command.create(line) for line in lines]

    def _get_pricelists(self, given):
        return self.pricelist_id or self.env["product.pricelist"].union(*given)

    def _get_prices(self, pricelist, products, day):
        """``{product: price}`` of one unit at the end of a day, company currency, untaxed."""
        company = self.company_id
        moment = company._dms_utc(datetime.combine(day, time.max.replace(microsecond=0)))
        prices = pricelist.with_company(company)._get_products_price(products, 1.0, currency=company.currency_id, date=moment)
        return {product: product._dms_take_out_taxes(prices[product.id], company) for product in products}

    # ------------------------------------------------------------ who holds what

    def _get_holders(self):
        """``{distributor id: price list}`` of those with stock in the company, as far as their price list is meant."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT position.distributor_id FROM dms_stock_position position
                  JOIN res_partner partner ON partner.id = position.distributor_id AND partner.is_distributor
                 WHERE position.company_id = %s
                """,
                self.company_id.id,
            )
        )
        pricelists = self.env["product.pricelist"].with_company(self.company_id)
        given = pricelists._get_partner_pricelist_multi([distributor_id for (distributor_id,) in rows])
        return {key: pricelist for key, pricelist in given.items() if pricelist and self.pricelist_id in (pricelist, pricelist.browse())}

    def _get_held_products(self):
        query = SQL("SELECT DISTINCT product_id FROM dms_stock_position WHERE company_id = %s ORDER BY product_id", self.company_id.id)
        return self.env["product.product"].browse(product_id for (product_id,) in self.env.execute_query(query))

    # ------------------------------------------------------------ computation

    def action_compute(self):
        """Compute what every distributor held and gets; again, as long as no claim was made of it.

        :raise UserError: where no price dropped, and for a day that has not begun
        """
        for protection in self._start(("draft", "computed"), ("done",)):
            if not protection.item_ids.claim_id:
                protection._compute_items()
        return True

    def _compute_items(self):
        if self.date > self.company_id._dms_today():
            raise UserError(self.env._("%(name)s: the new prices are not in force yet.", name=self.name))
        if not self.line_ids:
            self._fill()
        if not any(line.drop > 0 for line in self.line_ids):
            raise UserError(
                self.env._("%(name)s: no price dropped on that day. Enter old and new prices, or choose another day.", name=self.name)
            )
        self.write({"state": "computed"})
        self.flush_recordset()  # before the items: who computes at once is repeated by Odoo, and finds it done
        self._insert_items(self._get_holders())

    def _insert_items(self, holders):
        """Replace the items by those of one statement; who is protected for that product and day already gets none."""
        for model, names in (
            ("dms.price.protection.line", ["old_price", "new_price", "pricelist_id", "product_id"]),
            ("account.move.line", ["balance", "quantity", "product_uom_id", "sale_line_ids", "parent_state", "product_id"]),
            ("stock.move", ["sale_line_id"]),
            ("dms.price.protection.item", None),
        ):
            self.env[model].flush_model(names)
        self.env.cr.execute(SQL("DELETE FROM dms_price_protection_item WHERE protection_id = %s", self.id))
        self.env.cr.execute(self._get_insert_query(holders))
        self.env["dms.price.protection.item"].invalidate_model(flush=False)
        self.invalidate_recordset(["item_ids"])

    def _get_insert_query(self, holders):
        return SQL(
            """
            INSERT INTO dms_price_protection_item (protection_id, company_id, distributor_id, product_id, date, quantity, price_paid,
                   new_price, drop, amount, layers, is_live, create_uid, write_uid, create_date, write_date)
            SELECT %(protection)s, %(company)s, distributor_id, product_id, %(date)s, SUM(quantity), SUM(quantity * paid) / SUM(quantity),
                   MAX(new_price), SUM(quantity * drop) / SUM(quantity), ROUND(SUM(quantity * drop) / %(rounding)s) * %(rounding)s,
                   jsonb_agg(jsonb_build_array(move_id, ROUND(quantity * drop, 6))) FILTER (WHERE move_id IS NOT NULL AND drop > 0), TRUE,
                   %(uid)s, %(uid)s, now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
              FROM (%(layers)s) layer GROUP BY distributor_id, product_id
            ON CONFLICT (company_id, distributor_id, product_id, date) WHERE is_live DO NOTHING
            """,
            protection=self.id,
            company=self.company_id.id,
            date=self.date,
            rounding=SQL("%s::numeric", repr(self.currency_id.rounding)),
            uid=self.env.uid,
            layers=self._get_layers_query(holders),
        )

    def _get_layers_query(self, holders):
        """The stock held as its newest receipts: distributor, product, quantity, price paid, new price, and what is protected of one unit.

        A unit is protected for what the price list dropped by, and for no more than was paid for it above the new price: who bought
        at a discount, or got goods free, lost no more than that. The price paid is the one invoiced, else the one ordered at, else
        the old price of the list. What no receipt explains, as opening stock that was counted, counts at the old price of the list,
        unless the protection looks back so many days only: then a receipt has to prove it.
        """
        return SQL(
            """
            WITH holder AS (SELECT * FROM unnest(%(distributors)s::int[], %(pricelists)s::int[]) AS holder(distributor_id, pricelist_id)),
            wanted AS (
                SELECT holder.distributor_id, price.product_id, price.old_price::numeric AS old_price, price.new_price::numeric AS new_price
                  FROM holder JOIN dms_price_protection_line price USING (pricelist_id)
                 WHERE price.protection_id = %(protection)s AND price.new_price < price.old_price
            ), moved AS (
                SELECT l.id, distributor_id, product_id, l.kind, l.date, l.quantity, l.price_unit, l.move_id, w.old_price, w.new_price,
                       SUM(l.quantity) OVER pair AS held, SUM(l.quantity) FILTER (WHERE l.kind = 'receipt') OVER pair AS received,
                       SUM(l.quantity) FILTER (WHERE l.kind = 'receipt') OVER (pair ORDER BY l.date DESC, l.id DESC) AS upto,
                       ROW_NUMBER() OVER (pair ORDER BY l.date DESC, l.id DESC) AS place
                  FROM wanted w JOIN dms_stock_ledger l USING (distributor_id, product_id)
                 WHERE l.company_id = %(company)s AND l.date < %(date)s
                WINDOW pair AS (PARTITION BY distributor_id, product_id)
            ), paid AS (
                SELECT r.distributor_id, r.product_id, LEAST(r.quantity, r.held - r.upto + r.quantity) AS quantity, r.old_price, r.new_price, r.move_id,
                       COALESCE(i.amount / i.quantity, r.price_unit::numeric, r.old_price) AS paid
                  FROM moved r LEFT JOIN stock_move m ON m.id = r.move_id LEFT JOIN LATERAL (%(invoiced)s) i ON TRUE
                 WHERE r.kind = 'receipt' AND r.upto - r.quantity < r.held AND (%(first)s::date IS NULL OR r.date >= %(first)s::date)
                UNION ALL
                SELECT distributor_id, product_id, held - COALESCE(received, 0), old_price, new_price, NULL, old_price
                  FROM moved WHERE place = 1 AND held > 0 AND held > COALESCE(received, 0) AND %(first)s::date IS NULL
            )
            SELECT *, GREATEST(LEAST(old_price, paid) - new_price, 0) AS drop FROM paid WHERE quantity > 0
            """,
            distributors=list(holders),
            pricelists=[pricelist.id for pricelist in holders.values()],
            protection=self.id,
            company=self.company_id.id,
            date=self.date,
            first=self.date - timedelta(days=self.lookback_days) if self.lookback_days else None,
            invoiced=self._get_invoiced_query(),
        )

    def _get_invoiced_query(self):
        """What the order line of move ``m`` was invoiced for: amount (company currency, untaxed) and quantity in the product's own unit.

        Asked line by line: joined, it would be at the mercy of estimates.
        """
        return SQL(
            """
            SELECT SUM(-i.balance) AS amount, NULLIF(SUM(i.quantity * u.factor / pu.factor), 0)::numeric AS quantity
              FROM sale_order_line_invoice_rel rel
              JOIN account_move_line i ON i.id = rel.invoice_line_id AND i.parent_state = 'posted' AND i.product_id = r.product_id
              JOIN account_move a ON a.id = i.move_id AND a.move_type = 'out_invoice'
              JOIN uom_uom u ON u.id = i.product_uom_id
              JOIN product_product v ON v.id = i.product_id JOIN product_template t ON t.id = v.product_tmpl_id
              JOIN uom_uom pu ON pu.id = t.uom_id
             WHERE rel.order_line_id = m.sale_line_id
            """
        )


class ProductProduct(models.Model):
    _inherit = "product.product"

    def _dms_take_out_taxes(self, price, company):
        """A price without those of the product's taxes that prices include."""
        taxes = self.taxes_id._filter_taxes_by_company(company)
        if not any(tax.price_include for tax in taxes.flatten_taxes_hierarchy()):
            return price
        totals = taxes.with_context(round=False, round_base=False).compute_all(price, company.currency_id, 1.0, self)
        return totals["total_excluded"]
