"""How wrong each attribution model is, over several companies whose truth is known."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.grading import Grade, grade

UNATTRIBUTED = "unattributed"


@dataclass(frozen=True)
class GradedModel:
    """One model in one company: what it gave to each channel, and how wrong that is.

    The shares, from 0 to 1, follow ``channels``; ``unattributed_share`` is of all credit.
    """

    attribution_model: str
    scenario: str
    channels: tuple[str, ...]
    true_shares: np.ndarray
    attributed_shares: np.ndarray
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
    channels = (*effects, *sorted(credited.keys() - effects.keys()))
    true = np.array([effects.get(name, 0.0) for name in channels])
    attributed = np.array([credited.get(name, 0.0) for name in channels])
    if true.sum() <= 0 or attributed.sum() <= 0:
        return None
    true, attributed = true / true.sum(), attributed / attributed.sum()
    unattributed = credits_by_channel.get(UNATTRIBUTED, 0.0)
    return GradedModel(
        attribution_model=attribution_model,
        scenario=scenario,
        channels=channels,
        true_shares=true,
        attributed_shares=attributed,
        unattributed_share=unattributed / sum(credits_by_channel.values()),
        grade=grade(channels, true, attributed),
    )


def model_errors(graded: Sequence[GradedModel]) -> pd.DataFrame:
    """Return one row per model and scenario, in the order in which they first come.

    ``companies`` counts those averaged. ``mean_absolute_error``, ``rank_correlation`` and
    ``unattributed_share`` are means over them; ``worst_error`` is the largest of any channel
    in any of them; ``largest_bias`` is the mean bias that lies furthest from 0.
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
        "rank_correlation": np.mean([each.grade.rank_correlation for each in group]),
        "largest_bias": biased["bias"],
        "most_biased_channel": biased["channel"],
        "unattributed_share": np.mean([each.unattributed_share for each in group]),
    }


def _channel_means(group: list[GradedModel]) -> list[dict]:
    channels = dict.fromkeys(channel for each in group for channel in each.channels)
    rows = []
    for channel in channels:
        places = [
            (each, each.channels.index(channel)) for each in group if channel in each.channels
        ]
        # where a company never met the channel, its share is 0 on both sides
        true = sum(each.true_shares[place] for each, place in places) / len(group)
        attributed = sum(each.attributed_shares[place] for each, place in places) / len(group)
        rows.append(
            {
                "channel": channel,
                "true_share": true,
                "attributed_share": attributed,
                "bias": attributed - true,
            }
        )
    return rows
