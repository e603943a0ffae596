"""What ties records, addresses and browsers to a person: ids of two lengths, mailboxes, visits."""

from collections.abc import Iterator

import duckdb
import numpy as np
import pytest

from simulator.salesforce_ids import PREFIXES, salesforce_ids
from tests.support.dbt_sql import render
from tests.support.exports_of_crm import Exports

CONTACT, LEAD = (
    str(salesforce_ids(kind, np.array([7]))[0]) for kind in ("contact", "lead")
)  # fmt: skip


@pytest.fixture
def exports() -> Iterator[Exports]:
    with duckdb.connect() as connection:
        yield Exports(connection)


def test_c11_a_short_salesforce_id_gets_the_checksum_that_salesforce_gives_it() -> None:
    long = [key for kind in PREFIXES for key in salesforce_ids(kind, np.arange(0, 10**7, 99_991))]
    sql = render(
        "select {{ salesforce_id('short') }}, {{ salesforce_id('long') }} from ids", is_text=True
    )
    with duckdb.connect() as connection:
        connection.execute(
            "create table ids as select unnest(?::varchar[]) as long, left(long, 15) as short",
            [long],
        )
        assert connection.execute(sql).fetchall() == [(key, key) for key in long]
        connection.execute("update ids set short = null, long = ''")
        assert set(connection.execute(sql).fetchall()) == {(None, "")}


def test_c11_ids_of_both_lengths_join_and_make_one_record(exports: Exports) -> None:
    exports.add("salesforce.contact", file=1, id=CONTACT, email_hash="before")
    exports.add("salesforce.contact", file=2, id=CONTACT[:15], email_hash="anna",
                system_modstamp="2026-02-01")  # fmt: skip
    exports.add("salesforce.lead", id=LEAD, converted_contact_id=CONTACT[:15])
    exports.add("hubspot.contacts", hs_object_id="1", salesforceleadid=LEAD[:15])
    exports.add("salesforce.task", id="t", who_id=CONTACT[:15], is_closed=True)
    exports.build().build_touchpoints()
    assert exports.rows(
        "select record_id, email_node_key from stg_salesforce__contact"
    ) == exports.rows("select ?, md5('email:anna')", CONTACT)
    [(person,)] = exports.rows("select distinct person_id from int_person_records__resolved")
    assert exports.rows("select person_id from int_touchpoints__classified") == [(person,)]


def test_c12_and_c13_a_visitor_identified_on_day_200_takes_the_visits_before_along(
    exports: Exports,
) -> None:
    visit = {"event_name": "page_view", "user_pseudo_id_hash": "browser", "ga_session_id": 1}
    exports.add("ga4.events", event_timestamp="2026-01-01 10:00", **visit)
    exports.add("hubspot.contacts", hs_object_id="1")
    exports.build().build_touchpoints()
    before = exports.rows("select person_id, is_known_person from int_touchpoints__classified")
    exports.add("ga4.events", event_timestamp="2026-07-20 10:00", user_id="1",
                **visit | {"ga_session_id": 2})  # fmt: skip
    exports.build().build_touchpoints()
    after = exports.rows(
        "select person_id, is_known_person from int_touchpoints__classified order by occurred_at"
    )
    assert [is_known for _, is_known in before] == [False]
    assert after == [(exports.person("1"), True)] * 2
    assert exports.rows(
        "select rule, first_seen_at::date::varchar from int_identity__links_resolved"
    ) == [("identified_visitor", "2026-07-20")]


def test_a_mailbox_that_several_people_read_ties_nobody(exports: Exports) -> None:
    for number in ("1", "2"):
        exports.add("hubspot.contacts", hs_object_id=number, email_hash="info", email_is_role=True)
    exports.add("salesforce.lead", id=LEAD, email_hash="info", email_is_role=True)
    exports.build()
    assert len({exports.person(record) for record in ("1", "2", LEAD)}) == 3
    assert exports.rows("select distinct rule, cut_reason from int_identity__links_resolved") == [
        ("same_email", "role_address")
    ]


