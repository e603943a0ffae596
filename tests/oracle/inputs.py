"""What finance, planning and marketing keep by hand: their current rows under our names."""

from collections import defaultdict

from tests.oracle.accounts import Accounts
from tests.oracle.days import reporting_day
from tests.oracle.landing import Landing, Row, allowed
from tests.oracle.touches import code_of


def find_inputs(landing: Landing, accounts: Accounts) -> dict[str, list[Row]]:
    """Return the rows of the frames costs, margins, invoices, targets and benchmarks."""
    return {
        "costs": _costs(landing),
        "margins": [
            {
                "product_line": code_of(row["product_line"]),
                "valid_from": row["valid_from"],
                "margin_share": row["share"],
            }
            for row in landing.current("finance", "margins")
        ],
        "invoices": _invoices(landing, accounts),
        "targets": _targets(landing),
        "benchmarks": [
            row | {"campaign": code_of(row["campaign"]), "benchmark_value": row["benchmark"]}
            for row in landing.current("planning", "benchmarks")
        ],
    }


def _costs(landing: Landing) -> list[Row]:
    return [
        row
        | {
            "cost_month": row["month"].replace(day=1),
            "cost_category": row["category"],
            "channel": code_of(row["channel"]),
            "campaign": code_of(row["campaign"]),
        }
        for row in landing.current("finance", "costs")
    ]


def _invoices(landing: Landing, accounts: Accounts) -> list[Row]:
    """The account is the one that its record belongs to by now."""
    return [
        row
        | {
            "account_id": accounts.account_of.get(("salesforce", row["account_id"])),
            "invoice_kind": row["kind"],
        }
        for row in landing.current("finance", "invoices")
    ]


def _targets(landing: Landing) -> list[Row]:
    roles = allowed("planning", "targets", "set_by")
    found = []
    for row in landing.current("planning", "targets"):
        role = code_of(row["set_by"])
        found.append(
            row
            | {
                "channel": code_of(row["scope"]),
                "target_value": row["target"],
                "set_by_role": role if role in roles else None,
            }
        )
    return found


def find_campaigns(landing: Landing, advertised: set[str]) -> list[Row]:
    """Return campaign, campaign_type, start_date and is_advertised of every campaign code.

    The plan's type and Salesforce's may differ; the plan's counts.
    """
    kinds: dict[str, str] = {}
    starts = defaultdict(list)
    for row in landing.current("campaign_plan", "campaigns"):
        launched_at = row["actual_launch_at"]
        start = reporting_day(launched_at) if launched_at else row["current_launch_date"]
        _note(kinds, starts, row["name"], row["type"], start)
    for row in landing.current("salesforce", "campaign"):
        if not row["IsDeleted"]:
            _note(kinds, starts, row["Name"], row["Type"], row["StartDate"])
    return [
        {
            "campaign": code,
            "campaign_type": kinds.get(code),
            "start_date": min(starts[code], default=None),
            "is_advertised": code in advertised,
        }
        for code in sorted(starts.keys() | advertised)
    ]


def _note(kinds: dict, starts: dict, name: str, kind: str | None, start: object) -> None:
    code = code_of(name)
    starts[code] += [start] if start else []
    if kind:
        kinds.setdefault(code, kind)
