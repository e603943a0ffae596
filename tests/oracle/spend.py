"""What the ad platforms report, by day, channel and campaign.

A platform's day is cut in its own zone and is taken as it is. Each row of a report is converted by
itself, to the millionth of a euro.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

import pandas as pd

from tests.oracle.channels import Origin, channel_of
from tests.oracle.landing import Landing, Row, seed
from tests.oracle.money import MICRO, Rates

NOTHING = Decimal(0)
MEASURES = ["spend", "impressions", "clicks", "platform_conversions"]
PLATFORM_ORIGINS = {
    "google_ads": ("gclid", "google"),
    "meta_ads": (None, "facebook"),
    "linkedin_ads": (None, "linkedin"),
    "microsoft_ads": (None, "bing"),
}


class AdRow(NamedTuple):
    """One row of a report, in the account's currency."""

    platform: str
    account_id: str
    campaign_id: str
    campaign: str
    report_date: Any
    spend: Decimal
    impressions: int
    clicks: int
    platform_conversions: Decimal
    currency: str | None


def find_spend(landing: Landing, rates: Rates) -> pd.DataFrame:
    """Return rows report_date, channel, campaign, spend_reporting and the other measures.

    ``spend_reporting`` and ``platform_conversions`` are Decimals, the latter what the platforms
    claim; ``impressions`` and ``clicks`` are whole numbers.
    """
    currencies = _currencies(landing)
    totals: dict[tuple, list] = defaultdict(lambda: [NOTHING, 0, 0, NOTHING])
    for row in _rows(landing):
        campaign = row.campaign.strip().lower()
        click_id_kind, source = PLATFORM_ORIGINS[row.platform]
        channel = channel_of(Origin("web_session", click_id_kind, source, "cpc", campaign))
        currency = row.currency or currencies[row.platform, row.account_id]
        euros = rates.euros(row.spend, currency, row.report_date, MICRO)
        total = totals[row.report_date, channel, campaign]
        for place, value in enumerate(
            (euros, row.impressions, row.clicks, row.platform_conversions)
        ):
            total[place] += value
    columns = ["report_date", "channel", "campaign", "spend_reporting", *MEASURES[1:]]
    found = pd.DataFrame([(*key, *total) for key, total in totals.items()], columns=columns)
    return found.astype({"report_date": "datetime64[us]", "channel": "str", "campaign": "str"})


def spend_settled_until(landing: Landing) -> date:
    """Return the day up to which no platform will change what it was paid any more."""
    days = {
        row["platform"]: row["days"] for row in seed("settling_days") if row["metric"] == "spend"
    }
    last: dict[str, date] = {}
    for row in _rows(landing):
        last[row.platform] = max(row.report_date, last.get(row.platform, row.report_date))
    return min(
        day - timedelta(days=int(days.get(platform, days["any_other"])))
        for platform, day in last.items()
    )


def _currencies(landing: Landing) -> dict[tuple[str, str], str]:
    names = {
        "google_ads": ("customer_id", "currency_code"),
        "meta_ads": ("account_id", "currency"),
        "linkedin_ads": ("account_id", "currency"),
        "microsoft_ads": ("account_id", "currency_code"),
    }
    return {
        (platform, row[account]): row[currency]
        for platform, (account, currency) in names.items()
        for row in landing.last_known(platform, "accounts")
    }


def _rows(landing: Landing) -> Iterator[AdRow]:
    yield from _google(landing)
    for row in landing.current("meta_ads", "ad_daily"):
        yield AdRow(
            "meta_ads", row["account_id"], row["campaign_id"], row["campaign_name"],
            row["date_start"], row["spend"], row["impressions"],
            row["inline_link_clicks"] or 0, row["actions_lead"] or NOTHING,
            row["account_currency"],
        )  # fmt: skip
    groups = {row["campaign_id"]: row for row in landing.last_known("linkedin_ads", "campaigns")}
    for row in landing.current("linkedin_ads", "creative_daily"):
        group, clicks = groups[row["campaign_id"]], row["landing_page_clicks"]
        yield AdRow(
            "linkedin_ads", group["account_id"], row["campaign_id"],
            group["campaign_group_name"], row["day"], row["cost_in_local_currency"],
            row["impressions"], row["clicks"] if clicks is None else clicks,
            Decimal(row["external_website_conversions"] or 0), None,
        )  # fmt: skip
    for row in landing.current("microsoft_ads", "ad_daily"):
        yield AdRow(
            "microsoft_ads", row["account_id"], row["campaign_id"], row["campaign_name"],
            row["date"], row["spend"], row["impressions"], row["clicks"],
            row["conversions"] or NOTHING, row["currency_code"],
        )  # fmt: skip


def _google(landing: Landing) -> Iterator[AdRow]:
    """Yield the rows of ads, and of each campaign's day what its ads do not account for."""
    by_ads: dict[tuple, Row] = defaultdict(lambda: dict.fromkeys(MEASURES, 0))
    for row in landing.current("google_ads", "ad_daily"):
        ad = _google_row(row)
        yield ad
        known = by_ads[ad.account_id, ad.campaign_id, ad.report_date]
        for name in MEASURES:
            known[name] += getattr(ad, name)
    for row in landing.current("google_ads", "campaign_daily"):
        whole = _google_row(row)
        known = by_ads[whole.account_id, whole.campaign_id, whole.report_date]
        yield whole._replace(**{name: getattr(whole, name) - known[name] for name in MEASURES})


def _google_row(row: Row) -> AdRow:
    return AdRow(
        "google_ads", row["customer_id"], row["campaign_id"], row["campaign_name"],
        row["segments_date"], Decimal(row["cost_micros"]).scaleb(-6), row["impressions"],
        row["clicks"], row["conversions"] or NOTHING, None,
    )  # fmt: skip
