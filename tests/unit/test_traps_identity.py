"""The traps of identity, merges and deletes that hurt users of other systems, one test each."""

from collections.abc import Iterator

import duckdb
import numpy as np
import pytest

from simulator.salesforce_ids import salesforce_ids
from tests.support.dbt_sql import render
from tests.support.exports_of_crm import Exports

ACCOUNT, CONTACT, OTHER_CONTACT, LEAD, OPPORTUNITY = (
    str(salesforce_ids(kind, np.array([number]))[0])
    for kind, number in (
        ("account", 1), ("contact", 2), ("contact", 3), ("lead", 4), ("opportunity", 5),
    )
)  # fmt: skip


@pytest.fixture
def exports() -> Iterator[Exports]:
    with duckdb.connect() as connection:
        yield Exports(connection)


def test_c01_two_contacts_with_one_address_are_one_person_and_its_sends_count_once(
    exports: Exports,
) -> None:
    for number in ("1", "2"):
        exports.add("hubspot.contacts", hs_object_id=number, email_hash="anna")
    exports.add("hubspot.email_events", id="e", type="CLICK", recipient_hash="anna")
    exports.build().build_touchpoints()
    assert exports.person("1") == exports.person("2")
    [(person, is_known)] = exports.rows(
        "select person_id, is_known_person from int_touchpoints__classified"
    )
    assert (person, is_known) == (exports.person("1"), True)


def test_c02_a_merged_opportunity_leaves_the_conversions_and_stays_in_the_history(
    exports: Exports,
) -> None:
    for key in ("kept", "merged"):
        exports.add(
            "salesforce.opportunity", id=key, amount=100, currency_iso_code="EUR",
            is_closed=True, is_won=True, close_date="2026-02-01",
        )  # fmt: skip
        exports.add("salesforce.opportunity_history", id=f"h{key}", opportunity_id=key, amount=100)
    exports.build()
    exports.connection.execute(
        "update int_opportunities__unioned set merged_into_record_id = 'kept' "
        "where opportunity_id = 'merged'"
    )
    exports.connection.execute(
        f"create or replace table valued as {render('int_opportunities__dated')}"
    )
    assert exports.rows(
        "select opportunity_id, is_deleted, live_amount from valued order by 1"
    ) == [("kept", False, 100), ("merged", True, None)]
    assert exports.rows("select count(*) from int_opportunity_history__unioned") == [(2,)]


@pytest.mark.parametrize(
    ("merges", "persons"),
    [
        ({"1": "2", "2": "3", "3": None}, [{"1", "2", "3"}]),
        ({"1": "2", "2": "1"}, [{"1", "2"}]),
        ({"1": "1"}, [{"1"}]),
        ({"1": "gone;also", "2": "gone"}, [{"1", "2", "gone", "also"}]),
        ({"1": "2:1767225600000;4:1767225600000", "2": None, "4": None}, [{"1", "2", "4"}]),
        ({"1": None, "2": None}, [{"1"}, {"2"}]),
    ],
    ids=["chain", "cycle", "self-merge", "unknown survivor", "vid:epoch", "no merge"],
)
def test_c03_merges_are_followed_wherever_they_lead(
    exports: Exports, merges: dict[str, str | None], persons: list[set[str]]
) -> None:
    for number, merged in merges.items():
        exports.add("hubspot.contacts", hs_object_id=number, hs_merged_object_ids=merged)
    exports.build()
    found: dict[str, set[str]] = {}
    for number in set().union(*persons):
        found.setdefault(exports.person(number), set()).add(number)
    assert sorted(map(sorted, found.values())) == sorted(map(sorted, persons))


def test_c03_the_time_of_a_merge_is_kept_where_the_source_says_it(exports: Exports) -> None:
    exports.add("hubspot.contacts", hs_object_id="1", hs_merged_object_ids="2:1767225600000;3")
    exports.build()
    assert exports.rows(
        "select record_id, merged_at::varchar from int_identity__merges_listed order by 1"
    ) == [("2", "2026-01-01 00:00:00"), ("3", None)]


