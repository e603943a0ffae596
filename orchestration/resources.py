"""Where the data lives in each environment: the only reader of the environment."""

import os
from pathlib import Path
from typing import Annotated
from zoneinfo import available_timezones

from pydantic import AfterValidator, Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from ingest.faults import arm
from ingest.warehouse import Warehouse

ROOT = Path(__file__).parents[1]

# Dagster runs one step of this pool at a time: DuckDB allows one writer.
WRITER_POOL = "duckdb_writer"

# Only tests set it, see there.
arm(os.environ.get("SCALEHOUSE_FAULT"))


def _known_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("no such time zone; name one such as Europe/Berlin")
    return name


class Settings(BaseSettings):
    """What differs between environments, from ``SCALEHOUSE_…`` variables or ``.env``.

    A variable of the environment wins over the file; ``.env.example`` explains each.
    """

    model_config = SettingsConfigDict(
        env_prefix="SCALEHOUSE_", env_file=ROOT / ".env", extra="ignore", frozen=True
    )

    home: Path = ROOT / ".scalehouse"
    landing: Path | None = None
    reporting_currency: str = Field(default="EUR", pattern="^[A-Z]{3}$")
    reporting_time_zone: Annotated[str, AfterValidator(_known_zone)] = "Europe/Berlin"
    person_record_limit: int = Field(default=24, ge=2)
    lifetime_horizon_years: int = Field(default=5, ge=1)
    discount_rate: float = Field(default=0.1, ge=0, allow_inf_nan=False)
    keep_snapshots: int = Field(default=5, ge=1)
    sighting_seconds: float = Field(default=1.0, ge=0)

    @property
    def warehouse(self) -> Warehouse:
        """The files of this environment; exports land in ``home/landing`` unless set."""
        home = self.home.expanduser().absolute()
        landing = self.landing.expanduser().absolute() if self.landing else home / "landing"
        return Warehouse(home, landing)

    @property
    def dagster_home(self) -> Path:
        """Where Dagster keeps its history of runs."""
        return self.warehouse.home / "dagster"

    @property
    def dbt_variables(self) -> dict[str, str]:
        """The settings that models read, under the names of dbt's ``vars``."""
        return {
            "reporting_currency": self.reporting_currency,
            "reporting_time_zone": self.reporting_time_zone,
            "person_record_limit": str(self.person_record_limit),
            "lifetime_horizon_years": str(self.lifetime_horizon_years),
            "discount_rate": str(self.discount_rate),
        }
