"""What Salesforce says, read from the landing files by other code than the warehouse's."""

import csv
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

BERLIN = ZoneInfo("Europe/Berlin")
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Rates:
    """Units of each currency for one euro, by day."""

    by_day: dict[date, dict[str, Decimal]]

    def euros(self, amount: Decimal, currency: str, day: date) -> Decimal:
        """Convert at the day's rate or the last one of the 7 days before, to the cent."""
        if currency == "EUR":
            return amount
        for back in range(8):
            rate = self.by_day.get(day - timedelta(days=back), {}).get(currency)
            if rate:
                return (amount / rate).quantize(CENT, ROUND_HALF_UP)
        raise LookupError(f"no rate for {currency} on {day}")


def read(landing: Path, pattern: str) -> Iterator[dict[str, str]]:
    """Yield every row of the files that match, as text."""
    for path in sorted(landing.glob(pattern)):
        with path.open(newline="") as file:
            yield from csv.DictReader(file)


def rates(landing: Path) -> Rates:
    """Read the last file of the European Central Bank."""
    last = max(landing.glob("ecb/*.csv")).name
    return Rates(
        {
            date.fromisoformat(row["Date"]): {
                code: Decimal(text) for code, text in row.items() if code in {"USD", "GBP"}
            }
            for row in read(landing, f"ecb/{last}")
        }
    )


def opportunities(landing: Path) -> dict[str, dict[str, str]]:
    """Return the latest version of each opportunity that is not deleted, by id."""
    latest: dict[str, dict[str, str]] = {}
    for row in read(landing, "salesforce/Opportunity_*.csv"):
        known = latest.get(row["Id"])
        if known is None or row["SystemModstamp"] >= known["SystemModstamp"]:
            latest[row["Id"]] = row
    return {key: row for key, row in latest.items() if row["IsDeleted"].lower() == "false"}


def won_values(landing: Path) -> dict[str, Decimal]:
    """Return what is left in euros of each won opportunity, by its id, at its close date's rate.

    That is the amount as Salesforce has it now, less the latest version of each credit note.
    """
    ecb, notes = rates(landing), credit_notes(landing)
    return {
        key: ecb.euros(
            Decimal(row["Amount"] or 0) - notes.get(key, Decimal(0)),
            row["CurrencyIsoCode"],
            date.fromisoformat(row["CloseDate"]),
        )
        for key, row in opportunities(landing).items()
        if row["IsWon"].lower() == "true"
    }


def credit_notes(landing: Path) -> dict[str, Decimal]:
    """Return the sum of each opportunity's credit notes, in its own currency."""
    latest = {row["credit_note_id"]: row for row in read(landing, "finance/credit_notes_*.csv")}
    totals: dict[str, Decimal] = defaultdict(Decimal)
    for row in latest.values():
        totals[row["opportunity_id"]] += Decimal(row["amount"])
    return dict(totals)


def created_values(landing: Path) -> dict[str, Decimal]:
    """Return the first amount in euros of each opportunity, at the rate of its creation."""
    ecb = rates(landing)
    first: dict[str, tuple[str, str]] = {}
    for row in read(landing, "salesforce/OpportunityHistory_*.csv"):
        change = (row["CreatedDate"], row["Id"])
        if row["Amount"] and change < first.get(row["OpportunityId"], (("~", "~"), ""))[0]:
            first[row["OpportunityId"]] = (change, row["Amount"])
    return {
        key: ecb.euros(
            Decimal(first[key][1] if key in first else row["Amount"] or 0),
            row["CurrencyIsoCode"],
            datetime.fromisoformat(row["CreatedDate"]).astimezone(BERLIN).date(),
        )
        for key, row in opportunities(landing).items()
    }
