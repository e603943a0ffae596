"""A search for the parameters that make what was seen most likely.

It agrees with the warehouse's search to about 1e-5 of a parameter: both stop where it is flat.
"""

from collections.abc import Callable, Sequence

import numpy as np
from scipy.optimize import minimize, root


def search(
    loss: Callable[[np.ndarray], float],
    starts: Sequence[Sequence[float]],
    bounds: tuple[float, float],
) -> np.ndarray:
    """Return the logarithms of the best parameters that a search from several starts finds."""
    edges = [tuple(np.log(bounds))] * len(starts[0])
    fine = {"xatol": 1e-10, "fatol": 1e-14, "maxiter": 20_000, "maxfev": 20_000}
    best = min(
        (
            minimize(loss, start, method="L-BFGS-B", bounds=edges, options={"ftol": 1e-15})
            for start in starts
        ),
        key=lambda one: one.fun,
    )
    again = minimize(loss, best.x, method="Nelder-Mead", bounds=edges, options=fine)
    return min((best, again), key=lambda one: one.fun).x


def is_inside(logarithms: np.ndarray, bounds: tuple[float, float]) -> bool:
    """Say whether no parameter ended at a bound, where a search may stop a percent short of it."""
    low, high = np.log(bounds)
    return bool(((logarithms > low + 0.01) & (logarithms < high - 0.01)).all())


def settle(loss: Callable[[np.ndarray], float], found: np.ndarray) -> np.ndarray:
    """Return where the slope is 0, seen by differences on both sides."""

    def slope(place: np.ndarray) -> np.ndarray:
        step = 1e-5
        sides = np.eye(len(place)) * step
        return np.array([(loss(place + s) - loss(place - s)) / (2 * step) for s in sides])

    exact = root(slope, found, tol=1e-12)
    return exact.x if np.abs(exact.x - found).max() < 1e-2 else found
