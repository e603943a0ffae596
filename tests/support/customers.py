"""Small tables of customers and what they pay, for the models of lifetime value."""

from collections.abc import Sequence

import duckdb

GROUPED = (
    "breakdown varchar, breakdown_value varchar, customer_id varchar, acquired_date date, "
    "cohort_quarter date"
)
PAYMENTS = (
    "payment_id varchar, customer_id varchar, opportunity_id varchar, payment_kind varchar, "
    "amount decimal(18, 2), margin decimal(28, 8), payment_date date, age_months bigint"
)


def table(connection: duckdb.DuckDBPyConnection, name: str, columns: str, *rows: Sequence) -> None:
    """Create a table of ``columns`` (names with types) and fill it."""
    connection.execute(f"create or replace table {name} ({columns})")
    for row in rows:
        connection.execute(f"insert into {name} values ({', '.join('?' * len(row))})", list(row))


def as_of(connection: duckdb.DuckDBPyConnection, day: str) -> None:
    """Set the reporting date, up to which every input has settled and could be read."""
    table(
        connection, "int_reporting_date__found", "as_of_at timestamp, as_of_date date", [day, day]
    )
    table(
        connection,
        "fct_input_quality",
        "area varchar, settled_until date, good_row_share double",
        *([area, day, 1.0] for area in ("crm", "touchpoints", "invoices", "margins", "ads")),
    )


def group_all(connection: duckdb.DuckDBPyConnection, **acquired: str) -> None:
    """Make the customers, by their first day, one group, all of them billed."""
    quarters = (f"{day[:4]}-{(int(day[5:7]) - 1) // 3 * 3 + 1:02d}-01" for day in acquired.values())
    table(
        connection,
        "int_customers__grouped",
        GROUPED,
        *(
            ["all", "all", name, day, quarter]
            for (name, day), quarter in zip(acquired.items(), quarters, strict=True)
        ),
    )
    table(
        connection,
        "dim_customers",
        "customer_id varchar, acquired_date date, is_billed boolean",
        *([name, day, True] for name, day in acquired.items()),
    )
