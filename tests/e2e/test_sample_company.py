"""The sample company from end to end: it adds up, it is whole, and it stays what it is."""

import shutil
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from tests.support import crm
from tests.support.dbt_sql import render
from tests.support.project import ROOT, Project

PUBLISHED = {path.stem for path in (ROOT / "dbt_project/models/published").rglob("*.sql")}
# tables that tell of what has not happened here
EMPTY = {"ad_restatements", "unmapped_sources"}


def test_every_table_is_published_and_has_rows(company: Project) -> None:
    tables = {name for (name,) in company.query("select table_name from duckdb_tables()")}
    assert tables >= PUBLISHED
    empty = {name for name in PUBLISHED if not company.query(f"from {name} limit 1")}
    assert empty <= EMPTY


def test_every_conversion_is_credited_with_what_salesforce_says(company: Project) -> None:
    says = crm.won_values(company.landing) | crm.created_values(company.landing)
    booked: dict[str, dict[str, Decimal]] = defaultdict(dict)
    for model, conversion, credit in company.query(
        """
        select attribution_model, conversion_id, sum(booked_credit) from attribution_touchpoints
        where conversion_type in ('closed_won', 'opportunity_created') group by all
        """
    ):
        booked[model][conversion] = credit
    assert len(booked) == 10
    assert len(says) > 20
    for credits_by_conversion in booked.values():
        assert credits_by_conversion == says


def test_every_lead_and_qualification_is_credited_once(company: Project) -> None:
    counted = company.query(
        """
        select attribution_model, conversion_type, conversion_id, sum(booked_credit), sum(credit)
        from attribution_touchpoints
        where conversion_type in ('lead_created', 'mql', 'sql') group by all
        """
    )
    assert {kind for _, kind, *_ in counted} == {"lead_created", "mql", "sql"}
    for *_, booked, credit in counted:
        assert booked == 1
        assert credit == pytest.approx(1, abs=1e-9)


def test_a_cent_too_much_turns_the_reconciliation_red(company: Project, tmp_path: Path) -> None:
    copy = tmp_path / "warehouse.duckdb"
    shutil.copy(company.home / "warehouse.duckdb", copy)
    differing = render("assert_booked_credits_equal_conversion_values")
    with duckdb.connect(str(copy)) as connection:
        connection.execute("set search_path = 'marts,intermediate,seeds'")
        assert connection.execute(differing).fetchall() == []
        connection.execute(
            """
            update marts.fct_attribution_credits set booked_credit = booked_credit + 0.01
            where rowid = (select min(rowid) from marts.fct_attribution_credits)
            """
        )
        assert len(connection.execute(differing).fetchall()) == 1


def test_spend_is_that_of_the_exports_in_each_currency(company: Project) -> None:
    expected = {
        ("meta_ads",): sum(
            Decimal(row["spend"]) for row in crm.read(company.landing, "meta_ads/ad_daily_*.csv")
        ),
        ("google_ads",): sum(
            Decimal(row["cost_micros"]) / 1_000_000
            for row in crm.read(company.landing, "google_ads/campaign_daily_*.csv")
        ),
    }
    for (platform,), spend in expected.items():
        assert company.query(
            f"select sum(spend) from ad_performance_daily where platform = '{platform}'"
        ) == [(spend,)]


def test_nothing_new_changes_no_row_and_publishes_nothing(own_company: Project) -> None:
    before = own_company.current.resolve()
    own_company.run("run")
    assert own_company.current.resolve() == before


def test_no_clear_address_leaves_the_vault(company: Project) -> None:
    addresses = {
        row["email"].encode() for row in crm.read(company.landing, "hubspot/contacts_*.csv")
    } - {b""}
    assert len(addresses) > 100
    canaries = sorted(addresses)[::20]
    for path in company.home.rglob("*"):
        if path.is_file() and path.name != "vault.duckdb" and "store" not in path.parts:
            content = path.read_bytes()
            assert not [address for address in canaries if address in content], path
