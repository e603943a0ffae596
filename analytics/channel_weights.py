"""What a channel is worth in the journeys of one period: the fits that attribution uses."""

from collections.abc import Iterator
from typing import NamedTuple

from analytics.markov import CONVERSION, ORDERS, fit_markov
from analytics.paths import Paths
from analytics.shapley import fit_shapley

MARKOV, SHAPLEY = "markov", "shapley"

# 65,536 coalitions take hundredths of a second, less than sampling them would.
_EXACT_CHANNELS = 16


class ChannelWeight(NamedTuple):
    """One channel's worth by one method.

    ``chain_order`` is null but for Markov. ``channel_weight`` is the removal effect (the share of
    conversions lost without the channel) or the Shapley value (of the conversion rate), neither
    below 0; ``standard_error`` is that of a sampled value, 0 if it is exact. ``credit_share`` is
    the channel's share of all conversions under the aggregate model.
    """

    channel_weights: str
    chain_order: int | None
    channel: str
    channel_weight: float
    standard_error: float
    credit_share: float


class ChannelTransition(NamedTuple):
    """How often journeys went from one channel to the next; null stands for start and end.

    ``is_conversion`` tells how a journey ends, and is null where it goes on. ``probability`` is
    the share of all that leave ``from_channel``.
    """

    from_channel: str | None
    to_channel: str | None
    is_conversion: bool | None
    transitions: int
    probability: float


def weigh_channels(paths: Paths) -> Iterator[ChannelWeight]:
    """Yield each channel's weight by Markov chains of order 1 to 3 and by Shapley value."""
    for order in ORDERS:
        chain = fit_markov(paths, order)
        for channel, effect, share in zip(
            chain.channels, chain.removal_effects, chain.shares, strict=True
        ):
            yield ChannelWeight(MARKOV, order, channel, float(effect), 0.0, float(share))
    game = fit_shapley(paths, exact_channels=_EXACT_CHANNELS)
    for channel, worth, error, share in zip(
        game.channels, game.worth, game.standard_errors, game.shares, strict=True
    ):
        yield ChannelWeight(SHAPLEY, None, channel, float(worth), float(error), float(share))


def channel_transitions(paths: Paths) -> Iterator[ChannelTransition]:
    """Yield the transitions of the chain of order 1."""
    for step in fit_markov(paths, 1).transitions:
        yield ChannelTransition(
            "".join(step.from_state) or None,
            "".join(step.to_state) or None,
            None if step.ends_as is None else step.ends_as == CONVERSION,
            round(step.transitions),
            step.probability,
        )
