from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

#: what an aim is told apart by, beside its time
OWNER = ("company_id", "territory_id", "distributor_id", "categ_id")


class DmsSalesAim(models.AbstractModel):
    """What targets of a month and plans of a year have in common: whose they are, of which products, and how files bring them.

    A model of it has a field of time, ``_aim_time``; there is one record of an owner and time.
    """

    _name = "dms.sales.aim"
    _description = "Aim of Sales"
    _inherit = ["dms.finite.numbers", "dms.own.company"]
    _check_company_auto = True

    _aim_time = None

    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company, ondelete="cascade")
    currency_id = fields.Many2one(related="company_id.currency_id")
    territory_id = fields.Many2one(
        "dms.territory", index="btree_not_null", ondelete="restrict", check_company=True, help="With all territories below it, as the tree is now."
    )  # fmt: skip
    distributor_id = fields.Many2one(
        "res.partner",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        domain=[("is_distributor", "=", True)],
        help="Instead of a territory: what this distributor buys, wherever it was served from.",
    )
    categ_id = fields.Many2one(
        "product.category", "Product Category", index="btree_not_null", ondelete="restrict", help="With all below it. Empty: all products."
    )
    is_mine = fields.Boolean(
        "In My Territories", compute="_compute_is_mine", search="_search_is_mine", help="Of a territory I manage, or below it."
    )

    _owner_one = models.Constraint(
        "CHECK (num_nonnulls(territory_id, distributor_id) = 1)", "Choose either a territory or a distributor, and only one of them."
    )

    def _compute_is_mine(self):
        mine = self.filtered_domain(self._get_mine_domain())
        for aim in self:
            aim.is_mine = aim in mine

    def _search_is_mine(self, operator, value):
        return self._get_mine_domain() if operator == "in" else NotImplemented

    @api.model
    def _get_mine_domain(self):
        ids = self.env.user.dms_territory_ids.ids
        return Domain("territory_id", "child_of", ids) | Domain("distributor_id.territory_id", "child_of", ids)

    @api.constrains("distributor_id")
    def _check_distributor(self):
        for aim in self:
            if aim.distributor_id and not aim.distributor_id.is_distributor:
                raise ValidationError(self.env._("%(name)s is no distributor.", name=aim.distributor_id.display_name))

    def _get_owner_name(self):
        """Whose it is, and of which products."""
        names = [(self.territory_id or self.distributor_id).display_name, self.categ_id.display_name]
        return " · ".join(name for name in names if name)

    # ------------------------------------------------------------ files

    @api.model
    def load(self, fields, data):
        """Core takes the first of several records of the same name with no more than a warning; here nothing is taken then."""
        with self.env.cr.savepoint() as savepoint:
            result = super().load(fields, data)
            doubtful = [message for message in result["messages"] if message["type"] == "warning"]
            if result["ids"] and doubtful:
                savepoint.rollback()
                result["ids"] = False
                for message in doubtful:
                    message["type"] = "error"
        return result

    @api.model
    def _load_records(self, data_list, update=False):
        """A file that says two things of the same is refused; core asks again row by row, and each such row is told of."""
        self._mark_repeated(data_list)
        if any(data.get("is_repeated") for data in data_list):
            raise UserError(self.env._("Another row is about the same: keep one of them."))
        return super()._load_records(data_list, update)

    def _mark_repeated(self, data_list):
        keys = {}
        for data in data_list:
            keys.setdefault(self._get_key(data["values"]), []).append(data)
        for key, rows in keys.items():
            if len(rows) > 1 and self._aim_time and key[-1]:
                for data in rows:
                    data["is_repeated"] = True

    @api.model
    def _load_records_create(self, vals_list):
        """What is there already is changed: the same file twice does nothing more. Empty cells change nothing."""
        known = self._get_known(vals_list)
        filled = [{name: value for name, value in vals.items() if value is not False} for vals in vals_list]
        new = [vals for vals in filled if self._get_key(vals) not in known]
        made = iter(super()._load_records_create(new))
        records = self.browse()
        for vals in filled:
            record = known.get(self._get_key(vals))
            if record:
                record._load_records_write({name: value for name, value in vals.items() if name not in OWNER})
            records += record or next(made)
        return records

    @api.model
    def _get_known(self, vals_list):
        """``{key: record}`` of the records that rows of a file may be about."""
        keys = [self._get_key(vals) for vals in vals_list]
        companies, territories, distributors, _categories, times = (list(filter(None, values)) for values in zip(*keys, strict=True))
        owners = Domain("territory_id", "in", territories) | Domain("distributor_id", "in", distributors)
        domain = Domain("company_id", "in", companies) & Domain(self._aim_time, "in", times) & owners
        return {record._get_own_key(): record for record in self.search(domain)}

    @api.model
    def _get_key(self, vals):
        """What a record of these values is told apart by: :data:`OWNER` and its time."""
        company = vals.get("company_id") or self.env.company.id
        return company, *(vals.get(name) or False for name in OWNER[1:]), vals.get(self._aim_time) or False

    def _get_own_key(self):
        return *(self[name].id for name in OWNER), self[self._aim_time]
