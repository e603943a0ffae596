"""What customers of each group are expected to bring, over the frames of a company."""

from decimal import Decimal

import pandas as pd

from tests.oracle.company import Company
from tests.oracle.customers import Customer
from tests.oracle.figures import freshness, graded, ratio, shown, why_null, wilson
from tests.oracle.frames import total
from tests.oracle.kpis_realised_margin import Books, observed_margin
from tests.oracle.landing import Row
from tests.oracle.lifetimes import discounted_tenure, fit_renewals
from tests.oracle.payments import first_year_margin, history_of, stay_of
from tests.oracle.repeat_purchases import correlate, expected_value_to_come

YEARS, RATE = 5, 0.1
WEEKS_A_YEAR = 365.25 / 7


def marketing_cost(company: Company) -> Decimal:
    """Return all that marketing has cost in euros, a month's costs at the rate of its first day."""
    kept = company.costs[company.costs.team == "marketing"].itertuples()
    costs = (company.rates.euros(x.amount, x.currency, x.cost_month.date()) for x in kept)
    return total(company.spend.spend_reporting) + total(costs)


def lifetime_value(books: Books, cost: Decimal) -> pd.DataFrame:
    """Return one row per part of each breakdown; ``cost`` is that of all customers together."""
    cac = ratio(cost, len(books.customers))
    parts = books.parts("all", "channel", "pattern", "channel_pattern")
    rows = [
        {"breakdown": breakdown, "breakdown_value": value} | _worth(books, own, cac)
        for (breakdown, value), own in parts.items()
    ]
    return pd.DataFrame(rows, dtype=object)


def _worth(books: Books, own: list[Customer], cac: float | None) -> Row:
    known = [first_year_margin(one, books.payments[one.customer_id]) for one in own]
    known = [margin for margin in known if margin is not None]
    first_year = ratio(total(known), len(known))
    stays = [stay_of(books.payments[one.customer_id]) for one in own]
    due = sum(stay.renewals + stay.has_left > 0 for stay in stays)
    fit = fit_renewals(stays)
    tenure = fit and discounted_tenure(*fit, YEARS, RATE)
    expected = first_year * tenure if known and fit else None
    billed = sum(map(books.is_billed, own))
    fresh = freshness(min(x.acquired_date for x in own), books.as_of, books.settled_until)
    reasons = [
        (not billed, "no_invoices"),
        (not known, "no_margin"),
        (not due, "no_renewals_due"),
        (fit is None, "fit_not_settled"),
    ]
    return {
        "customers": len(own),
        "first_year_margin_per_customer": shown(first_year, len(known)),
        **_realised(books, own, 12),
        **_realised(books, own, 24),
        **_renewed(*map(sum, zip(*stays, strict=True)), first_year),
        "alpha": fit and fit[0],
        "beta": fit and fit[1],
        "is_settled": fit is not None,
        "discounted_tenure": tenure,
        "horizon_years": YEARS,
        "discount_rate": RATE,
        "expected_lifetime_value": shown(expected, due),
        "ltv_to_cac": shown(ratio(expected, cac), due),
        **_bought(books, own),
        **graded(billed / len(own), due, fresh),
        "null_reason": why_null(reasons, due),
    }


def _realised(books: Books, own: list[Customer], age: int) -> Row:
    months = pd.DateOffset(months=age)
    old = [one for one in own if one.acquired_date + months <= books.as_of]
    margin = observed_margin(books, old, age)
    return {
        f"observed_customers_{age}_months": len(old),
        f"realised_margin_{age}_months": shown(ratio(margin, len(old)), len(old)),
    }


def _renewed(made: int, left: int, first_year: float | None) -> Row:
    due = made + left
    low, high = wilson(made, due)
    churn = ratio(left, due)
    return {
        "renewals_due": due,
        "renewals_made": made,
        "renewal_rate": shown(ratio(made, due), due),
        "renewal_rate_low": shown(low, due),
        "renewal_rate_high": shown(high, due),
        "simple_lifetime_value": shown(ratio(first_year, churn), due),
    }


def _bought(books: Books, own: list[Customer]) -> Row:
    """Return what is told from purchases; who first bought on the last day is not yet observed."""
    histories = [history_of(books.payments[one.customer_id], books.as_of) for one in own]
    histories = [one for one in histories if one is not None]
    to_come = expected_value_to_come(histories, YEARS, WEEKS_A_YEAR, RATE)
    together = correlate(histories)
    correlation, low, high = together or (None, None, None)
    return {
        "is_purchase_settled": to_come is not None,
        "purchase_customers": len(histories),
        "expected_purchase_value": shown(ratio(to_come, len(histories)), len(histories)),
        "purchase_independence": correlation,
        "purchase_independence_low": low,
        "purchase_independence_high": high,
        "is_independence_plausible": together and low <= 0 <= high,
    }
