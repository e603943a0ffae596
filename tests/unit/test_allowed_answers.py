"""Personal text with allowed values: those stay legible, anything else is only a hash."""

import pytest
from pydantic import ValidationError

from ingest.contract import Column, Contract, Table
from ingest.erasure import Erasure
from ingest.warehouse import Warehouse, prepare
from tests.conftest import CUSTOMER_HEADER
from tests.support.loads import load, put, rows

ANSWER = {
    "name": "HeardOfUs", "type": "string", "nullable": True, "optional": True,
    "personal": "text", "allowed": ["LinkedIn", "Trade fair"], "description": "Answer.",
}  # fmt: skip


@pytest.fixture
def asking(warehouse: Warehouse, shop: Contract) -> Contract:
    """The shop with an optional question that is answered in free text."""
    table = shop.tables[0].model_dump(by_alias=True)
    table["columns"] = [*table["columns"], ANSWER]
    contract = shop.model_copy(update={"tables": (Table.model_validate(table),)})
    with warehouse.writer() as connection:
        prepare(connection, [contract])
    return contract


def test_an_allowed_answer_stays_legible_and_any_other_becomes_a_hash(
    warehouse: Warehouse, asking: Contract
) -> None:
    header = CUSTOMER_HEADER.strip() + ",HeardOfUs\n"
    answers = (" linkedin ", "Trade fair", "from Jana", "")
    lines = (f"{n},,,,,{answer}\n" for n, answer in enumerate(answers))
    put(warehouse, "shop/customers_1.csv", header + "".join(lines))
    load(warehouse, asking, "customers")
    assert rows(
        warehouse,
        "select heard_of_us_known, length(heard_of_us_hash) from raw.shop__customers order by id",
    ) == [("linkedin", 32), ("trade fair", 32), (None, 32), (None, None)]
    assert b"Jana" not in warehouse.database.read_bytes()


def test_a_file_may_lack_an_optional_column(warehouse: Warehouse, asking: Contract) -> None:
    put(warehouse, "shop/customers_1.csv", CUSTOMER_HEADER + "1,,,,\n")
    load(warehouse, asking, "customers")
    assert rows(warehouse, "select id, heard_of_us_known from raw.shop__customers") == [("1", None)]


@pytest.mark.parametrize(
    ("answer", "kept"), [("linkedin", "linkedin"), ("from Jana", "")], ids=["allowed", "free"]
)
def test_an_erased_person_leaves_an_allowed_answer_behind_and_no_other(
    answer: str, kept: str
) -> None:
    email = Column(name="Email", type="string", personal="email", description="Address.")
    columns = {0: email, 1: Column.model_validate(ANSWER)}
    anna = Erasure("anna@acme.example", "erased@withheld.example")
    assert anna.cells(["Anna@acme.example", answer], columns) == ["erased@withheld.example", kept]


def test_an_optional_column_may_be_empty() -> None:
    with pytest.raises(ValidationError, match="layouts_only and optional go with nullable"):
        Column.model_validate({**ANSWER, "nullable": False})
