"""The sample company: the same for a seed, true to the contracts, and whole."""

import csv
import hashlib
import json
import re
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest

from ingest.contract import Contract, Table, load_contracts
from ingest.landing import unmatched
from simulator.company import AD_ACCOUNTS, CHANNEL, CHANNELS, DAY, NEVER
from simulator.errors import SimulationError
from simulator.generation import GenerationReport, generate
from simulator.outcomes import decide
from simulator.people import populate
from simulator.period import Period
from simulator.salesforce_ids import salesforce_ids
from simulator.simulation import simulate
from simulator.streams import Streams

CONTRACTS = load_contracts()
TABLES = [(contract, table) for contract in CONTRACTS for table in contract.tables]
TABLE_IDS = [f"{contract.source}.{table.name}" for contract, table in TABLES]
PERIOD = Period(date(2024, 10, 1), date(2026, 9, 30))
HARVESTERS = ("brand_search", "direct", "retargeting", "sales")


def written(target: Path, seed: int) -> GenerationReport:
    return generate(target, seed=seed, contacts=400, days=700)


def digests(target: Path) -> dict[str, str]:
    return {
        path.relative_to(target).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(target.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("company")
    written(target, seed=7)
    return target


@pytest.fixture(scope="module")
def exports(company: Path) -> duckdb.DuckDBPyConnection:
    """Every export as text in ``source__table``, and every table of the truth."""
    connection = duckdb.connect()
    for contract, table in TABLES:
        pattern = company / "landing" / table.files
        reader = "read_csv" if table.format == "csv" else "read_json"
        options = "header = true, all_varchar = true" if table.format == "csv" else "records = true"
        connection.execute(
            f"create view {contract.source}__{table.name} as from {reader}('{pattern}', {options})"
        )
    for path in (company / "truth").glob("*.parquet"):
        connection.execute(f"create view true_{path.stem} as from '{path}'")
    return connection


def count(exports: duckdb.DuckDBPyConnection, query: str) -> int:
    return exports.execute(f"select count(*) from ({query})").fetchall()[0][0]


def test_one_seed_gives_the_same_bytes(company: Path, tmp_path: Path) -> None:
    written(tmp_path, seed=7)
    assert digests(tmp_path) == digests(company)


def test_another_seed_gives_other_people_and_other_effects(company: Path, tmp_path: Path) -> None:
    written(tmp_path, seed=8)
    ours, theirs = digests(company), digests(tmp_path)
    for name in ("landing/hubspot/contacts_2026-09-30.csv", "truth/channel_effects.parquet"):
        assert ours[name] != theirs[name]


def test_the_report_counts_the_rows_of_every_file(tmp_path: Path) -> None:
    report = written(tmp_path, seed=7)
    landing = tmp_path / "landing"
    lines = {
        path.relative_to(landing).as_posix(): path.read_bytes().count(b"\n")
        - (path.suffix == ".csv")
        for path in landing.rglob("*.*")
    }
    assert report.rows == lines
    assert 20 <= len(lines) <= 120


def test_a_company_of_one_person_can_be_written(tmp_path: Path) -> None:
    report = generate(tmp_path, seed=1, contacts=1, days=60)
    assert report.rows["hubspot/contacts_2026-09-30.csv"] == 1


def test_a_folder_with_exports_is_not_written_over(company: Path) -> None:
    with pytest.raises(SimulationError, match="holds exports already"):
        written(company, seed=9)


@pytest.mark.parametrize(("contract", "table"), TABLES, ids=TABLE_IDS)
def test_every_file_has_the_columns_of_its_contract(
    company: Path, contract: Contract, table: Table
) -> None:
    paths = sorted((company / "landing").glob(table.files))
    assert paths, f"{contract.source} has no file for {table.name}"
    for path in paths if table.format == "csv" else []:
        with path.open(encoding="utf-8", newline="") as file:
            header = next(csv.reader(file))
        # the European Central Bank ends each line with a comma
        assert [name for name in header if name] == list(table.native.headers)


def test_every_web_event_is_a_json_object_with_the_contract_s_keys(company: Path) -> None:
    events = [
        json.loads(line)
        for path in (company / "landing").glob("ga4/*.jsonl")
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    table = next(table for contract, table in TABLES if contract.source == "ga4")
    keys = {(column.path or column.name).split(".")[0].split("[")[0] for column in table.columns}
    assert set().union(*events) == keys
    assert len({tuple(event[key] for key in table.key) for event in events}) == len(events)


def test_no_file_lies_about_that_no_contract_asks_for(company: Path) -> None:
    assert unmatched(company / "landing", CONTRACTS) == []


def test_the_truth_lies_outside_the_landing_folder(company: Path) -> None:
    suffixes = {path.suffix for path in (company / "landing").rglob("*.*")}
    assert suffixes == {".csv", ".jsonl"}
    assert (company / "truth" / "channel_effects.parquet").is_file()


@pytest.mark.parametrize(
    ("child", "column", "parent", "key"),
    [
        ("salesforce__contact", "AccountId", "salesforce__account", "Id"),
        ("salesforce__opportunity", "AccountId", "salesforce__account", "Id"),
        ("salesforce__opportunity", "CampaignId", "salesforce__campaign", "Id"),
        ("salesforce__opportunity_history", "OpportunityId", "salesforce__opportunity", "Id"),
        ("salesforce__opportunity_contact_role", "ContactId", "salesforce__contact", "Id"),
        ("salesforce__opportunity_contact_role", "OpportunityId", "salesforce__opportunity", "Id"),
        ("salesforce__campaign_member", "CampaignId", "salesforce__campaign", "Id"),
        ("salesforce__campaign_member", "LeadId", "salesforce__lead", "Id"),
        ("salesforce__campaign_member", "ContactId", "salesforce__contact", "Id"),
        ("salesforce__lead", "ConvertedContactId", "salesforce__contact", "Id"),
        ("salesforce__lead", "ConvertedOpportunityId", "salesforce__opportunity", "Id"),
        ("salesforce__task", "WhatId", "salesforce__opportunity", "Id"),
        ("hubspot__contacts", "associatedcompanyid", "hubspot__companies", "hs_object_id"),
        ("hubspot__contacts", "salesforceleadid", "salesforce__lead", "Id"),
        ("hubspot__meetings", "associatedcontactid", "hubspot__contacts", "hs_object_id"),
        ("hubspot__email_events", "emailCampaignName", "campaign_plan__campaigns", "name"),
        ("webinar__attendance", "topic", "salesforce__campaign", "Name"),
        ("linkedin_ads__creative_daily", "campaign_id", "linkedin_ads__campaigns", "campaign_id"),
        ("google_ads__ad_daily", "customer_id", "google_ads__accounts", "customer_id"),
        ("meta_ads__ad_daily", "campaign_name", "campaign_plan__campaigns", "name"),
        ("finance__credit_notes", "opportunity_id", "salesforce__opportunity", "Id"),
        ("finance__invoices", "opportunity_id", "salesforce__opportunity", "Id"),
        ("finance__invoices", "account_id", "salesforce__account", "Id"),
        ("finance__costs", "campaign", "campaign_plan__campaigns", "name"),
        ("planning__benchmarks", "campaign", "campaign_plan__campaigns", "name"),
    ],
)
def test_what_a_record_refers_to_exists(
    exports: duckdb.DuckDBPyConnection, child: str, column: str, parent: str, key: str
) -> None:
    assert count(exports, f'from {child} where "{column}" is not null') > 0
    lost = f'from {child} c anti join {parent} p on c."{column}" = p."{key}" '
    assert count(exports, f'{lost} where c."{column}" is not null') == 0


def test_salesforce_ids_carry_the_checksum_of_their_capitals(
    exports: duckdb.DuckDBPyConnection,
) -> None:
    [*contacts] = exports.execute('select "Id" from salesforce__contact').fetchall()
    for (identifier,) in contacts:
        parts = re.findall(".{5}", identifier[:15])
        bits = ["".join("01"[letter.isupper()] for letter in reversed(part)) for part in parts]
        suffix = "".join("ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"[int(each, 2)] for each in bits)
        assert identifier[15:] == suffix


def test_salesforce_ids_differ_by_kind_and_number() -> None:
    numbers = np.arange(1000)
    ids = {*salesforce_ids("lead", numbers), *salesforce_ids("contact", numbers)}
    assert len(ids) == 2000


def test_opportunities_come_in_three_currencies(exports: duckdb.DuckDBPyConnection) -> None:
    rows = exports.execute('select distinct "CurrencyIsoCode" from salesforce__opportunity')
    assert {currency for (currency,) in rows.fetchall()} == {"EUR", "USD", "GBP"}


def test_buying_groups_have_one_to_seven_people() -> None:
    population = populate(Streams(7), PERIOD, contacts=2000)
    assert set(population.accounts["size"]) == {1, 2, 3, 4, 5, 6, 7}
    assert population.accounts["size"].sum() == len(population.people) == 2000


def test_a_sale_takes_six_to_eighteen_months(exports: duckdb.DuckDBPyConnection) -> None:
    closed = """
        select date_diff('day', min(occurred_at), any_value(closed_at)) as days
        from true_opportunities join true_touchpoints using (account_id)
        where is_closed and kind = 'first' group by opportunity_id
    """
    assert count(exports, closed) > 0
    assert count(exports, f"from ({closed}) where days not between 175 and 560") == 0


def test_most_first_sales_begin_as_leads(exports: duckdb.DuckDBPyConnection) -> None:
    first = "select opportunity_id from true_opportunities where kind = 'first'"
    leads = 'select "ConvertedOpportunityId" from salesforce__lead'
    share = count(exports, f"{first} and opportunity_id in ({leads})") / count(exports, first)
    assert 0.5 < share < 0.9


def test_members_added_as_leads_keep_their_lead_after_its_conversion(
    exports: duckdb.DuckDBPyConnection,
) -> None:
    both = """
        from salesforce__campaign_member m join salesforce__lead l on l."Id" = m."LeadId"
        where l."IsConverted" = 'true' and m."ContactId" is distinct from l."ConvertedContactId"
    """
    assert count(exports, both) == 0
    assert count(exports, 'from salesforce__campaign_member where "LeadId" is not null') > 0


def test_lifecycle_dates_follow_each_other(exports: duckdb.DuckDBPyConnection) -> None:
    stages = ("lead", "marketingqualifiedlead", "salesqualifiedlead", "opportunity", "customer")
    dates = ", ".join(f"hs_lifecyclestage_{stage}_date" for stage in stages)
    disordered = f"""
        from (select list_filter([{dates}], lambda day: day is not null) as days
              from hubspot__contacts)
        where days <> list_sort(days)
    """
    assert count(exports, disordered) == 0
    skipped = """
        from hubspot__contacts
        where hs_lifecyclestage_salesqualifiedlead_date is not null
            and hs_lifecyclestage_marketingqualifiedlead_date is null
    """
    assert count(exports, skipped) > 0


def test_an_opportunity_stands_where_its_last_change_left_it(
    exports: duckdb.DuckDBPyConnection,
) -> None:
    different = """
        select o."Id" from salesforce__opportunity o
        join (select distinct on ("OpportunityId") * from salesforce__opportunity_history
              order by "OpportunityId", "CreatedDate" desc) h on h."OpportunityId" = o."Id"
        where (o."StageName", o."Amount", o."CloseDate")
            is distinct from (h."StageName", h."Amount", h."CloseDate")
    """
    assert count(exports, different) == 0


def test_won_amounts_are_what_the_truth_says(exports: duckdb.DuckDBPyConnection) -> None:
    query = """
        select sum("Amount"::decimal(18, 2)) from salesforce__opportunity
        where "IsWon" = 'true' and "IsDeleted" = 'false'
    """
    truth = "select sum(amount) from true_opportunities where is_won"
    assert exports.execute(query).fetchone() == exports.execute(truth).fetchone()


def test_forms_and_web_events_share_their_visitor_ids(exports: duckdb.DuckDBPyConnection) -> None:
    forms = "from hubspot__form_submissions where ga_client_id is not null"
    seen = "select user_pseudo_id from ga4__events"
    assert count(exports, forms) > 0
    assert (
        count(exports, f"{forms} and ga_client_id not in ({seen} where user_pseudo_id > '')") == 0
    )


def test_ads_report_at_least_the_clicks_that_the_website_saw(
    exports: duckdb.DuckDBPyConnection,
) -> None:
    missing = """
        select campaign from (
            select collected_traffic_source.manual_campaign_name as campaign, count(*) as visits
            from ga4__events
            where event_name = 'session_start'
                and collected_traffic_source.manual_medium = 'cpc'
            group by all
        )
        left join (
            select campaign_name as campaign, sum(clicks::bigint) as clicks
            from (select campaign_name, clicks from google_ads__campaign_daily
                  union all select campaign_name, clicks from microsoft_ads__ad_daily)
            group by all
        ) using (campaign)
        where clicks is null or clicks < visits
    """
    assert count(exports, missing) == 0


def test_performance_max_has_campaign_rows_alone(exports: duckdb.DuckDBPyConnection) -> None:
    pmax = "from google_ads__{} where campaign_name like '%-pmax'"
    assert count(exports, pmax.format("campaign_daily")) > 0
    assert count(exports, pmax.format("ad_daily")) == 0


def test_ad_accounts_differ_in_currency_and_time_zone() -> None:
    pairs = {(account.currency, account.zone) for account in AD_ACCOUNTS}
    assert {("EUR", "Europe/Berlin"), ("USD", "America/New_York"), ("GBP", "UTC")} <= pairs


def test_harvesters_cause_nothing_and_the_others_something() -> None:
    effects = simulate(7, PERIOD, contacts=2000).effects.set_index("channel")
    assert (effects.loc[list(HARVESTERS)] == 0).all(axis=None)
    causes = effects.drop(index=list(HARVESTERS))
    assert (causes["conversions_lost"] >= 0).all()
    assert causes["revenue_lost_eur"].sum() > 0
    assert effects.loc["webinar", "share"] > effects.loc["performance_max", "share"]


def test_the_truth_has_the_effect_of_every_channel(exports: duckdb.DuckDBPyConnection) -> None:
    rows = exports.execute("select channel from true_channel_effects").fetchall()
    assert [name for (name,) in rows] == [channel.name for channel in CHANNELS]


def test_harvesters_meet_the_groups_that_buy_more_often(
    exports: duckdb.DuckDBPyConnection,
) -> None:
    query = """
        select account_id in (select account_id from true_opportunities) as opens,
            count(*) filter (channel = 'brand_search') / count(distinct account_id)
        from true_touchpoints group by all order by opens
    """
    (_, others), (_, opening) = exports.execute(query).fetchall()
    assert opening > 2 * others


def accounts_with(thresholds: list[float]) -> pd.DataFrame:
    number = len(thresholds)
    return pd.DataFrame(
        {
            "account": range(number),
            "reach_at": PERIOD.start,
            "cycle": 400 * DAY,
            "need_share": 0.7,
            "threshold": thresholds,
            "opening_lag": DAY,
            "win_draw": 0.5,
        }
    )


def touches_of(account: int, start: int, *channels: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "account": account,
            "channel": [CHANNEL[name] for name in channels],
            "happened_at": [start + (day + 1) * DAY for day in range(len(channels))],
        }
    )


def test_consideration_does_more_after_awareness_than_before() -> None:
    accounts = accounts_with([9.0, 9.0])
    touches = pd.concat(
        [
            touches_of(0, PERIOD.start, "organic_search", "webinar"),
            touches_of(1, PERIOD.start, "webinar", "organic_search"),
        ]
    )
    pushes = decide(accounts, touches, PERIOD).winning_push
    assert pushes[1] == 1.5 * pushes[2]
    assert pushes[0] == pushes[3]


def test_each_further_touchpoint_of_a_channel_does_less() -> None:
    accounts = accounts_with([9.0])
    touches = touches_of(0, PERIOD.start, "event", "event", "event")
    pushes = decide(accounts, touches, PERIOD).winning_push
    assert pushes[0] > pushes[1] > pushes[2] > 0


def test_a_group_opens_when_its_readiness_reaches_the_threshold() -> None:
    accounts = accounts_with([0.1, 0.5])
    touches = pd.concat([touches_of(number, PERIOD.start, "direct", "event") for number in (0, 1)])
    outcomes = decide(accounts, touches, PERIOD)
    assert outcomes.opened_at.tolist() == [PERIOD.start + 3 * DAY, NEVER]


def test_each_true_touchpoint_names_a_record_of_its_own(company: Path) -> None:
    truth = company / "truth" / "touchpoints.parquet"
    meetings = company / "landing" / "hubspot" / "meetings_*.csv"
    [(shown, distinct, unknown_meetings)] = duckdb.sql(
        f"""
        select
            count(record_id) filter (record_kind = 'hubspot_meeting'),
            count(distinct record_id) filter (record_kind = 'hubspot_meeting'),
            count(*) filter (record_kind = 'hubspot_meeting' and record_id not in (
                select hs_object_id from read_csv('{meetings}', all_varchar = true)))
        from '{truth}'
        """
    ).fetchall()
    assert shown == distinct > 0
    assert unknown_meetings == 0
    [(web_records,)] = duckdb.sql(
        f"select count(distinct record_id) from '{truth}' where record_kind = 'ga4'"
    ).fetchall()
    assert web_records > 100


def test_forms_from_a_shared_mailbox_are_nobody_s(exports: duckdb.DuckDBPyConnection) -> None:
    shared = "select email from hubspot__form_submissions where email like 'info@%'"
    assert count(exports, shared) > 0
    owners = f"from true_identities where kind = 'email' and value in ({shared})"
    assert count(exports, owners) > 0
    assert count(exports, f"{owners} and person_id is not null") == 0


def test_scanners_follow_several_links_within_seconds(exports: duckdb.DuckDBPyConnection) -> None:
    bursts = """
        select recipient, "emailCampaignId", count(distinct url) as links
        from hubspot__email_events
        where type = 'CLICK' and url like '%&link=%'
        group by all having max(created::bigint) - min(created::bigint) < 5000
    """
    assert count(exports, f"from ({bursts}) where links >= 3") > 0
    unnoticed = (
        """from hubspot__email_events where url like '%&link=%' and "filteredEvent" = 'false'"""
    )
    assert count(exports, unnoticed) > 0
