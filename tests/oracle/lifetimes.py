"""How long customers stay who renew each year: the likelihood of the paper, maximised anew.

Fader and Hardie (2007, https://doi.org/10.1002/dir.20074).
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.optimize import root

from tests.oracle.likelihoods import is_inside, search

BOUNDS = (1e-3, 1e4)
LEAST_SPREAD = 1e-3  # of the chances to leave, as a share of the largest variance there can be


class Stay(NamedTuple):
    """How many renewals one customer made, and whether it left at the next one."""

    renewals: int
    has_left: bool


def fit_renewals(stays: Sequence[Stay]) -> tuple[float, float] | None:
    """Return alpha and beta; None where the stays do not tell how far apart customers are.

    At renewal n one of those still there leaves by alpha ÷ (alpha + beta + n - 1). So the score
    is a sum of fractions, and its root is what the search ends with.
    """
    if all(stay.renewals + stay.has_left < 2 for stay in stays):
        return None
    went = [n for stay in stays if stay.has_left for n in [stay.renewals]]
    stayed = [n for stay in stays for n in range(stay.renewals)]
    come = np.array(went + stayed)
    if not went or not stayed:
        return None

    def loss(logarithms: np.ndarray) -> float:
        alpha, beta = np.exp(logarithms)
        total = len(went) * np.log(alpha) + np.log(beta + np.array(stayed)).sum()
        return -(total - np.log(alpha + beta + come).sum())

    def score(logarithms: np.ndarray) -> list[float]:
        alpha, beta = np.exp(logarithms)
        both = (1 / (alpha + beta + come)).sum()
        one = alpha * (len(went) / alpha - both)
        return [one, beta * ((1 / (beta + np.array(stayed))).sum() - both)]

    found = search(loss, [(0.0, 0.0), (1.0, 2.0)], BOUNDS)
    alpha, beta = np.exp(found)
    if not is_inside(found, BOUNDS) or 1 / (1 + alpha + beta) <= LEAST_SPREAD:
        return None
    exact = root(score, found, tol=1e-13)
    return tuple(np.exp(exact.x).tolist()) if exact.success else (float(alpha), float(beta))


def discounted_tenure(alpha: float, beta: float, years: int, rate: float) -> float:
    """Return what 1 a year is worth now, from a certain first payment on."""
    there, total = 1.0, 0.0
    for year in range(years):
        total += there / (1 + rate) ** year
        there *= (beta + year) / (alpha + beta + year)
    return total
