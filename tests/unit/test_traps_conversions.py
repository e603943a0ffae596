"""Conversions against the traps that hurt users of other systems, one test a trap."""

from collections.abc import Iterator
from decimal import Decimal

import duckdb
import pytest

from tests.support.exports_of_crm import Exports

ACCOUNT = {"account_id": "A", "currency_iso_code": "EUR"}
WON = {"stage_name": "Closed Won", "is_closed": True, "is_won": True}


@pytest.fixture
def exports() -> Iterator[Exports]:
    with duckdb.connect() as connection:
        yield Exports(connection)


def responded(exports: Exports, contact: str, day: str) -> None:
    """A contact came to an event."""
    exports.add("salesforce.campaign_member", id=f"m{contact}{day}", campaign_id="c",
                contact_id=contact, has_responded=True, first_responded_date=day)  # fmt: skip


def test_c56_two_opportunities_of_one_account_are_two_conversions_with_their_own_credits(
    exports: Exports,
) -> None:
    exports.add("salesforce.account", id="A")
    exports.add("salesforce.contact", id="003a", account_id="A")
    responded(exports, "003a", "2026-01-10")
    for key, amount, day in (("o1", 100, "2026-02-01"), ("o2", 50, "2026-06-01")):
        exports.add("salesforce.opportunity", id=key, amount=amount, close_date=day,
                    created_date=f"{day} 08:00", **ACCOUNT, **WON)  # fmt: skip
        exports.add("salesforce.opportunity_contact_role", id=f"r{key}", opportunity_id=key,
                    contact_id="003a")  # fmt: skip
    exports.build_credits()
    assert exports.rows(
        "select conversion_id, channel, booked_credit from fct_attribution_credits "
        "where conversion_type = 'closed_won' order by 1"
    ) == [
        ("closed_won:o1", "event", Decimal(100)),
        ("closed_won:o2", "event", Decimal(50)),
    ]


@pytest.mark.parametrize(
    ("happened", "reason"),
    [
        ("nobody", "no_buying_group"),
        ("deleted", "deleted_records_only"),
        ("nothing", "no_touchpoints"),
        ("long ago", "outside_window"),
        ("sales alone", "none_eligible"),
        ("without consent", "no_consent"),
        ("a colleague whom no CRM knows", "anonymous_only"),
    ],
)
def test_c57_a_conversion_without_touchpoints_keeps_its_value_and_says_why(
    exports: Exports, happened: str, reason: str
) -> None:
    exports.add("salesforce.account", id="A", website="acme.example")
    exports.add("salesforce.opportunity", id="o1", amount=100, close_date="2026-06-01",
                created_date="2026-05-01", **ACCOUNT, **WON)  # fmt: skip
    if happened != "nobody":
        exports.add("salesforce.contact", id="003a", is_deleted=happened == "deleted")
        exports.add("salesforce.opportunity_contact_role", id="r", opportunity_id="o1",
                    contact_id="003a")  # fmt: skip
    if happened == "long ago":
        responded(exports, "003a", "2024-01-10")
    elif happened == "sales alone":
        exports.add("salesforce.task", id="t", who_id="003a", is_closed=True,
                    task_subtype="Call", activity_date="2026-05-02")  # fmt: skip
    elif happened == "without consent":
        exports.add("hubspot.contacts", hs_object_id="1", salesforcecontactid="003a")
        exports.add("ga4.events", user_id="1", analytics_storage="No",
                    event_timestamp="2026-05-02")  # fmt: skip
    elif happened == "a colleague whom no CRM knows":
        exports.add("webinar.attendance", webinar_id="w", user_email_hash="somebody",
                    user_email_domain="acme.example", join_time="2026-05-02 10:00",
                    leave_time="2026-05-02 11:00")  # fmt: skip
    exports.build_credits()
    assert exports.rows(
        "select channel, booked_credit, unattributed_reason from fct_attribution_credits "
        "where conversion_type = 'closed_won'"
    ) == [("unattributed", Decimal(100), reason)]


def test_c60_a_stage_that_was_renamed_loses_no_win(exports: Exports) -> None:
    exports.add("salesforce.opportunity", id="o1", amount=100, close_date="2026-06-01",
                **ACCOUNT, **(WON | {"stage_name": "Won, signed"}))  # fmt: skip
    exports.add("salesforce.opportunity_history", id="h", opportunity_id="o1", amount=100,
                stage_name="Closed Won", created_date="2026-06-01")  # fmt: skip
    exports.build_credits()
    assert exports.rows(
        "select conversion_value from int_conversions__unioned where conversion_type = 'closed_won'"
    ) == [(Decimal(100),)]


def test_c61_a_lead_that_was_recycled_was_qualified_all_the_same(exports: Exports) -> None:
    exports.add("hubspot.contacts", hs_object_id="1", lifecyclestage="lead",
                hs_lifecyclestage_marketingqualifiedlead_date="2026-03-01 10:00")  # fmt: skip
    exports.build_credits()
    assert exports.rows(
        "select conversion_type, converted_date::varchar from int_conversions__unioned "
        "where conversion_type <> 'lead_created'"
    ) == [("mql", "2026-03-01")]


def test_c62_a_stage_that_was_skipped_is_no_conversion_and_takes_none_away(
    exports: Exports,
) -> None:
    exports.add("hubspot.contacts", hs_object_id="1", lifecyclestage="salesqualifiedlead",
                hs_lifecyclestage_salesqualifiedlead_date="2026-03-01 10:00")  # fmt: skip
    exports.build_credits()
    assert exports.rows("select conversion_type from int_conversions__unioned order by 1") == [
        ("lead_created",),
        ("sql",),
    ]
