"""Pictures of the way through the stages, a small one for each stage."""

import altair as alt
import pandas as pd

from reports.pictures import BLUE, CONFIDENCE, GREY, ORANGE, Words, finished, nothing, word

_WIDTH, _HEIGHT = 290, 170


def conversions(frame: pd.DataFrame, words: Words) -> alt.FacetChart | alt.Chart:
    """Return the conversion of each month's cohort with its interval, immature cohorts paler.

    ``frame`` has ``stage``, ``month``, ``value``, ``value_low``, ``value_high``, ``is_mature`` and
    ``null_reason``, the first stage first.
    """
    if frame["value"].isna().all():
        return nothing(words, "no cohort has enough cases")
    base = alt.Chart(_worded(frame.dropna(subset=["value"])))
    pale = alt.condition("datum.is_mature", alt.value(1), alt.value(0.35))
    month = alt.X(
        "month:T",
        title="Month of reaching the stage",
        axis=alt.Axis(format="%b %y", tickCount=6, labelOverlap=True),
    )
    rules = base.mark_rule(strokeWidth=1.5, color=BLUE).encode(
        x=month, y=alt.Y("value_low:Q", title=words.axis), y2="value_high:Q", opacity=pale
    )
    dots = base.mark_point(filled=True, size=35, color=BLUE).encode(
        x=month,
        y=alt.Y("value:Q", title=words.axis, axis=alt.Axis(format=words.number)),
        opacity=pale,
    )
    missing = int(frame["value"].isna().sum())
    return finished(
        _faceted(alt.layer(rules, dots), _worded(frame)),
        words,
        CONFIDENCE + "; paler: too young to judge",
        f"{missing} of {len(frame)} cohorts withheld: too few cases" if missing else "",
    )


def survival(frame: pd.DataFrame, words: Words) -> alt.FacetChart | alt.Chart:
    """Return how the waiting leave each stage; half have reached the next where the line says so.

    ``frame`` has ``stage``, whose name holds the median, ``days``, ``waiting``, ``waiting_low``,
    ``waiting_high`` and ``value`` (the share that has reached the next), the first stage first.
    """
    if frame["value"].isna().all():
        return nothing(words, "nobody has entered a stage yet")
    base = alt.Chart(_worded(frame.dropna(subset=["value"])))
    days = alt.X(
        "days:Q",
        title=f"{words.name} since the stage was reached ({words.unit})",
        axis=alt.Axis(tickCount=6, labelOverlap=True),
        scale=alt.Scale(zero=True, nice=False),
    )
    share = alt.Axis(format="%")
    title = "Share of who reached it (%)"
    band = base.mark_area(color=GREY, opacity=0.3, interpolate="step-after").encode(
        x=days, y=alt.Y("waiting_low:Q", title=title, axis=share), y2="waiting_high:Q"
    )
    waiting = base.mark_line(color=GREY, strokeWidth=1.5, interpolate="step-after").encode(
        x=days, y=alt.Y("waiting:Q", title=title, scale=alt.Scale(domain=[0, 1]))
    )
    reached = base.mark_line(color=BLUE, strokeWidth=2.5, interpolate="step-after").encode(
        x=days, y=alt.Y("value:Q", title=title)
    )
    half = base.mark_rule(color=ORANGE, strokeDash=[5, 4]).encode(y=alt.datum(0.5))
    return finished(
        _faceted(alt.layer(half, band, waiting, reached), _worded(frame)),
        words,
        "Blue: has reached the next stage; orange dashes: one half",
        "Grey: still waiting, with its 95 % interval",
    )


def _worded(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(stage=[word(stage) for stage in frame["stage"]])


def _faceted(chart: alt.LayerChart, frame: pd.DataFrame) -> alt.FacetChart:
    stages = list(dict.fromkeys(frame["stage"]))
    return (
        chart.properties(width=_WIDTH, height=_HEIGHT)
        .facet(facet=alt.Facet("stage:N", sort=stages, title=None), columns=2)
        .resolve_scale(x="independent", y="independent")
    )
