"""What the contracts of the real sources promise beyond what their model enforces."""

from fnmatch import fnmatch

import pytest

from ingest.contract import Contract, Table, load_contracts

CONTRACTS = load_contracts()
TABLES = [(contract, table) for contract in CONTRACTS for table in contract.tables]
COLUMNS = [
    (f"{contract.source}.{table.name}.{column.name}", column)
    for contract, table in TABLES
    for column in table.columns
]
# Words in a column's name that give away what kind of personal data it holds.
TELLTALES = {
    "email": {"email", "Email", "recipient", "user_email"},
    "name": {"firstname", "lastname", "FirstName", "LastName", "user_name", "owner"},
    "phone": {"phone", "Phone"},
    "id": {"user_pseudo_id", "ga_client_id"},
    "text": {
        "Subject", "hs_meeting_title", "how_did_you_hear_about_us", "reason", "note", "set_by",
    },
    "url": {"page_url", "page_location", "page_referrer", "url"},
}  # fmt: skip


@pytest.mark.parametrize(
    ("contract", "table"), TABLES, ids=[f"{each.source}.{table.name}" for each, table in TABLES]
)
def test_a_key_is_never_empty(contract: Contract, table: Table) -> None:
    assert [name for name in table.key if table.column(name).nullable] == [], contract.source


def test_no_file_belongs_to_two_tables() -> None:
    names = {table.files.replace("*", "2026-09-30"): table.files for _, table in TABLES}
    assert len(names) == len(TABLES)
    for name, own in names.items():
        assert [table.files for _, table in TABLES if fnmatch(name, table.files)] == [own]


def test_every_table_feeds_an_interface() -> None:
    assert [table.files for _, table in TABLES if table.feeds is None] == []


def test_personal_data_is_marked_wherever_its_name_gives_it_away() -> None:
    expected = {name: kind for kind, names in TELLTALES.items() for name in names}
    found = {name: column.personal for name, column in COLUMNS if column.name in expected}
    assert found == {name: expected[name.rpartition(".")[2]] for name in found}
    marked = {column.name for _, column in COLUMNS if column.personal}
    assert marked == set(expected)


def test_visitor_ids_of_forms_and_web_events_are_hashed_alike() -> None:
    kinds = [
        (column.personal, column.type)
        for _, column in COLUMNS
        if column.name in {"user_pseudo_id", "ga_client_id"}
    ]
    assert kinds == [("id", "string"), ("id", "string")]


def test_every_description_ends_as_a_sentence() -> None:
    assert [name for name, column in COLUMNS if not column.description.endswith(".")] == []


def test_counts_and_money_cannot_be_negative() -> None:
    words = ("cost", "spend", "amount", "budget", "clicks", "impressions", "conversions", "revenue")
    numbers = [
        (name, column)
        for name, column in COLUMNS
        if column.type in {"integer", "decimal"}
        and any(word in column.raw_name.split("_") for word in words)
    ]
    assert len(numbers) > 20
    assert [name for name, column in numbers if column.min != 0] == []


def test_picklists_only_warn_because_they_grow() -> None:
    picklists = [(name, column) for name, column in COLUMNS if column.allowed]
    assert picklists
    assert [name for name, column in picklists if column.severity != "warning"] == []
