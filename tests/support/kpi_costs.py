"""A company of a few wins and costs, and the models that make KPIs of what they cost and return.

Its first half of 2026 is recorded, every gross margin is 50 %, every rate one dollar 25 a euro.
"""

from decimal import Decimal

import duckdb

from tests.support.ads import add
from tests.support.channels import load_seed
from tests.support.dbt_sql import build

TABLES = {
    "fct_ad_performance_daily": (
        "channel varchar default 'paid_search', campaign varchar, "
        "spend_reporting decimal(18, 6), report_date date default '2026-02-10'"
    ),
    "int_costs__unioned": (
        "source_system varchar default 'finance', cost_id varchar default 'c1', "
        "cost_category varchar default 'agency', team varchar default 'marketing', "
        "channel varchar, campaign varchar, currency varchar default 'EUR', "
        "amount decimal(18, 2), cost_month date default '2026-02-01'"
    ),
    "int_exchange_rates__unioned": (
        "currency varchar, units_per_euro decimal(18, 6), rate_date date"
    ),
    "dim_campaigns": "campaign varchar, campaign_type varchar",
    "attribution_models": "attribution_model varchar, conversion_type varchar",
    "int_reporting_date__found": "as_of_date date",
    "int_reporting_periods__listed": (
        "period varchar, period_start date, period_end date, is_complete boolean"
    ),
    "int_margins__filled": "margin_share decimal(18, 6), valid_from date, valid_before date",
    "fct_input_quality": "area varchar, settled_until date, good_row_share double",
    "fct_opportunities": (
        "opportunity_id varchar, is_won boolean default true, created_date date, close_date date"
    ),
    "int_customers__acquired": "customer_id varchar, conversion_id varchar, acquired_date date",
    "fct_conversions": "conversion_id varchar, conversion_value decimal(18, 2)",
    "fct_attribution_credits": (
        "attribution_model varchar default 'linear', "
        "conversion_type varchar default 'closed_won', conversion_id varchar, "
        "reversed_conversion_id varchar, channel varchar default 'paid_search', "
        "campaign varchar, weight double default 1, booked_credit decimal(18, 6) default 0, "
        "occurred_at timestamp default '2026-02-01 12:00', "
        "converted_date date default '2026-02-10'"
    ),
}
COSTS = ("int_exchange_rates__daily_filled", "int_costs__converted", "fct_costs_monthly")
ACQUISITION = ("fct_acquisitions", "fct_paid_spend", "fct_paid_acquisitions",
               "fct_acquisition_costs")  # fmt: skip
RETURNS = ("fct_attributed_returns", "fct_return_costs", "fct_returns", "fct_return_changes")
AREAS = ("crm", "touchpoints", "ads", "costs", "margins")
TYPES = ("lead_created", "mql", "opportunity_created", "closed_won")


def company(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the tables that the models read, without any customer or cost."""
    connection.execute("set timezone = 'UTC'")
    for name, columns in TABLES.items():
        connection.execute(f"create table {name} ({columns})")
    load_seed(connection, "channels")
    for kind in TYPES:
        add(connection, "attribution_models",
            {"attribution_model": "linear", "conversion_type": kind})  # fmt: skip
    add(connection, "int_reporting_date__found", {"as_of_date": "2026-06-30"})
    for period, months in (("month", 1), ("quarter", 3), ("year", 12)):
        connection.execute(
            f"insert into int_reporting_periods__listed "
            f"select '{period}', day, day + interval {months} month - interval 1 day, "
            f"{months} < 12 from (select cast(unnest(generate_series(date '2026-01-01', "
            f"date '2026-06-30', interval {months} month)) as date) as day)"
        )
    margin = {"margin_share": 0.5, "valid_from": "2020-01-01", "valid_before": "9999-12-31"}
    add(connection, "int_margins__filled", margin)
    add(connection, "fct_input_quality",
        *({"area": area, "settled_until": "2026-06-30", "good_row_share": 1} for area in AREAS),
    )  # fmt: skip
    add(connection, "int_exchange_rates__unioned",
        {"currency": "USD", "units_per_euro": 1.25, "rate_date": "2026-01-30"})  # fmt: skip


def win(
    connection: duckdb.DuckDBPyConnection, name: str, date: str, value: int, **shares: float
) -> None:
    """Add a new customer's win, created 61 days before, and its credits by channel (linear)."""
    won = {"conversion_id": name, "conversion_value": value}
    add(connection, "fct_conversions", won)
    add(connection, "int_customers__acquired",
        {"customer_id": name, "conversion_id": name, "acquired_date": date})  # fmt: skip
    connection.execute(
        "insert into fct_opportunities select ?, true, day - 61, day from (select ?::date as day)",
        [name, date],
    )
    credit(connection, name, date, value, **shares)


def credit(
    connection: duckdb.DuckDBPyConnection, name: str, date: str, value: float, **shares: float
) -> None:
    """Add a closed_won's credits by channel; its name before a colon is the win it takes back."""
    reversed_id = name.partition(":")[2] or None
    for channel, weight in shares.items():
        add(connection, "fct_attribution_credits",
            {"conversion_id": name, "reversed_conversion_id": reversed_id, "channel": channel,
             "weight": weight, "booked_credit": Decimal(str(value * weight)),
             "converted_date": date})  # fmt: skip


def spend(connection: duckdb.DuckDBPyConnection, month: str, **media: float) -> None:
    """Add the month's media by channel."""
    for channel, amount in media.items():
        day = {"channel": channel, "spend_reporting": amount, "report_date": f"{month}-10"}
        add(connection, "fct_ad_performance_daily", day)


def sell(connection: duckdb.DuckDBPyConnection) -> None:
    """Add February: 4 new customers, half of each from search; 400 of search, 60 of social."""
    for number in range(4):
        win(connection, f"w{number}", "2026-02-10", 1_000, paid_search=0.5, email=0.5)
    spend(connection, "2026-02", paid_search=400, paid_social=60)


def rows(
    connection: duckdb.DuckDBPyConnection, table: str, columns: str, where: str = "true"
) -> list[tuple]:
    """Build the models up to the published table, and return ``columns`` in their own order."""
    build(connection, [*COSTS, *ACQUISITION, *RETURNS, table])
    return connection.execute(
        f"select {columns} from {table} where {where} order by all"
    ).fetchall()
