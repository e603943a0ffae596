"""A disk without room is found before it is full, and named when it is."""

from collections import namedtuple
from collections.abc import Callable

import pytest

from ingest.contract import Contract
from ingest.errors import HomeError
from ingest.landing import sight
from ingest.space import is_full_disk, require_space
from ingest.warehouse import Warehouse

MEGABYTE = 1_000_000
Usage = namedtuple("Usage", "total used free")  # noqa: PYI024 - what shutil returns


Has = Callable[[int], None]


@pytest.fixture
def has_free(monkeypatch: pytest.MonkeyPatch) -> Has:
    """Pretend that so many bytes are free."""
    return lambda free: monkeypatch.setattr("shutil.disk_usage", lambda _: Usage(0, 0, free))


@pytest.mark.parametrize(
    "case",
    [
        ("shop/customers_1.csv", 73, True),
        ("shop/customers_1.csv", 70, False),
        ("shop/customers_1.csv.gz", 74, False),
    ],
    ids=["enough", "too little", "too little once it is unpacked"],
)
def test_new_files_need_room_for_all_that_becomes_of_them(
    warehouse: Warehouse, shop: Contract, case: tuple[str, int, bool], has_free: Has
) -> None:
    name, free, fits = case
    (warehouse.landing / name).write_bytes(bytes(MEGABYTE))
    warehouse.database.write_bytes(b"")
    has_free(free * MEGABYTE)
    files = sight(warehouse.landing, [shop])
    assert len(files) == 1
    if fits:
        require_space(warehouse, files)
        return
    with pytest.raises(HomeError, match=rf"1 new files need about \d+ MB .* has {free} MB"):
        require_space(warehouse, files)


def test_without_new_files_no_room_is_asked_for(warehouse: Warehouse, has_free: Has) -> None:
    has_free(0)
    require_space(warehouse, [])


@pytest.mark.parametrize(
    ("message", "is_full"),
    [
        ("[Errno 28] No space left on device: 'x'", True),
        ("IO Error: Could not write to file: File too large", True),
        ("Permission denied", False),
    ],
)
def test_a_full_disk_is_told_from_other_errors(message: str, *, is_full: bool) -> None:
    assert is_full_disk(message) == is_full
