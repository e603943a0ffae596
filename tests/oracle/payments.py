"""What customers were billed and given back, and the margin that it left."""

from collections import defaultdict
from decimal import Decimal
from typing import NamedTuple

import pandas as pd

from tests.oracle.company import Company
from tests.oracle.customers import Customer, customer_ids
from tests.oracle.frames import total
from tests.oracle.lifetimes import Stay
from tests.oracle.repeat_purchases import History


class Payment(NamedTuple):
    """An invoice, a renewal that did not come, or a credit note (``refund``), in euros.

    ``sale`` is the opportunity that it is for, or the invoice's own id without one; ``margin`` is
    None where nobody knows it; ``age`` is in months since the first win, begun ones counted.
    """

    customer_id: str
    sale: str
    kind: str
    amount: Decimal
    margin: Decimal | None
    day: pd.Timestamp
    age: int


def find_payments(
    company: Company, customers: list[Customer], as_of: pd.Timestamp
) -> dict[str, list[Payment]]:
    """Return each customer's payments up to the reporting date."""
    ids, found = customer_ids(company), {one.customer_id: [] for one in customers}
    acquired = {one.customer_id: one.acquired_date for one in customers}
    notes = company.conversions[
        company.conversions.conversion_id.str.startswith("refund:credit_note:")
    ]
    billed = [
        (
            row.account_id, row.invoice_id if pd.isna(row.opportunity_id) else row.opportunity_id,
            row.invoice_kind,
            company.rates.euros(row.amount, row.currency, row.period_start.date()),
            row.period_start,
        )
        for row in company.invoices[company.invoices.period_start <= as_of].itertuples()
    ] + [
        (ids[row.opportunity_id], row.opportunity_id, "refund", row.conversion_value,
         row.converted_date)
        for row in notes[notes.converted_date <= as_of].itertuples()
    ]  # fmt: skip
    for customer_id, sale, kind, amount, day in billed:
        if customer_id in found:
            margin = _margin(company, amount, day)
            age = age_at(acquired[customer_id], day)
            found[customer_id].append(Payment(customer_id, sale, kind, amount, margin, day, age))
    return found


def _margin(company: Company, amount: Decimal, day: pd.Timestamp) -> Decimal | None:
    """Return the amount's part that the whole company's last margin until the day leaves."""
    own = company.margins[(company.margins.product_line == "all")]
    own = own[own.valid_from <= day].sort_values("valid_from")
    if not amount:
        return Decimal(0)
    return amount * own.margin_share.iloc[-1] if len(own) else None


def age_at(acquired_date: pd.Timestamp, day: pd.Timestamp) -> int:
    """Return the fewest months, 0 at the least, after which the day has come."""
    age = 0
    while acquired_date + pd.DateOffset(months=age) < day:
        age += 1
    return age


def margin_of(paid: list[Payment]) -> Decimal | None:
    """Return the margin of all together; None where that of one is unknown."""
    known = [one.margin for one in paid if one.margin is not None]
    return total(known) if len(known) == len(paid) else None


def first_year_margin(customer: Customer, paid: list[Payment]) -> Decimal | None:
    """Return the margin of new contracts, less credit notes of the first; None without one."""
    own = [
        one
        for one in paid
        if one.kind == "new" or (one.kind == "refund" and one.sale == customer.opportunity_id)
    ]
    return margin_of(own) if any(one.kind == "new" for one in own) else None


def stay_of(paid: list[Payment]) -> Stay:
    """Return how often the customer renewed until it left; of several at once, one is enough."""
    by_day = defaultdict(set)
    for one in paid:
        if one.kind in {"renewal", "churn"}:
            by_day[one.day].add(one.kind)
    renewals = 0
    for _, kinds in sorted(by_day.items()):
        if "renewal" not in kinds:
            return Stay(renewals, has_left=True)
        renewals += 1
    return Stay(renewals, has_left=False)


def history_of(paid: list[Payment], as_of: pd.Timestamp) -> History | None:
    """Return how often and when sales were billed that were not all given back.

    Sales of one day are one purchase. None without any, or with the first on the last day.
    """
    sales, purchases = defaultdict(list), defaultdict(list)
    for one in paid:
        if one.kind in {"new", "expansion", "refund"}:
            sales[one.sale].append(one)
    for sale in sales.values():
        days = [one.day for one in sale if one.kind != "refund"]
        if days and total(one.amount for one in sale) > 0:
            purchases[min(days)] += sale
    days = sorted(purchases)
    if not days or days[0] >= as_of:
        return None
    margins = [margin_of(purchases[day]) for day in days[1:]]
    mean = None
    if margins and None not in margins:
        mean = float(total(margins)) / len(margins)
    weeks = [(day - days[0]) / pd.Timedelta(weeks=1) for day in (days[-1], as_of)]
    return History(len(margins), *weeks, mean)
