"""Amounts in euros, by exact decimals.

Rates are the European Central Bank's, units of a currency for one euro. A day without one takes
that of the day before, up to seven days back.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from tests.oracle.landing import Landing

DAYS_CARRIED = 7
CENT, MICRO = Decimal("0.01"), Decimal("0.000001")


@dataclass(frozen=True)
class Rates:
    """Units of each currency for one euro, by day."""

    by_day: dict[date, dict[str, Decimal]]

    def rate_of(self, currency: str, day: date) -> Decimal:
        """Return the day's rate or the last one of the 7 days before.

        Raises:
            LookupError: there is none.
        """
        for back in range(DAYS_CARRIED + 1):
            rate = self.by_day.get(day - timedelta(days=back), {}).get(currency)
            if rate is not None:
                return rate
        raise LookupError(f"no rate for {currency} on {day} or the 7 days before")

    def euros(
        self, amount: Decimal | None, currency: str, day: date, unit: Decimal = CENT
    ) -> Decimal | None:
        """Return the amount in euros, rounded half up to ``unit``; no amount stays none."""
        if amount is None or currency == "EUR" or amount == 0:
            return amount
        return (amount / self.rate_of(currency, day)).quantize(unit, ROUND_HALF_UP)


def read_rates(landing: Landing) -> Rates:
    """Read the last file of the European Central Bank."""
    return Rates(
        {
            row["Date"]: {code: rate for code, rate in row.items() if isinstance(rate, Decimal)}
            for row in landing.current("ecb", "exchange_rates")
        }
    )
