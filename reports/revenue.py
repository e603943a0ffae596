"""Pictures of revenue by definition: sourced, influenced, and how much is attributed at all."""

import altair as alt
import pandas as pd

from reports.pictures import (
    BLUE,
    COLOURS,
    GREY,
    HEIGHT,
    ORANGE,
    WIDTH,
    Words,
    finished,
    nothing,
    quarter,
    withheld,
    word,
)


def _labelled(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(
        label=[quarter(start) for start in frame["period_start"]],
        series=[word(name) for name in frame["series"]],
    )


def _quarters() -> alt.X:
    return alt.X("label:O", title="Quarter", axis=alt.Axis(labelAngle=0))


def _colour(frame: pd.DataFrame) -> alt.Color:
    names = sorted(frame["series"].unique())
    return alt.Color(
        "series:N",
        scale=alt.Scale(domain=names, range=COLOURS),
        legend=alt.Legend(orient="top"),
    )


def side_by_side(frame: pd.DataFrame, words: Words, note: str) -> alt.Chart:
    """Return a bar a quarter and ``series``, next to each other since they do not add up.

    ``frame`` has ``period_start``, ``series``, ``value`` and ``null_reason``.
    """
    if frame["value"].isna().all():
        return nothing(words, withheld(frame, "figures") or "no quarter has begun")
    shown = _labelled(frame)
    return finished(
        alt.Chart(shown)
        .mark_bar()
        .encode(
            x=_quarters(),
            xOffset=alt.XOffset("series:N"),
            y=alt.Y("value:Q", title=words.axis, axis=alt.Axis(format=words.number)),
            color=_colour(shown),
        )
        .properties(width=WIDTH, height=HEIGHT),
        words,
        note,
        withheld(frame, "figures"),
    )


def shares(frame: pd.DataFrame, words: Words, grey: str) -> alt.FacetChart | alt.Chart:
    """Return the share of revenue beside the share of opportunities, a row a ``series``.

    ``frame`` has ``period_start``, ``series``, ``value`` (share of revenue), ``opportunities``
    (share of the opportunities), ``null_reason``, and what the ``grey`` bar says of the latter, in
    ``opportunities_low`` and ``opportunities_high``.
    """
    if frame["value"].isna().all():
        return nothing(words, withheld(frame, "figures") or "no quarter has begun")
    shown = _labelled(frame)
    domain = alt.Scale(zero=False, nice=True)
    figure = alt.Y(
        "opportunities_low:Q", title=words.axis, axis=alt.Axis(format=words.number), scale=domain
    )
    base = alt.Chart(shown).encode(
        x=alt.X(
            "label:O",
            title="Quarter",
            axis=alt.Axis(labelAngle=0),
            scale=alt.Scale(domain=list(dict.fromkeys(shown["label"]))),
        )
    )
    bars = base.mark_rule(strokeWidth=14, color=GREY, opacity=0.5).encode(
        y=figure, y2="opportunities_high:Q"
    )
    cases = base.mark_point(size=90, color=ORANGE, strokeWidth=2, opacity=1).encode(
        y=alt.Y("opportunities:Q", title=words.axis)
    )
    revenue = base.mark_point(filled=True, size=45, color=BLUE, opacity=1).encode(
        y=alt.Y("value:Q", title=words.axis)
    )
    header = alt.Header(orient="top", labelAnchor="start", title=None)
    return finished(
        alt.layer(bars, cases, revenue)
        .properties(width=WIDTH, height=120)
        .facet(row=alt.Row("series:N", title=None, header=header)),
        words,
        f"Blue dot: share of revenue; orange ring: share of opportunities; grey: {grey}",
        withheld(frame, "figures"),
    )


def stacked(frame: pd.DataFrame, words: Words) -> alt.Chart:
    """Return bars of a quarter's revenue by ``series``, the attributed part lowest, and the target.

    ``frame`` has ``period_start``, ``series`` (``attributed`` or why not), ``value`` (its share),
    ``target_value`` and ``null_reason``.
    """
    if frame["value"].isna().all():
        return nothing(words, withheld(frame, "quarters") or "no quarter has begun")
    shown = _labelled(frame)
    names = sorted(shown["series"].unique(), key=lambda name: (name != "attributed", name))
    shown = shown.assign(place=[names.index(name) for name in shown["series"]])
    bars = (
        alt.Chart(shown)
        .mark_bar()
        .encode(
            x=_quarters(),
            y=alt.Y("value:Q", title=words.axis, axis=alt.Axis(format=words.number), stack="zero"),
            color=alt.Color(
                "series:N",
                scale=alt.Scale(domain=names, range=COLOURS),
                legend=alt.Legend(orient="top"),
            ),
            order="place:Q",
        )
    )
    layers = [bars]
    has_target = bool(shown["target_value"].notna().any())
    if has_target:
        layers.append(
            alt.Chart(shown)
            .mark_tick(thickness=3, size=44, color="black", opacity=1)
            .encode(x=_quarters(), y=alt.Y("target_value:Q", title=words.axis))
        )
    return finished(
        alt.layer(*layers).properties(width=WIDTH, height=HEIGHT),
        words,
        "Black dash: target for the attributed part" if has_target else "",
        withheld(frame[frame["series"] == "attributed"], "quarters"),
    )
