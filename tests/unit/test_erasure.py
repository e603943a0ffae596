"""Who is erased leaves every stored file; what is of others stays byte for byte."""

import csv
import gzip
import io
import json
import tempfile
from pathlib import Path

import duckdb
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.contract import Contract, Table
from ingest.erased_files import rewrite_file
from ingest.erasure import Erasure, ErasureError
from ingest.warehouse import Warehouse, prepare
from tests.support.loads import load, rows

ADDRESS = "anna.q7@nest.example"
TOKEN = "erased-0123456789abcdef@erased.invalid"  # noqa: S105 - no secret
ANNA = Erasure(ADDRESS, TOKEN)

COLUMNS = [
    {"name": "Id", "type": "string", "description": "Number."},
    {"name": "Email", "type": "string", "nullable": True, "personal": "email", "description": "."},
    {"name": "Name", "type": "string", "personal": "name", "description": "."},
    {"name": "Phone", "type": "string", "nullable": True, "personal": "phone", "description": "."},
    {"name": "Note", "type": "string", "nullable": True, "personal": "text", "description": "."},
    {"name": "Visits", "type": "integer", "nullable": True, "description": "Visits."},
    {"name": "Page", "type": "string", "nullable": True, "personal": "url", "description": "."},
]
NAMES = [column["name"] for column in COLUMNS]


def table_of(files: str, **more: object) -> Table:
    return Table.model_validate(
        {
            "name": "people",
            "description": "One row per person.",
            "files": files,
            "delivery": "upserts",
            "key": ["Id"],
            "quarantine_limit": 1,
            "columns": COLUMNS,
            **more,
        }
    )


CSV = table_of("shop/people_*.csv")


def csv_text(*records: list[str], end: str = "\n") -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator=end).writerows(records)
    return text.getvalue()


