from odoo.tools import SQL

from .models import fact_tables, fact_triggers


def post_init_hook(env):
    """Take in what was there before: whose the invoices are, what was delivered unordered is worth, where sell-out was, and all facts."""
    _freeze_invoices(env)
    _value_unordered(env)
    _freeze_sellout(env)
    env["dms.sales.fact"]._rebuild()


def uninstall_hook(env):
    """What the database does for the facts goes, and the tables that belong to no model."""
    env.cr.execute(fact_triggers.DROP)
    env.cr.execute(fact_tables.DROP)


def _freeze_invoices(env):
    """Posted invoices belong to the distributor of their orders, else to their customer, in the territory of today."""
    env.cr.execute(
        """
        UPDATE account_move a SET dms_distributor_id = whose.partner, dms_territory_id = partner.territory_id
          FROM (
                SELECT m.id, CASE WHEN COUNT(DISTINCT o.distributor_id) = 1 THEN MIN(o.distributor_id)
                                  WHEN BOOL_OR(c.is_distributor) THEN MIN(c.id) END AS partner
                  FROM account_move m
                  JOIN res_partner c ON c.id = m.commercial_partner_id
             LEFT JOIN account_move_line i ON i.move_id = m.id
             LEFT JOIN sale_order_line_invoice_rel r ON r.invoice_line_id = i.id
             LEFT JOIN sale_order_line l ON l.id = r.order_line_id
             LEFT JOIN sale_order o ON o.id = l.order_id
                 WHERE m.move_type IN ('out_invoice', 'out_refund') AND m.state = 'posted'
              GROUP BY m.id
               ) whose
          JOIN res_partner partner ON partner.id = whose.partner
         WHERE a.id = whose.id
        """
    )


def _value_unordered(env):
    """Lines of which nothing was ordered get the value of their unit, the only ones it matters for."""
    lines = env["sale.order.line"].search([("product_uom_qty", "=", 0), ("display_type", "=", False)])
    env.add_to_compute(lines._fields["dms_unit_value"], lines)
    lines.flush_recordset(["dms_unit_value"])


def _freeze_sellout(env):
    """Rows of the ledger get the territory of today, the only time that rows are touched."""
    trigger = SQL.identifier("dms_stock_ledger_append_only")
    env.cr.execute(SQL("ALTER TABLE dms_stock_ledger DISABLE TRIGGER %s", trigger))
    env.cr.execute(
        """
        UPDATE dms_stock_ledger g SET recorded_territory_id = p.territory_id
          FROM res_partner p WHERE p.id = g.distributor_id AND p.territory_id IS NOT NULL AND g.recorded_territory_id IS NULL
        """
    )
    env.cr.execute(SQL("ALTER TABLE dms_stock_ledger ENABLE TRIGGER %s", trigger))
