"""What a workbook is made of for one reader: his environment, the period, what was chosen; and how rows get to the file."""

import itertools
from dataclasses import dataclass

from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

#: what a workbook may be narrowed to: field of the definition, its model
CHOICES = {
    "territory_ids": "dms.territory",
    "distributor_ids": "res.partner",
    "categ_ids": "product.category",
    "company_ids": "res.company",
}
#: rows fetched at once
FETCH = 2_000
numbers = itertools.count()


@dataclass(frozen=True)
class Kind:
    """A kind of workbook.

    :param label: its name, translated
    :param build: name of the method of ``dms.workbook`` that makes its sheets from a :class:`Scope`; it runs with the reader's rights
    :param model: the model its figures come from; who may not read it gets a file that says so
    :param has_period: False for what is looked at as it is now
    :param choices: what it can be narrowed to, of :data:`CHOICES`
    """

    label: str
    build: str
    model: str = "dms.sales.fact"
    has_period: bool = True
    choices: tuple = ("territory_ids", "distributor_ids", "categ_ids", "company_ids")


class Scope:
    """What one file is made from.

    :param env: environment of the reader, never the superuser's: rules narrow what he gets, and names are in his language
    :param date_from: first day, or None for a kind without a period
    :param date_to: last day, included
    :param chosen: ``{field of CHOICES: ids}``; nothing, or no ids, for all
    :param domain: further conditions on facts, as the reader's screen had them
    """

    def __init__(self, env, date_from=None, date_to=None, chosen=None, domain=None):
        self.env, self.date_from, self.date_to = env, date_from, date_to
        self.chosen = {name: ids for name, ids in (chosen or {}).items() if ids}
        self.domain = Domain(domain or Domain.TRUE)
        #: how many rows its streams have, counted beforehand; sheets of other rows are not known of
        self.expected = 0

    @property
    def companies(self):
        """The companies it is about, as far as the reader works for them."""
        wanted = self.chosen.get("company_ids")
        return self.env.companies.filtered(lambda company: not wanted or company.id in wanted)

    @property
    def decimals(self):
        return max(self.companies.currency_id.mapped("decimal_places"), default=2)

    def check(self):
        """Refuse what has lost a part of what it was narrowed to: without it the file would hold more than was asked for.

        :raise UserError: naming the filter
        """
        for name, ids in self.chosen.items():
            if len(self.env[CHOICES[name]].browse(ids).exists()) < len(ids):
                raise UserError(
                    self.env._(
                        "Something chosen under %(filter)s no longer exists. Choose again and make the workbook anew.",
                        filter=self.get_choice_label(name),
                    )
                )

    def get_choice_label(self, name):
        return self.env["dms.workbook"]._fields[name]._description_string(self.env)

    def get_choices(self):
        """``[(label, names)]`` of what it is narrowed to; names that the reader may not see are only counted."""
        return [(self.get_choice_label(name), self._get_names(self.env[CHOICES[name]].browse(ids))) for name, ids in self.chosen.items()]

    def _get_names(self, records):
        seen = records.with_context(active_test=False)._filtered_access("read")
        names = seen.mapped("display_name")
        if hidden := len(records) - len(seen):
            names.append(self.env._("%(count)s that you do not see", count=hidden))
        return ", ".join(names)

    # ------------------------------------------------------------ conditions

    def get_domain(self, model, date=None, **names):
        """Conditions of period and choices on a model of the reader's environment.

        :param date: field of the period
        :param names: field of each choice that the model can be narrowed by, without ``_ids``: ``territory="territory_id"``
        """
        domain = Domain("company_id", "in", self.companies.ids)
        if date:
            domain &= Domain(date, ">=", self.date_from) & Domain(date, "<=", self.date_to)
        for name, field in names.items():
            ids = self.chosen.get(f"{name}_ids")
            if ids:
                operator = "in" if name == "distributor" else "child_of"
                domain &= Domain(field, operator, ids)
        return domain.optimize(model)

    # ------------------------------------------------------------ rows

    def stream(self, sql):
        """Rows of a query, from a cursor of the database: never more than a few of them are here at once.

        Open cursors end with the transaction, so the transaction of the scope must not be committed meanwhile.
        """
        self.expected += self.env.execute_query(SQL("SELECT COUNT(*) FROM (%s) counted", sql))[0][0]
        return self._fetch(sql)

    def _fetch(self, sql):
        cr, name = self.env.cr, SQL.identifier(f"dms_workbook_{next(numbers)}")
        cr.execute(SQL("SET LOCAL cursor_tuple_fraction = 1"))  # all rows will be taken, not only the first
        cr.execute(SQL("DECLARE %s NO SCROLL CURSOR FOR %s", name, sql))
        while True:
            cr.execute(SQL("FETCH FORWARD %s FROM %s", FETCH, name))
            rows = cr.fetchall()
            yield from rows
            if len(rows) < FETCH:
                break
        cr.execute(SQL("CLOSE %s", name))
