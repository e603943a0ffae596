"""A home and a landing folder of their own for each test."""

from pathlib import Path

import pytest

from ingest.contract import Contract
from ingest.warehouse import Warehouse, prepare

# One table of each format and delivery, small enough to see at a glance.
SHOP = {
    "source": "shop",
    "description": "A shop that sells to tests.",
    "owner": "tests",
    "tables": [
        {
            "name": "customers",
            "description": "One row per customer and export.",
            "files": "shop/customers_*.csv",
            "delivery": "upserts",
            "key": ["Id"],
            "version_by": "ChangedAt",
            "quarantine_limit": 0.5,
            "columns": [
                {"name": "Id", "type": "string", "description": "Number."},
                {"name": "Email", "type": "string", "nullable": True, "personal": "email",
                 "description": "Address."},
                {"name": "Visits", "type": "integer", "nullable": True, "min": 0,
                 "description": "Visits."},
                {"name": "Spent", "type": "decimal", "nullable": True, "description": "Money."},
                {"name": "ChangedAt", "type": "timestamp", "nullable": True,
                 "description": "Last change (UTC)."},
            ],
        },
        {
            "name": "hits",
            "description": "One row per hit.",
            "files": "shop/hits_*.jsonl",
            "delivery": "events",
            "key": ["id"],
            "quarantine_limit": 0.9,
            "columns": [
                {"name": "id", "type": "string", "description": "Number."},
                {"name": "hit_at", "path": "at", "type": "timestamp", "format": "epoch_ms",
                 "description": "When."},
                {"name": "device", "type": "string", "path": "device.category", "nullable": True,
                 "description": "Device."},
                {"name": "page", "type": "string", "path": "params[page_location]",
                 "personal": "url", "nullable": True, "description": "Page."},
            ],
        },
        {
            "name": "prices",
            "description": "One row per product and export.",
            "files": "shop/prices_*.parquet",
            "delivery": "full",
            "as_of": r"prices_(\d{4}-\d{2}-\d{2})",
            "key": ["product"],
            "columns": [
                {"name": "product", "type": "string", "description": "Product."},
                {"name": "price", "type": "decimal", "description": "Price."},
            ],
        },
    ],
}  # fmt: skip

CUSTOMER_HEADER = "Id,Email,Visits,Spent,ChangedAt\n"


@pytest.fixture(scope="session")
def shop() -> Contract:
    return Contract.model_validate(SHOP)


@pytest.fixture
def warehouse(tmp_path: Path, shop: Contract) -> Warehouse:
    """A prepared warehouse whose landing folder has an empty ``shop`` in it."""
    prepared = Warehouse(home=tmp_path / "home", landing=tmp_path / "landing")
    (prepared.landing / "shop").mkdir(parents=True)
    with prepared.writer() as connection:
        prepare(connection, [shop])
    return prepared
