"""What customers without a contract will be worth: purchases still to come times their value.

Contracts have their own: ``analytics.renewals``. Past value is counted, not modelled, so it is
no part of these figures.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from analytics.arguments import column_of
from analytics.errors import StatisticsError
from analytics.purchase_value import ValueFit
from analytics.repeat_purchases import PurchaseFit, Purchases


@dataclass(frozen=True)
class Horizon:
    """How far ahead value counts: ``periods`` of ``length``, in the unit of the purchases' times.

    ``discount_rate`` is per period, 0.1 for 10 %; a purchase counts at the end of its period.

    Raises:
        StatisticsError: the horizon holds no time, or the rate is negative or not finite.
    """

    length: float
    periods: int
    discount_rate: float = 0.0

    def __post_init__(self) -> None:
        """Refuse what is no horizon."""
        if not (np.isfinite(self.length) and self.length > 0 and self.periods >= 1):
            raise StatisticsError(
                f"horizon must hold a period, not {self.periods} of {self.length}"
            )
        if not np.isfinite(self.discount_rate) or self.discount_rate < 0:
            raise StatisticsError(f"discount_rate must not be negative, not {self.discount_rate}")


def residual_values(
    purchases: PurchaseFit,
    values: ValueFit,
    customers: Purchases,
    mean_value: Iterable[float],
    horizon: Horizon,
) -> np.ndarray:
    """Return the present value of what each customer is expected to buy after its age.

    ``mean_value`` is that of each customer's repeat purchases (ignored without any), in the
    unit of ``values``: give margins to get margin. NaN where an expected value is not finite.

    Raises:
        StatisticsError: a mean value is negative or not finite, or the lengths differ.
    """
    mean = column_of("mean_value", mean_value, length=len(customers.frequency))
    ends = horizon.length * np.arange(horizon.periods + 1)
    by_period = np.diff([purchases.expected_purchases(customers, end) for end in ends], axis=0)
    discounts = (1 + horizon.discount_rate) ** -np.arange(1.0, horizon.periods + 1)
    return discounts @ by_period * values.expected_value(customers.frequency, mean)
