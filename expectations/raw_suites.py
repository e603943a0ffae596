"""Derive a raw table's suite from its contract; nothing is listed by hand."""

import great_expectations as gx
from great_expectations import expectations as gxe

from expectations.bad_rows import ExpectKeyToBeUnique
from ingest.contract import Column, Table

# What leads from a bad row back to its line in a landing file.
RAW_KEYS = ("_file", "_line")

_NUMERIC = ("integer", "decimal", "float")


class SuiteError(Exception):
    """A contract states a rule that its raw column cannot be held to."""


def suite_for(source: str, table: Table) -> gx.ExpectationSuite:
    """Build the suite ``<source>.<table>``: what each row of the contract's table must fulfil.

    Raises:
        SuiteError: a column has a rule on values that raw does not hold in that form.
    """
    rules = _key_rules(table)
    for column in table.columns:
        try:
            rules += _column_rules(column, is_key=column.name in table.key)
        except SuiteError as error:
            raise SuiteError(f"{source}.{table.name}.{column.name}: {error}") from error
    return gx.ExpectationSuite(name=f"{source}.{table.name}", expectations=rules)


def _key_rules(table: Table) -> list[gxe.Expectation]:
    """Require a unique key, as far as the delivery promises one.

    Files that wait together may repeat each other's rows: an export of two days overlaps the
    next one, and a full export repeats everything. So a key must be unique in its file alone,
    and the verdict does not depend on which files happen to wait. An event sent twice is worth
    a word in any case, but is taken for the same event later.
    """
    if table.delivery == "upserts" and table.version_by is None:
        return []
    columns = [table.column(name).stored_name for name in table.key]
    if table.version_by and table.version_by not in table.key:
        columns.append(table.column(table.version_by).stored_name)
    if table.delivery == "events":
        return [ExpectKeyToBeUnique(columns=columns, keys=RAW_KEYS, severity="warning")]
    return [ExpectKeyToBeUnique(columns=[*columns, "_file_sequence"], keys=RAW_KEYS)]


def _column_rules(column: Column, *, is_key: bool) -> list[gxe.Expectation]:
    rules: list[gxe.Expectation] = []
    name, severity = column.stored_name, column.severity
    has_range = column.min is not None or column.max is not None
    is_listed_hash = column.is_hashed and column.allowed and column.personal != "text"
    if (column.is_hashed and has_range) or is_listed_hash:
        raise SuiteError("min, max and allowed cannot be checked on a hash")
    if is_key or not column.nullable:
        rules.append(
            gxe.ExpectColumnValuesToNotBeNull(
                column=name,
                severity="critical" if is_key else severity,
                description="must not be empty",
            )
        )
    if has_range:
        if column.type not in _NUMERIC:
            raise SuiteError(f"min and max need a number, not a {column.type}")
        rules.append(
            gxe.ExpectColumnValuesToBeBetween(
                column=name,
                min_value=column.min,
                max_value=column.max,
                severity=severity,
                description=_range(column),
            )
        )
    # of personal text the allowed values are those that stay legible, any other may be there
    if column.allowed and not column.is_hashed:
        if column.type != "string":
            raise SuiteError(f"allowed needs a string, not a {column.type}")
        rules.append(
            gxe.ExpectColumnValuesToBeInSet(
                column=name,
                value_set=list(column.allowed),
                severity=severity,
                description=f"must be one of {', '.join(column.allowed)}",
            )
        )
    return rules


def _range(column: Column) -> str:
    """Say in words what range the contract allows."""
    limits = [
        f"{word} {limit:g}"
        for word, limit in (("below", column.min), ("above", column.max))
        if limit is not None
    ]
    return f"must not be {' or '.join(limits)}"
