"""How the database itself notes which days are out of date: triggers on the documents, whoever writes them and however.

They only ever add rows to ``dms_sales_dirty``, so that two documents never wait for each other, and fire for what counts alone:
their conditions are looked at by the database before anything is called.
"""

LINE_COLUMNS = (
    "product_uom_qty, product_uom_id, product_id, price_subtotal, price_unit, dms_unit_value, order_id, display_type, is_downpayment, "
    "is_scheme_free"
)
MOVE_COLUMNS = "state, date, quantity, product_id, product_uom, sale_line_id, location_id, location_dest_id, company_id"
INVOICE_COLUMNS = "invoice_date, dms_distributor_id, dms_territory_id, invoice_user_id, move_type, company_id"
ITEM_COLUMNS = "balance, quantity, product_id, product_uom_id, display_type, move_id, is_downpayment, is_scheme_free"
ACCRUAL_COLUMNS = "amount, released_amount, date_from, distributor_id, territory_id, company_id"


def _row(record, columns):
    return f"ROW({', '.join(f'{record}.{column}' for column in columns.split(', '))})"


def _differs(columns):
    return f"{_row('OLD', columns)} IS DISTINCT FROM {_row('NEW', columns)}"


FUNCTIONS = """
CREATE OR REPLACE FUNCTION dms_sales_day(moment timestamp, company int) RETURNS date LANGUAGE sql STABLE AS $$
    SELECT (moment AT TIME ZONE 'UTC' AT TIME ZONE COALESCE(p.tz, 'UTC'))::date
      FROM res_company c JOIN res_partner p ON p.id = c.partner_id WHERE c.id = company
$$;

-- the day of an order, and the days on which its goods and invoices moved
CREATE OR REPLACE FUNCTION dms_sales_touch_order(o sale_order, everything boolean) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF o.distributor_id IS NULL THEN
        RETURN;
    END IF;
    INSERT INTO dms_sales_dirty (company_id, distributor_id, date)
         VALUES (o.company_id, o.distributor_id, dms_sales_day(o.date_order, o.company_id));
    IF everything THEN
        INSERT INTO dms_sales_dirty (company_id, distributor_id, date)
        SELECT DISTINCT o.company_id, o.distributor_id, dms_sales_day(m.date, o.company_id)
          FROM sale_order_line l JOIN stock_move m ON m.sale_line_id = l.id AND m.state = 'done' WHERE l.order_id = o.id
        UNION
        SELECT a.company_id, a.dms_distributor_id, a.invoice_date
          FROM sale_order_line l
          JOIN sale_order_line_invoice_rel r ON r.order_line_id = l.id
          JOIN account_move_line i ON i.id = r.invoice_line_id
          JOIN account_move a ON a.id = i.move_id AND a.state = 'posted' AND a.dms_distributor_id IS NOT NULL
         WHERE l.order_id = o.id;
    END IF;
END $$;

CREATE OR REPLACE FUNCTION dms_sales_on_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM dms_sales_touch_order(OLD, TG_ARGV[0]::boolean);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM dms_sales_touch_order(NEW, TG_ARGV[0]::boolean);
    END IF;
    RETURN COALESCE(NEW, OLD);
END $$;

CREATE OR REPLACE FUNCTION dms_sales_touch_line(line int, orders int) RETURNS void LANGUAGE sql AS $$
    INSERT INTO dms_sales_dirty (company_id, distributor_id, date)
    SELECT o.company_id, o.distributor_id, dms_sales_day(o.date_order, o.company_id)
      FROM sale_order o WHERE o.id = orders AND o.distributor_id IS NOT NULL
    UNION
    SELECT o.company_id, o.distributor_id, dms_sales_day(m.date, o.company_id)
      FROM sale_order o JOIN stock_move m ON m.sale_line_id = line AND m.state = 'done'
     WHERE o.id = orders AND o.distributor_id IS NOT NULL
$$;

CREATE OR REPLACE FUNCTION dms_sales_on_line() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- a quotation counts where goods left before it was cancelled and taken up again
    IF TG_OP = 'UPDATE' AND OLD.state NOT IN ('sale', 'cancel')
       AND NOT EXISTS (SELECT FROM stock_move m WHERE m.sale_line_id = OLD.id AND m.state = 'done') THEN
        RETURN NULL;
    END IF;
    IF TG_OP <> 'INSERT' THEN
        PERFORM dms_sales_touch_line(OLD.id, OLD.order_id);
    END IF;
    IF TG_OP <> 'DELETE' AND (TG_OP = 'INSERT' OR OLD.order_id IS DISTINCT FROM NEW.order_id) THEN
        PERFORM dms_sales_touch_line(NEW.id, NEW.order_id);
    END IF;
    RETURN COALESCE(NEW, OLD);
END $$;

CREATE OR REPLACE FUNCTION dms_sales_touch_move(m stock_move) RETURNS void LANGUAGE sql AS $$
    INSERT INTO dms_sales_dirty (company_id, distributor_id, date)
    SELECT o.company_id, o.distributor_id, dms_sales_day(m.date, o.company_id)
      FROM sale_order_line l JOIN sale_order o ON o.id = l.order_id
     WHERE l.id = m.sale_line_id AND o.distributor_id IS NOT NULL AND m.state = 'done'
$$;

CREATE OR REPLACE FUNCTION dms_sales_on_move() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM dms_sales_touch_move(OLD);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM dms_sales_touch_move(NEW);
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION dms_sales_touch_invoice(a account_move) RETURNS void LANGUAGE sql AS $$
    INSERT INTO dms_sales_dirty (company_id, distributor_id, date)
    SELECT a.company_id, a.dms_distributor_id, a.invoice_date
     WHERE a.state = 'posted' AND a.dms_distributor_id IS NOT NULL AND a.invoice_date IS NOT NULL
$$;

CREATE OR REPLACE FUNCTION dms_sales_on_invoice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM dms_sales_touch_invoice(OLD);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM dms_sales_touch_invoice(NEW);
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION dms_sales_on_item() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM dms_sales_touch_invoice(a) FROM account_move a WHERE a.id = OLD.move_id;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM dms_sales_touch_invoice(a) FROM account_move a WHERE a.id = NEW.move_id;
    END IF;
    RETURN NULL;
END $$;

-- an invoice is in the territory of the order that its lines are linked to
CREATE OR REPLACE FUNCTION dms_sales_on_link() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO dms_sales_dirty (company_id, distributor_id, date)
    SELECT DISTINCT a.company_id, a.dms_distributor_id, a.invoice_date
      FROM changed r JOIN account_move_line i ON i.id = r.invoice_line_id
      JOIN account_move a ON a.id = i.move_id AND a.state = 'posted' AND a.dms_distributor_id IS NOT NULL AND a.invoice_date IS NOT NULL;
    RETURN NULL;
END $$;

-- the day of the order, and those on which its free goods moved, which are worth what the benefit says
CREATE OR REPLACE FUNCTION dms_sales_touch_benefit(orders int, free boolean) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO dms_sales_dirty (company_id, distributor_id, date)
    SELECT o.company_id, o.distributor_id, dms_sales_day(o.date_order, o.company_id)
      FROM sale_order o WHERE o.id = orders AND o.state = 'sale' AND o.distributor_id IS NOT NULL;
    IF free THEN
        INSERT INTO dms_sales_dirty (company_id, distributor_id, date)
        SELECT DISTINCT o.company_id, o.distributor_id, dms_sales_day(m.date, o.company_id)
          FROM sale_order o JOIN sale_order_line l ON l.order_id = o.id AND l.is_scheme_free
          JOIN stock_move m ON m.sale_line_id = l.id AND m.state = 'done'
         WHERE o.id = orders AND o.distributor_id IS NOT NULL;
    END IF;
END $$;

CREATE OR REPLACE FUNCTION dms_sales_on_benefit_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM dms_sales_touch_benefit(k.order_id, k.free) FROM (
        SELECT n.order_id, BOOL_OR(n.free_product_id IS NOT NULL) AS free FROM changed n WHERE n.state = 'committed' GROUP BY n.order_id
    ) k;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION dms_sales_on_benefit_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM dms_sales_touch_benefit(k.order_id, k.free) FROM (
        SELECT n.order_id, BOOL_OR(n.free_product_id IS NOT NULL) AS free FROM after n JOIN before b ON b.id = n.id
         WHERE (b.state = 'committed') <> (n.state = 'committed') GROUP BY n.order_id
    ) k;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION dms_sales_on_benefit_part() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO dms_sales_dirty (company_id, distributor_id, date)
    SELECT o.company_id, o.distributor_id, dms_sales_day(o.date_order, o.company_id)
      FROM dms_scheme_application b JOIN sale_order o ON o.id = b.order_id AND o.state = 'sale' AND o.distributor_id IS NOT NULL
     WHERE b.id = NEW.application_id;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION dms_sales_on_accrual() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        INSERT INTO dms_sales_dirty (company_id, distributor_id, date) VALUES (OLD.company_id, OLD.distributor_id, OLD.date_from);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO dms_sales_dirty (company_id, distributor_id, date) VALUES (NEW.company_id, NEW.distributor_id, NEW.date_from);
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION dms_sales_on_ledger() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO dms_sales_dirty (company_id, distributor_id, date)
    SELECT DISTINCT company_id, distributor_id, date FROM changed WHERE flow = 'sellout';
    RETURN NULL;
END $$;
"""

