"""What is said of a file's content holds no value of it, and still says what is wrong."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import duckdb
import pytest

from ingest.contract import Contract
from ingest.errors import RefusedFileError
from ingest.privacy import url_without_query, vault_attached, without_address
from ingest.scrubbing import (
    is_column_name,
    scrubbed_error,
    shown_file_name,
    without_personal_parts,
)
from ingest.warehouse import Warehouse
from orchestration.step_errors import scrubbed_errors
from tests.conftest import CUSTOMER_HEADER
from tests.support.loads import load, put, rows

NAME = "Änna O''Brien"
CSV = "x.csv"


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        (f"cast('{NAME}' as bigint)", "Conversion Error: Could not convert string withheld"),
        (f"date '{NAME}'", "Conversion Error: invalid date field format: withheld"),
        (f"strptime('{NAME}', '%Y')", "Invalid Input Error: Could not parse string withheld"),
        (f"json_extract('{{{NAME}', '$.a')", "Invalid Input Error: Malformed JSON at byte"),
        (f"(from (values ('{NAME}')) t(a) where a::boolean)", "Conversion Error"),
        ("error('no rate of 2026-01-01')", "Invalid Input Error: no rate of 2026-01-01"),
        ("nonsense", 'Binder Error: Referenced column "nonsense"'),
        ("(select 1 from read_csv('/nowhere.csv'))", "IO Error: No files found"),
        (
            f"(select a from read_csv('{CSV}', columns = {{a: 'int', b: 'text'}}, header = true))",
            "Conversion Error: CSV Error on Line: 2",
        ),
    ],
)
def test_an_error_of_duckdb_says_what_is_wrong_without_the_value(
    statement: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path(CSV).write_text("a,b\nÄnna O'Brien,1\n", encoding="utf-8")
    with pytest.raises(duckdb.Error) as raised:
        duckdb.sql(f"select {statement}").fetchall()
    said = scrubbed_error(raised.value)
    assert said.startswith(told)
    assert "nna" not in said
    assert "Brien" not in said


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (KeyError("Anna"), "KeyError: withheld"),
        (ValueError("no float: 'Anna'"), "ValueError: no float: withheld"),
        (FileNotFoundError(2, "No such file", "/landing/x.csv"),
         "FileNotFoundError: [Errno 2] No such file: '/landing/x.csv'"),
    ],
)  # fmt: skip
def test_an_error_of_python_keeps_paths_but_no_value(error: Exception, told: str) -> None:
    assert scrubbed_error(error) == told


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("mail anna.x@b.example now", "mail withheld now"),
        ("?email=anna%40b.example&a=1", "?email=withheld&a=1"),
        ("from 203.0.113.77: 12 rows", "from withheld: 12 rows"),
        ("2001:db8:0:1:0:2:3:4", "withheld"),
        ("call +49 (0)30 1234-567", "call withheld"),
        ("at 2026-01-01 12:30:45.123+0200", "at 2026-01-01 12:30:45.123+0200"),
        ("1,234,567 of 2,000,000 rows; 1.13.27", "1,234,567 of 2,000,000 rows; 1.13.27"),
    ],
)
def test_addresses_and_numbers_are_withheld_and_nothing_else(text: str, shown: str) -> None:
    assert without_personal_parts(text) == shown


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("shop/customers_2026-01-01.csv.gz", "shop/customers_2026-01-01.csv.gz"),
        ("shop/export of anna@b.example.csv.gz", "shop/export of withheld.csv.gz"),
        ("shop/anna@b.example_2026-01-01.csv", "shop/withheld_2026-01-01.csv"),
    ],
)
def test_a_file_is_known_by_its_name_without_an_address(name: str, shown: str) -> None:
    assert shown_file_name(name) == shown


def test_values_are_no_names_of_columns() -> None:
    names = ["Klicks", "Betrag (EUR)", "%", "a@b.de", "203.0.113.77", "+49 30 1234567", "00Q", ""]
    assert [name for name in names if is_column_name(name)] == ["Klicks", "Betrag (EUR)", "%"]


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with (
        duckdb.connect(str(tmp_path / "warehouse.duckdb")) as connection,
        vault_attached(connection, tmp_path / "vault.duckdb", b"key"),
    ):
        yield connection


def test_an_address_in_text_that_is_not_marked_becomes_its_hash(
    vault: duckdb.DuckDBPyConnection,
) -> None:
    texts = ["Head of a@b.example", "A@B.example", " a@b.example", "Head @ b.example", None]
    found = vault.execute(
        f"select {without_address('text')} from (select unnest(?) as text)", [texts]
    ).fetchall()
    [title, capitals, spaced, no_address, nothing] = [text for (text,) in found]
    assert capitals == spaced != title
    assert len(title) == len(capitals) == 32
    assert (no_address, nothing) == ("Head @ b.example", None)


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://a.example/x?utm_term=shoes&mail=a@b.example#a@b.example",
         "https://a.example/x?utm_term=shoes"),
        ("https://a.example/x?utm_term=a%40b.example&utm_content=a@b.example",
         "https://a.example/x"),
        ("https://a.example/of/anna%40b.example/x", "https://a.example/of/withheld/x"),
        ("https://anna:word@a.example/@team/x", "https://a.example/@team/x"),
    ],
)  # fmt: skip
def test_a_url_keeps_no_address(url: str, kept: str) -> None:
    [(found,)] = duckdb.execute(
        f"select {url_without_query('url')} from (select ? as url)", [url]
    ).fetchall()
    assert found == kept


def test_what_the_vault_writes_is_its_owners_alone(
    vault: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    vault.execute("checkpoint vault")
    vault.execute("insert into vault.clear_values values ('h', 'name', 'Anna')")
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.glob("vault*")}
    assert modes == {"vault.duckdb": 0o600, "vault.duckdb.wal": 0o600}
    vault.execute("set memory_limit = '50MB'")
    vault.execute(
        "create temp table large as "
        "select md5(i::text) || md5((i + 1)::text) as t from range(2000000) as numbers(i)"
    )
    spilled = tmp_path / "warehouse.duckdb.tmp"
    assert [*spilled.iterdir()]
    assert stat.S_IMODE(spilled.stat().st_mode) == 0o700


def test_after_the_vault_files_get_their_usual_mode(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        with (
            duckdb.connect(str(tmp_path / "w")) as connection,
            vault_attached(connection, tmp_path / "v", b"key"),
        ):
            pass
        (tmp_path / "x").touch()
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "x").stat().st_mode) == 0o644


def test_a_line_that_may_be_data_is_not_quoted(warehouse: Warehouse, shop: Contract) -> None:
    put(warehouse, "shop/customers_1.csv", "Id,Anna,Schmidt,Berlin\n1,Bert,Meier,Ulm\n")
    put(warehouse, "shop/customers_2.csv", "Id,Email,Visits,Spent,ChangedOn,+49 30 1234567\n")
    [data, header] = load(warehouse, shop, "customers").files
    assert "Anna" not in str(data.refusal)
    assert "may be a row of data" in str(data.refusal)
    assert "the nearest is 'ChangedOn'" in str(header.refusal)
    assert "1234567" not in str(header.refusal)


def test_a_column_named_by_an_address_is_known_by_its_place(
    warehouse: Warehouse, shop: Contract
) -> None:
    header = CUSTOMER_HEADER.strip()
    put(warehouse, "shop/customers_1.csv", f"{header},anna@b.example\n1,,,,,7\n")
    put(warehouse, "shop/hits_1.jsonl", '{"id":"1","at":1767225600000,"anna@b.example":"7"}\n')
    [csv_file] = load(warehouse, shop, "customers").files
    [json_file] = load(warehouse, shop, "hits").files
    assert csv_file.unknown_columns == ("(column 6)",)
    assert json_file.unknown_columns == ("(key 1)",)
    assert rows(warehouse, "select _rescued::text from raw.shop__customers") == [
        ('{"(column 6)":"7"}',)
    ]
    assert rows(warehouse, "select _rescued::text from raw.shop__hits") == [('{"(key 1)":"7"}',)]


def test_a_file_named_by_an_address_is_loaded(warehouse: Warehouse, shop: Contract) -> None:
    put(warehouse, "shop/customers_of anna@b.example.csv", CUSTOMER_HEADER + "1,,,,\n")
    load(warehouse, shop, "customers")
    assert rows(warehouse, "select id, _file from raw.shop__customers") == [
        ("1", "shop/customers_of withheld.csv")
    ]


def test_dagsters_history_has_no_value_of_an_error() -> None:
    @dg.asset
    @scrubbed_errors()
    def broken() -> None:
        try:
            duckdb.sql("select cast('Anna' as int)").fetchall()
        except duckdb.Error as error:
            raise RefusedFileError("x.csv: cannot be read") from error

    @dg.asset
    @scrubbed_errors()
    def crashed() -> None:
        duckdb.sql("select cast('Anna' as int)").fetchall()

    with dg.DagsterInstance.ephemeral() as instance:
        done = dg.materialize([broken, crashed], instance=instance, raise_on_error=False)
        events = [str(entry) for entry in instance.all_logs(done.run_id)]
    told = "\n".join(events)
    assert "x.csv: cannot be read" in told
    assert "StepError: Conversion Error: Could not convert string withheld to INT32" in told
    assert "test_scrubbing.py" in told  # the stack is there
    assert "'Anna' to" not in told
