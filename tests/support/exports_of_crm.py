"""A few rows of exports, taken through the warehouse's models as far as persons and groups."""

from functools import cache
from itertools import count

import duckdb

from analytics.identity import bounded_components
from ingest.contract import Table, load_contracts
from ingest.warehouse import stored_columns
from tests.support.channels import CHANNEL_MODELS, load_seed
from tests.support.dbt_sql import DBT_DIR, attribution_models, build
from tests.support.journeys import JOURNEY_INPUTS, JOURNEY_MODELS

SOURCES = (
    "hubspot", "salesforce", "ga4", "webinar", "campaign_plan", "ecb", "finance", "planning",
)  # fmt: skip
SEEDS = DBT_DIR.parent / "seeds"
STAGED = (
    "stg_hubspot__contacts", "stg_hubspot__companies", "stg_hubspot__form_submissions",
    "stg_hubspot__email_events", "stg_hubspot__meetings", "stg_salesforce__account",
    "stg_salesforce__contact", "stg_salesforce__lead", "stg_salesforce__opportunity",
    "stg_salesforce__opportunity_history", "stg_salesforce__opportunity_contact_role",
    "stg_salesforce__campaign", "stg_salesforce__campaign_member", "stg_salesforce__task",
    "stg_webinar__attendance", "stg_ga4__events", "stg_campaign_plan__campaigns",
    "stg_ecb__exchange_rates", "stg_finance__credit_notes",
)  # fmt: skip
UNIONED = (
    "int_person_records__unioned", "int_account_records__unioned", "int_touchpoints__unioned",
    "int_web_events__unioned", "int_opportunities__unioned", "int_opportunity_history__unioned",
    "int_opportunity_contacts__unioned", "int_exchange_rates__unioned",
    "int_refunds__unioned",
)  # fmt: skip
BEFORE_STATISTICS = (
    "int_identity__merges_listed", "int_identity__edges_found", "int_identity__nodes_found",
    "int_identity__nodes_numbered", "int_identity__edges_numbered",
)  # fmt: skip
AFTER_STATISTICS = (
    "int_identity__nodes_resolved", "int_identity__links_resolved", "int_account_records__merged",
    "int_account_records__matched", "int_accounts__unified", "int_person_records__resolved",
    "int_persons__profiled", "int_exchange_rates__daily_filled", "int_opportunities__dated",
    "int_opportunities__valued",
    "int_buying_groups__considered", "int_buying_groups__resolved",
    "int_buying_groups__rungs_tried",
)  # fmt: skip


CONVERSIONS = (
    "int_opportunities__reversed", "int_opportunities__netted", "int_conversions__unioned",
    "int_conversions__groups_resolved", "int_conversions__milestones_found",
    "int_touchpoints__withheld", "int_conversions__evidence_observed",
)  # fmt: skip


@cache
def _tables() -> dict[str, Table]:
    return {
        f"{contract.source}.{table.name}": table
        for contract in load_contracts()
        for table in contract.tables
        if contract.source in SOURCES
    }


class Exports:
    """Raw tables with the rows of a test; every table of the sources is there, most are empty."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Create every raw table and the seeds in an empty database."""
        self.connection = connection
        self._lines = count(1)
        self._tables = _tables()
        connection.execute("set timezone = 'UTC'")
        for table in self._tables.values():
            body = ", ".join(f"{raw.name} {raw.data_type}" for raw in stored_columns(table))
            connection.execute(f"create table {table.name} ({body})")
        for name in ("identity_rules", "public_suffixes", "free_mail_domains"):
            connection.execute(f"create table {name} as from read_csv('{SEEDS / name}.csv')")

    def add(self, name: str, /, *, file: int = 1, **values: object) -> None:
        """Add a row of the raw table; what must not be empty and is not given gets some value."""
        table = self._tables[name]
        defaults: dict[str, object] = {
            column.stored_name: {"timestamp": "2026-01-01", "boolean": False}.get(column.type)
            for column in table.columns
            if not column.nullable
        }
        origin = {"_file_sequence": file, "_line": next(self._lines)}
        row = {**defaults, **origin, **values}
        names, places = ", ".join(row), ", ".join("?" * len(row))
        self.connection.execute(
            f"insert into {table.name} ({names}) values ({places})", [*row.values()]
        )

    def build(self, limit: int = 24) -> "Exports":
        """Build the models up to the buying groups."""
        build(self.connection, (*STAGED, *UNIONED, *BEFORE_STATISTICS))
        nodes = self.connection.table("int_identity__nodes_numbered").order("node_index")
        weights = nodes.fetchnumpy()["node_weight"]
        edges = self.connection.table("int_identity__edges_numbered").fetchnumpy()
        found = bounded_components(
            edges["node_index"], edges["other_node_index"], edges["confidence"], weights, limit
        )
        self.connection.execute(
            "create or replace table identity_components as "
            "select unnest(?::bigint[]) as node_index, unnest(?::bigint[]) as component_index",
            [list(range(len(weights))), found.tolist()],
        )
        build(self.connection, AFTER_STATISTICS)
        return self

    def build_touchpoints(self) -> "Exports":
        """Build the touchpoints as well, with the channels of the project."""
        for name in ("channel_rules", "source_sites", "touchpoint_types", "click_filters"):
            load_seed(self.connection, name)
        models = (
            "int_campaigns__unioned", "int_campaigns__named", "int_web_sessions__grouped",
            "int_touchpoints__clicks_screened", "int_touchpoints__stays_merged",
            "int_touchpoints__collected", "int_touchpoints__judged", *CHANNEL_MODELS,
            "int_touchpoints__classified",
        )  # fmt: skip
        build(self.connection, models)
        return self

    def build_credits(self, models: str = "attribution_model = 'linear'") -> "Exports":
        """Build everything up to the credits of the attribution models that ``models`` selects."""
        self.build().build_touchpoints()
        self.connection.execute(
            f"create or replace table attribution_models as {attribution_models(models)}"
        )
        build(self.connection, CONVERSIONS)
        columns = JOURNEY_INPUTS["int_channel_weights__assigned"]
        self.connection.execute(f"create table int_channel_weights__assigned ({columns})")
        build(
            self.connection,
            [*JOURNEY_MODELS, "int_attribution__unattributed_explained", "fct_attribution_credits"],
        )
        return self

    def rows(self, sql: str, *values: object) -> list[tuple]:
        """Return the rows of a query."""
        return self.connection.execute(sql, list(values)).fetchall()

    def person(self, record_id: str) -> str:
        """Return the person whom the record with this id stands for."""
        [(person,)] = self.rows(
            "select person_id from int_identity__nodes_found "
            "inner join int_identity__nodes_resolved using (node_key) where record_id = ?",
            record_id,
        )
        return person

    def group(self, opportunity_id: str) -> set[tuple[str, str]]:
        """Return (person, rung) of the opportunity's buying group."""
        return set(
            self.rows(
                "select person_id, rung from int_buying_groups__resolved where opportunity_id = ?",
                opportunity_id,
            )
        )
