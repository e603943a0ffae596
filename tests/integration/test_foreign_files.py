"""Awkward files that nobody here wrote, cell by cell."""

import json
from pathlib import Path

import duckdb
import pytest

from ingest.contract import Contract
from ingest.warehouse import Warehouse, prepare
from tests.support.loads import load

DATA = Path(__file__).parents[3] / "shared" / "data"
SPECTRUM = sorted(path.stem for path in (DATA / "csv_spectrum").glob("*.csv"))

pytestmark = pytest.mark.skipif(not DATA.exists(), reason="the shared data is not here")


def contract_of(columns: list[str], optional: tuple[str, ...] = (), limit: float = 0) -> Contract:
    """A contract for one table of text columns."""
    return Contract.model_validate(
        {
            "source": "foreign",
            "description": "A foreign file.",
            "owner": "tests",
            "tables": [
                {
                    "name": "rows",
                    "description": "One row per record.",
                    "files": "foreign/*.csv",
                    "delivery": "events",
                    "key": columns[:1],
                    "quarantine_limit": limit,
                    "columns": [
                        {"name": name, "type": "string", "nullable": True, "description": name}
                        for name in (*columns, *optional)
                    ],
                }
            ],
        }
    )


def landed(folder: Path, contract: Contract, source: Path) -> Warehouse:
    warehouse = Warehouse(home=folder / "home", landing=folder / "landing")
    (warehouse.landing / "foreign").mkdir(parents=True)
    (warehouse.landing / "foreign" / source.name).write_bytes(source.read_bytes())
    with warehouse.writer() as connection:
        prepare(connection, [contract])
    return warehouse


@pytest.mark.parametrize("name", SPECTRUM)
def test_every_cell_is_what_its_author_says(tmp_path: Path, name: str) -> None:
    expected = json.loads((DATA / "csv_spectrum" / f"{name}.json").read_text(encoding="utf-8"))
    expected = expected if isinstance(expected, list) else [expected]
    columns = list(expected[0])
    contract = contract_of(columns)
    warehouse = landed(tmp_path, contract, DATA / "csv_spectrum" / f"{name}.csv")
    [file] = load(warehouse, contract, "rows").files
    assert (file.refusal, file.rows_quarantined) == (None, 0)
    names = ", ".join(f'"{column.raw_name}"' for column in contract.tables[0].columns)
    with duckdb.connect(str(warehouse.database), read_only=True) as connection:
        rows = connection.execute(
            f"select {names} from raw.foreign__rows order by _line"
        ).fetchall()
    for record in expected:
        if "Contact Phone Number" in record:  # the CSV and the JSON have different numbers here
            record["Contact Phone Number"] = "2095257564"
    # a cell without a character is a cell without a value
    assert rows == [tuple(record[column] or None for column in columns) for record in expected]


def test_rows_that_lack_their_last_field_are_quarantined_and_the_rest_loads(
    tmp_path: Path,
) -> None:
    source = DATA / "attribution_playbook" / "sessions.csv"
    columns = source.read_text().splitlines()[0].split(",")
    contract = contract_of(columns, limit=0.5)
    warehouse = landed(tmp_path, contract, source)
    [file] = load(warehouse, contract, "rows").files
    assert (file.rows_loaded, file.rows_quarantined) == (57, 33)
    assert file.lines.unaccounted == 0
