"""Who the sample company is: its markets, channels, campaigns, sales stages and habits.

What shapes every simulation is a constant here, what differs is a scenario; nothing is random.
"""

from dataclasses import dataclass
from typing import Literal

DAY = 86_400
YEAR = 365 * DAY
# An instant that did not happen; instants are whole seconds since 1970 (UTC).
NEVER = -1

WEBSITE = "https://www.brightloom.example"
PROPERTY_ZONE = "Europe/Berlin"


@dataclass(frozen=True)
class Channel:
    """A way to meet a person, and what a meeting does to the buying group.

    ``yearly_rate`` counts touchpoints per person and year; ``near_rate`` those added per
    person while an opportunity is near. ``opens`` and ``wins`` are the most that all
    touchpoints of the channel can add to a group's readiness to open and to its log-odds to
    buy; ``saturation`` is how much of it one touchpoint takes, from what is left. ``intent``
    shifts touchpoints towards the end of a journey.
    """

    name: str
    stage: Literal["awareness", "consideration", "harvest"]
    yearly_rate: float
    near_rate: float = 0.0
    opens: float = 0.0
    wins: float = 0.0
    saturation: float = 0.3
    intent: float = 0.0
    form_rate: float = 0.0

    @property
    def is_causal(self) -> bool:
        """Whether the channel changes what a group does; a harvester never does."""
        return self.opens > 0 or self.wins > 0


CHANNELS = (
    Channel("organic_search", "awareness", 1.3, 0, 0.22, 0.45, 0.30, 0.3, 0.12),
    Channel("paid_search", "consideration", 0.9, 0, 0.30, 0.60, 0.40, 0.6, 0.20),
    Channel("performance_max", "awareness", 0.3, 0, 0.06, 0.10, 0.30, 0.0, 0.06),
    Channel("paid_social", "awareness", 1.1, 0, 0.22, 0.45, 0.30, 0.0, 0.08),
    Channel("referral", "awareness", 0.3, 0, 0.14, 0.30, 0.35, 0.0, 0.12),
    Channel("email", "consideration", 9.0, 0, 0.20, 0.60, 0.30, 0.0, 0.10),
    Channel("webinar", "consideration", 0.5, 0, 0.30, 0.80, 0.45),
    Channel("event", "awareness", 0.25, 0, 0.30, 0.80, 0.55),
    Channel("brand_search", "harvest", 0.15, 1.2, intent=1.5, form_rate=0.20),
    Channel("direct", "harvest", 0.5, 2.0, intent=1.0, form_rate=0.10),
    Channel("retargeting", "harvest", 0.25, 0.9, intent=1.0, form_rate=0.05),
    Channel("sales", "harvest", 0.0),
)
CHANNEL = {channel.name: number for number, channel in enumerate(CHANNELS)}

# A considered touchpoint does this much more once the group has become aware.
ORDER_BONUS = 1.5
# Some groups would open anyway, and some would buy whatever is done.
OPENS_ANYWAY = 0.10
WINS_ANYWAY = -2.6
# The part of a cycle in which an opportunity can open.
OPENING_SHARE = 0.75
GROUP_SIZES = (0.15, 0.22, 0.23, 0.18, 0.11, 0.07, 0.04)

EXPANSION_RATE = 0.3
EXPANSION_WIN_RATE = 0.6
LEAD_FIRST_RATE = 0.7


@dataclass(frozen=True)
class Region:
    """A market: its countries and the currency that contracts are signed in."""

    name: str
    share: float
    currency: str
    countries: tuple[str, ...]


REGIONS = (
    Region("DACH", 0.45, "EUR", ("Germany", "Austria", "Switzerland")),
    Region("EU", 0.15, "EUR", ("Netherlands", "France", "Sweden", "Poland")),
    Region("UKI", 0.15, "GBP", ("United Kingdom", "Ireland")),
    Region("NA", 0.25, "USD", ("United States", "Canada")),
)


@dataclass(frozen=True)
class AdAccount:
    """An account with an ad platform; its days begin at midnight in ``zone``."""

    platform: Literal["google_ads", "meta_ads", "linkedin_ads", "microsoft_ads"]
    account_id: str
    name: str
    currency: str
    zone: str


AD_ACCOUNTS = (
    AdAccount("google_ads", "4418820173", "Brightloom Europe", "EUR", "Europe/Berlin"),
    AdAccount("google_ads", "9027715560", "Brightloom Americas", "USD", "America/New_York"),
    AdAccount("meta_ads", "118842066031", "Brightloom", "EUR", "Europe/Berlin"),
    AdAccount("linkedin_ads", "507331218", "Brightloom Europe", "EUR", "UTC"),
    AdAccount("linkedin_ads", "507331877", "Brightloom UK", "GBP", "UTC"),
    AdAccount("microsoft_ads", "147005512", "Brightloom UK", "GBP", "Europe/London"),
)


@dataclass(frozen=True)
class Line:
    """A campaign that is run anew every quarter; ``accounts`` are places in AD_ACCOUNTS.

    ``click_price`` is in the account's currency, ``daily_clicks`` counts per ad those of
    people who never reach the website, ``happenings`` counts dates per quarter.
    """

    slug: str
    channel: str
    type: str
    owner: str
    budget: int
    accounts: tuple[int, ...] = ()
    ads: int = 0
    click_price: float = 0.0
    click_rate: float = 0.0
    daily_clicks: float = 0.0
    happenings: int = 0


LINES = (
    Line("search-warehouse", "paid_search", "Search", "Jana Brandt", 30_000,
         (0, 1, 5), 2, 4.2, 0.045, 0.9),
    Line("search-integration", "paid_search", "Search", "Jana Brandt", 24_000,
         (0, 1), 2, 3.6, 0.04, 0.8),
    Line("brand-search", "brand_search", "Search", "Jana Brandt", 6_000,
         (0, 1, 5), 1, 0.9, 0.18, 0.6),
    Line("pmax", "performance_max", "Performance Max", "Jana Brandt", 9_000,
         (0, 1), 1, 1.4, 0.012, 1.5),
    Line("linkedin-leaders", "paid_social", "Paid Social", "Tom Okafor", 22_000,
         (3, 4), 2, 7.5, 0.006, 0.6),
    Line("linkedin-builders", "paid_social", "Paid Social", "Tom Okafor", 16_000,
         (3, 4), 2, 6.1, 0.007, 0.6),
    Line("meta-prospecting", "paid_social", "Paid Social", "Tom Okafor", 8_000,
         (2,), 2, 1.6, 0.009, 1.2),
    Line("retargeting", "retargeting", "Display", "Tom Okafor", 5_000,
         (2,), 1, 0.8, 0.006, 1.0),
    Line("newsletter", "email", "Email", "Aylin Demir", 1_500, happenings=3),
    Line("nurture", "email", "Email", "Aylin Demir", 2_000, happenings=6),
    Line("webinar-foundations", "webinar", "Webinar", "Aylin Demir", 6_000, happenings=1),
    Line("webinar-practice", "webinar", "Webinar", "Aylin Demir", 6_000, happenings=1),
    Line("event-forum", "event", "Conference", "Marek Nowak", 35_000, happenings=1),
)  # fmt: skip
PERFORMANCE_MAX = "pmax"

# Stage, probability in percent, share of the time from opening to closing at its entry.
STAGES = (
    ("Qualification", 10, 0.0),
    ("Needs Analysis", 20, 0.15),
    ("Proposal/Price Quote", 75, 0.5),
    ("Negotiation/Review", 90, 0.8),
)
REOPENED_STAGE = 3
WON, LOST = ("Closed Won", 100), ("Closed Lost", 0)
