"""What every published table must fulfil, and how its suite is put together."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import great_expectations as gx
from great_expectations import expectations as gxe

from expectations import business
from expectations.bad_rows import BadRowsExpectation, ExpectKeyToBeUnique


@dataclass(frozen=True)
class PublishedSuite:
    """A published table's suite, and the columns by which a bad row of it is reported."""

    table: str
    keys: tuple[str, ...]
    suite: gx.ExpectationSuite


def published(
    table: str,
    keys: Sequence[str],
    rules: Sequence[Callable[..., BadRowsExpectation]] = (),
    *,
    optional_keys: Sequence[str] = (),
) -> PublishedSuite:
    """Build a table's suite: its ``rules``, and what every published table must fulfil.

    A key column is never missing, unless it is one of ``optional_keys``.
    """
    expectations = [
        ExpectKeyToBeUnique(columns=list(keys), keys=keys),
        business.ExpectPublishedTextToBeImpersonal(keys=keys),
        *(
            gxe.ExpectColumnValuesToNotBeNull(column=key)
            for key in keys
            if key not in optional_keys
        ),
        *(rule(keys=keys) for rule in rules),
    ]
    suite = gx.ExpectationSuite(name=f"published.{table}", expectations=expectations)
    return PublishedSuite(table, tuple(keys), suite)
