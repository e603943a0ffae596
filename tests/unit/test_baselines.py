"""A baseline is what was published of a quarter that is over; freezing again adds another."""

from pathlib import Path

import duckdb
import pytest

from ingest.warehouse import Warehouse
from orchestration.baselines import freeze_baseline, is_baseline_due
from orchestration.errors import PipelineError

KPIS = """
create table kpis as select 'win_rate' as kpi, '' as variant, 'all' as breakdown,
    'all' as breakdown_value, * from (values
        ('quarter', date '2026-01-01', true, 0.25, 0.1, 0.4, 'confidence_95', 20, 'C'),
        ('quarter', date '2026-04-01', false, 0.30, 0.1, 0.5, 'confidence_95', 30, 'B'),
        ('month', date '2026-01-01', true, 0.99, null, null, null, 9, 'D')
    ) as t (period, period_start, is_complete, value, value_low, value_high, interval_kind,
        sample_size, grade);
insert into kpis select 'ltv_to_cac', '', 'all', 'all', 'all', date '2025-01-01', false, 3.5,
    null, null, null, 40, 'B';
insert into kpis select 'paid_cac', 'none', 'channel', 'email', 'quarter', date '2026-01-01', true,
    null, null, null, null, 1, 'D';
"""


@pytest.fixture
def snapshot(tmp_path: Path) -> Path:
    path = tmp_path / "current.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(KPIS)
    return path


def test_a_quarter_is_frozen_with_its_intervals_and_what_has_no_period(
    warehouse: Warehouse, snapshot: Path
) -> None:
    with warehouse.writer() as connection:
        assert freeze_baseline(connection, snapshot, "2026-Q1", "before the relaunch") == 2
        assert connection.execute(
            "select kpi, period, baseline_value, baseline_low, baseline_high, sample_size, grade, "
            "reason from state.kpi_baselines order by kpi"
        ).fetchall() == [
            ("ltv_to_cac", "all", 3.5, None, None, 40, "B", "before the relaunch"),
            ("win_rate", "quarter", 0.25, 0.1, 0.4, 20, "C", "before the relaunch"),
        ]


@pytest.mark.parametrize(
    ("quarter", "message"),
    [
        ("2026-03", "2026-03 is no quarter: write it as 2026-Q1"),
        ("2026-Q5", "2026-Q5 is no quarter"),
        ("2026-Q2", "2026-Q2 is not over yet: its figures still change"),
        ("2024-Q1", "2024-Q1 has no published KPI; these have: 2026-Q1"),
    ],
)
def test_what_cannot_be_a_baseline_is_refused_and_nothing_kept(
    warehouse: Warehouse, snapshot: Path, quarter: str, message: str
) -> None:
    with warehouse.writer() as connection:
        with pytest.raises(PipelineError, match=message):
            freeze_baseline(connection, snapshot, quarter, "a test")
        assert connection.table("state.kpi_baselines").fetchall() == []
        # the snapshot is let go, so that the next publish can replace it
        freeze_baseline(connection, snapshot, "2026-Q1", "a test")


def test_nothing_can_be_frozen_before_the_first_publish(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    with warehouse.writer() as connection, pytest.raises(PipelineError, match="published yet"):
        freeze_baseline(connection, tmp_path / "current.duckdb", "2026-Q1", "a test")


def test_a_baseline_is_due_until_a_build_shows_it(warehouse: Warehouse, snapshot: Path) -> None:
    with warehouse.writer() as connection:
        assert not is_baseline_due(connection)
        freeze_baseline(connection, snapshot, "2026-Q1", "a test")
        assert is_baseline_due(connection)
        connection.execute("insert into state.builds values ('b', now()::timestamp, 1, 'f')")
        assert not is_baseline_due(connection)
