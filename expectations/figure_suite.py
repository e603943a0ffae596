"""How the suite of a published table of figures is put together."""

from collections.abc import Callable, Sequence
from functools import partial

from expectations import kpi_rules
from expectations.bad_rows import BadRowsExpectation
from expectations.published_suite import PublishedSuite, published


def figures(
    table: str,
    keys: Sequence[str],
    figure: str,
    *,
    intervals: Sequence[str] = (),
    rules: Sequence[Callable[..., BadRowsExpectation]] = (),
) -> PublishedSuite:
    """Build the suite of a table with a grade a row.

    ``null_reason`` explains where ``figure`` is missing; ``intervals`` are the figures that have
    a ``_low`` and a ``_high``.
    """
    graded = [
        partial(kpi_rules.ExpectFiguresToBeExplained, figure=figure),
        kpi_rules.ExpectGradesToBeKnown,
        *(partial(kpi_rules.ExpectIntervalsToBeOrdered, figure=name) for name in intervals),
    ]
    return published(table, keys, [*graded, *rules])
