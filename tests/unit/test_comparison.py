"""Two databases are compared row for row, and what differs is counted on both sides."""

from pathlib import Path

import duckdb
import pytest

from orchestration.comparison import TableDifference, compare

SAME = """
    create schema raw; create schema published; create schema ops;
    create table raw.a as select * from (values (1, 'x'), (1, 'x'), (2, null)) as t (id, text);
    create view published.v as select 1;
    create table ops.quarantine as select 1 as line;
    create table ops.other as select random() as figure;
"""


def made(path: Path, sql: str) -> Path:
    with duckdb.connect(str(path)) as connection:
        connection.execute(SAME + sql)
    return path


@pytest.mark.parametrize(
    ("change", "difference"),
    [
        ("delete from raw.a where id = 2", TableDifference('raw."a"', 2, 1, 0, ())),
        (
            "create or replace table raw.a as select distinct * from raw.a",
            TableDifference('raw."a"', 2, 1, 0, ()),
        ),
        (
            "update raw.a set text = 'y' where id = 2",
            TableDifference('raw."a"', 3, 1, 1, ()),
        ),
        ("alter table raw.a drop text", TableDifference('raw."a"', 3, 0, 0, ("text",))),
        (
            "create table published.n as select 1 as one",
            TableDifference('published."n"', 1, 0, 1, ()),
        ),
        ("drop table raw.a", TableDifference('raw."a"', 0, 3, 0, ())),
    ],
    ids=["a row less", "a double less", "a value", "a column", "a new table", "a table less"],
)
def test_a_difference_is_counted(tmp_path: Path, change: str, difference: TableDifference) -> None:
    old, new = made(tmp_path / "old.duckdb", ""), made(tmp_path / "new.duckdb", change)
    assert [table for table in compare(old, new) if not table.is_equal] == [difference]


def test_the_order_of_rows_and_columns_is_no_difference(tmp_path: Path) -> None:
    other = "create or replace table raw.a as select text, id from raw.a order by id desc"
    old, new = made(tmp_path / "old.duckdb", ""), made(tmp_path / "new.duckdb", other)
    tables = compare(old, new)
    assert [table.table for table in tables] == ['ops."quarantine"', 'raw."a"']
    assert all(table.is_equal for table in tables)