def erased(content: bytes, table: Table = CSV, name: str = "people_1.csv") -> bytes:
    """Return the file's content without Anna."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, name), Path(folder, f"new_{name}")
        source.write_bytes(content)
        rewrite_file(source, target, name, table, ANNA)
        return target.read_bytes()


def erased_records(*records: list[str]) -> list[list[str]]:
    content = csv_text(NAMES, *records).encode()
    return [*csv.reader(io.StringIO(erased(content).decode(), newline=""))][1:]


# text in cells: all that CSV has to quote, and letters that look like Anna's but are not hers
words = st.text(st.sampled_from("aN7@.,;'\"\n\té ä-"), max_size=8)
spellings = st.sampled_from([ADDRESS, ADDRESS.upper(), "Anna.Q7@Nest.Example"])
mentions = st.builds("{} {} {}".format, words, spellings, words)
others = st.tuples(
    words, st.sampled_from(["", "bert@nest.example", "hanna.q7@nest.example"]), words, words,
    words, st.integers(0, 9).map(str), words,
)  # fmt: skip
hers = st.one_of(
    st.tuples(words, spellings, words, words, words, st.just("5"), words),
    st.tuples(words, spellings.map("Anna Q <{}>".format), words, words, words, st.just("5"), words),
    st.tuples(words, st.just(""), words, words, mentions, st.just("5"), words),
    st.tuples(words, st.just("bert@nest.example"), words, words, words, st.just("5"), mentions),
)


@settings(max_examples=200, deadline=None)
@given(
    people=st.lists(st.one_of(others.map(lambda r: (r, False)), hers.map(lambda r: (r, True)))),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    end=st.sampled_from(["\n", "\r\n"]),
    is_packed=st.booleans(),
)
def test_the_person_goes_and_every_other_byte_stays(
    people: list, encoding: str, end: str, *, is_packed: bool
) -> None:
    texts = [csv_text(NAMES, end=end), *(csv_text(record, end=end) for record, _ in people)]
    content = "".join(texts).encode(encoding)
    name = "people_1.csv.gz" if is_packed else "people_1.csv"
    new = erased(gzip.compress(content) if is_packed else content, name=name)
    new = gzip.decompress(new) if is_packed else new
    text = new.decode(encoding)

    assert ADDRESS not in text.lower().replace("hanna.q7", "")
    assert new.startswith(content[:2])
    lines = text.split("\n")
    assert len(lines) == len("".join(texts).split("\n"))
    at = 0
    for before, is_hers in zip(texts, [False, *(is_hers for _, is_hers in people)], strict=True):
        span = before.count("\n")
        after = "\n".join(lines[at : at + span]) + "\n"
        at += span
        if not is_hers:
            assert after == before
            continue
        [old], [now] = (list(csv.reader(io.StringIO(each, newline=""))) for each in (before, after))
        assert (now[0], now[5]) == (old[0], old[5])
        if now[1] == TOKEN:
            needed = TOKEN if old[2] else ""
            assert [cell.replace("\n", "") for cell in now[2:5]] == [needed, "", ""]


def test_names_numbers_and_texts_of_the_person_are_emptied() -> None:
    anna = ["1", "Anna.Q7@NEST.example", "Anna", "+49 30 1", "called\r\ntwice", "3", "/x"]
    bert = ["2", "bert@nest.example", "Bert", "+49 30 2", f"knows {ADDRESS}", "4", "/y"]
    assert erased_records(anna, bert) == [
        ["1", TOKEN, TOKEN, "", "\r\n", "3", "/x"],
        ["2", "bert@nest.example", "Bert", "+49 30 2", f"knows {TOKEN}", "4", "/y"],
    ]


@pytest.mark.parametrize(
    "written",
    ["Anna Q <anna.q7@nest.example>", '"anna.q7"@nest.example', " ANNA.Q7@nest.example. "],
)
def test_the_address_is_hers_however_it_is_typed(written: str) -> None:
    [record] = erased_records(["1", written, "Anna", "", "", "", ""])
    assert record[:3] == ["1", TOKEN, TOKEN]


def test_longer_addresses_are_of_others() -> None:
    records = [
        [str(number), address, "Name", "", address, "", ""]
        for number, address in enumerate(
            ["hanna.q7@nest.example", "anna.q7@nest.example.org", "x-anna.q7@nest.example"]
        )
    ]
    assert erased_records(*records) == records


def test_the_address_in_a_url_goes_escaped_as_it_was() -> None:
    page = "https://x.example/?u=anna.q7%40nest.example&v=%3CAnna.q7%40nest.example%3E"
    [record] = erased_records(["1", "", "", "", "", "", page])
    assert record[6] == (
        "https://x.example/?u=erased-0123456789abcdef%40erased.invalid"
        "&v=%3Cerased-0123456789abcdef%40erased.invalid%3E"
    )


def test_a_domain_with_umlauts_goes_in_both_forms() -> None:
    anna = Erasure.of("Zoë@müller.example")
    assert anna.address == "zoë@xn--mller-kva.example"
    for text in ("zoë@müller.example", "ZOË@MÜLLER.example", "Zoë@xn--mller-kva.example",
                 r"zo\u00eb@m\u00fcller.example", "zo%C3%AB%40müller.example"):  # fmt: skip
        assert anna.is_in(text)
        assert "ller" not in anna.cut(text)


def test_what_is_no_address_cannot_be_erased() -> None:
    with pytest.raises(ErasureError):
        Erasure.of("Anna")


def test_cells_that_no_contract_describes_are_emptied_in_her_records() -> None:
    text = csv_text(
        [*NAMES, "Mobile", "Last IP"],
        ["1", ADDRESS, "Anna", "", "", "3", "", "0170 1", "203.0.113.7"],
        ["2", "bert@nest.example", "Bert", "", "", "4", "", "0170 2", "203.0.113.8"],
    )
    lines = erased(text.encode()).decode().splitlines()
    assert lines[1] == f"1,{TOKEN},{TOKEN},,,3,,,"
    assert lines[2] == text.splitlines()[2]


def test_damaged_records_lose_their_words_and_stay_damaged() -> None:
    header = csv_text(NAMES)
    damaged = f'1,{ADDRESS.upper()},"Anna" Q,x\n'
    short = f"2,{ADDRESS},Anna\n"
    nul = f"3,{ADDRESS},\0,,,,\n"
    last = f"4,x,{ADDRESS}"
    lines = erased((header + damaged + short + nul + last).encode()).decode().split("\n")
    assert lines[1:] == ['x,x.x@x.x,"x" x,x', f",{TOKEN},", "x,x.x@x.x,\0,,,,", f",,{TOKEN}"]


def test_in_a_file_without_its_header_nothing_of_her_record_stays() -> None:
    text = csv_text(["1", ADDRESS, "Anna", "030"], ["2", "bert@nest.example", "Bert", "040"])
    assert erased(text.encode()).decode() == f",{TOKEN},,\n2,bert@nest.example,Bert,040\n"


def test_bytes_of_no_encoding_stay() -> None:
    content = csv_text(NAMES).encode() + b"1,\xff\xe4,,,,,\n2," + ADDRESS.encode() + b",,,,,\n"
    new = erased(content)
    assert b"1,\xff\xe4,,,,,\n" in new
    assert ADDRESS.encode() not in new


def test_a_damaged_archive_is_named() -> None:
    packed = gzip.compress(csv_text(NAMES, *[["1", ADDRESS, "", "", "", "", ""]] * 999).encode())
    with pytest.raises(ErasureError, match="the archive is damaged; remove the file"):
        erased(packed[:60], name="people_1.csv.gz")


JSON = table_of(
    "shop/people_*.jsonl",
    columns=[
        *COLUMNS[:4],
        {"name": "city", "type": "string", "nullable": True, "path": "home.city",
         "description": "."},
        {"name": "said", "type": "string", "nullable": True, "path": "params[said]",
         "personal": "text", "description": "."},
    ],
)  # fmt: skip


def test_a_json_line_keeps_its_ids_and_the_form_of_its_numbers() -> None:
    anna = (
        '{"Id":"1", "Email":"Anna.Q7@nest.example","Name":"Anna","Phone":null,"Score":1.50,'
        '"home":{"city":"Ulm","of":"anna\\u002eq7@nest.example"},"big":12345678901234567890,'
        '"params":[{"key":"said","value":{"string_value":"hi"}},'
        '{"key":"n","value":{"int_value":7.0}}],"anna.q7@nest.example":1}\r\n'
    )
    bert = '{"Id" : "2", "Email":"bert@nest.example","Score":1.50}\n'
    broken = '{"Id":"3","Email":"ANNA.Q7@nest.example'
    new = erased(f"{anna}{bert}{broken}".encode(), JSON, "people_1.jsonl").decode()
    first, second, third = new.split("\n")
    assert first.endswith("}\r")
    assert json.loads(first, parse_float=str) == {
        "Id": "1", "Email": TOKEN, "Name": TOKEN, "Phone": None, "Score": "",
        "home": {"city": "Ulm", "of": TOKEN}, "big": "",
        "params": [{"key": "said", "value": {"string_value": ""}},
                   {"key": "n", "value": {"int_value": "7.0"}}],
        TOKEN: "",
    }  # fmt: skip
    assert second + "\n" == bert
    assert third == '{"x":"x","x":"x.x@x.x'


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | words,
    lambda children: st.lists(children, max_size=3) | st.dictionaries(words, children, max_size=3),
    max_leaves=8,
)


@settings(max_examples=200, deadline=None)
@given(home=values, more=values, is_hers=st.booleans(), escape=st.booleans())
def test_a_json_line_reads_as_before_where_it_is_not_personal(
    home: object, more: object, *, is_hers: bool, escape: bool
) -> None:
    email = ADDRESS if is_hers else "bert@nest.example"
    found = {"Id": "1", "Email": email, "Name": "N", "home": home, "more": more}
    line = json.dumps(found, ensure_ascii=escape)
    new = erased(f"{line}\n".encode(), JSON, "people_1.jsonl").decode()
    if not is_hers:
        assert new == f"{line}\n"
        return
    now = json.loads(new)
    assert (now["Id"], now["Email"], now["Name"], now["home"]) == ("1", TOKEN, TOKEN, home)


RECORDS = [
    ["1", "Anna.Q7@nest.example", "Anna", "+49 30 1", "hello", "3", "/x"],
    ["2", "bert@nest.example", "Bert", "+49 30 2", f"knows {ADDRESS}", "4", f"/of/{ADDRESS}"],
    ["3", "", "Carl", "+49 30 3", "", "x", "/z"],
]


def write(form: str, path: Path) -> None:
    if form == "csv":
        path.write_text(csv_text(NAMES, *RECORDS))
    elif form == "jsonl":
        lines = (json.dumps(dict(zip(NAMES, record, strict=True))) for record in RECORDS)
        path.write_text("\n".join(lines))
    elif form == "parquet":
        rows_in = ", ".join(str(tuple(record)) for record in RECORDS)
        names = ", ".join(f'"{name}"' for name in NAMES)
        duckdb.sql(f"copy (from (values {rows_in}) t({names})) to '{path}'")
    else:
        with xlsxwriter.Workbook(str(path)) as workbook:
            sheet = workbook.add_worksheet("People")
            for at, record in enumerate([["Report"], NAMES, *RECORDS]):
                sheet.write_row(at, 0, record)


@pytest.mark.parametrize("form", ["csv", "jsonl", "parquet", "xlsx"])
def test_a_rewritten_file_loads_as_before_but_for_her(form: str, tmp_path: Path) -> None:
    sheet = {"name": "sheet", "sheet": "People", "preamble_lines": 1,
             "headers": {name: name for name in NAMES}}  # fmt: skip
    suffix = "csv" if form == "xlsx" else form
    table = table_of(f"shop/people_*.{suffix}", layouts=[sheet] if form == "xlsx" else [])
    contract = Contract(source="shop", description="-", owner="x", tables=(table,))
    loaded = {}
    for kind in ("before", "after"):
        warehouse = Warehouse(tmp_path / kind / "home", tmp_path / kind / "landing")
        (warehouse.landing / "shop").mkdir(parents=True)
        path = warehouse.landing / "shop" / f"people_1.{form}"
        write(form, path)
        if kind == "after":
            source = path.rename(tmp_path / path.name)
            assert rewrite_file(source, path, path.name, table, ANNA) == 2
            assert b"nna" not in path.read_bytes()
        with warehouse.writer() as connection:
            prepare(connection, [contract])
        [file] = load(warehouse, contract, "people").files
        loaded[kind] = (
            file.lines,
            rows(warehouse, "select id, visits, _line, _rescued, "
                 "case when id <> '1' then email_domain end from raw.shop__people order by id"),
            rows(warehouse, "select line, column_name, reason from ops.quarantine"),
        )  # fmt: skip
    assert loaded["after"] == loaded["before"]
    assert len(loaded["after"][1]) == 2
