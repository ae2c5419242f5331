from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import format_date
from odoo.tools.date_utils import end_of, start_of

from ..engine.scale import get_scale
from ..report.distributor_sales_workbook import DistributorSalesWorkbook

#: months to choose from by their name in the address
PERIODS = {"3": 3, "6": 6, "12": 12, "24": 24}
PERIOD = "12"
#: figures of a row, and what they are made of
FIGURES = ("amount", "bought", "sold", "sold_amount")
READ = ("net_amount:sum", "invoiced_qty:sum", "credited_qty:sum", "sellout_qty:sum", "sellout_amount:sum")
#: products named on the page, and months compared with the year before
TOP, COMPARED = 10, 12


class DmsPortalReport(models.AbstractModel):
    """What a distributor bought and sold, as plain values for its pages: its own facts, never those of its branches.

    Called with full rights for a distributor that the frame has checked. Everything read carries :meth:`_get_domain`. Purchases are
    net sales (invoiced less credited, untaxed, in the company's currency); bought and sold are quantities in each product's own unit.
    """

    _name = "dms.portal.report"
    _description = "Purchases and Sell-out of a Distributor"

    @api.model
    def _prepare_page(self, distributor, company, period):
        """Everything the page shows, in a number of queries that depends on nothing.

        :param str period: one of :data:`PERIODS`
        """
        months = self._get_months(company, PERIODS[period])
        facts = self._read_months(distributor, company, months)
        shown = [{"month": month, **facts.get(month, _nothing())} for month in months]
        if not any(row[name] for row in shown for name in FIGURES):
            return {"is_empty": True, "currency": company.currency_id.name}
        targets = self._read_targets(distributor, company, months)
        rows = [self._prepare_month(row, targets.get((row["month"], False)), company) for row in shown]
        if not any(row["year"] for row in rows):
            rows[0]["year"] = format_date(self.env, months[0], date_format="yyyy")
        return {
            "is_empty": False,
            "currency": company.currency_id.name,
            "has_sellout": any(row["sold"] for row in shown),
            "tiles": self._prepare_tiles(shown, facts, company),
            "months": rows,
            "amounts": self._prepare_chart(rows, [[row["amount"] for row in shown]], [row["aim"] for row in rows]),
            "quantities": self._prepare_chart(rows, [[row["bought"] for row in shown], [row["sold"] for row in shown]]),
            "targets": self._prepare_targets(targets, months[-1], company),
            "categories": self._prepare_categories(distributor, company, months),
            "products": self._prepare_products(distributor, company, months),
        }

    # ------------------------------------------------------------ reading

    @api.model
    def _get_domain(self, distributor, company, months):
        """Facts of the distributor itself in a company, from the first month to the end of the last one."""
        days = Domain("date", ">=", months[0]) & Domain("date", "<=", end_of(months[-1], "month"))
        return Domain("distributor_id", "=", distributor.id) & Domain("company_id", "=", company.id) & days

    @api.model
    def _get_months(self, company, count):
        """First days of the last months, the current one included, the oldest first."""
        this_month = start_of(company._dms_today(), "month")
        return [this_month - relativedelta(months=back) for back in range(count - 1, -1, -1)]

    @api.model
    def _read_months(self, distributor, company, months):
        """``{first day of a month: figures}``, reaching back to what the months are compared with."""
        compared = months[:-1][-COMPARED:]
        since = min(months[0], compared[0] - relativedelta(years=1))
        domain = self._get_domain(distributor, company, [since, months[-1]])
        return {start_of(day, "month"): _figures(values) for day, *values in self._read_facts(domain, ["date:month"])}

    @api.model
    def _read_facts(self, domain, groupby, **kwargs):
        return self.env["dms.sales.fact"]._read_group(domain, groupby, READ, **kwargs)

    @api.model
    def _read_targets(self, distributor, company, months):
        """``{(first day of a month, category id or False): target}`` of the distributor itself, with its figures."""
        Target = self.env["dms.sales.target"]
        domain = [("distributor_id", "=", distributor.id), ("company_id", "=", company.id), ("month", "in", months)]
        targets = Target.search_fetch(domain, ["month", "categ_id", "amount", "quantity"], order="month, categ_id, id")
        figures = self.env["dms.sales.achievement"]._get_figures(targets)
        return {
            (target.month, target.categ_id.id): {
                "name": target.categ_id.name or "",
                "amount": target.amount,
                "quantity": target.quantity,
                **figures[target.id],
            }
            for target in targets
        }

    # ------------------------------------------------------------ months

    def _prepare_month(self, row, target, company):
        """A month of the table beside the charts."""
        money, quantity, month = company.currency_id.format, self._format_quantity, row["month"]
        aim = target["amount"] if target else 0.0
        return {
            "label": format_date(self.env, month, date_format="LLL"),
            "year": format_date(self.env, month, date_format="yyyy") if month.month == 1 else "",
            "is_odd": month.month % 2 == 1,
            "is_quarter": month.month % 3 == 1,
            "name": format_date(self.env, month, date_format="LLLL yyyy"),
            "aim": aim,
            "amount": money(row["amount"]),
            "target": money(aim) if aim else "",
            "achievement": self._format_share(target["achievement"]) if aim else "",
            "bought": quantity(row["bought"]),
            "sold": quantity(row["sold"]),
            "sold_amount": money(row["sold_amount"]) if row["sold_amount"] else "",
        }

    def _prepare_tiles(self, shown, facts, company):
        """Large figures above the charts: ``[{"key", "label", "value", "detail", "tone"}]``."""
        _, sums = self.env._, {name: sum(row[name] for row in shown) for name in FIGURES}
        tiles = [
            {
                "key": "amount",
                "label": _("Purchases"),
                "value": company.currency_id.format(sums["amount"]),
                **self._get_growth(shown, facts),
            },
            {
                "key": "bought",
                "label": _("Bought"),
                "value": self._format_quantity(sums["bought"]),
                "detail": _("units, less what came back"),
            },
        ]
        if sums["sold"]:
            value = company.currency_id.format(sums["sold_amount"]) if sums["sold_amount"] else ""
            detail = _("units, for %(amount)s", amount=value) if value else _("units")
            tiles.append({"key": "sold", "label": _("Sold on"), "value": self._format_quantity(sums["sold"]), "detail": detail})
        return tiles

    def _get_growth(self, shown, facts):
        """How purchases went against the year before, of the months that are over; nothing where there is nothing to compare.

        Months before the first one with facts are compared with nothing: he may not have been a distributor then.
        """
        year, since = relativedelta(years=1), min(facts)
        months = [row["month"] for row in shown[:-1][-COMPARED:] if row["month"] - year >= since]
        now = sum(facts.get(month, _nothing())["amount"] for month in months)
        before = sum(facts.get(month - year, _nothing())["amount"] for month in months)
        if before <= 0:
            return {"detail": self.env._("untaxed, less credits")}
        growth = 100 * (now - before) / before
        share = self._format_share(abs(growth))
        _, tone = self.env._, "success" if growth >= 0 else "danger"
        if growth >= 0:
            return {"detail": _("up %(share)s on the same full months a year before", share=share), "tone": tone}
        return {"detail": _("down %(share)s on the same full months a year before", share=share), "tone": tone}

    def _prepare_chart(self, rows, series, marks=()):
        """Bars of each month, in percent of the plot: ``{"ticks", "zero", "groups", "marks"}``, measured from the top.

        :param rows: months as of :meth:`_prepare_month`
        :param series: lists of values, one for each month
        :param marks: values to mark; nothing has no mark
        """
        scale = get_scale([*(value for values in series for value in values), *marks])
        zero = 100 - scale.place(0)
        wide = 100 / len(rows)
        bar = wide * 0.7 / len(series)
        groups = [
            [
                {"x": wide * (number + 0.15) + bar * place, "width": bar, **_bar(scale, values[number])}
                for place, values in enumerate(series)
            ]
            for number in range(len(rows))
        ]
        return {
            "zero": zero,
            "ticks": [{"y": 100 - scale.place(tick), "label": self._format_quantity(tick)} for tick in scale.ticks],
            "groups": [{"title": row["name"], "bars": bars} for row, bars in zip(rows, groups, strict=True)],
            "marks": [
                {"x": wide * (number + 0.08), "width": wide * 0.84, "y": 100 - scale.place(mark)}
                for number, mark in enumerate(marks)
                if mark
            ],
        }

    # ------------------------------------------------------------ targets

    def _prepare_targets(self, targets, this_month, company):
        """Targets of the current month, of all products first, and how many of all months were reached; None where there are none."""
        if not targets:
            return None
        current = [(categ, target) for (month, categ), target in targets.items() if month == this_month]
        current.sort(key=lambda row: bool(row[0]))
        return {
            "month": format_date(self.env, this_month, date_format="LLLL yyyy"),
            "current": [self._prepare_target(target, company) for _categ, target in current],
            "reached": sum(target["pace"] == "reached" for (month, categ), target in targets.items() if not categ),
            "count": sum(not categ for _month, categ in targets),
        }

    def _prepare_target(self, target, company):
        label, tone = self._get_paces()[target["pace"]]
        money = company.currency_id.format if target["amount"] else self._format_quantity
        names = ("achieved_amount", "amount") if target["amount"] else ("achieved_qty", "quantity")
        achieved, aim = (money(target[name]) for name in names)
        return {
            "name": target["name"] or self.env._("All products"),
            "achieved": achieved,
            "aim": aim,
            "share": self._format_share(target["achievement"]),
            "width": min(max(round(target["achievement"], 1), 0), 100),
            "open": money(target["open_amount"]) if target["amount"] and target["open_amount"] > 0 else "",
            "projection": money(target["projected_amount"]) if target["amount"] else "",
            "label": label,
            "tone": tone,
        }

    def _get_paces(self):
        """``{pace: (label, tone)}`` in plain words."""
        _ = self.env._
        return {
            "reached": (_("Reached"), "success"),
            "on_track": (_("On track"), "info"),
            "behind": (_("Behind"), "warning"),
            "upcoming": (_("To come"), "neutral"),
        }

    # ------------------------------------------------------------ categories and products

    def _prepare_categories(self, distributor, company, months):
        rows = self._read_facts(self._get_domain(distributor, company, months), ["categ_id"])
        found = sorted(((category, _figures(values)) for category, *values in rows), key=lambda row: -row[1]["amount"])
        found = [(category, row) for category, row in found if any(row.values())]
        most = max([row["amount"] for _category, row in found], default=0)
        total = sum(row["amount"] for _category, row in found)
        return [
            {
                "name": category.name or self.env._("Other"),
                "width": round(100 * row["amount"] / most, 1) if most > 0 and row["amount"] > 0 else 0,
                "share": self._format_share(100 * row["amount"] / total) if total > 0 else "",
                **self._format_row(row, company),
            }
            for category, row in found
        ]

    def _prepare_products(self, distributor, company, months):
        """The products bought most, for the most money first."""
        domain = self._get_domain(distributor, company, months) & Domain("product_id", "!=", False)
        rows = self._read_facts(domain, ["product_id"], order="net_amount:sum DESC, product_id", limit=TOP)
        return [
            {
                "name": product.name,
                "code": product.default_code or "",
                "unit": product.uom_id.name,
                **self._format_row(_figures(values), company),
            }
            for product, *values in rows
        ]

    def _format_row(self, row, company):
        return {
            "amount": company.currency_id.format(row["amount"]),
            "bought": self._format_quantity(row["bought"]),
            "sold": self._format_quantity(row["sold"]) if row["sold"] else "",
        }

    def _format_quantity(self, quantity):
        return self.env["dms.portal"]._format_quantity(quantity)

    def _format_share(self, share):
        """A share of a hundred as people write it."""
        return self.env._("%(share)s %%", share=self._format_quantity(round(share, 1)))

    # ------------------------------------------------------------ file

    @api.model
    def _render_xlsx(self, distributor, company, period):
        """The same as a spreadsheet, by month, and by month and product: its content and its name."""
        months = self._get_months(company, PERIODS[period])
        domain = self._get_domain(distributor, company, months)
        targets = self._read_targets(distributor, company, months)
        facts = self._read_months(distributor, company, months)
        by_month = [
            {"month": month, "target": targets.get((month, False), {}).get("amount"), **facts.get(month, _nothing())} for month in months
        ]
        rows = self._read_facts(domain & Domain("product_id", "!=", False), ["date:month", "product_id"])
        by_product = [{"month": start_of(day, "month"), "product": product, **_figures(values)} for day, product, *values in rows]
        by_product.sort(key=lambda row: (row["month"], row["product"].default_code or "", row["product"].id))
        content = DistributorSalesWorkbook(self.env, distributor, company, months, by_month, by_product).render()
        return content, f"purchases-{months[0]:%Y-%m}-{months[-1]:%Y-%m}.xlsx"


def _figures(values):
    """Figures of one row of facts by name; what was bought is less what came back."""
    amount, invoiced, credited, sold, sold_amount = values
    return dict(zip(FIGURES, (amount, invoiced - credited, sold, sold_amount), strict=True))


def _nothing():
    return dict.fromkeys(FIGURES, 0.0)


def _bar(scale, value):
    """Top and height of the bar of a value, from the line of zero."""
    ends = sorted((100 - scale.place(0), 100 - scale.place(value)))
    return {"y": ends[0], "height": round(ends[1] - ends[0], 2)}
