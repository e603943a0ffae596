"""What leads, opportunities and customers cost, a second time."""

from decimal import ROUND_HALF_UP, Decimal
from math import sqrt
from statistics import median
from typing import Any, NamedTuple

import pandas as pd

from tests.oracle.acquisitions import WON, Paid, PaidCell, find_customers
from tests.oracle.books import NOTHING, Books, find_periods, margin_on, models_of, starts, summed
from tests.oracle.company import Company
from tests.oracle.figures import Z, graded, ratio, shown, why_null
from tests.oracle.landing import Row
from tests.oracle.money import CENT

PAID_INPUTS = ("crm", "touchpoints", "ads")
BLENDED_INPUTS = ("crm", "ads", "costs", "margins")


class Stage(NamedTuple):
    """A stage before the win: the KPI's column, the cases' and the type of conversion."""

    kpi: str
    cases: str
    kind: str


LEADS = Stage("cost_per_lead", "leads", "lead_created")
STAGES = [
    LEADS,
    Stage("cost_per_mql", "mqls", "mql"),
    Stage("cost_per_opportunity", "opportunities", "opportunity_created"),
]


def cents(amount: Decimal | None) -> Decimal | None:
    """Round half up, away from zero."""
    return None if amount is None else amount.quantize(CENT, ROUND_HALF_UP)


def per_case(cost: Decimal, cases: float) -> float | None:
    """Divide; None if nothing was paid, or for nobody."""
    return float(cost) / float(cases) if cost > 0 and cases else None


def chance_bounds(cost: Decimal, cases: float) -> tuple[float | None, float | None]:
    """Return the cost per case at the most and at the least cases that chance would have made.

    Byar's approximation of the Poisson interval: ``n (1 - 1/9n ± z/3√n)³``, of n + 1 above.
    """
    most = (cases + 1) * (1 - 1 / (9 * (cases + 1)) + Z / (3 * sqrt(cases + 1))) ** 3
    least = cases * (1 - 1 / (9 * cases) - Z / (3 * sqrt(cases))) ** 3 if cases else 0.0
    return per_case(cost, most), per_case(cost, max(least, 0.0))


def cost_monthly(books: Books) -> pd.DataFrame:
    """Compute the published table of this name."""
    keys = ["cost_month", "cost_category", "team", "channel", "campaign_type"]
    told = books.costs.assign(channel=books.costs.channel.fillna(""))
    found = pd.DataFrame(
        [(*key, cost) for key, cost in summed(told, keys, "cost").items()],
        columns=[*keys, "cost"],
        dtype=object,
    )
    return found.replace({"channel": {"": None}})


def acquisition_cost(books: Books, paid: Paid) -> pd.DataFrame:
    """Compute the published table of this name."""
    rows = []
    for cell in paid.cells:
        fresh = books.freshness(cell.period, PAID_INPUTS)
        for model in models_of(WON):
            (credited, cases), covered = paid.acquired.of(cell, model, WON)
            low, high = chance_bounds(cell.spend, credited)
            rows.append(
                cell.told() | graded(covered, cases, fresh)
                | {
                    "attribution_model": model, "credited_customers": credited,
                    "customers": cases,
                    "paid_cac": shown(per_case(cell.spend, credited), cases),
                    "paid_cac_low": shown(low, cases), "paid_cac_high": shown(high, cases),
                    "null_reason": _why_no_cac(cell, credited, cases),
                }
            )  # fmt: skip
    return pd.DataFrame(rows, dtype=object)


def _why_no_cac(cell: PaidCell, credited: float, cases: int) -> str | None:
    reasons = [(cell.spend <= 0, "no_spend"), (not credited, "no_new_customers")]
    return why_null(reasons, cases)


def acquisition_cost_range(books: Books, paid: Paid) -> pd.DataFrame:
    """Compute the published table of this name."""
    rows = []
    for cell in paid.cells:
        by_model = {model: paid.acquired.of(cell, model, WON) for model in models_of(WON)}
        cases = max((one.cases for one, _ in by_model.values() if one.credited), default=0)
        covered = min(share for _, share in by_model.values())
        figures = {
            model: shown(per_case(cell.spend, one.credited), one.cases)
            for model, (one, _) in by_model.items()
        }
        rows.append(
            cell.told() | span("paid_cac", figures)
            | graded(covered, cases, books.freshness(cell.period, PAID_INPUTS))
            | {
                "spend": cents(cell.spend), "customers": cases,
                "attribution_models": sum(figure is not None for figure in figures.values()),
                "null_reason": _why_no_cac(cell, cases, cases),
            }
        )  # fmt: skip
    names = {"least_paid_cac_model": "least_model", "most_paid_cac_model": "most_model"}
    return pd.DataFrame(rows, dtype=object).rename(columns=names)


