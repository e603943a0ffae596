"""How fast and how small: a large CSV through the whole load, against DuckDB's bare reader."""

import json
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

ROWS = 9_500_000  # about 1 GB
COLUMNS = """
    4418820173 + i % 40 as customer_id, 9000000 + i % 5000 as campaign_id,
    'DE_search_brand_' || (i % 5000) as campaign_name, 70000000 + i % 60000 as ad_group_id,
    'group ' || (i % 60000) as ad_group_name, 500000000 + i % 400000 as ad_id,
    (date '2024-01-01' + (i // 400000)::int)::varchar as segments_date,
    1 + hash(i) % 9000 as impressions, hash(i + 1) % 300 as clicks,
    hash(i + 2) % 90000000 as cost_micros, round((hash(i + 3) % 1000) / 100, 2) as conversions,
    round((hash(i + 4) % 100000) / 100, 2) as conversions_value
"""

# Each in a process of its own, so that its peak memory is its own.
BARE = """
import json, resource, sys, time
import duckdb
from pathlib import Path
path, home = sys.argv[1:]
started = time.perf_counter()
with duckdb.connect(str(Path(home) / "bare.duckdb")) as connection:
    connection.execute(
        f"create table cells as select * from read_csv('{path}', all_varchar = true)"
    )
seconds = time.perf_counter() - started
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
print(json.dumps({"seconds": seconds, "peak_gib": peak}))
"""
LOAD = """
import json, resource, sys, time
from pathlib import Path
from ingest import landing
from ingest.contract import load_contracts
from ingest.registering import register
from ingest.warehouse import Warehouse, prepare
from orchestration.raw_loading import load_tables
path, home = map(Path, sys.argv[1:])
contracts = load_contracts()
[contract] = [each for each in contracts if each.source == "google_ads"]
warehouse = Warehouse(home, path.parents[1])
with warehouse.writer() as connection:
    prepare(connection, contracts)
started = time.perf_counter()
with warehouse.writer() as connection:
    register(warehouse, connection, landing.sight(warehouse.landing, [contract]))
[table] = [table for table in contract.tables if table.name == "ad_daily"]
[loaded] = load_tables(warehouse, contract, [table])
seconds = time.perf_counter() - started
assert loaded.outcome and loaded.outcome.passed
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
print(json.dumps({"seconds": seconds, "peak_gib": peak, "rows": loaded.checked.rows}))
"""


def measured(script: str, path: Path, home: Path) -> dict[str, float]:
    home.mkdir()
    done = subprocess.run(  # noqa: S603 - this Python, a script of ours
        [sys.executable, "-c", script, str(path), str(home)],
        cwd=Path(__file__).parents[2],
        check=True,
        capture_output=True,
        text=True,
    )
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.bench
@pytest.mark.timeout(1800)
def test_a_gigabyte_loads_in_three_times_the_bare_reader_and_in_four_gigabytes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "landing" / "google_ads" / "ad_daily_1.csv"
    path.parent.mkdir(parents=True)
    duckdb.sql(f"copy (select {COLUMNS} from range({ROWS}) as t (i)) to '{path}' (header)")
    pairs = [
        (measured(BARE, path, tmp_path / f"bare{at}"), measured(LOAD, path, tmp_path / f"load{at}"))
        for at in range(2)
    ]
    with capsys.disabled():
        for bare, load in pairs:
            print(  # noqa: T201 - a benchmark is read
                f"\n{path.stat().st_size / 2**30:.2f} GiB: bare {bare['seconds']:.1f} s, "
                f"load {load['seconds']:.1f} s, ratio {load['seconds'] / bare['seconds']:.2f}, "
                f"peak {load['peak_gib']:.2f} GiB"
            )
    assert all(load["rows"] == ROWS for _, load in pairs)
    assert min(load["seconds"] / bare["seconds"] for bare, load in pairs) <= 3
    assert max(load["peak_gib"] for _, load in pairs) < 4
