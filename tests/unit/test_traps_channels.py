"""Channels against the traps that hurt users of other systems, one test a trap."""

import csv
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from tests.support.channels import Origin, channels_of, load_seed
from tests.support.dbt_sql import build
from tests.support.journeys import credits_of
from tests.support.touchpoints import at, group_sessions, place

GA4 = Path(__file__).parents[3] / "shared" / "data" / "ga4_channels"
needs_ga4 = pytest.mark.skipif(
    not GA4.is_dir(), reason=f"Google's channel grouping is not in {GA4}"
)
# A few of each kind that a company is likely to meet, by tag and by referrer.
WELL_KNOWN = {
    "organic_search": "google www.google.de bing www.bing.com yahoo search.yahoo.com "
    "duckduckgo.com ecosia.org www.ecosia.org qwant.com startpage.com search.brave.com "
    "yandex.ru baidu naver.com ask.com com.google.android.googlequicksearchbox",
    "organic_social": "facebook m.facebook.com l.facebook.com lm.facebook.com fb instagram "
    "l.instagram.com ig linkedin www.linkedin.com com.linkedin.android lnkd.in twitter x.com t.co "
    "xing www.xing.com tiktok reddit.com old.reddit.com pinterest.de quora.com stackoverflow.com "
    "slideshare.net medium.com news.ycombinator.com whatsapp t.me discord.com mastodon.social",
    "organic_video": "youtube youtube.com m.youtube.com youtu.be vimeo.com dailymotion.com twitch",
    "organic_shopping": "amazon.de ebay.com etsy.com walmart.com shopping.google.com idealo.de",
    "referral": "notion.so boxing.example ask.partner.example mixing-desk.example "
    "mail.google.com project-x.example shop.partner.example",
}


@pytest.fixture
def connection() -> duckdb.DuckDBPyConnection:
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        yield connection


def channel(connection: duckdb.DuckDBPyConnection, *events: dict) -> str:
    """Return the channel of a visit of these events."""
    [(source, medium, campaign, click_id_kind, _)] = group_sessions(connection, *events)
    [found] = channels_of(connection, [Origin(source, medium, campaign, click_id_kind)])
    return found


@pytest.mark.parametrize(
    "event",
    [
        {"gclid": "g"},
        {"gclid": "g", "manual_source": "google", "manual_medium": "organic",
         "manual_campaign_name": "(organic)"},
        {"gclid": "g", "manual_source": "partner.example", "manual_medium": "referral",
         "page_referrer": "https://partner.example/"},
        {"gclid": "g", "manual_source": "(direct)", "manual_medium": "(none)"},
        {"page_location": "https://us.example/?gbraid=g&utm_source=hubspot&utm_medium=email"},
    ],
    ids=["no source", "organic campaign", "referral", "direct", "an app's click id"],
)  # fmt: skip
def test_c53_a_gclid_outranks_a_wrong_source(
    connection: duckdb.DuckDBPyConnection, event: dict
) -> None:
    assert channel(connection, event) == "paid_search"


@needs_ga4
def test_c53b_googles_thirty_cases_come_out_right(connection: duckdb.DuckDBPyConnection) -> None:
    with (GA4 / "channel_grouping_truth_table.csv").open(newline="") as file:
        cases = list(csv.DictReader(file))
    load_seed(connection, "channels")
    groups = dict(connection.execute("select channel, ga4_channel_group from channels").fetchall())
    found = channels_of(
        connection,
        [Origin(case["source"], case["medium"], case["campaign"] or None) for case in cases],
    )
    assert len(cases) == 30
    assert [(case, groups[channel]) for case, channel in zip(cases, found, strict=True)] == [
        (case, case["expected_channel"]) for case in cases
    ]


