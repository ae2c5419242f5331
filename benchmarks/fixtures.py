"""Records that several benchmarks start from."""

import contextlib

import psycopg2

from odoo import fields
from odoo.fields import Command
from odoo.sql_db import connection_info_for
from odoo.tools import SQL
from odoo.tools.sql import table_columns


def create_products(env, count, prefix="BENCH"):
    """``count`` storable products with codes ``BENCH-0000`` and rising prices, sold in units."""
    return env["product.product"].create(
        [
            {
                "name": f"Benchmark product {number}",
                "default_code": f"{prefix}-{number:04}",
                "list_price": 5 + number % 50,
                "is_storable": True,
                "taxes_id": [Command.clear()],
            }
            for number in range(count)
        ]
    )


def create_distributor(env, products, name="Benchmark distributor"):
    """A distributor that every gate has something to look at: class minimum, assortment, licence."""
    licence_type = env["dms.licence.type"].create({"name": "Benchmark", "code": name, "product_ids": [Command.set(products[:3].ids)]})
    distributor_class = env["dms.distributor.class"].create({"name": name, "code": name, "min_order_amount": 1})
    distributor = env["res.partner"].create(
        {
            "name": name,
            "is_company": True,
            "is_distributor": True,
            "distributor_state": "active",
            "distributor_class_id": distributor_class.id,
        }
    )
    env["dms.licence"].create({"partner_id": distributor.id, "type_id": licence_type.id, "number": "1"})
    env["dms.assortment"].create(
        {"name": name, "product_ids": [Command.set(products.ids)], "distributor_ids": [Command.set(distributor.ids)]}
    )
    return distributor


def create_debtor(env, products):
    """A distributor that is held to its limit and has 20 unpaid invoices."""
    distributor = create_distributor(env, products)
    account = env["dms.credit.account"]._get_account(distributor, env.company)
    account.write({"policy": "hold", "overdue_grace_days": 60, "review_date": fields.Date.add(fields.Date.today(), days=90)})
    account.credit_limit = 1e7
    for number in range(20):
        invoice_on(distributor, fields.Date.subtract(fields.Date.today(), days=number))
    return distributor


def invoice_on(distributor, date):
    """An unpaid invoice of no order."""
    line = Command.create({"name": "Goods", "quantity": 1, "price_unit": 100, "tax_ids": [Command.clear()]})
    values = {"move_type": "out_invoice", "partner_id": distributor.id, "invoice_date": date, "invoice_line_ids": [line]}
    distributor.env["account.move"].create(values).action_post()


def create_order(env, partner, products, **values):
    """A draft of ten units and more of each product."""
    lines = [Command.create({"product_id": product.id, "product_uom_qty": 10 + number}) for number, product in enumerate(products)]
    return env["sale.order"].create({"partner_id": partner.id, "order_line": lines, **values})


def replicate(env, records, count, **columns):
    """Insert ``count`` copies of stored rows by SQL and return the id of the first: a thousand times as fast as the ORM.

    Copy ``g`` (from 0) of record number ``r`` (from 0) has the id ``first + g * len(records) + r``. What the ORM stored
    of the originals is copied with them, so they must be complete: confirm or post them first.

    :param columns: column to its :class:`odoo.tools.SQL` expression of ``g``, ``r`` and the original row ``seed``
    """
    env.flush_all()
    cr, table = env.cr, SQL.identifier(records._table)
    cr.execute(SQL("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", records._table))
    first = cr.fetchone()[0]
    columns["id"] = SQL("%s + g * %s + r", first, len(records))
    names = list(table_columns(cr, records._table))
    cr.execute(
        SQL(
            "INSERT INTO %(table)s (%(names)s) SELECT %(values)s FROM generate_series(0, %(last)s) AS g,"
            " (SELECT id, ordinality - 1 AS r FROM unnest(%(ids)s) WITH ORDINALITY AS ids (id)) AS ids JOIN %(table)s seed USING (id)",
            table=table,
            names=SQL(", ").join(map(SQL.identifier, names)),
            values=SQL(", ").join(columns.get(name, SQL.identifier("seed", name)) for name in names),
            last=count - 1,
            ids=records.ids,
        )
    )
    cr.execute(SQL("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", records._table, first + count * len(records)))
    cr.execute(SQL("ANALYZE %s", table))  # what refers to the copies is checked by an index from now on
    env.invalidate_all()
    return first


def copy_of(records, first, column):
    """SQL of the id of a copied record: that of ``records`` which ``seed.column`` names, see :func:`replicate`."""
    return SQL("%s + g * %s + array_position(%s, %s) - 1", first, len(records), records.ids, SQL.identifier("seed", column))


def vacuum(env):
    """Commit, and give the planner the statistics and visibility that a database in use has. The database is thrown away."""
    env.cr.commit()
    _name, settings = connection_info_for(env.cr.dbname)
    with contextlib.closing(psycopg2.connect(**settings)) as connection:
        connection.autocommit = True
        connection.cursor().execute("VACUUM ANALYZE")
