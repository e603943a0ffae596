"""Persons and opportunities made up for a test, taken through the models of the funnel."""

from collections.abc import Sequence
from typing import Any

import duckdb

from analytics.waits import wait_curve
from tests.support.channels import load_seed
from tests.support.dbt_sql import build

# what these models read, with the columns that they read of it
_INPUTS = {
    "int_persons__profiled": "person_id varchar, account_id varchar, is_deleted boolean, "
    "created_at timestamp, mql_at timestamp, sql_at timestamp",
    "int_person_records__resolved": "person_id varchar, node_key varchar, source_system varchar, "
    "lifecycle_stage varchar, is_deleted boolean",
    "int_accounts__unified": "account_id varchar, industry varchar",
    "int_touchpoints__classified": "touchpoint_id varchar, person_id varchar, channel varchar, "
    "campaign varchar, touchpoint_priority integer, source_rank integer, is_sales boolean, "
    "occurred_at timestamp",
    "int_buying_groups__resolved": "opportunity_id varchar, person_id varchar, rung varchar",
    "int_opportunities__valued": "source_system varchar, opportunity_id varchar, stage varchar, "
    "lead_source varchar, is_closed boolean, is_won boolean, is_deleted boolean, "
    "created_at timestamp, close_date date",
    "int_opportunity_history__unioned": "source_system varchar, change_id varchar, "
    "opportunity_id varchar, stage varchar, is_deleted boolean, changed_at timestamp",
    "int_reporting_date__found": "as_of_at timestamp, as_of_date date",
    "dim_campaigns": "campaign varchar, campaign_type varchar",
    "fct_input_quality": "area varchar, settled_until date, good_row_share double",
}
_BEFORE_STATISTICS = (
    "int_funnel_persons__profiled", "int_lifecycle_stages__reached",
    "int_lifecycle_waits__measured", "int_lifecycle_waits__counted",
)  # fmt: skip
_AFTER_STATISTICS = (
    "int_opportunity_stages__entered", "int_person_stages__entered", "fct_stage_entries",
    "fct_funnel_persons", "fct_funnel_inputs", "fct_stage_waits", "fct_stage_survival",
    "funnel_by_cohort", "funnel_conversion", "stage_durations", "stage_history", "stage_survival",
)  # fmt: skip


class Funnel:
    """The funnel of a few persons as it stands at noon (UTC) of 31 December 2026."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Create the seeds and every input, empty but for its quality."""
        self.connection = connection
        connection.execute("set timezone = 'UTC'")
        for name, columns in _INPUTS.items():
            connection.execute(f"create table {name} ({columns})")
        for seed in ("funnel_stages", "lifecycle_stages"):
            load_seed(connection, seed)
        self.add("int_reporting_date__found", as_of_at="2026-12-31 12:00", as_of_date="2026-12-31")
        for area in ("crm", "touchpoints"):
            self.add("fct_input_quality", area=area, settled_until="2026-12-31", good_row_share=1)

    def add(self, table: str, **values: Any) -> None:
        """Add a row to an input or seed; what is not given is null."""
        names, places = ", ".join(values), ", ".join("?" * len(values))
        self.connection.execute(
            f"insert into {table} ({names}) values ({places})", [*values.values()]
        )

    def person(self, person_id: str, created_at: str, **values: Any) -> None:
        """Add a person, with ``mql_at``, ``sql_at`` and ``account_id``, or without."""
        values = {"created_at": created_at, "is_deleted": False, **values}
        self.add("int_persons__profiled", person_id=person_id, **values)

    def opportunity(
        self, opportunity_id: str, *persons: str, rung: str = "contact_role", **values: Any
    ) -> None:
        """Add an opportunity, open unless the values say otherwise, and its buying group."""
        state = {"is_closed": False, "is_won": False, "is_deleted": False}
        values = {"source_system": "salesforce", **state, **values}
        self.add("int_opportunities__valued", opportunity_id=opportunity_id, **values)
        for person_id in persons:
            self.add("int_buying_groups__resolved", opportunity_id=opportunity_id,
                     person_id=person_id, rung=rung)  # fmt: skip

    def history(self, opportunity_id: str, *stays: tuple[str, str], **values: Any) -> None:
        """Add what the CRM keeps of the opportunity's way: stages, each with its instant."""
        values = {"source_system": "salesforce", "is_deleted": False, **values}
        for number, (stage, changed_at) in enumerate(stays):
            self.add("int_opportunity_history__unioned", opportunity_id=opportunity_id,
                     change_id=f"{opportunity_id}{number}", stage=stage, changed_at=changed_at,
                     **values)  # fmt: skip

    def touchpoint(self, person_id: str, channel: str, occurred_at: str, **values: Any) -> None:
        """Add a touchpoint of marketing, unless the values say otherwise."""
        values = {"is_sales": False, "touchpoint_priority": 1, "source_rank": 1, **values}
        self.add("int_touchpoints__classified", touchpoint_id=f"{person_id}{occurred_at}",
                 person_id=person_id, channel=channel, occurred_at=occurred_at,
                 **values)  # fmt: skip

    def build(self) -> "Funnel":
        """Build every table, the statistics between."""
        build(self.connection, _BEFORE_STATISTICS)
        curves = self.rows(
            "select from_stage, to_stage, breakdown, breakdown_value, list(wait_days), "
            "list(outcome), list(persons) from int_lifecycle_waits__counted group by all"
        )
        self.connection.execute(
            "create or replace table stage_survival (from_stage varchar, to_stage varchar, "
            "breakdown varchar, breakdown_value varchar, wait_days bigint, at_risk bigint, "
            "reached bigint, lost bigint, share_waiting double, share_waiting_low double, "
            "share_waiting_high double, share_reached double)"
        )
        for *curve, days, outcomes, persons in curves:
            for point in wait_curve(days, outcomes, persons):
                row = [*curve, *point]
                self.connection.execute(
                    f"insert into stage_survival values ({', '.join('?' * len(row))})", row
                )
        build(self.connection, _AFTER_STATISTICS)
        return self

    def rows(self, sql: str) -> list[tuple]:
        """Return the rows of a query."""
        return self.connection.execute(sql).fetchall()

    def row(self, table: str, columns: Sequence[str], where: str) -> tuple:
        """Return these columns of the one row of the table for which the condition holds."""
        [row] = self.rows(f"select {', '.join(columns)} from {table} where {where}")
        return row