def test_c53b_every_channel_has_a_group_and_every_rule_a_channel_and_sites(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    for seed in ("channels", "channel_rules", "source_sites"):
        load_seed(connection, seed)
    lacking = connection.execute(
        """
        select channel from channels where ga4_channel_group is null
        union all select channel from channel_rules anti join channels using (channel)
        union all select source_kind from channel_rules anti join source_sites using (source_kind)
            where source_kind is not null
        union all select channel from channel_rules
            where source_kind is not null and source_pattern is not null
        """
    ).fetchall()
    assert lacking == []


def test_c53c_half_an_origin_of_an_app_does_not_override_a_whole_one(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    assert channel(
        connection,
        {"manual_source": "google"},
        {"manual_source": "hubspot", "manual_medium": "email", "event_timestamp": at("09:00:01")},
    ) == "email"  # fmt: skip


@pytest.mark.parametrize(
    "source", ["LinkedIn", " linkedin ", "lnkd.in", "fb", "IG", "www.Facebook.com", "t.co"]
)
def test_c54_a_network_is_one_however_it_is_written(
    connection: duckdb.DuckDBPyConnection, source: str
) -> None:
    assert channel(connection, {"manual_source": source, "manual_medium": "CPC"}) == "paid_social"


@pytest.mark.parametrize("kind", WELL_KNOWN)
def test_c54_well_known_sites_are_known_and_likenesses_are_not(
    connection: duckdb.DuckDBPyConnection, kind: str
) -> None:
    sites = WELL_KNOWN[kind].split()
    found = channels_of(connection, [Origin(site, "referral") for site in sites])
    assert dict(zip(sites, found, strict=True)) == dict.fromkeys(sites, kind)


@needs_ga4
@pytest.mark.parametrize(
    ("category", "least"), [("SEARCH", 0.95), ("SHOPPING", 0.95), ("VIDEO", 0.95), ("SOCIAL", 0.35)]
)
def test_c54_google_sees_most_sites_alike(
    connection: duckdb.DuckDBPyConnection, category: str, least: float
) -> None:
    """Most of Google's social networks are gone or far from business; none may be another kind."""
    with (GA4 / "ga4_source_categories.csv").open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["source_category"].endswith(category)]
    found = channels_of(connection, [Origin(row["source"], "referral") for row in rows])
    wanted = f"organic_{category.lower()}"
    assert found.count(wanted) / len(rows) >= least
    assert len(rows) - found.count(wanted) - found.count("referral") <= 3


@pytest.mark.parametrize(
    ("url", "referrer", "expected"),
    [
        ("?msclkid=m", "https://partner.example/", "paid_search"),
        ("?msclkid=m&utm_campaign=2026-Q1-Brand", None, "brand_search"),
        ("?li_fat_id=l", "https://www.linkedin.com/", "paid_social"),
        ("?li_fat_id=l", None, "paid_social"),
        ("?ttclid=t", None, "paid_social"),
        ("?dclid=d", "https://news.example/", "display"),
        ("?fbclid=f", None, "organic_social"),
        ("?fbclid=f&li_fat_id=l", None, "paid_social"),
        ("?srsltid=s", "https://www.google.com/", "organic_shopping"),
        ("?fbclid=f&utm_source=facebook&utm_medium=paid_social", None, "paid_social"),
        ("?fbclid=f&utm_source=hubspot&utm_medium=email", None, "email"),
        ("?utm_source=Google%20Shopping", None, "organic_shopping"),
    ],
)
def test_a_click_id_is_evidence_where_utms_are_missing(
    connection: duckdb.DuckDBPyConnection, url: str, referrer: str | None, expected: str
) -> None:
    event = {"page_location": f"https://us.example/{url}", "page_referrer": referrer}
    assert channel(connection, event) == expected


def test_c58_a_separator_in_a_name_does_no_harm(connection: duckdb.DuckDBPyConnection) -> None:
    place(connection, {"touchpoint_id": "one"})
    assert connection.execute(
        "select channel, campaign from int_touchpoints__classified"
    ).fetchall() == [("email", "spring > mail")]

    day = at("00:00") - at("00:00").replace(day=9)
    journey = ([("A", 3 * day), ("A > B", 2 * day), ("B", day)], Decimal("99.00"))
    where = "conversion_type = 'closed_won' and attribution_model = 'linear'"
    booked = {row[2]: row[-1] for row in credits_of({"o": journey}, where)}
    assert booked == {"A": Decimal(33), "A > B": Decimal(33), "B": Decimal(33)}


def test_an_unmapped_source_is_listed_without_query_or_address(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    group_sessions(
        connection,
        {"manual_source": "Flyer?ref=1", "manual_medium": "QR-Print",
         "manual_campaign_name": "Fair?utm_source=x"},
        {"ga_session_id": 2, "manual_source": "flyer", "manual_medium": "qr-print",
         "event_timestamp": at("10:00")},
        {"ga_session_id": 3, "manual_source": "jo@acme.example", "manual_medium": "print"},
        {"ga_session_id": 4, "manual_source": "google", "manual_medium": "cpc"},
    )  # fmt: skip
    place(connection)
    build(connection, ["fct_unmapped_sources"])
    assert connection.execute("from fct_unmapped_sources order by 2").fetchall() == [
        ("web_session", "flyer", "qr-print", "fair", 2, at("09:00"), at("10:00")),
        ("web_session", "withheld", "print", None, 1, at("09:00"), at("09:00")),
    ]