def test_a_form_under_a_mailbox_of_many_belongs_to_the_browser_it_was_sent_from(
    exports: Exports,
) -> None:
    exports.add("hubspot.contacts", hs_object_id="shared", email_hash="info", email_is_role=True)
    for person in ("1", "2"):
        exports.add("hubspot.contacts", hs_object_id=person, email_hash=f"own{person}")
        exports.add("hubspot.form_submissions", conversion_id=f"own{person}", contact_id=person,
                    email_hash=f"own{person}", email_is_role=False,
                    ga_client_id_hash=f"browser{person}")  # fmt: skip
        exports.add("hubspot.form_submissions", conversion_id=f"shared{person}",
                    contact_id="shared", email_hash="info", email_is_role=True,
                    ga_client_id_hash=f"browser{person}")  # fmt: skip
    exports.add("ga4.events", event_name="page_view", user_pseudo_id_hash="browser1",
                user_id="shared")  # fmt: skip
    exports.build().build_touchpoints()
    assert len({exports.person(record) for record in ("1", "2", "shared")}) == 3
    forms = dict(exports.rows("select touchpoint_id, person_id from int_touchpoints__classified"))
    assert forms["hubspot.form:shared1"] == exports.person("1")
    assert forms["hubspot.form:shared2"] == exports.person("2")


def test_links_that_would_make_one_person_of_a_crowd_are_cut_and_kept_with_the_reason(
    exports: Exports,
) -> None:
    for number in range(10):
        exports.add("hubspot.contacts", hs_object_id=str(number), email_hash="n/a",
                    salesforcecontactid=f"00{number}")  # fmt: skip
    exports.build(limit=8)
    assert len({exports.person(str(number)) for number in range(10)}) == 10
    assert exports.rows(
        "select rule, cut_reason, count(*) from int_identity__links_resolved "
        "group by all order by 1"
    ) == [("same_email", "too_many_records", 10), ("synced_record", None, 10)]
    assert exports.rows(render("assert_persons_are_bounded")) == []


def test_who_dials_in_to_a_webinar_is_known_by_the_registration(exports: Exports) -> None:
    exports.add("hubspot.contacts", hs_object_id="1", email_hash="anna")
    exports.add("webinar.attendance", webinar_id="w", user_id="u1", registrant_id="r",
                user_email_hash="anna")  # fmt: skip
    exports.add("webinar.attendance", webinar_id="w", user_id="u2", registrant_id="r")
    exports.build().build_touchpoints()
    persons = exports.rows("select distinct person_id from int_touchpoints__classified")
    assert persons == [(exports.person("1"),)]


def test_one_event_that_names_a_pair_twice_is_one_link_with_its_first_sight(
    exports: Exports,
) -> None:
    exports.add("hubspot.contacts", hs_object_id="1")
    for day, form in (("2026-03-02", "b"), ("2026-03-01", "a")):
        exports.add("hubspot.form_submissions", conversion_id=form, contact_id="1",
                    ga_client_id_hash="browser", submitted_at=day)  # fmt: skip
    exports.build()
    assert exports.rows(
        "select rule, source_system, confidence, first_seen_at::date::varchar "
        "from int_identity__edges_found"
    ) == [("form_fill", "hubspot", 0.8, "2026-03-01")]


@pytest.mark.parametrize(
    ("email", "account"),
    [
        ("acme.co.uk", "acme.co.uk"),
        ("mail.acme.co.uk", "acme.co.uk"),
        ("mail.globex.com", "www.de.globex.com"),
        ("other.co.uk", None),
        ("gmail.com", None),
        ("co.uk", None),
        (None, None),
    ],
)
def test_an_address_leads_to_the_account_by_the_part_of_the_domain_that_was_registered(
    exports: Exports, email: str | None, account: str | None
) -> None:
    for domain in ("acme.co.uk", "www.de.globex.com", "gmail.com"):
        exports.add("salesforce.account", id=domain, website=f"https://{domain}/home")
    exports.add("hubspot.contacts", hs_object_id="1", email_domain=email)
    exports.build()
    assert exports.rows("select account_id, account_rule from int_persons__profiled") == [
        (account, account and "email_domain")
    ]


def test_a_record_that_names_its_account_outranks_the_domain(exports: Exports) -> None:
    exports.add("salesforce.account", id="globex", website="globex.com")
    exports.add("salesforce.account", id="acme", website="acme.com")
    exports.add("salesforce.contact", id=CONTACT, account_id="acme", email_domain="globex.com")
    exports.build()
    assert exports.rows("select account_id, account_rule from int_persons__profiled") == [
        ("acme", "crm_id")
    ]
