"""Opportunities, what became of them, and the conversions of money that follow.

What is won is the amount before anything was taken back; each credit note and each lowering after
the win is a refund. Steps are rounded as they add up, so that their sum is what is left.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from tests.oracle.accounts import Accounts
from tests.oracle.days import end_of_day, reporting_day
from tests.oracle.landing import Landing, Row
from tests.oracle.money import Rates

NOTHING = Decimal(0)


class Refund(NamedTuple):
    """What was taken back of a win, in the opportunity's currency."""

    refund_id: str
    amount: Decimal
    refunded_date: date


@dataclass(frozen=True)
class Sales:
    """Opportunities that are not deleted, the changes of all, and their conversions."""

    opportunities: list[Row]
    history: list[Row]
    conversions: list[Row]


def find_sales(landing: Landing, accounts: Accounts, rates: Rates) -> Sales:
    """Read opportunities, their history and credit notes.

    An opportunity has the columns of ``Company.opportunities``, a change those of
    ``Company.opportunity_history``, a conversion those of ``Company.conversions``.
    """
    changes = defaultdict(list)
    for row in landing.current("salesforce", "opportunity_history"):
        if not row["IsDeleted"]:
            changes[row["OpportunityId"]].append(row)
    for rows in changes.values():
        rows.sort(key=lambda row: (row["CreatedDate"], row["Id"]))
    notes = defaultdict(list)
    for row in landing.current("finance", "credit_notes"):
        if row["amount"] > 0:
            refund = (f"credit_note:{row['credit_note_id']}", row["amount"], row["issued_on"])
            notes[row["opportunity_id"]].append(Refund(*refund))
    sales = Sales([], [_change(row) for rows in changes.values() for row in rows], [])
    for row in landing.current("salesforce", "opportunity"):
        if row["IsDeleted"]:
            continue
        account_id = accounts.account_of.get(("salesforce", row["AccountId"]))
        history, own_notes = changes[row["Id"]], notes[row["Id"]]
        sales.opportunities.append(_opportunity(row, account_id, own_notes, rates))
        sales.conversions.append(_created(row, account_id, history, rates))
        if row["IsWon"]:
            refunds = [*own_notes, *lowered(row["StageName"], history)]
            sales.conversions.extend(_won(row, account_id, refunds, rates))
    return sales


def _change(row: Row) -> Row:
    return {
        "opportunity_id": row["OpportunityId"],
        "stage": row["StageName"],
        "changed_at": row["CreatedDate"],
        "amount": row["Amount"],
    }


def _opportunity(row: Row, account_id: str | None, notes: list[Refund], rates: Rates) -> Row:
    created_date = reporting_day(row["CreatedDate"])
    valued_date = row["CloseDate"] if row["IsClosed"] else created_date
    given_back = sum((note.amount for note in notes), NOTHING)
    left = (row["Amount"] or NOTHING) - given_back
    return {
        "opportunity_id": row["Id"],
        "account_id": account_id,
        "stage": row["StageName"],
        "lead_source": row["LeadSource"],
        "created_at": row["CreatedDate"],
        "created_date": created_date,
        "close_date": row["CloseDate"],
        "is_closed": row["IsClosed"],
        "is_won": row["IsWon"],
        "amount": row["Amount"],
        "currency": row["CurrencyIsoCode"],
        "amount_reporting": rates.euros(row["Amount"], row["CurrencyIsoCode"], valued_date),
        "net_amount_reporting": rates.euros(left, row["CurrencyIsoCode"], valued_date)
        if row["IsWon"]
        else None,
    }


def _created(row: Row, account_id: str | None, history: list[Row], rates: Rates) -> Row:
    """Return the conversion at the first amount that anybody knows of."""
    amounts = [change["Amount"] for change in history if change["Amount"] is not None]
    first = amounts[0] if amounts else row["Amount"] or NOTHING
    created_date = reporting_day(row["CreatedDate"])
    return {
        "conversion_id": f"opportunity_created:{row['Id']}",
        "conversion_type": "opportunity_created",
        "opportunity_id": row["Id"],
        "account_id": account_id,
        "conversion_value": rates.euros(first, row["CurrencyIsoCode"], created_date),
        "converted_at": row["CreatedDate"],
        "converted_date": created_date,
    }


def lowered(won_stage: str, history: list[Row]) -> list[Refund]:
    """Return each fall of the amount after it was won last, less what was raised again later."""
    stages = [None, *(change["StageName"] for change in history)]
    entries = [
        at for at, (before, now) in enumerate(pairwise(stages)) if now == won_stage != before
    ]
    found = []
    for at in range(entries[-1] + 1, len(history)) if entries else []:
        before = history[at - 1]["Amount"]
        after = [row["Amount"] for row in history[at:] if row["Amount"] is not None]
        is_after_win = history[at]["CreatedDate"] > history[entries[-1]]["CreatedDate"]
        if is_after_win and before is not None and after and max(after) < before:
            day = reporting_day(history[at]["CreatedDate"])
            found.append(Refund(f"lowered:{history[at]['Id']}", before - max(after), day))
    return found


def _won(row: Row, account_id: str | None, refunds: list[Refund], rates: Rates) -> list[Row]:
    """Return the win, then each refund as what the sum in euros is less by it."""
    currency, close_date = row["CurrencyIsoCode"], row["CloseDate"]
    taken_by_edit = (each.amount for each in refunds if each.refund_id.startswith("lowered:"))
    left = (row["Amount"] or NOTHING) + sum(taken_by_edit, NOTHING)
    won = f"closed_won:{row['Id']}"
    before = rates.euros(left, currency, close_date)
    found = [
        {
            "conversion_id": won,
            "conversion_value": before,
            "converted_date": close_date,
        }
    ]
    for refund in sorted(refunds, key=lambda refund: (refund.refunded_date, refund.refund_id)):
        left -= refund.amount
        now = rates.euros(left, currency, close_date)
        found.append(
            {
                "conversion_id": f"refund:{refund.refund_id}",
                "reversed_conversion_id": won,
                "conversion_value": now - before,
                "converted_date": max(close_date, refund.refunded_date),
            }
        )
        before = now
    shared = {
        "conversion_type": "closed_won",
        "opportunity_id": row["Id"],
        "account_id": account_id,
    }
    return [each | shared | {"converted_at": end_of_day(each["converted_date"])} for each in found]
