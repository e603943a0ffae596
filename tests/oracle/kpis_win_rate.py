"""Why the win rate is another one than in the quarter before, a second time."""

from math import sqrt

import pandas as pd

from tests.oracle.company import Company
from tests.oracle.figures import find_grounds, freshness, graded, ratio, shown, why_null, wilson
from tests.oracle.kpis_pipeline import Cell, count, find_periods, find_sales
from tests.oracle.landing import Row


def win_rate_change(company: Company) -> pd.DataFrame:
    """Compute the published table of this name."""
    grounds, sales = find_grounds(company), find_sales(company)
    before: dict[tuple[str, str], Cell] = {}
    rows = []
    for period in find_periods(company, grounds)[:-1]:
        now = count(sales, period, "period")
        settled_until = grounds.settled_until(needs_touchpoints=True)
        fresh = freshness(period.start, period.end, settled_until)
        for breakdown in ("segment", "source", "channel"):
            pairs = [
                (_outcome(before.get(part)), _outcome(now.get(part)))
                for part in {**before, **now}
                if part[0] == breakdown
            ]
            rows.append(
                {"period_start": period.start, "breakdown": breakdown}
                | {"is_complete": period.is_complete}
                | _change(pairs, fresh)
            )
        before = now
    return pd.DataFrame(rows)


def _outcome(cell: Cell | None) -> tuple[int, int]:
    """Return how many were won and closed."""
    return (len(cell.won), len(cell.closed)) if cell else (0, 0)


def _change(pairs: list[tuple], fresh: float) -> Row:
    """Compare the won and closed of each group before and now, and at the mix of before."""
    (base_won, base_closed), (won, closed) = _sums(pairs)
    common = [(base, now) for base, now in pairs if base[1] and now[1]]
    (common_base_won, common_base), (common_won, common_now) = _sums(common)
    at_base_mix = ratio(sum(base[1] * now[0] / now[1] for base, now in common), common_base)
    base_rate, now_rate = ratio(common_base_won, common_base), ratio(common_won, common_now)
    shares = [ratio(common_base + common_now, base_closed + closed)]
    if won + base_won:
        shares.append((common_won + common_base_won) / (won + base_won))
    coverage = 0.0 if None in shares or not common else min(shares)
    cases = min(closed, base_closed)
    figures = {
        "win_rate": ratio(won, closed), "win_rate_before": ratio(base_won, base_closed),
        "base_win_rate": base_rate, "now_win_rate": now_rate, "now_at_base_mix": at_base_mix,
    } | dict.fromkeys(
        ["win_rate_change", "win_rate_change_low", "win_rate_change_high", "own_change",
         "mix_change"]
    )  # fmt: skip
    if cases:
        figures |= newcombe((base_won, base_closed), (won, closed))
    if common:
        figures |= {"own_change": at_base_mix - base_rate, "mix_change": now_rate - at_base_mix}
    reasons = [(not cases, "no_closed_opportunities"), (not common, "no_common_group")]
    return (
        {name: shown(figure, cases) for name, figure in figures.items()}
        | {"closed": closed, "base_closed": base_closed, "coverage": coverage}
        | graded(coverage, cases, fresh)
        | {"null_reason": why_null(reasons, cases)}
    )


def _sums(pairs: list[tuple]) -> tuple[tuple[int, int], tuple[int, int]]:
    return tuple(
        (sum(pair[at][0] for pair in pairs), sum(pair[at][1] for pair in pairs)) for at in (0, 1)
    )


def newcombe(base: tuple[int, int], now: tuple[int, int]) -> dict[str, float]:
    """Return the change of a share and its bounds: Newcombe (1998), method 10."""
    before, after = base[0] / base[1], now[0] / now[1]
    (low_before, high_before), (low_after, high_after) = wilson(*base), wilson(*now)
    change = after - before
    return {
        "win_rate_change": change,
        "win_rate_change_low": change
        - sqrt((after - low_after) ** 2 + (high_before - before) ** 2),
        "win_rate_change_high": change
        + sqrt((high_after - after) ** 2 + (before - low_before) ** 2),
    }
