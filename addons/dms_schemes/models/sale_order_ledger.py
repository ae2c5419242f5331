import hashlib

from odoo import api, fields, models
from odoo.tools import SQL

from .dms_scheme_application import LIVE
from .sale_order_facts import amounts_in

APPLICATION_COLUMNS = (
    "order_id", "company_id", "distributor_id", "scheme_id", "scheme_code", "slab_id", "product_id", "base_qty", "base_amount",
    "benefit_amount", "benefit_company_amount", "free_product_id", "free_qty", "times", "cap", "currency_id", "state",
)  # fmt: skip


class SaleOrder(models.Model):
    """The benefit ledger of an order: what changed is reversed and written anew."""

    _inherit = "sale.order"

    def _dms_take_ledger(self, lines, result):
        """Make the live rows those of ``result``.

        :return: fingerprint of what is kept, False for nothing
        """
        wanted = self._prepare_applications(result.grants, lines)
        fingerprint = _fingerprint(wanted)
        if self._origin != self or fingerprint == (self.scheme_fingerprint or False):
            return fingerprint
        kept, reversed_rows = self._dms_reverse_others(wanted) if self.scheme_fingerprint else (set(), [])
        new = [values for key, values in wanted.items() if key not in kept]
        self.env["dms.scheme.application"]._insert(new)
        if self.state == "sale":
            self._dms_tell_taken(new, reversed_rows)
        self.invalidate_recordset(["scheme_application_ids"])
        self.order_line.invalidate_recordset(["scheme_application_line_ids"])
        if any(line.qty_invoiced for line in lines):
            self._dms_follow_invoicing()
        return fingerprint

    @api.model
    def _dms_grant_key(self, grant):
        return (grant.scheme.id, grant.slab.id, grant.product)

    def _dms_reverse_others(self, wanted):
        """Reverse the live rows that are not wanted as they are.

        :return: (keys of those that stay, those that were reversed)
        """
        kept = set()
        stale = self.env["dms.scheme.application"]
        for row in self.env["dms.scheme.application"].search([("order_id", "=", self.id), ("state", "in", LIVE)]):
            key = (row.scheme_id.id, row.slab_id.id, row.product_id.id or None)
            if key in wanted and row._is_as(wanted[key]):
                kept.add(key)
            else:
                stale |= row
        stale._reverse()
        return kept, stale

    def _prepare_applications(self, grants, lines):
        """``{key: values of a row}`` of grants."""
        common = {
            "order_id": self.id,
            "company_id": self.company_id.id,
            "distributor_id": self.distributor_id.id,
            "currency_id": self.currency_id.id,
            "state": "committed" if self.state == "sale" else "draft",
        }
        line_ids = [line._origin.id for line in lines]
        return {self._dms_grant_key(grant): common | self._prepare_application(grant, line_ids) for grant in grants}

    def _prepare_application(self, grant, line_ids):
        """What one grant adds to the values of a row, its split in ``split`` as ``[(line id, amount)]``."""
        money, company_currency = amounts_in(self.currency_id), self.company_id.currency_id
        benefit = money(grant.benefit)
        return {
            "scheme_id": grant.scheme.id,
            "scheme_code": grant.scheme.code,
            "slab_id": grant.slab.id,
            "product_id": grant.product,
            "base_qty": grant.base_qty,
            "base_amount": money(grant.base_amount),
            "benefit_amount": benefit,
            "benefit_company_amount": company_currency.round(benefit / (self.currency_rate or 1.0)),
            "free_product_id": grant.free_product,
            "free_qty": grant.free_qty,
            "times": grant.times,
            "cap": grant.cap or None,
            "split": [(line_ids[place], money(amount)) for place, amount in grant.lines],
        }


class DmsSchemeApplication(models.Model):
    _inherit = "dms.scheme.application"

    def _is_as(self, values):
        """Whether the row says what ``values`` of :meth:`sale.order._prepare_applications` say, to the cent and line by line."""
        money = self.currency_id.compare_amounts
        same = not money(self.benefit_amount, values["benefit_amount"]) and not money(self.base_amount, values["base_amount"])
        same = same and self.currency_id.id == values["currency_id"] and abs(self.base_qty - values["base_qty"]) < 1e-9
        same = same and (self.free_product_id.id or None) == values["free_product_id"] and abs(self.free_qty - values["free_qty"]) < 1e-9
        split = {row.sale_line_id.id: row.amount for row in self.line_ids}
        wanted = dict(values["split"])
        return same and split.keys() == wanted.keys() and not any(money(split[line], wanted[line]) for line in wanted)

    @api.model
    def _insert(self, values_list):
        """Add rows with their splits, in one statement each: an order may have hundreds of them.

        :param list values_list: of :meth:`sale.order._prepare_applications`
        """
        if not values_list:
            return
        self.flush_model()
        self.env["sale.order.line"].flush_model(["order_id"])
        ids = _insert_columns(self, {name: [values[name] for values in values_list] for name in APPLICATION_COLUMNS})
        self.env["dms.scheme"].browse({values["scheme_id"] for values in values_list}).invalidate_recordset(["application_ids"])
        splits = [(id_, *part) for id_, values in zip(ids, values_list, strict=True) for part in values["split"]]
        if splits:
            columns = zip(*splits, strict=True)
            _insert_columns(self.line_ids, dict(zip(("application_id", "sale_line_id", "amount"), map(list, columns), strict=True)))


def _insert_columns(model, columns):
    """Add rows of a model, given column by column, and return their ids: a list is far cheaper to hand over than its rows."""
    types = [SQL.identifier(model._fields[name].column_type[0]) for name in columns]
    arrays = [SQL("%s::%s[]", values, type_) for values, type_ in zip(columns.values(), types, strict=True)]
    query = SQL(
        "INSERT INTO %s (%s, create_uid, create_date, write_uid, write_date) SELECT *, %s, %s, %s, %s FROM unnest(%s) RETURNING id",
        SQL.identifier(model._table),
        SQL(", ").join(map(SQL.identifier, columns)),
        *(model.env.uid, fields.Datetime.now()) * 2,
        SQL(", ").join(arrays),
    )
    return [id_ for (id_,) in model.env.execute_query(query)]


def _fingerprint(wanted):
    """Stands for all that is kept of an evaluation; amounts come rounded, so equal ones look equal."""
    if not wanted:
        return False
    kept = [[str(values[name]) for name in APPLICATION_COLUMNS if name != "state"] + [str(values["split"])] for values in wanted.values()]
    return hashlib.sha256(repr(kept).encode()).hexdigest()[:32]
