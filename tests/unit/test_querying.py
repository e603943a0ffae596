"""What a query on the snapshot returns in each format, and what it cannot reach."""

import json
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from orchestration.publish import Build, publish_snapshot
from tests.support.commands import scalehouse


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SCALEHOUSE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def snapshot(home: Path, tmp_path: Path) -> Path:
    with duckdb.connect(str(tmp_path / "any.duckdb")) as connection:
        connection.execute(
            """
            create schema published;
            create table published.answers as from (values
                (1, 12.50::decimal(18, 2), timestamp '2026-03-01 05:30:00', 'paid [search]'),
                (null, 0.10, null, '=cmd()')
            ) as answers(clicks, spend, happened_at, channel);
            """
        )
    build = Build("b1", datetime(2026, 3, 1), 1, "f")
    return publish_snapshot(tmp_path / "any.duckdb", home / "published", build)


@pytest.mark.usefixtures("snapshot")
def test_csv_keeps_every_cent_and_every_whole_number() -> None:
    assert scalehouse("query", "from answers", "--format", "csv") == (
        "clicks,spend,happened_at,channel\n"
        "1,12.50,2026-03-01 05:30:00,paid [search]\n"
        ",0.10,,'=cmd()\n"
    )


@pytest.mark.usefixtures("snapshot")
def test_json_has_a_record_per_row() -> None:
    assert json.loads(scalehouse("query", "from answers", "--format", "json")) == [
        {
            "clicks": 1,
            "spend": 12.5,
            "happened_at": "2026-03-01T05:30:00",
            "channel": "paid [search]",
        },
        {"clicks": None, "spend": 0.1, "happened_at": None, "channel": "=cmd()"},
    ]


@pytest.mark.usefixtures("snapshot")
def test_a_table_shows_text_as_it_is() -> None:
    assert "paid [search]" in scalehouse("query", "from answers")


@pytest.mark.usefixtures("snapshot")
def test_parquet_keeps_the_types(tmp_path: Path) -> None:
    file = tmp_path / "answers.parquet"
    scalehouse("query", "from answers", "--format", "parquet", "--output", str(file))
    columns = duckdb.sql(f"describe from '{file}'").fetchall()
    assert [column[1] for column in columns] == ["INTEGER", "DECIMAL(18,2)", "TIMESTAMP", "VARCHAR"]
    assert "name a file" in scalehouse("query", "from answers", "--format", "parquet", expect=2)


@pytest.mark.usefixtures("snapshot")
@pytest.mark.parametrize(
    "sql",
    [
        "create table mine as select 1",
        "from read_csv('/etc/passwd')",
        "copy answers to 'stolen.csv'",
        "attach 'other.duckdb'",
        "set enable_external_access = true",
        "from connection",
        "selec",
    ],
    ids=["write", "read a file", "write a file", "attach", "unlock", "our variables", "misspell"],
)
def test_a_query_reaches_nothing_but_the_snapshot(sql: str) -> None:
    assert "error:" in scalehouse("query", sql, expect=2)
