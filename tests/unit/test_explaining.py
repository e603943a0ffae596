"""What `scalehouse explain` tells of a person or an opportunity, from the snapshot alone."""

import json
from pathlib import Path

import duckdb
import pytest

from orchestration.publish import CURRENT
from tests.support.commands import scalehouse

SNAPSHOT = """
create table persons as
    select 'p1' as person_id, 'a1' as account_id, 'crm_id' as account_rule,
        timestamp '2026-01-01' as created_at, null::timestamp as mql_at, null::timestamp as sql_at;
create table accounts as
    select 'a1' as account_id, 'Acme' as name, 'acme.example' as domain,
        'salesforce' as source_system;
create table person_records as
    select * from (values
        ('salesforce', 'contact', '0035g0004C8xoTCAQY', 'n1', 'p1', false, false),
        ('hubspot', 'contact', '51', 'n2', 'p1', false, false),
        ('hubspot', 'contact', '52', 'n5', 'p2', false, true),
        ('hubspot', 'contact', '7', 'n6', 'p3', false, false),
        ('webshop', 'contact', '7', 'n7', 'p4', false, false)
    ) as t (source_system, record_type, record_id, node_key, person_id, is_deleted,
        has_role_address),
    (select timestamp '2026-01-01' as created_at);
create table person_links as
    select * from (values
        ('p1', 'n1', 'record', 'salesforce', 'contact', '0035g0004C8xoTCAQY',
         'p1', 'n2', 'record', 'hubspot', 'contact', '51', 'synced_record', 1.0, 'hubspot', null),
        ('p1', 'n3', 'visitor', null, null, null,
         'p1', 'n2', 'record', 'hubspot', 'contact', '51', 'form_fill', 0.8, 'hubspot', null),
        ('p1', 'n4', 'email', null, null, null,
         'p2', 'n5', 'record', 'hubspot', 'contact', '52', 'same_email', 0.95, 'hubspot',
         'role_address')
    ) as t (person_id, node_key, node_kind, node_system, record_type, record_id, other_person_id,
        other_node_key, other_node_kind, other_node_system, other_record_type, other_record_id,
        rule, confidence, source_system, cut_reason),
    (select timestamp '2026-02-01 10:00' as first_seen_at);
alter table person_links add column is_cut boolean;
update person_links set is_cut = cut_reason is not null;
create table touchpoints as
    select * from (values
        ('t1', 'web_session', 'direct', 'p1', timestamp '2026-02-01'),
        ('t2', 'web_session', 'direct', 'p1', timestamp '2026-03-01')
    ) as t (touchpoint_id, touchpoint_type, channel, person_id, occurred_at);
create table opportunities as
    select opportunity_id, 'salesforce' as source_system, 'a1' as account_id, 'Closed Won' as stage,
        100.00::decimal(18, 2) as amount, 'USD' as currency,
        92.50::decimal(18, 2) as amount_reporting,
        true as is_closed, true as is_won, rung as buying_group_rung, 1 as persons,
        timestamp '2026-03-01' as created_at, date '2026-03-01' as created_date,
        date '2026-04-01' as close_date
    from (values ('0065g0004C8xnxiAQA', 'account'), ('o2', 'nobody')) as t (opportunity_id, rung);
create table buying_groups as
    select '0065g0004C8xnxiAQA' as opportunity_id, 'p1' as person_id, 'account' as rung,
        null::varchar as role, false as is_primary;
create table buying_group_rungs as
    select opportunity_id, * exclude (opportunity_id) from (values
        ('0065g0004C8xnxiAQA', 'contact_role', 1, 2, 1, 1, 0, false),
        ('0065g0004C8xnxiAQA', 'association', 2, 0, 0, 0, 0, false),
        ('0065g0004C8xnxiAQA', 'account', 3, 1, 0, 0, 1, true),
        ('o2', 'contact_role', 1, 0, 0, 0, 0, false)
    ) as t (opportunity_id, rung, rung_order, contacts_named, contacts_deleted, contacts_unknown,
        persons, is_used);
create table attribution_touchpoints as
    select 'linear' as attribution_model, *, 92.50 as conversion_value,
        timestamp '2026-04-01' as converted_at, null::varchar as campaign
    from (values
        ('closed_won:0065g0004C8xnxiAQA', 'closed_won', 't1', 1, 'direct', 0.5, 46.25, null,
         timestamp '2026-02-01'),
        ('closed_won:0065g0004C8xnxiAQA', 'closed_won', 't2', 2, 'direct', 0.5, 46.25, null,
         timestamp '2026-03-01'),
        ('lead_created:p1', 'lead_created', 't1', 1, 'direct', 1.0, 1, null,
         timestamp '2026-02-01'),
        ('closed_won:o2', 'closed_won', null, null, 'unattributed', 1.0, 92.50, 'no_buying_group',
         null)
    ) as t (conversion_id, conversion_type, touchpoint_id, touch_position, channel, weight,
        booked_credit, unattributed_reason, occurred_at);
"""


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("explained")
    (home / "published").mkdir()
    with duckdb.connect(str(home / "published" / CURRENT)) as connection:
        connection.execute(SNAPSHOT)
    return home


