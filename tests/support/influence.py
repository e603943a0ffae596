"""Wins, refunds and touchpoints made up for a test, as the models of influence read them."""

from decimal import Decimal

import duckdb

from tests.support.dbt_sql import build
from tests.support.pipeline import insert, load_periods

_MODELS = (
    "int_influence__opportunities_touched",
    "int_influence__touches_counted",
    "fct_conversions",
    "fct_won_revenue_quarterly",
    "fct_opportunity_evidence",
    "fct_sourced_revenue_quarterly",
    "fct_influenced_revenue_quarterly",
    "fct_attribution_coverage_quarterly",
    "fct_attribution_coverage",
    "sourced_revenue_quarterly",
    "influenced_revenue_quarterly",
    "attribution_coverage_quarterly",
    "opportunity_evidence",
)
_INPUTS = {
    "int_conversions__unioned": "conversion_id varchar, conversion_type varchar, "
    "reversed_conversion_id varchar, person_id varchar, opportunity_id varchar, "
    "account_id varchar, conversion_value decimal(18, 2), amount decimal(18, 2), "
    "exchange_rate double, is_money boolean, converted_at timestamp, converted_date date",
    "int_opportunities__valued": "opportunity_id varchar, created_at timestamp, created_date date",
    "int_buying_groups__resolved": "opportunity_id varchar, person_id varchar, rung varchar",
    "int_touchpoints__classified": "touchpoint_id varchar, person_id varchar, is_sales boolean, "
    "is_impression_or_open boolean, occurred_at timestamp, occurred_date date",
    "int_opportunities__sourced": "opportunity_id varchar, lead_source varchar, "
    "first_channel varchar, is_sourced_by_field boolean, is_sourced_by_first_touch boolean, "
    "is_sourced_before_sales boolean",
    "fct_attribution_credits": "conversion_id varchar, conversion_type varchar, "
    "reversed_conversion_id varchar, attribution_model varchar, touchpoint_id varchar, "
    "booked_credit decimal(18, 6), unattributed_reason varchar, converted_date date",
    "influence_by_chance": "period_start date, definition varchar, influenced_by_chance double, "
    "chance_deviation double",
}
Q1, Q2 = "2026-01-01", "2026-04-01"


def load_influence(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the inputs, empty but for two quarters up to 30 June 2026."""
    connection.execute("set timezone = 'UTC'")
    load_periods(connection, Q1, "2026-06-30")
    for name, columns in _INPUTS.items():
        connection.execute(f"create table {name} ({columns})")


def win(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    day: str,
    amount: str,
    credited: int | str = 1,
) -> None:
    """Add a win of an opportunity created on 1 January.

    ``credited`` touchpoints get its value, or it has a reason.
    """
    insert(connection, "int_opportunities__valued", [name, "2026-01-01 12:00", "2026-01-01"])
    _convert(connection, [f"closed_won:{name}", None, name, day, amount], credited)


def created(connection: duckdb.DuckDBPyConnection, name: str, day: str) -> None:
    """Have a win's opportunity created on another day, at noon."""
    connection.execute(
        "update int_opportunities__valued set created_at = ?, created_date = ? "
        "where opportunity_id = ?",
        [f"{day} 12:00", day, name],
    )


def refund(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    day: str,
    amount: str,
    credited: int | str = 1,
) -> None:
    """Take ``amount`` of a win back; it is shared out as the win is."""
    row = [f"refund:{name}", f"closed_won:{name}", name, day, f"-{amount}"]
    _convert(connection, row, credited)


def _convert(connection: duckdb.DuckDBPyConnection, row: list, credited: int | str) -> None:
    conversion, reverses, name, day, amount = row
    insert(
        connection,
        "int_conversions__unioned",
        [conversion, "closed_won", reverses, None, name, None, amount, amount, 1, True,
         f"{day} 22:59:59.999999", day],
    )  # fmt: skip
    touchpoints = range(credited) if isinstance(credited, int) else [None]
    reason = None if isinstance(credited, int) else credited
    for touchpoint in touchpoints:
        share = Decimal(amount) / len(touchpoints)
        insert(
            connection,
            "fct_attribution_credits",
            [conversion, "closed_won", reverses, "linear", touchpoint, share, reason, day],
        )


def member(
    connection: duckdb.DuckDBPyConnection, opportunity: str, person: str, *touches: tuple[str, str]
) -> None:
    """Add a member of the buying group, with touchpoints (day, kind): response, open or sales."""
    insert(connection, "int_buying_groups__resolved", [opportunity, person, "contact_role"])
    for number, (day, kind) in enumerate(touches):
        insert(
            connection,
            "int_touchpoints__classified",
            [f"{person}{number}", person, kind == "sales", kind == "open", f"{day} 10:00", day],
        )


def sourced(connection: duckdb.DuckDBPyConnection, name: str, *definitions: str) -> None:
    """Say which definitions (field, first, before) call an opportunity sourced by marketing."""
    marks = [definition in definitions for definition in ("field", "first", "before")]
    insert(connection, "int_opportunities__sourced", [name, "Web", "email", *marks])


def rows(connection: duckdb.DuckDBPyConnection, sql: str) -> list[tuple]:
    """Build the models up to the published ones, and return what the query finds."""
    build(connection, _MODELS)
    return connection.execute(sql).fetchall()


def three_wins(connection: duckdb.DuckDBPyConnection) -> None:
    """Add wins of 100, 200 and 700, each sourced by other definitions."""
    for name, amount in (("a", "100"), ("b", "200"), ("c", "700")):
        win(connection, name, "2026-03-01", amount)
    sourced(connection, "a", "field", "first", "before")
    sourced(connection, "b", "first")
    sourced(connection, "c", "field")
