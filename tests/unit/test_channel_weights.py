"""Which months are fitted, and which fit a conversion takes."""

from collections.abc import Iterator

import duckdb
import pytest

from ingest.state import STATE_DDL
from tests.support.dbt_sql import attribution_models, build

CONVERSIONS = (
    "conversion_id varchar, conversion_type varchar, reversed_conversion_id varchar, "
    "converted_date date"
)


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        connection.execute(STATE_DDL)
        seed = attribution_models("channel_weights = 'markov' and conversion_type = 'closed_won'")
        connection.execute(f"create table attribution_models as {seed}")
        connection.execute(f"create table int_conversions__unioned ({CONVERSIONS})")
        build(connection, ["int_journey_rules__numbered"])
        yield connection


def converted(connection: duckdb.DuckDBPyConnection, kind: str, *days: str) -> None:
    for day in days:
        connection.execute(
            "insert into int_conversions__unioned values (?, ?, null, ?)", [kind + day, kind, day]
        )


def due(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, int]]:
    build(connection, ["int_channel_weights__fits_due"])
    return connection.execute(
        "select strftime(fit_month, '%Y-%m'), fit_version from int_channel_weights__fits_due "
        "order by all"
    ).fetchall()


def test_a_month_is_fitted_once_a_conversion_of_a_later_one_has_happened(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    converted(connection, "closed_won", "2026-01-31", "2026-02-01")
    converted(connection, "lead_created", "2026-02-28")
    assert due(connection) == [("2026-01", 1)]
    converted(connection, "lead_created", "2026-03-01")
    assert due(connection) == [("2026-01", 1), ("2026-02", 1)]


def test_a_close_date_in_the_future_closes_no_month(connection: duckdb.DuckDBPyConnection) -> None:
    converted(connection, "lead_created", "2026-02-28")
    converted(connection, "closed_won", "2026-01-31", "2026-02-01", "2036-02-01")
    assert due(connection) == [("2026-01", 1)]


def test_a_frozen_month_is_fitted_again_only_if_somebody_asks(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    converted(connection, "closed_won", "2026-01-31")
    converted(connection, "lead_created", "2026-02-28")
    connection.execute(
        "insert into channel_weight_fits select journey_rule_id, 'closed_won', '2026-01-01', 1, "
        "1, 1, 'markov', 1, 'email', 0.5, 0, 1 from int_journey_rules__numbered"
    )
    assert due(connection) == []
    connection.execute("insert into channel_weight_refits values ('2026-01-01', 'a test', now())")
    assert due(connection) == [("2026-01", 2)]


def test_a_deleted_opportunity_is_nobody_who_did_not_convert(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    connection.execute(
        """
        create table int_channel_weights__fits_due as
            select *, date '2026-01-01' as fit_month, 1 as fit_version,
                timestamp '2025-01-01' as fitted_from, timestamp '2026-02-01' as fitted_until
            from int_journey_rules__numbered;
        alter table int_conversions__unioned add opportunity_id varchar;
        alter table int_conversions__unioned add converted_at timestamp;
        create table int_opportunities__valued as
            from (values ('open', false), ('deleted', true)) as o (opportunity_id, is_deleted);
        create table int_buying_groups__resolved as
            from (values ('open', 'ann'), ('deleted', 'bob'), ('deleted', 'cyd'))
            as g (opportunity_id, person_id);
        create table int_persons__profiled as
            from (values ('ann', false), ('bob', false), ('cyd', false))
            as p (person_id, is_deleted);
        create table int_touchpoints__classified as
            select person_id as touchpoint_id, person_id, true as is_known_person,
                'email' as channel, null as campaign, 10 as touchpoint_priority,
                10 as source_rank, false as is_sales, false as is_impression_or_open,
                timestamp '2026-01-05' as occurred_at, date '2026-01-05' as occurred_date
            from int_persons__profiled;
        """
    )
    build(connection, ["int_channel_weights__unconverted_paths"])
    units = connection.execute(
        "select unit_id, channel_path from int_channel_weights__unconverted_paths order by all"
    ).fetchall()
    # those who were in its group are persons without an opportunity
    assert units == [("bob", ["email"]), ("cyd", ["email"]), ("open", ["email"])]
