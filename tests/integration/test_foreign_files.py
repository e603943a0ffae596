"""Awkward files that nobody here wrote, cell by cell."""

import csv
import json
from collections import defaultdict
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from ingest.contract import Contract
from ingest.warehouse import Warehouse, prepare
from tests.support.journeys import credits_of
from tests.support.loads import load, rows

DATA = Path(__file__).parents[3] / "shared" / "data"
SPECTRUM = sorted(path.stem for path in (DATA / "csv_spectrum").glob("*.csv"))

pytestmark = pytest.mark.skipif(not DATA.exists(), reason="the shared data is not here")


def contract_of(columns: list[str], limit: float = 0, *, short_rows: bool = False) -> Contract:
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
                    "short_rows": short_rows,
                    "columns": [
                        {"name": name, "type": "string", "nullable": True, "description": name}
                        for name in columns
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
        loaded = connection.execute(
            f"select {names} from raw.foreign__rows order by _line"
        ).fetchall()
    for record in expected:
        if "Contact Phone Number" in record:  # the CSV and the JSON have different numbers here
            record["Contact Phone Number"] = "2095257564"
    # a cell without a character is a cell without a value
    assert loaded == [tuple(record[column] or None for column in columns) for record in expected]


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


def test_all_rows_load_where_the_last_field_may_be_absent_and_earn_the_expected_credits(
    tmp_path: Path,
) -> None:
    source = DATA / "attribution_playbook" / "sessions.csv"
    contract = contract_of(source.read_text().splitlines()[0].split(","), short_rows=True)
    warehouse = landed(tmp_path, contract, source)
    [file] = load(warehouse, contract, "rows").files
    assert (file.rows_loaded, file.rows_quarantined, file.lines.unaccounted) == (90, 0, 0)
    sessions = rows(
        warehouse,
        """
        select
            customer_id, started_at::timestamp,
            concat_ws(',', utm_source, coalesce(utm_medium, ''), coalesce(utm_campaign, ''))
        from raw.foreign__rows
        """,
    )
    found: dict[tuple[str, str], float] = defaultdict(float)
    for model, _, campaign, _, credit, _ in credits_of(journeys_to_conversions(sessions)):
        found[campaign, model] += credit
    models = {"f": "first_touch", "l": "last_touch", "u": "position_based", "lin": "linear"}
    with (DATA / "attribution_playbook" / "expected_by_campaign.csv").open() as file_of_others:
        for row in csv.DictReader(file_of_others):
            campaign = ",".join((row["utm_source"], row["utm_medium"], row["utm_campaign"]))
            for name, model in models.items():
                assert found[campaign, model] == pytest.approx(float(row[name]), abs=1e-9)
    totals = {
        model: sum(v for (_, m), v in found.items() if m == model) for model in models.values()
    }
    assert totals == pytest.approx(dict.fromkeys(models.values(), 275))


def journeys_to_conversions(
    sessions: list[tuple[str, datetime, str]],
) -> dict[str, tuple[list[tuple[str, timedelta]], Decimal]]:
    """Give each conversion its customer's sessions of the 30 days before it, by age."""
    journeys = {}
    with (DATA / "attribution_playbook" / "customer_conversions.csv").open() as file:
        for number, row in enumerate(csv.DictReader(file)):
            converted_at = datetime.strptime(row["converted_at"], "%Y-%m-%d %H:%M:%S")  # noqa: DTZ007 - UTC
            ages = [
                (campaign, converted_at - started_at)
                for customer, started_at, campaign in sessions
                if customer == row["customer_id"]
                and timedelta(0) <= converted_at - started_at <= timedelta(days=30)
            ]
            journeys[f"conversion {number}"] = (ages, Decimal(row["revenue"]))
    return journeys
