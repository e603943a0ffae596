"""How wrong each attribution model is: companies with a known truth through the whole pipeline."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pandas as pd

from analytics.model_errors import GradedModel, grade_model, model_error_channels, model_errors
from orchestration.errors import PipelineError
from orchestration.publish import CURRENT
from orchestration.resources import ROOT
from simulator.generation import generate
from simulator.scenarios import SCENARIOS, scenario_named

SEEDS = ROOT / "seeds"
_FIRST_SEED = 101
# Enough of what a run printed to see why it failed.
_LAST_LINES = 15
_CREDITS = """
    select attribution_model, channel, sum(credit) as credit
    from attribution_by_channel
    where conversion_type = 'closed_won'
    group by all
    order by attribution_model, channel
"""


@dataclass(frozen=True)
class Sizes:
    """How many companies are drawn per scenario, and how large each of them is."""

    companies: int = 3
    contacts: int = 1500
    days: int = 900


def grade_scenarios(
    names: Sequence[str], sizes: Sizes, tell: Callable[[str], None]
) -> list[GradedModel]:
    """Grade every model in every company of the scenarios, all of them for no ``names``.

    The companies of a scenario have the seeds of the other scenarios' companies, so that what
    differs is the scenario. They run one after the other, each in a home that is then removed.

    Raises:
        PipelineError: a run failed, or no company of a scenario had a sale to explain.
        SimulationError: there is no such scenario, or the sizes are too small.
    """
    scenarios = [scenario_named(name) for name in names] or list(SCENARIOS)
    graded: list[GradedModel] = []
    for scenario in scenarios:
        found: list[GradedModel] = []
        for number in range(sizes.companies):
            tell(f"{scenario.name}: company {number + 1} of {sizes.companies} ...")
            found += _grade_company(scenario.name, _FIRST_SEED + number, sizes)
        if not found:
            raise PipelineError(f"{scenario.name}: no channel caused a sale; take more contacts")
        graded += found
    return sorted(graded, key=lambda each: each.attribution_model)


def write_errors(graded: Iterable[GradedModel], folder: Path) -> tuple[Path, Path]:
    """Write the seeds ``model_errors.csv`` and ``model_error_channels.csv`` to ``folder``."""
    graded = list(graded)
    errors, channels = folder / "model_errors.csv", folder / "model_error_channels.csv"
    _write(model_errors(graded), errors)
    _write(model_error_channels(graded), channels)
    return errors, channels


def _write(frame: pd.DataFrame, path: Path) -> None:
    numbers = frame.select_dtypes("float").columns
    # adding nothing turns what was rounded to -0 into 0
    rounded = frame.assign(**{name: frame[name].round(4) + 0.0 for name in numbers})
    rounded.to_csv(path, index=False, float_format="%.4f", lineterminator="\n")


def _grade_company(scenario: str, seed: int, sizes: Sizes) -> list[GradedModel]:
    with TemporaryDirectory(prefix="scalehouse-grade-") as folder:
        target = Path(folder)
        generate(target, seed=seed, contacts=sizes.contacts, days=sizes.days, scenario=scenario)
        _run_pipeline(target)
        effects = _effects(target)
        credits_by_model = _credits(target)
    graded = [
        grade_model(model, scenario, effects, credits_by_channel)
        for model, credits_by_channel in credits_by_model.items()
    ]
    return [each for each in graded if each]


def _run_pipeline(target: Path) -> None:
    """Run everything on the exports in ``target/landing``, as a user would, in ``target/home``."""
    environment = os.environ | {
        "SCALEHOUSE_HOME": str(target / "home"),
        "SCALEHOUSE_LANDING": str(target / "landing"),
    }
    done = subprocess.run(
        [sys.executable, "-m", "orchestration.cli", "run"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        last = "\n".join((done.stdout + done.stderr).splitlines()[-_LAST_LINES:])
        raise PipelineError(f"the run of a sample company failed:\n{last}")


def _effects(target: Path) -> dict[str, float]:
    """Read what share of the won revenue would be lost without each channel."""
    truth = duckdb.read_parquet(str(target / "truth" / "channel_effects.parquet"))
    return dict(truth.select("channel, share").fetchall())


def _credits(target: Path) -> dict[str, dict[str, float]]:
    """Read each model's credit for won revenue by channel."""
    current = target / "home" / "published" / CURRENT
    credited: dict[str, dict[str, float]] = {}
    with duckdb.connect(str(current.resolve()), read_only=True) as connection:
        for model, channel, credit in connection.execute(_CREDITS).fetchall():
            credited.setdefault(model, {})[channel] = credit
    return credited
