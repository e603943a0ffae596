"""Which months somebody may ask to be fitted anew."""

import pytest

from ingest.warehouse import Warehouse
from orchestration.errors import PipelineError
from orchestration.history import is_refit_due, request_refit


def freeze(warehouse: Warehouse, *months: str) -> None:
    with warehouse.writer() as connection:
        for month in months:
            connection.execute(
                "insert into state.channel_weight_fits values "
                "('r', 'closed_won', ?, 1, 1, 1, 'markov', 1, 'email', 0.5, 0, 1)",
                [f"{month}-01"],
            )


@pytest.mark.parametrize(
    ("month", "message"),
    [
        ("2026-02", "2026-02 has no frozen weights; these have: 2026-01, 2026-03"),
        ("March", "March is no month: write it as 2026-03"),
    ],
)
def test_a_month_without_frozen_weights_is_refused(
    warehouse: Warehouse, month: str, message: str
) -> None:
    freeze(warehouse, "2026-01", "2026-03")
    with warehouse.writer() as connection:
        with pytest.raises(PipelineError, match=message):
            request_refit(connection, month, "a test")
        assert not is_refit_due(connection)


def test_nothing_can_be_asked_for_before_anything_is_frozen(warehouse: Warehouse) -> None:
    with warehouse.writer() as connection, pytest.raises(PipelineError, match="frozen yet"):
        request_refit(connection, "2026-01", "a test")


def test_a_refit_is_due_until_a_build_has_made_it(warehouse: Warehouse) -> None:
    freeze(warehouse, "2026-01")
    with warehouse.writer() as connection:
        request_refit(connection, "2026-01", "a test")
        assert is_refit_due(connection)
        connection.execute("update state.channel_weight_fits set fit_version = 2")
        assert not is_refit_due(connection)
