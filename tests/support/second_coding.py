"""One company twice, as it is published and as the second coding has it, and what differs."""

from collections.abc import Hashable, Sequence
from decimal import Decimal
from math import isclose
from typing import Any, NamedTuple

import pandas as pd

from tests.oracle.company import Company
from tests.oracle.company import company as read_company
from tests.support.project import Project

PERSON_TYPES = {"lead_created", "mql", "sql"}
TOLERANCE = 1e-9


class Both(NamedTuple):
    """One company twice; ``labels`` gives the second coding's person of a published one."""

    published: Project
    second: Company
    labels: dict[str, str]

    def conversion_id(self, published_id: str) -> str:
        """Return the second coding's id of a published conversion."""
        kind, _, person = published_id.partition(":")
        return f"{kind}:{self.labels[person]}" if kind in PERSON_TYPES else published_id

    def table(self, name: str) -> pd.DataFrame:
        """Return a published table as plain objects, days at midnight; None for what is missing."""
        columns = [row[0] for row in self.published.query(f"describe {name}")]
        rows = self.published.query(f"select * from {name}")
        return pd.DataFrame(rows, columns=columns, dtype=object)


def read_both(published: Project) -> Both:
    """Compute the company again from the landing files of the published one."""
    second = read_company(published.landing)
    person_of = {(row.kind, row.own_id): row.person for row in second.node_persons.itertuples()}
    records = published.query(
        "select source_system || '.' || record_type, record_id, person_id from person_records"
    )
    labels = {person_id: person_of[kind, record_id] for kind, record_id, person_id in records}
    return Both(published, second, labels)


def unlike(found: pd.DataFrame, expected: pd.DataFrame, keys: Sequence[str]) -> list[tuple]:
    """Return the first few figures that differ: key, column, the published one, the expected one.

    Doubles agree to 1e-9 of themselves, everything else exactly. A row or column that only one
    has differs, and a key that comes twice is an error.
    """
    if set(found.columns) != set(expected.columns):
        return [("columns", *sorted(set(found.columns) ^ set(expected.columns)))]
    rows, others = _by_key(found, keys), _by_key(expected, keys)
    missing = [(key, "row", key in rows, key in others) for key in rows.keys() ^ others.keys()]
    differing = [
        (key, column, row[column], others[key][column])
        for key, row in rows.items()
        if key in others
        for column in row
        if not _agree(row[column], others[key][column])
    ]
    return (sorted(missing, key=repr) + differing)[:5]


def _by_key(frame: pd.DataFrame, keys: Sequence[str]) -> dict[Hashable, dict[str, Any]]:
    plain = [
        {name: _plain(value) for name, value in row.items()} for row in frame.to_dict("records")
    ]
    rows = {tuple(row[key] for key in keys): row for row in plain}
    assert len(rows) == len(plain) > 0, "a key comes twice, or there is no row"
    return rows


def _plain(value: Any) -> Any:
    """Return None for what is missing, days and instants alike as instants."""
    if value is None or pd.isna(value):
        return None
    return pd.Timestamp(value) if hasattr(value, "year") else value


def _agree(found: Any, expected: Any) -> bool:
    if isinstance(found, float) and expected is not None:
        return isclose(found, expected, rel_tol=TOLERANCE, abs_tol=TOLERANCE * TOLERANCE)
    if isinstance(found, Decimal) != isinstance(expected, Decimal):
        return False
    return found == expected
