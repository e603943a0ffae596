"""What a group of customers is expected to bring: how long they pay, and what else they buy.

Each function fits what the group alone shows. A small group borrows nothing from a larger one:
where its numbers settle no model, there is no prediction.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from analytics.arguments import column_of
from analytics.errors import StatisticsError
from analytics.lifetime_value import Horizon, residual_values
from analytics.purchase_value import (
    SMALLEST_SAMPLE,
    Independence,
    check_independence,
    fit_values,
)
from analytics.renewals import fit_renewals
from analytics.repeat_purchases import fit_purchases, purchases_of


@dataclass(frozen=True)
class Tenure:
    """Payments of 1 a year that a new customer is expected to make, as their present value.

    ``alpha`` and ``beta`` are those of the chances to leave. All three are None unless
    ``is_settled``: what does not tell how churn changes with age is not projected.
    """

    is_settled: bool
    alpha: float | None = None
    beta: float | None = None
    discounted_tenure: float | None = None


def expected_tenure(
    renewals_made: Sequence[float],
    has_left: Sequence[bool],
    customers: Sequence[float],
    horizon_years: int,
    discount_rate: float,
) -> Tenure:
    """Fit how customers renew to how many made so many renewals and then left, or did not yet.

    Contracts are yearly; ``discount_rate`` is per year, 0.1 for 10 %.

    Raises:
        StatisticsError: a number is negative or not whole, the lengths differ, or horizon or
            rate are none (see ``RenewalFit.discounted_tenure``).
    """
    made = column_of("renewals_made", renewals_made, is_whole=True).astype(int)
    left = np.array(tuple(has_left), dtype=bool)
    count = column_of("customers", customers, length=len(made), is_whole=True)
    if len(left) != len(made):
        raise StatisticsError(f"has_left must have {len(made)} flags, not {len(left)}")
    came_to = made + left
    if not (came_to > 1).any():
        return Tenure(is_settled=False)
    fit = fit_renewals(
        [number] * (renewals + 1) + [0] * int(gone)
        for renewals, gone, number in zip(made, left, count, strict=True)
    )
    if not fit.is_settled:
        return Tenure(is_settled=False)
    return Tenure(
        is_settled=True,
        alpha=fit.alpha,
        beta=fit.beta,
        discounted_tenure=fit.discounted_tenure(discount_rate, horizon_years),
    )


@dataclass(frozen=True)
class PurchaseOutlook:
    """The present value of all that the group's customers are expected to buy after their age.

    ``residual_value`` is None unless ``is_settled``; ``independence`` is None where too few
    customers bought again to tell whether frequency and value go together.
    """

    is_settled: bool
    residual_value: float | None = None
    independence: Independence | None = None


def expected_purchases(
    frequency: Iterable[float],
    recency: Iterable[float],
    age: Iterable[float],
    mean_value: Iterable[float | None],
    horizon: Horizon,
) -> PurchaseOutlook:
    """Fit how often customers buy again and for how much, and project it.

    One number per customer, times in the unit of the horizon's; ``mean_value`` is that of the
    repeat purchases. The model of values knows no losses: with a mean that is missing, zero or
    negative nothing is settled.

    Raises:
        StatisticsError: a history is impossible (see ``purchases_of``) or the lengths differ.
    """
    customers = purchases_of(frequency, recency, age)
    means = np.array(tuple(mean_value), dtype=np.float64)
    if len(means) != len(customers.frequency):
        raise StatisticsError(
            f"mean_value must have {len(customers.frequency)} numbers, not {len(means)}"
        )
    again = customers.frequency > 0
    if again.sum() < SMALLEST_SAMPLE or not (means[again] > 0).all():
        return PurchaseOutlook(is_settled=False)
    independence = check_independence(customers.frequency[again], means[again])
    purchases = fit_purchases(customers)
    values = fit_values(customers.frequency[again], means[again])
    if not (purchases.is_settled and values.is_settled):
        return PurchaseOutlook(is_settled=False, independence=independence)
    known = np.where(again, means, 0)
    total = float(np.sum(residual_values(purchases, values, customers, known, horizon)))
    if not np.isfinite(total):
        return PurchaseOutlook(is_settled=False, independence=independence)
    return PurchaseOutlook(is_settled=True, residual_value=total, independence=independence)
