"""Expectations that are SQL: each states what a bad row is, DuckDB finds the first few.

Great Expectations would run such a query twice and fetch up to every bad row. These run it
once and fetch ten keys beside the exact count.
"""

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar

from great_expectations import expectations as gxe

MAX_KEYS = 10
_COUNT = "unexpected_count"


class BadRowsExpectation(gxe.UnexpectedRowsExpectation):
    """A rule over rows; its description is the first line of its docstring.

    ``keys`` are the columns by which a bad row is reported.
    """

    keys: list[str]

    breach: ClassVar[str] = "critical"
    metric_dependencies: ClassVar[tuple[str, ...]] = ("unexpected_rows_query.table",)

    def __init__(self, keys: Sequence[str], **fields: Any) -> None:
        """State the rule for a table whose bad rows are reported by ``keys``."""
        fields["unexpected_rows_query"] = (
            f"with bad as ({self.bad_rows(quoted(keys), fields)}) "
            f"select *, count(*) over () as {_COUNT} from bad order by all limit {MAX_KEYS}"
        )
        # Great Expectations drops what equals the class's default, so both are set by instance
        fields.setdefault("description", str(type(self).__doc__).splitlines()[0])
        fields.setdefault("severity", self.breach)
        super().__init__(keys=list(keys), **fields)

    @classmethod
    @abstractmethod
    def bad_rows(cls, keys: str, fields: dict[str, Any]) -> str:
        """Return a query over ``{batch}`` for the columns ``keys`` of each bad row."""

    def _validate(
        self,
        metrics: dict[str, Any],
        runtime_configuration: dict[str, Any] | None = None,
        execution_engine: Any = None,
    ) -> dict[str, Any]:
        """Report how many rows are bad, and the keys of the first ones."""
        del runtime_configuration, execution_engine
        rows = metrics["unexpected_rows_query.table"]
        count = rows[0][_COUNT] if rows else 0
        keys = [{key: row[key] for key in row if key != _COUNT} for row in rows]
        result = {"observed_value": count, "unexpected_index_list": keys}
        return {"success": not rows, "result": result}


class RowRule(BadRowsExpectation):
    """A rule that one row breaks by itself."""

    is_bad: ClassVar[str]

    @classmethod
    def bad_rows(cls, keys: str, fields: dict[str, Any]) -> str:
        """Select the rows for which ``is_bad`` holds."""
        del fields
        return f"select {keys} from {{batch}} where {cls.is_bad}"


class GroupRule(BadRowsExpectation):
    """A rule that rows break together; the group is reported by what they have in common."""

    by: ClassVar[tuple[str, ...]]
    is_bad: ClassVar[str]

    @classmethod
    def bad_rows(cls, keys: str, fields: dict[str, Any]) -> str:
        """Select the groups for which ``is_bad`` holds."""
        del keys, fields
        return f"select {quoted(cls.by)} from {{batch}} group by all having {cls.is_bad}"


class ExpectKeyToBeUnique(BadRowsExpectation):
    """No two rows have the same key.

    A missing part counts as a value: two rows that both lack it, and agree otherwise, clash.
    """

    columns: list[str]

    @classmethod
    def bad_rows(cls, keys: str, fields: dict[str, Any]) -> str:
        """Select every row whose ``columns`` another row has too."""
        columns = quoted(fields["columns"])
        same = " and ".join(
            f"batch.{name} is not distinct from doubled.{name}" for name in columns.split(", ")
        )
        doubled = f"select {columns} from {{batch}} as batch group by all having count(*) > 1"
        # Great Expectations names {batch} itself, unless the query has a join in it
        return f"select {keys} from {{batch}} as batch semi join ({doubled}) as doubled on {same}"


def quoted(columns: Sequence[str]) -> str:
    """Return ``columns`` as an SQL list."""
    return ", ".join(f'"{column}"' for column in columns)