def test_c03_accounts_too_follow_chains_and_circles_to_one_survivor(exports: Exports) -> None:
    chain = {f"a{step:02}": f"a{step + 1:02}" for step in range(15)}
    circle = {"x": "y", "y": "z", "z": "y"}
    for loser, winner in {**chain, **circle, "u": "unknown", "s": "s"}.items():
        exports.add(
            "salesforce.account", id=loser, master_record_id=winner, is_deleted=loser != "s"
        )
    exports.add("salesforce.account", id="a15")
    exports.build()
    survivors = dict(exports.rows("select record_id, account_id from int_account_records__matched"))
    assert {survivors[record] for record in chain} == {"a15"}
    assert [survivors[record] for record in "xyzus"] == ["y", "y", "y", "unknown", "s"]
    deleted = exports.rows("select account_id from int_accounts__unified where is_deleted")
    assert deleted == []


def test_c04_an_opportunity_of_several_companies_counts_once_for_its_own(exports: Exports) -> None:
    exports.add("salesforce.account", id=ACCOUNT)
    for number in ("1", "2"):
        exports.add("hubspot.companies", hs_object_id=number, salesforceaccountid=ACCOUNT[:15])
    exports.add("hubspot.companies", hs_object_id=ACCOUNT)  # another system's record of that id
    exports.add("salesforce.opportunity", id=OPPORTUNITY, account_id=ACCOUNT, amount=100,
                currency_iso_code="EUR")  # fmt: skip
    exports.build()
    assert exports.rows("select account_id, amount_reporting from int_opportunities__valued") == [
        (ACCOUNT, 100)
    ]
    assert exports.rows("select count(*) from int_accounts__unified where account_id = ?",
                        ACCOUNT) == [(1,)]  # fmt: skip


def test_c05_a_deleted_opportunity_leaves_the_groups_and_stays_as_history(exports: Exports) -> None:
    exports.add("salesforce.opportunity", id="o", amount=100, currency_iso_code="EUR")
    exports.add("salesforce.opportunity", id="o", amount=100, currency_iso_code="EUR",
                system_modstamp="2026-01-02", is_deleted=True)  # fmt: skip
    exports.add("salesforce.opportunity_history", id="h", opportunity_id="o", amount=100)
    exports.build()
    assert exports.rows("select is_deleted, live_amount from int_opportunities__valued") == [
        (True, None)
    ]
    assert exports.rows("select count(*) from int_buying_groups__rungs_tried") == [(0,)]
    assert exports.rows("select count(*) from int_opportunity_history__unioned") == [(1,)]


def test_c06_an_archived_contact_leaves_the_persons_though_it_never_comes_again(
    exports: Exports,
) -> None:
    exports.add("hubspot.contacts", hs_object_id="1")
    exports.add("hubspot.contacts", hs_object_id="2")
    exports.add("hubspot.contacts", file=2, hs_object_id="1", archived=True)
    exports.build()
    assert exports.rows("select is_deleted from int_persons__profiled order by 1") == [
        (False,), (True,),
    ]  # fmt: skip


def test_c06_a_record_that_a_full_export_lacks_is_gone(exports: Exports) -> None:
    for file, names in enumerate(("ab", "b"), start=1):
        for name in names:
            exports.add("campaign_plan.campaigns", file=file, campaign_id=name,
                        _as_of=f"2026-01-0{file}")  # fmt: skip
    exports.build()
    assert exports.rows("select count(*) from stg_campaign_plan__campaigns") == [(1,)]


def test_c07_a_contact_taken_off_an_opportunity_leaves_the_group_though_its_row_is_unchanged(
    exports: Exports,
) -> None:
    exports.add("salesforce.opportunity", id=OPPORTUNITY)
    for contact, deleted in ((CONTACT, True), (OTHER_CONTACT, False)):
        exports.add("salesforce.contact", id=contact)
        role = {"id": f"r{contact}", "opportunity_id": OPPORTUNITY, "contact_id": contact}
        exports.add("salesforce.opportunity_contact_role", **role)
        if deleted:
            exports.add("salesforce.opportunity_contact_role", file=2, **role, is_deleted=True,
                        system_modstamp="2026-01-02")  # fmt: skip
    exports.build()
    assert exports.group(OPPORTUNITY) == {(exports.person(OTHER_CONTACT), "contact_role")}


def test_c08_rows_of_one_cursor_value_across_two_pages_all_count(exports: Exports) -> None:
    cursor = "2026-03-01 10:00:00"
    exports.add("salesforce.lead", file=1, id="a", system_modstamp=cursor, email_hash="old")
    exports.add("salesforce.lead", file=2, id="a", system_modstamp=cursor, email_hash="new")
    exports.add("salesforce.lead", file=2, id="b", system_modstamp=cursor, email_hash="new")
    exports.build()
    assert exports.person("a") == exports.person("b")
    assert exports.rows("select count(*) from int_person_records__unioned") == [(2,)]


