"""The tables behind the facts.

Days are rolled up to months without products, and these to months without distributors: what a wide question costs grows with
its groups, not with what was sold. A last table has the days that are out of date.
"""

from .dms_sales_measure import DIMENSIONS, MEASURES

#: what a row of the month is told apart by: instead of the product its category, as it is now
MONTH_DIMENSIONS = ("company_id", "distributor_id", "territory_id", "categ_id", "user_id", "order_channel")
#: what a row of a month and territory is told apart by
AREA_DIMENSIONS = ("company_id", "territory_id", "categ_id", "user_id", "order_channel")
AREA_COLUMNS = ("id", "date", "day_count", *AREA_DIMENSIONS, *MEASURES)
#: columns of a row of the month, in the order of the table
MONTH_COLUMNS = ("id", "date", "day_count", *MONTH_DIMENSIONS, *MEASURES)
TYPES = {"order_channel": "varchar"}


def _columns(dimensions):
    named = [f"{name} {TYPES.get(name, 'int4')}" for name in dimensions]
    return ", ".join([*named, *(f"{name} numeric NOT NULL" for name in MEASURES)])


# Days lie in the order in which they were sold, which a planner trusts of an index on the day alone.
# A row's number is made of its key and unique for a distributor and day: two transactions can never write the same row twice.
CREATE = f"""
    CREATE TABLE IF NOT EXISTS dms_sales_fact (
        id int8 NOT NULL, date date NOT NULL, {_columns(DIMENSIONS)}, PRIMARY KEY (distributor_id, date, id)
    );
    CREATE INDEX IF NOT EXISTS dms_sales_fact_id_idx ON dms_sales_fact (id);
    CREATE INDEX IF NOT EXISTS dms_sales_fact_date_idx ON dms_sales_fact (date);
    CREATE INDEX IF NOT EXISTS dms_sales_fact_product_idx ON dms_sales_fact (product_id, date);
    CREATE TABLE IF NOT EXISTS dms_sales_month (
        id int8 NOT NULL, date date NOT NULL, day_count int4 NOT NULL, {_columns(MONTH_DIMENSIONS)}, PRIMARY KEY (distributor_id, date, id)
    );
    CREATE INDEX IF NOT EXISTS dms_sales_month_date_idx ON dms_sales_month (date);
    CREATE TABLE IF NOT EXISTS dms_sales_area (
        id int8 NOT NULL, date date NOT NULL, day_count int4 NOT NULL, {_columns(AREA_DIMENSIONS)}, PRIMARY KEY (date, company_id, id)
    );
    CREATE TABLE IF NOT EXISTS dms_sales_dirty (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        company_id int4 NOT NULL, distributor_id int4 NOT NULL, date date NOT NULL, is_month boolean NOT NULL DEFAULT FALSE
    );
"""
DROP = "DROP TABLE IF EXISTS dms_sales_fact, dms_sales_month, dms_sales_area, dms_sales_dirty CASCADE"