SALE = "{0}.state = 'sale' AND {0}.distributor_id IS NOT NULL"
DONE = "{0}.state = 'done' AND {0}.sale_line_id IS NOT NULL"
POSTED = "{0}.state = 'posted' AND {0}.move_type IN ('out_invoice', 'out_refund')"
SOLD = "{0}.parent_state = 'posted' AND {0}.display_type = 'product' AND {0}.product_id IS NOT NULL"
BOTH = "(({0}) OR ({1})) AND {2}"

# name, table, event, each row's condition (None: once a statement), function; deletions of what others hang on are noted before they
# happen: afterwards the database has cut what hung on it off already
TRIGGERS = (
    ("order_insert", "sale_order", "INSERT", SALE.format("NEW"), "order('false')"),
    ("order_delete", "sale_order", "DELETE", "OLD.distributor_id IS NOT NULL", "order('true')"),
    (
        "order_state",
        "sale_order",
        "UPDATE",
        BOTH.format(SALE.format("OLD"), SALE.format("NEW"), _differs("state, date_order")),
        "order('false')",
    ),
    (
        *("order_terms", "sale_order", "UPDATE"),
        _differs("distributor_id, company_id, territory_id, user_id, order_channel, currency_rate"),
        "order('true')",
    ),
    ("line_insert", "sale_order_line", "INSERT", "NEW.state = 'sale'", "line()"),
    ("line_update", "sale_order_line", "UPDATE", _differs(LINE_COLUMNS), "line()"),
    ("line_delete", "sale_order_line", "DELETE", "OLD.product_id IS NOT NULL", "line()"),
    ("link_insert", "sale_order_line_invoice_rel", "INSERT", None, "link()"),
    ("link_delete", "sale_order_line_invoice_rel", "DELETE", None, "link()"),
    ("move_insert", "stock_move", "INSERT", DONE.format("NEW"), "move()"),
    ("move_update", "stock_move", "UPDATE", BOTH.format(DONE.format("OLD"), DONE.format("NEW"), _differs(MOVE_COLUMNS)), "move()"),
    ("move_delete", "stock_move", "DELETE", DONE.format("OLD"), "move()"),
    ("invoice_insert", "account_move", "INSERT", POSTED.format("NEW"), "invoice()"),
    (
        *("invoice_update", "account_move", "UPDATE"),
        BOTH.format(POSTED.format("OLD"), POSTED.format("NEW"), _differs(f"state, {INVOICE_COLUMNS}")),
        "invoice()",
    ),
    ("invoice_delete", "account_move", "DELETE", POSTED.format("OLD"), "invoice()"),
    ("item_insert", "account_move_line", "INSERT", SOLD.format("NEW"), "item()"),
    (
        *("item_update", "account_move_line", "UPDATE"),
        f"OLD.parent_state = 'posted' AND NEW.parent_state = 'posted' AND {_differs(ITEM_COLUMNS)}",
        "item()",
    ),
    ("item_delete", "account_move_line", "DELETE", SOLD.format("OLD"), "item()"),
    ("benefit_insert", "dms_scheme_application", "INSERT", None, "benefit_insert()"),
    ("benefit_update", "dms_scheme_application", "UPDATE", None, "benefit_update()"),
    ("part_update", "dms_scheme_application_line", "UPDATE", _differs("amount, returned_amount, sale_line_id"), "benefit_part()"),
    ("accrual_insert", "dms_scheme_accrual", "INSERT", "TRUE", "accrual()"),
    ("accrual_update", "dms_scheme_accrual", "UPDATE", _differs(ACCRUAL_COLUMNS), "accrual()"),
    ("accrual_delete", "dms_scheme_accrual", "DELETE", "TRUE", "accrual()"),
    ("ledger_insert", "dms_stock_ledger", "INSERT", None, "ledger()"),
)


