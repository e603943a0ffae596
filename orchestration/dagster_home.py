"""Where Dagster keeps its history of runs."""

import os
import shutil

from orchestration.resources import ROOT, Settings


def prepare_dagster_home(settings: Settings) -> None:
    """Create Dagster's folder in the home, with the project's settings, and name it to Dagster."""
    settings.dagster_home.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(ROOT / "dagster.yaml", settings.dagster_home / "dagster.yaml")
    os.environ["DAGSTER_HOME"] = str(settings.dagster_home)
