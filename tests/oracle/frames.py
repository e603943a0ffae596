"""The columns of each frame and their types: what is text, an instant, a day, money or a flag."""

from decimal import Decimal

import pandas as pd

from tests.oracle.landing import Row

TEXT, INSTANT, DAY, MONEY, FLAG, NUMBER = "text", "instant", "day", "money", "flag", "number"

# Money and other decimals are Decimal objects, None where there is none; a day is at midnight.
COLUMNS: dict[str, dict[str, str]] = {
    "persons": {
        "person": TEXT, "account_id": TEXT, "created_at": INSTANT, "mql_at": INSTANT,
        "sql_at": INSTANT, "is_deleted": FLAG,
    },
    "accounts": {
        "account_id": TEXT, "industry": TEXT, "country": TEXT, "created_at": INSTANT,
        "is_deleted": FLAG,
    },
    "opportunities": {
        "opportunity_id": TEXT, "account_id": TEXT, "stage": TEXT, "lead_source": TEXT,
        "created_at": INSTANT, "created_date": DAY, "close_date": DAY, "is_closed": FLAG,
        "is_won": FLAG, "amount": MONEY, "currency": TEXT, "amount_reporting": MONEY,
        "net_amount_reporting": MONEY,
    },
    "opportunity_history": {
        "opportunity_id": TEXT, "stage": TEXT, "changed_at": INSTANT, "amount": MONEY,
    },
    "groups": {"opportunity_id": TEXT, "person": TEXT, "rung": TEXT},
    "touchpoints": {
        "touchpoint_id": TEXT, "touchpoint_type": TEXT, "person": TEXT, "account_id": TEXT,
        "is_known_person": FLAG, "channel": TEXT, "campaign": TEXT, "touchpoint_priority": NUMBER,
        "source_rank": NUMBER, "is_sales": FLAG, "is_impression_or_open": FLAG,
        "ineligible_reason": TEXT, "occurred_at": INSTANT, "occurred_date": DAY,
    },
    "conversions": {
        "conversion_id": TEXT, "conversion_type": TEXT, "reversed_conversion_id": TEXT,
        "person": TEXT, "opportunity_id": TEXT, "account_id": TEXT, "conversion_value": MONEY,
        "converted_at": INSTANT, "converted_date": DAY,
    },
    "costs": {
        "cost_id": TEXT, "cost_month": DAY, "cost_category": TEXT, "team": TEXT, "channel": TEXT,
        "campaign": TEXT, "amount": MONEY, "currency": TEXT,
    },
    "margins": {"product_line": TEXT, "valid_from": DAY, "margin_share": MONEY},
    "invoices": {
        "invoice_id": TEXT, "account_id": TEXT, "opportunity_id": TEXT, "invoice_kind": TEXT,
        "period_start": DAY, "period_end": DAY, "amount": MONEY, "currency": TEXT,
    },
    "targets": {
        "target_id": TEXT, "kpi": TEXT, "channel": TEXT, "target_value": MONEY, "unit": TEXT,
        "period_start": DAY, "period_end": DAY, "set_at": INSTANT, "set_by_role": TEXT,
    },
    "benchmarks": {
        "benchmark_id": TEXT, "campaign": TEXT, "kpi": TEXT, "benchmark_value": MONEY,
        "unit": TEXT, "set_at": INSTANT,
    },
    "campaigns": {
        "campaign": TEXT, "campaign_type": TEXT, "start_date": DAY, "is_advertised": FLAG,
    },
}  # fmt: skip
DTYPES = {
    TEXT: "str", INSTANT: "datetime64[us]", DAY: "datetime64[us]", MONEY: "object",
    FLAG: "bool", NUMBER: "int64",
}  # fmt: skip


def frame(rows: list[Row], name: str) -> pd.DataFrame:
    """Return the rows as the frame of that name; a column that a row lacks is missing there."""
    return pd.DataFrame(
        {
            column: pd.Series([row.get(column) for row in rows], dtype=DTYPES[kind])
            for column, kind in COLUMNS[name].items()
        }
    )


def total(amounts: pd.Series) -> Decimal:
    """Add Decimals up exactly, for ``groupby(…).agg``."""
    return sum(amounts, Decimal(0))
