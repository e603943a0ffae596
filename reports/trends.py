"""Pictures of a figure over time: a dot a quarter with its interval, or lines over months."""

import altair as alt
import pandas as pd

from reports.pictures import (
    BLACK,
    BLUE,
    COLOURS,
    CONFIDENCE,
    GREY,
    HEIGHT,
    MODELS,
    ORANGE,
    WIDTH,
    Words,
    finished,
    has_interval,
    log_ticks,
    nothing,
    quarter,
    withheld,
)


def trend(
    frame: pd.DataFrame,
    words: Words,
    *,
    reference: float | None = None,
    is_logarithmic: bool = False,
) -> alt.Chart:
    """Return a dot a quarter, with interval, target and cases; a weak one's is paler.

    ``frame`` is the scoreboard's: ``period_start``, ``value`` and the other columns that
    ``pictures`` names, ``target_value``, and ``interval_kind``. ``reference`` is where to draw a
    line of comparison; a logarithmic axis is for costs, whose intervals are factors.
    """
    if frame["value"].isna().all():
        return nothing(words, withheld(frame, "quarters") or "no quarter has begun")
    marked = _labelled(frame)
    axes = _axes(marked, words, is_logarithmic=is_logarithmic)
    layers = [_rule(reference)] if reference is not None else []
    is_range = bool((frame["interval_kind"] == "attribution_models").any())
    if has_interval(frame):
        layers.append(_ends(marked, axes, is_range=is_range))
    layers.append(_dots(marked, axes, is_range=is_range))
    has_target = bool(frame["target_value"].notna().any())
    if has_target:
        layers.append(_targets(marked, axes))
    interval = (MODELS if is_range else CONFIDENCE) if has_interval(frame) else "No interval"
    is_weak = not frame.dropna(subset=["value"])["is_firm"].all()
    notes = interval + _told(is_weak=is_weak, has_target=has_target)
    if is_logarithmic:
        notes += "; log axis"
    if reference is not None:
        notes += f"; grey dashes: {reference:g}"
    return finished(
        alt.layer(*layers).properties(width=WIDTH, height=HEIGHT),
        words,
        notes,
        withheld(frame, "quarters"),
    )


def _told(*, is_weak: bool, has_target: bool) -> str:
    paler = "; paler: not over, or grade D" if is_weak else ""
    return paler + ("; orange dash: target" if has_target else "")


def _labelled(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(
        label=[
            f"{quarter(start)}|n = {cases:,.0f}"
            for start, cases in zip(frame["period_start"], frame["sample_size"], strict=True)
        ]
    )


def _axes(frame: pd.DataFrame, words: Words, *, is_logarithmic: bool) -> dict:
    """Return both axes; each quarter has its place, with a figure or without."""
    kind = alt.Scale(type="log", nice=False, padding=12) if is_logarithmic else alt.Scale(zero=True)
    return {
        "x": alt.X(
            "label:O",
            title="Quarter, and the cases n behind its figure",
            scale=alt.Scale(domain=list(frame["label"])),
            axis=alt.Axis(labelAngle=0, labelExpr="split(datum.label, '|')", labelFontSize=10),
        ),
        "y": alt.Y(
            "value:Q",
            title=words.axis,
            axis=alt.Axis(
                format=words.number, **(log_ticks(1, 1.5, 2, 3, 5, 7) if is_logarithmic else {})
            ),
            scale=kind,
        ),
    }


def _column(axes: dict, column: str) -> dict:
    y = axes["y"].copy()
    y.shorthand = f"{column}:Q"
    return axes | {"y": y}


def _opacity() -> alt.value:
    return alt.condition("datum.is_firm", alt.value(1), alt.value(0.35))


def _dots(frame: pd.DataFrame, axes: dict, *, is_range: bool) -> alt.Chart:
    chart = alt.Chart(frame)
    mark = (
        chart.mark_tick(thickness=3, size=24, color=BLACK)
        if is_range
        else chart.mark_point(filled=True, size=80, color=BLUE)
    )
    return mark.encode(opacity=_opacity(), **axes)


def _ends(frame: pd.DataFrame, axes: dict, *, is_range: bool) -> alt.Chart:
    mark = alt.Chart(frame).mark_rule(strokeWidth=18 if is_range else 2, color=BLUE)
    return mark.encode(y2="value_high:Q", opacity=_opacity(), **_column(axes, "value_low"))


def _targets(frame: pd.DataFrame, axes: dict) -> alt.Chart:
    mark = alt.Chart(frame).mark_tick(thickness=3, size=34, color=ORANGE, opacity=1)
    return mark.encode(**_column(axes, "target_value"))


def _rule(at: float) -> alt.Chart:
    return (
        alt.Chart(pd.DataFrame({"at": [at]}))
        .mark_rule(color=GREY, strokeDash=[5, 4])
        .encode(y="at:Q")
    )


def months(
    frame: pd.DataFrame, words: Words, note: str = "", *, reference: float | None = None
) -> alt.Chart:
    """Return a line a ``series`` over ``month``, most important series first as the rows come.

    ``frame`` has ``month``, ``series``, ``value`` and ``is_firm``.
    """
    if frame.loc[frame["is_firm"], "value"].isna().all():
        return nothing(words, "no month has a figure")
    shown = frame[frame["is_firm"]]
    names = list(dict.fromkeys(frame["series"]))
    lines = (
        alt.Chart(shown)
        .mark_line(strokeWidth=2, point=alt.OverlayMarkDef(size=18))
        .encode(
            x=alt.X("month:T", title="Month", axis=alt.Axis(format="%b %Y", labelAngle=0)),
            y=alt.Y("value:Q", title=words.axis, axis=alt.Axis(format=words.number)),
            color=alt.Color(
                "series:N",
                scale=alt.Scale(domain=names, range=COLOURS),
                legend=alt.Legend(orient="top") if len(names) > 1 else None,
            ),
        )
    )
    layers = [_rule(reference)] if reference is not None else []
    return finished(
        alt.layer(*layers, lines).properties(width=WIDTH, height=HEIGHT),
        words,
        note,
        "" if frame["is_firm"].all() else "Without the month that is not over",
    )