#: names of what a trigger once a statement finds its rows by
ROWS = {"INSERT": "NEW TABLE AS changed", "UPDATE": "NEW TABLE AS after OLD TABLE AS before", "DELETE": "OLD TABLE AS changed"}
BEFORE = {"order_delete", "line_delete"}


def _create(name, table, event, condition, function):
    """SQL of one trigger; those without a condition get the rows of their statement at once."""
    if condition is None:
        how = f"REFERENCING {ROWS[event]} FOR EACH STATEMENT"
    else:
        how = f"FOR EACH ROW WHEN ({condition})"
    when = "BEFORE" if name in BEFORE else "AFTER"
    return f"CREATE OR REPLACE TRIGGER dms_sales_{name} {when} {event} ON {table} {how} EXECUTE FUNCTION dms_sales_on_{function};"


CREATE = FUNCTIONS + "\n".join(_create(*trigger) for trigger in TRIGGERS)
DROP = (
    "".join(f"DROP TRIGGER IF EXISTS dms_sales_{name} ON {table};" for name, table, *_more in TRIGGERS)
    + """
    DROP FUNCTION IF EXISTS dms_sales_on_order, dms_sales_on_line, dms_sales_on_move, dms_sales_on_invoice, dms_sales_on_item,
        dms_sales_on_benefit_insert, dms_sales_on_benefit_update, dms_sales_on_benefit_part, dms_sales_on_accrual, dms_sales_on_ledger, dms_sales_on_link,
        dms_sales_touch_order, dms_sales_touch_benefit,
        dms_sales_touch_line, dms_sales_touch_move, dms_sales_touch_invoice, dms_sales_day CASCADE;
"""
)