def span(name: str, figures: dict[str, Any]) -> Row:
    """Return the least, median and most of the models' figures, and the models at both ends."""
    known = sorted((figure, model) for model, figure in figures.items() if figure is not None)
    (least, first), (most, last) = (known[0], known[-1]) if known else ((None, None),) * 2
    return {
        f"least_{name}": least,
        f"median_{name}": median(figure for figure, _ in known) if known else None,
        f"most_{name}": most,
        f"least_{name}_model": first,
        f"most_{name}_model": last,
    }


def cost_per_stage(books: Books, paid: Paid) -> pd.DataFrame:
    """Compute the published table of this name."""
    models = {stage: models_of(stage.kind) for stage in STAGES}
    rows = []
    for cell in paid.cells:
        if cell.lag != "none":
            continue
        fresh = books.freshness(cell.period, PAID_INPUTS)
        for model in sorted(set().union(*models.values())):
            row: Row = {}
            covered = None  # of a model that shares out no leads nothing is known
            for stage in STAGES:
                if model not in models[stage]:
                    row |= {stage.kpi: None, stage.cases: None, f"credited_{stage.cases}": None}
                    continue
                (credited, cases), share = paid.acquired.of(cell, model, stage.kind)
                covered = share if stage == LEADS else covered
                figure = shown(per_case(cell.spend, credited), cases)
                row |= {stage.kpi: figure, stage.cases: cases, f"credited_{stage.cases}": credited}
            reasons = [
                (row["leads"] is None, "model_without_leads"),
                (cell.spend <= 0, "no_spend"),
                (not row["credited_leads"], "no_leads"),
            ]
            rows.append(
                cell.told(is_lagged=False) | row | graded(covered, row["leads"] or 0, fresh)
                | {
                    "attribution_model": model,
                    "null_reason": why_null(reasons, row["leads"] or 0),
                }
            )  # fmt: skip
    return pd.DataFrame(rows, dtype=object)


def blended_acquisition_cost(company: Company, books: Books) -> pd.DataFrame:
    """Compute the published table of this name."""
    customers = find_customers(company)
    rows = []
    for period in find_periods(company, books.grounds):
        fresh = books.freshness(period, BLENDED_INPUTS)
        new = customers[starts(customers.close_date, period.period) == period.start]
        margin = margin_on(period.end, company)
        for lag, months in books.lags.items():
            paid = books.paid(books.costs, lag)
            paid = paid[starts(paid.paid_month, period.period) == period.start]
            rows.append(
                period.told() | {"lag": lag, "lag_months": months, "margin_share": margin}
                | _blended(paid, [*new.conversion_value], margin)
                | graded(1.0, len(new), fresh)
            )  # fmt: skip
    return pd.DataFrame(rows, dtype=object)


def _blended(paid: pd.DataFrame, values: list[Decimal], margin: Decimal | None) -> Row:
    """Return what the customers cost whose first wins have the values."""
    new, won = len(values), sum(values, NOTHING)
    marketing = sum(paid.cost[paid.team == "marketing"], NOTHING)
    sales = sum(paid.cost[paid.team == "sales"], NOTHING)
    low, high = chance_bounds(marketing, new)
    loaded, value = shown(per_case(marketing + sales, new), new), shown(ratio(won, new), new)
    payback = None
    if loaded is not None and won > 0 and margin is not None and margin > 0:
        payback = loaded / (value / 12 * float(margin))
    reasons = [
        (marketing + sales <= 0, "no_spend"), (not new, "no_new_customers"),
        (margin is None, "no_margin"), (margin is not None and margin <= 0, "margin_not_positive"),
        (won <= 0, "no_contract_value"),
    ]  # fmt: skip
    return {
        "media": cents(sum(paid.cost[paid.cost_category == "media"], NOTHING)),
        "marketing_cost": cents(marketing), "sales_cost": cents(sales), "new_customers": new,
        "blended_cac": shown(per_case(marketing, new), new), "blended_cac_low": shown(low, new),
        "blended_cac_high": shown(high, new), "fully_loaded_cac": loaded,
        "new_customer_value": value, "cac_payback_months": payback,
        "null_reason": why_null(reasons, new),
    }  # fmt: skip
