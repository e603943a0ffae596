"""Touchpoints that happened and left nothing behind in any system."""

import pandas as pd

from simulator.company import NEVER
from simulator.streams import Streams


def without_traces(
    streams: Streams, share: float, frames: dict[str, pd.DataFrame]
) -> dict[str, pd.DataFrame]:
    """Return the frames as if a ``share`` of the touchpoints, drawn at random, were unrecorded.

    The touchpoints themselves stay, and with them all that they caused: records that forms and
    events brought about, what the ad platforms counted, who bought.
    """
    touches = frames["touches"]
    is_lost = streams.named("lost traces").random(len(touches)) < share
    lost = touches[is_lost]
    members, sends = frames["members"], frames["sends"]
    clicks = pd.MultiIndex.from_frame(lost[["person", "happening"]])
    unseen = pd.MultiIndex.from_frame(sends[["person", "happening"]]).isin(clicks)
    return {
        "touches": touches.assign(
            task=touches["task"].where(~is_lost, NEVER),
            meeting=touches["meeting"].where(~is_lost, NEVER),
        ),
        "sessions": _without(frames["sessions"], "touch", lost.index),
        "attendance": _without(frames["attendance"], "touch", lost.index),
        # who came is on the list of guests, and nobody noted that they did
        "members": members.assign(
            touch=members["touch"].where(~members["touch"].isin(lost.index), NEVER)
        ),
        "sends": sends.assign(clicked_at=sends["clicked_at"].where(~unseen, NEVER)),
        "tasks": _without(frames["tasks"], "task", lost["task"].dropna()),
        "meetings": _without(frames["meetings"], "meeting", lost["meeting"].dropna()),
    }


def _without(records: pd.DataFrame, number: str, lost: pd.Index | pd.Series) -> pd.DataFrame:
    return records[(records[number] == NEVER) | ~records[number].isin(lost)]
