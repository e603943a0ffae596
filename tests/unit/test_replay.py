"""After a contract was mended, what could not be read comes back from the store, once."""

import pytest

from ingest.contract import Contract
from ingest.reconciliation import reconcile
from ingest.warehouse import Warehouse
from orchestration import replay
from orchestration.replay import ReplayedTable, replay_quarantine
from tests.conftest import CUSTOMER_HEADER
from tests.support.loads import load, put, rows

FIRST, SECOND = "shop/customers_1.csv", "shop/customers_2.csv"
IDS = "select id from raw.shop__customers order by 1"
COUNTS = "select status, rows_loaded, rows_quarantined from state.load_ledger order by 1"


@pytest.fixture
def mended(shop: Contract) -> Contract:
    """The shop's contract after somebody saw that ``n/a`` means that there is nothing."""
    table = shop.tables[0].model_copy(update={"null_tokens": ("n/a",)})
    return shop.model_copy(update={"tables": (table, *shop.tables[1:])})


@pytest.fixture
def loaded(warehouse: Warehouse, shop: Contract) -> Warehouse:
    """A file of which one row of two is in quarantine, and one that is refused for its rows."""
    put(warehouse, FIRST, CUSTOMER_HEADER + "1,,1,,\n2,,n/a,,\n")
    put(warehouse, SECOND, CUSTOMER_HEADER + "3,,n/a,,\n4,,n/a,,\n5,,1,,\n")
    load(warehouse, shop, "customers")
    assert rows(warehouse, COUNTS) == [("loaded", 1, 1), ("refused", 0, 2)]
    return warehouse


def replayed(
    warehouse: Warehouse, contract: Contract, monkeypatch: pytest.MonkeyPatch
) -> tuple[list[ReplayedTable], list[str]]:
    monkeypatch.setattr(replay, "load_contracts", lambda: [contract])
    return replay_quarantine(warehouse, None)


def test_rows_come_back_in_place_and_refused_files_wait_for_the_next_run(
    loaded: Warehouse, mended: Contract, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(2):
        tables, reopened = replayed(loaded, mended, monkeypatch)
        assert rows(loaded, IDS) == [("1",), ("2",)]
    assert (tables, reopened) == ([], [])
    assert rows(loaded, COUNTS) == [("loaded", 2, 0), ("pending", 0, 2)]
    assert rows(loaded, "from ops.quarantine where file_sequence = 1") == []
    assert rows(loaded, "select action from state.ledger_actions") == [("replay",)]
    load(loaded, mended, "customers")
    assert rows(loaded, IDS) == [("1",), ("2",), ("3",), ("4",), ("5",)]


def test_it_says_how_many_rows_came_back(
    loaded: Warehouse, mended: Contract, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert replayed(loaded, mended, monkeypatch) == (
        [ReplayedTable("shop.customers", files=1, before=1, after=0)],
        [SECOND],
    )


def test_without_a_mended_contract_nothing_changes(
    loaded: Warehouse, shop: Contract, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = rows(loaded, "from state.load_ledger where status = 'loaded'")
    tables, _ = replayed(loaded, shop, monkeypatch)
    assert tables == [ReplayedTable("shop.customers", files=1, before=1, after=1)]
    assert rows(loaded, "from state.load_ledger where status = 'loaded'") == before


def test_rows_that_break_the_contract_stay_out(
    loaded: Warehouse, mended: Contract, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = mended.tables[0]
    stricter = [column.model_copy(update={"nullable": False}) for column in table.columns]
    broken = table.model_copy(update={"columns": tuple(stricter)})
    contract = mended.model_copy(update={"tables": (broken, *mended.tables[1:])})
    [replayed_table], _ = replayed(loaded, contract, monkeypatch)
    assert (replayed_table.before, replayed_table.after) == (1, 1)
    assert "visits" in str(replayed_table.refusal)
    assert rows(loaded, IDS) == [("1",)]


def test_a_crash_before_the_ledger_knows_is_settled(
    loaded: Warehouse, mended: Contract, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ingest import loading  # noqa: PLC0415 - patched here alone

    with monkeypatch.context() as patch:
        patch.setattr(loading, "mark_loaded", lambda _: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            replayed(loaded, mended, monkeypatch)
    assert rows(loaded, COUNTS)[0] == ("loaded", 1, 1)
    with loaded.writer() as connection:
        reconcile(loaded, connection, [mended])
    assert rows(loaded, COUNTS)[0] == ("loaded", 2, 0)
    assert rows(loaded, IDS) == [("1",), ("2",)]