def test_c09_what_a_lead_did_counts_for_the_opportunity_of_the_contact_it_became(
    exports: Exports,
) -> None:
    exports.add("salesforce.lead", id=LEAD, is_converted=True, converted_contact_id=CONTACT[:15])
    exports.add("salesforce.contact", id=CONTACT)
    exports.add("salesforce.campaign_member", id="m", campaign_id="c", lead_id=LEAD[:15],
                has_responded=True, first_responded_date="2025-06-01")  # fmt: skip
    exports.add("salesforce.opportunity", id=OPPORTUNITY)
    exports.add("salesforce.opportunity_contact_role", id="r", opportunity_id=OPPORTUNITY,
                contact_id=CONTACT)  # fmt: skip
    exports.build().build_touchpoints()
    [(person,)] = exports.rows("select person_id from int_touchpoints__classified")
    assert exports.group(OPPORTUNITY) == {(person, "contact_role")}


@pytest.mark.parametrize("primary", [0, 1, 2])
def test_c10_every_role_counts_once_whatever_the_number_of_primary_ones(
    exports: Exports, primary: int
) -> None:
    exports.add("salesforce.opportunity", id=OPPORTUNITY)
    for place, contact in enumerate((CONTACT, OTHER_CONTACT, CONTACT)):
        exports.add("salesforce.contact", id=contact, file=place + 1)
        exports.add("salesforce.opportunity_contact_role", id=f"r{place}",
                    opportunity_id=OPPORTUNITY, contact_id=contact, role=f"Role {place}",
                    is_primary=place < primary)  # fmt: skip
    exports.build()
    found = exports.rows(
        "select person_id, role, is_primary from int_buying_groups__resolved order by role"
    )
    assert found == [
        (exports.person(CONTACT), "Role 0", primary > 0),
        (exports.person(OTHER_CONTACT), "Role 1", primary > 1),
    ]


@pytest.mark.parametrize(
    ("role", "rungs"),
    [
        (None, ["contact_role 0 0 0", "association 0 0 0", "account 1 0 1 used"]),
        ("deleted", ["contact_role 1 1 0", "association 0 0 0", "account 2 1 1 used"]),
        ("unknown", ["contact_role 1 0 0", "association 0 0 0", "account 1 0 1 used"]),
        ("known", ["contact_role 1 0 1 used", "association 0 0 0", "account 2 0 2"]),
    ],
)
def test_c10_without_a_role_that_gives_anyone_the_account_does_and_the_rung_says_so(
    exports: Exports, role: str | None, rungs: list[str]
) -> None:
    exports.add("salesforce.account", id=ACCOUNT)
    exports.add("salesforce.contact", id=OTHER_CONTACT, account_id=ACCOUNT)
    exports.add("salesforce.opportunity", id=OPPORTUNITY, account_id=ACCOUNT[:15])
    if role in {"deleted", "known"}:
        exports.add("salesforce.contact", id=CONTACT, account_id=ACCOUNT,
                    is_deleted=role == "deleted")  # fmt: skip
    if role:
        exports.add("salesforce.opportunity_contact_role", id="r", opportunity_id=OPPORTUNITY,
                    contact_id=CONTACT)  # fmt: skip
    exports.build()
    found = exports.rows(
        "select concat_ws(' ', rung, contacts_named, contacts_deleted, persons, "
        "if(is_used, 'used', null)) from int_buying_groups__rungs_tried order by rung_order"
    )
    assert [told for (told,) in found] == rungs
    used = {rung.split()[0] for rung in rungs if rung.endswith("used")}
    assert {rung for _, rung in exports.group(OPPORTUNITY)} == used


def test_c10_an_opportunity_whose_account_has_nobody_has_no_group(exports: Exports) -> None:
    exports.add("salesforce.opportunity", id=OPPORTUNITY, account_id=ACCOUNT)
    assert exports.build().group(OPPORTUNITY) == set()


def test_c14_records_that_were_deleted_can_still_be_asked_for(exports: Exports) -> None:
    exports.add("salesforce.lead", id=LEAD, is_deleted=True, email_hash="anna")
    exports.add("salesforce.opportunity", id=OPPORTUNITY, is_deleted=True)
    exports.build()
    for model in ("int_person_records__resolved", "int_persons__profiled",
                  "int_opportunities__valued"):  # fmt: skip
        assert exports.rows(f"select is_deleted from {model}") == [(True,)]