@pytest.fixture(autouse=True)
def home(snapshot: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCALEHOUSE_HOME", str(snapshot))


def told(*arguments: str) -> dict:
    return json.loads(scalehouse("explain", *arguments, "--format", "json"))


@pytest.mark.parametrize(
    "asked",
    ["p1", "n3", "51", "0035g0004C8xoTCAQY", "0035g0004C8xoTC", "0035G0004C8XOTCAQY"],
    ids=["person", "node", "HubSpot", "18 characters", "15 characters", "capitals"],
)
def test_a_person_is_found_by_whatever_names_it(asked: str) -> None:
    assert told("person", asked)["person"]["person_id"] == "p1"


def test_a_person_is_told_with_links_account_touchpoints_and_conversions() -> None:
    told_of = told("person", "p1")
    assert told_of["person"]["account"] == "Acme"
    assert told_of["person"]["account_because"] == "a record names the account by its id"
    assert [(link["rule"], link["one_end"], link["other_end"], link["state"])
            for link in told_of["links"]] == [
        ("synced_record", "salesforce contact 0035g0004C8xoTCAQY", "hubspot contact 51", "used"),
        ("form_fill", "visitor n3", "hubspot contact 51", "used"),
        ("same_email", "email n4", "hubspot contact 52", "not used: role_address"),
    ]  # fmt: skip
    assert [row["touchpoints"] for row in told_of["touchpoints"]] == [2]
    assert [(row["conversion_type"], row["rung"]) for row in told_of["conversions"]] == [
        ("closed_won", "account"), ("lead_created", "person"),
    ]  # fmt: skip


def test_an_opportunity_is_told_with_rate_rung_persons_and_credits() -> None:
    told_of = told("opportunity", "0065g0004C8xnxi")
    facts = told_of["opportunity"]
    assert (facts["rate"], facts["rate_of"]) == (0.925, "2026-04-01")
    assert facts["rung_because"] == (
        "the rungs before give nobody "
        "(contact_role: 2 named, 1 deleted, 1 unknown; association: nobody named)"
    )
    assert [row["person_id"] for row in told_of["persons"]] == ["p1"]
    assert [(row["position"], row["weight"], row["credit"]) for row in told_of["journeys"]] == [
        (1, 0.5, 46.25), (2, 0.5, 46.25),
    ]  # fmt: skip


def test_value_without_a_touchpoint_is_told_with_its_reason() -> None:
    shown = scalehouse("explain", "opportunity", "o2")
    assert "no_buying_group" in shown
    assert "no persons" in shown


@pytest.mark.parametrize(
    ("arguments", "remedy"),
    [
        (["person", "nobody"], "id of a contact or lead"),
        (["person", "anna@acme.example"], "no addresses"),
        (["person", "o2"], "scalehouse explain opportunity o2"),
        (["person", "7"], "one of p3, p4"),
        (["opportunity", "51"], "scalehouse explain person 51"),
        (["opportunity", "0"], "lists those that are"),
        (["opportunity", "o2", "--model", "guess"], "linear"),
    ],
    ids=["unknown", "address", "opportunity", "several", "person", "no opportunity", "model"],
)
def test_what_is_not_known_is_an_error_that_says_what_to_ask_for(
    arguments: list[str], remedy: str
) -> None:
    assert remedy in " ".join(scalehouse("explain", *arguments, expect=2).split())
