"""What customers will buy again: the papers' likelihoods, maximised anew.

Fader, Hardie and Lee (2005, https://doi.org/10.1287/mksc.1040.0098) on how often, Fader and
Hardie (2013, https://www.brucehardie.com/notes/025/) on for how much.
"""

from collections.abc import Sequence
from math import atanh, sqrt, tanh
from typing import NamedTuple

import numpy as np
from scipy.special import betaln, gammaln, hyp2f1

from tests.oracle.figures import Z
from tests.oracle.likelihoods import is_inside, search, settle

PURCHASE_BOUNDS, VALUE_BOUNDS = (1e-4, 1e4), (1e-3, 1e4)
LEAST_REPEATERS = 4


class History(NamedTuple):
    """One customer's repeat purchases, weeks from the first to the last and to now, mean margin."""

    repeats: int
    last: float
    age: float
    mean: float | None


def fit_purchases(histories: Sequence[History]) -> tuple[float, float, float, float] | None:
    """Return r, alpha (in weeks), a and b of BG/NBD; None where one ends at a bound."""
    x, last, age = (np.array(column, float) for column in [*zip(*histories, strict=True)][:3])
    unit = age.mean()
    last, age = last / unit, age / unit

    def loss(logarithms: np.ndarray) -> float:
        r, alpha, a, b = np.exp(logarithms)
        bought = gammaln(r + x) - gammaln(r) + r * np.log(alpha)
        still = betaln(a, b + x) - (r + x) * np.log(alpha + age)
        gone = betaln(a + 1, b + np.maximum(x, 1) - 1) - (r + x) * np.log(alpha + last)
        either = np.where(x > 0, np.logaddexp(still, gone), still)
        return -(bought + either - betaln(a, b)).mean()

    found = search(loss, [(0.0,) * 4, (-1.0, 0.0, -0.5, 1.0)], PURCHASE_BOUNDS)
    if not is_inside(found, PURCHASE_BOUNDS):
        return None
    r, alpha, a, b = np.exp(settle(loss, found)).tolist()
    return r, alpha * unit, a, b


def fit_values(histories: Sequence[History]) -> tuple[float, float, float] | None:
    """Return p, q and v (in euros) of Gamma-Gamma, of who bought again; None at a bound."""
    x, mean = (np.array([one[place] for one in histories], float) for place in (0, 3))
    unit = mean.mean()
    mean = mean / unit

    def loss(logarithms: np.ndarray) -> float:
        p, q, v = np.exp(logarithms)
        total = gammaln(p * x + q) - gammaln(p * x) - gammaln(q) + q * np.log(v)
        total += (p * x - 1) * np.log(mean) + p * x * np.log(x)
        return -(total - (p * x + q) * np.log(v + x * mean)).mean()

    found = search(loss, [(0.7, 0.7, 0.0), (1.5, 1.5, 0.5)], VALUE_BOUNDS)
    if not is_inside(found, VALUE_BOUNDS):
        return None
    p, q, v = np.exp(settle(loss, found)).tolist()
    return p, q, v * unit


def expected_value_to_come(
    histories: Sequence[History], years: int, year: float, rate: float
) -> float | None:
    """Return what all customers together will buy after now, as it is worth now.

    None where the histories tell no parameter. What is bought counts at the end of its year.
    """
    again = [one for one in histories if one.repeats]
    if len(again) < LEAST_REPEATERS or any(one.mean is None or one.mean <= 0 for one in again):
        return None
    purchases, values = fit_purchases(histories), fit_values(again)
    if purchases is None or values is None:
        return None
    p, q, v = values
    total = 0.0
    for one in histories:
        if p * one.repeats + q <= 1:
            return None
        worth = p * (v + one.repeats * (one.mean or 0)) / (p * one.repeats + q - 1)
        until = [_purchases_until(purchases, one, year * n) for n in range(years + 1)]
        for n in range(years):
            total += (until[n + 1] - until[n]) / (1 + rate) ** (n + 1) * worth
    return total


def _purchases_until(
    fit: tuple[float, float, float, float], customer: History, time: float
) -> float:
    """Return equation 10 of the paper as it stands there."""
    r, alpha, a, b = fit
    x, last, age, _ = customer
    if time == 0:
        return 0.0
    share = (alpha + age) / (alpha + age + time)
    series = hyp2f1(r + x, b + x, a + b + x - 1, time / (alpha + age + time))
    bought = (a + b + x - 1) / (a - 1) * (1 - share ** (r + x) * series)
    gone = a / (b + x - 1) * ((alpha + age) / (alpha + last)) ** (r + x) if x else 0.0
    return bought / (1 + gone)


def correlate(histories: Sequence[History]) -> tuple[float, float, float] | None:
    """Return the correlation of frequency and mean margin with the 95 % bounds.

    Its variance, whatever the distribution, follows from the moments up to the fourth by the
    delta method; the bounds are taken on Fisher's scale.
    """
    again = [one for one in histories if one.repeats]
    if len(again) < LEAST_REPEATERS or any(one.mean is None or one.mean <= 0 for one in again):
        return None
    x, y = (np.array([one[place] for one in again], float) for place in (0, 3))
    if len({*x}) == 1 or len({*y}) == 1:
        return None
    x, y = ((side - side.mean()) / side.std() for side in (x, y))
    m = {(i, j): float((x**i * y**j).mean()) for i in range(5) for j in range(5 - i)}
    r = m[1, 1]
    if abs(r) > 1 - 1e-12:
        return r, r, r
    spread = r * r / 4 * (m[4, 0] + m[0, 4] + 2 * m[2, 2]) - r * (m[3, 1] + m[1, 3]) + m[2, 2]
    reach = Z * sqrt(spread / len(again)) / (1 - r * r)
    return r, tanh(atanh(r) - reach), tanh(atanh(r) + reach)
