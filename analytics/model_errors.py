"""How wrong each attribution model is, over several companies whose truth is known."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.grading import Grade, grade

UNATTRIBUTED = "unattributed"


@dataclass(frozen=True)
class GradedModel:
    """One model in one company: how wrong its shares are, and what it gave to no channel.

    ``unattributed_share`` is of all credit, from 0 to 1.
    """

    attribution_model: str
    scenario: str
    unattributed_share: float
    grade: Grade


def grade_model(
    attribution_model: str,
    scenario: str,
    effects: Mapping[str, float],
    credits_by_channel: Mapping[str, float],
) -> GradedModel | None:
    """Compare a model's credits with the channels' true effects; both are normalised to 1.

    A channel with credit of which the truth knows nothing has no effect. Credit that no
    channel got is left out and told apart. None if there is nothing to compare: no channel
    caused anything, or none got credit.
    """
    credited = {name: got for name, got in credits_by_channel.items() if name != UNATTRIBUTED}
    channels = tuple(sorted(effects.keys() | credited.keys()))
    true = np.array([effects.get(name, 0.0) for name in channels])
    attributed = np.array([credited.get(name, 0.0) for name in channels])
    if true.sum() <= 0 or attributed.sum() <= 0:
        return None
    unattributed = credits_by_channel.get(UNATTRIBUTED, 0.0)
    return GradedModel(
        attribution_model=attribution_model,
        scenario=scenario,
        unattributed_share=unattributed / sum(credits_by_channel.values()),
        grade=grade(channels, true, attributed),
    )


def model_errors(graded: Sequence[GradedModel]) -> pd.DataFrame:
    """Return one row per model and scenario, in the order in which they first come.

    ``companies`` counts those averaged. ``mean_absolute_error``, ``rank_correlation`` and
    ``unattributed_share`` are means over them; ``worst_error`` is the largest of any channel
    in any of them; ``largest_bias`` is the mean bias that lies furthest from 0; shares without
    any order correlate with nothing, 0.
    """
    return _by_model_and_scenario(graded, lambda group: [_errors(group)])


def model_error_channels(graded: Sequence[GradedModel]) -> pd.DataFrame:
    """Return one row per model, scenario and channel: mean true and attributed share, and bias."""
    return _by_model_and_scenario(graded, _channel_means)


def _by_model_and_scenario(
    graded: Sequence[GradedModel], rows_of: Callable[[list[GradedModel]], list[dict]]
) -> pd.DataFrame:
    groups: dict[tuple[str, str], list[GradedModel]] = {}
    for each in graded:
        groups.setdefault((each.attribution_model, each.scenario), []).append(each)
    return pd.DataFrame(
        [
            {"attribution_model": model, "scenario": scenario, **row}
            for (model, scenario), group in groups.items()
            for row in rows_of(group)
        ]
    )


def _errors(group: list[GradedModel]) -> dict:
    worst = max((each.grade for each in group), key=lambda found: found.worst_error)
    biased = max(_channel_means(group), key=lambda row: abs(row["bias"]))
    return {
        "companies": len(group),
        "mean_absolute_error": np.mean([each.grade.mean_absolute_error for each in group]),
        "worst_error": worst.worst_error,
        "worst_channel": worst.worst_channel,
        "rank_correlation": np.mean([each.grade.rank_correlation or 0.0 for each in group]),
        "largest_bias": biased["bias"],
        "most_biased_channel": biased["channel"],
        "unattributed_share": np.mean([each.unattributed_share for each in group]),
    }


def _channel_means(group: list[GradedModel]) -> list[dict]:
    channels = sorted({channel for each in group for channel in each.grade.channels})
    rows = []
    for channel in channels:
        places = [
            (each.grade, each.grade.channels.index(channel))
            for each in group
            if channel in each.grade.channels
        ]
        # where a company never met the channel, its share is 0 on both sides
        true = sum(found.true_shares[place] for found, place in places) / len(group)
        attributed = sum(found.attributed_shares[place] for found, place in places) / len(group)
        rows.append(
            {
                "channel": channel,
                "true_share": true,
                "attributed_share": attributed,
                "bias": attributed - true,
            }
        )
    return rows
