"""What each customer has brought, and how much by which age, over the frames of a company."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

import pandas as pd

from tests.oracle.company import Company
from tests.oracle.customers import Customer, find_customers
from tests.oracle.figures import (
    find_grounds,
    freshness,
    graded,
    quarter_of,
    ratio,
    shown,
    why_null,
)
from tests.oracle.frames import total
from tests.oracle.landing import Row
from tests.oracle.money import CENT
from tests.oracle.payments import Payment, find_payments, margin_of

OLDEST = 60  # months


@dataclass(frozen=True)
class Books:
    """Customers won by the reporting date, their payments until then, and up to when all is known.

    ``future`` are those whose first win is dated after it.
    """

    customers: list[Customer]
    future: list[Customer]
    payments: dict[str, list[Payment]]
    as_of: pd.Timestamp
    settled_until: pd.Timestamp

    def is_billed(self, customer: Customer) -> bool:
        """Say whether anything was billed."""
        return any(one.amount > 0 for one in self.payments[customer.customer_id])

    def parts(self, *names: str) -> dict[tuple[str, str], list[Customer]]:
        """Return the customers of each part of these breakdowns."""
        found = defaultdict(list)
        for customer in self.customers:
            for name in names:
                found[name, customer.told()[name]].append(customer)
        return found


def find_books(company: Company) -> Books:
    """Gather what the figures are computed from."""
    grounds, everybody = find_grounds(company), find_customers(company)
    as_of = grounds.as_of
    billed_until = company.invoices.period_start.max() + pd.offsets.MonthEnd(0)
    return Books(
        [one for one in everybody if one.acquired_date <= as_of],
        [one for one in everybody if one.acquired_date > as_of],
        find_payments(company, everybody, as_of),
        as_of,
        min(grounds.settled_until(needs_touchpoints=True), billed_until),
    )


def customers(books: Books) -> pd.DataFrame:
    """Return one row per customer, also of one that is won in the future."""
    rows = []
    for one in [*books.customers, *books.future]:
        paid = books.payments[one.customer_id]
        left = [each.day for each in paid if each.kind == "churn"]
        rows.append(
            {
                "customer_id": one.customer_id,
                "account_id": one.account_id,
                "lead_source": one.source,
                "segment": one.segment,
                "acquisition_channel": one.channel,
                "first_campaign": one.first_campaign,
                "engagement_pattern": one.engagement.pattern,
                "touchpoints": one.engagement.touchpoints,
                "channels": one.engagement.channels,
                "days_since_last_touchpoint": one.engagement.days_since_last,
                "wins": one.wins,
                "renewals": sum(each.kind == "renewal" for each in paid),
                "is_churned": bool(left),
                "invoiced_amount": cents(total(x.amount for x in paid if x.kind != "refund")),
                "margin": cents(margin_of(paid)),
                "acquired_date": one.acquired_date,
                "churned_date": min(left, default=None),
            }
        )
    return pd.DataFrame(rows, dtype=object)


def cents(amount: Decimal | None) -> Decimal | None:
    """Round half a cent away from zero."""
    return None if amount is None else amount.quantize(CENT, ROUND_HALF_UP)


def margin_by_cohort(books: Books) -> pd.DataFrame:
    """Return one row per part, quarter of the first win and age that one of them has reached."""
    rows = []
    for (breakdown, value), members in books.parts("all", "channel").items():
        cohorts = defaultdict(list)
        for one in members:
            cohorts[quarter_of(one.acquired_date)].append(one)
        for start, own in cohorts.items():
            key = {"breakdown": breakdown, "breakdown_value": value, "cohort_quarter": start}
            rows += [key | row for row in _by_age(books, own)]
    return pd.DataFrame(rows, dtype=object)


def margin_by_origin(books: Books) -> pd.DataFrame:
    """Return one row per part and age that one of its customers has reached."""
    return pd.DataFrame(
        [
            {"breakdown": breakdown, "breakdown_value": value} | row
            for (breakdown, value), own in books.parts("all", "channel", "pattern").items()
            for row in _by_age(books, own)
        ],
        dtype=object,
    )


def _by_age(books: Books, own: list[Customer]) -> Iterator[Row]:
    """Yield what those had brought who are so old; whoever is younger is in no figure."""
    for age in range(OLDEST + 1):
        months = pd.DateOffset(months=age)
        old = [one for one in own if one.acquired_date + months <= books.as_of]
        if not old:
            return
        billed = sum(map(books.is_billed, old))
        margin = observed_margin(books, old, age)
        days = [one.acquired_date for one in old]
        fresh = freshness(min(days), max(days) + months, books.settled_until)
        reasons = [(not billed, "no_invoices"), (margin is None, "no_margin")]
        yield {
            "age_months": age,
            "customers": len(own),
            "observed_customers": len(old),
            "margin": cents(margin),
            "realised_margin": shown(ratio(margin, len(old)), len(old)),
            **graded(billed / len(old), len(old), fresh),
            "null_reason": why_null(reasons, len(old)),
        }


def observed_margin(books: Books, old: Iterable[Customer], age: int) -> Decimal | None:
    """Return what was brought up to the age; None where a part of it is unknown."""
    if not any(map(books.is_billed, old)):
        return None
    paid = (each for one in old for each in books.payments[one.customer_id] if each.age <= age)
    return margin_of([*paid])
