"""Pictures of a figure by group: channels, origins or stages, one below the other."""

import altair as alt
import pandas as pd

from reports.pictures import (
    BLACK,
    BLUE,
    CONFIDENCE,
    GREY,
    MODELS,
    ORANGE,
    WIDTH,
    Words,
    finished,
    has_interval,
    log_ticks,
    nothing,
    withheld,
    word,
)

_ROW = 30  # pixels a group
_LOG = alt.Scale(type="log", nice=False, padding=14)


def ranges(frame: pd.DataFrame, words: Words, note: str = "") -> alt.Chart:
    """Return a bar a group from the least to the most of the models, the dearest first.

    ``frame`` has ``name``, ``value``, ``value_low``, ``value_high`` and ``null_reason``. The axis
    is logarithmic, since channels differ by more than their models do.
    """
    if frame["value"].isna().all():
        return nothing(words, withheld(frame, "channels") or "no channel has spent anything")
    shown = _named(frame.dropna(subset=["value"]))
    base = alt.Chart(shown).encode(y=_rows(shown))
    bars = base.mark_bar(height=16, color=BLUE).encode(
        x=_figure("value_low", words, _LOG), x2="value_high:Q"
    )
    ticks = base.mark_tick(thickness=3, height=20, color=BLACK).encode(x=_figure("value", words))
    return finished(
        _sized(alt.layer(bars, ticks), shown), words, MODELS, note, withheld(frame, "channels")
    )


def strips(frame: pd.DataFrame, words: Words, note: str = "") -> alt.Chart:
    """Return a thin line a model and a dot for linear, in a row a channel.

    ``frame`` has ``name``, ``attribution_model``, ``value`` and ``null_reason``.
    """
    linear = frame[frame["attribution_model"] == "linear"]
    if frame["value"].isna().all():
        return nothing(words, withheld(linear, "channels") or "no channel has spent anything")
    shown = _named(frame.dropna(subset=["value"]), linear)
    base = alt.Chart(shown).encode(y=_rows(shown))
    models = base.mark_tick(thickness=1.5, height=18, color=BLUE, opacity=0.6).encode(
        x=_figure("value", words, _LOG)
    )
    dots = (
        base.transform_filter("datum.attribution_model == 'linear'")
        .mark_point(filled=True, size=90, color=ORANGE, opacity=1)
        .encode(x=_figure("value", words, _LOG))
    )
    return finished(
        _sized(alt.layer(models, dots), shown),
        words,
        "Orange dot: the linear model; each blue line: another attribution model",
        note,
        withheld(linear, "channels"),
    )


def dots(frame: pd.DataFrame, words: Words, *, reference: float | None = None) -> alt.Chart:
    """Return a dot a group with its interval, the largest first, and the cases in its name."""
    if frame["value"].isna().all():
        return nothing(words, withheld(frame, "groups") or "there is no customer yet")
    shown = _named(frame.dropna(subset=["value"]))
    base = alt.Chart(shown).encode(y=_rows(shown))
    layers = []
    if reference is not None:
        at = pd.DataFrame({"at": [reference]})
        layers.append(alt.Chart(at).mark_rule(color=GREY, strokeDash=[5, 4]).encode(x="at:Q"))
    if has_interval(frame):
        layers.append(
            base.mark_rule(strokeWidth=2, color=BLUE).encode(
                x=_figure("value_low", words), x2="value_high:Q"
            )
        )
    layers.append(
        base.mark_point(filled=True, size=90, color=BLUE, opacity=1).encode(
            x=_figure("value", words)
        )
    )
    note = CONFIDENCE if has_interval(frame) else "No interval; n: the cases behind the figure"
    if reference is not None:
        note += f"; dashes: {reference:g}"
    return finished(_sized(alt.layer(*layers), shown), words, note, withheld(frame, "groups"))


def waits(frame: pd.DataFrame, words: Words) -> alt.Chart:
    """Return a line a stage from the median of its wait to the 90th percentile, in stage order.

    ``frame`` has ``name``, ``value`` (the median), ``value_high`` (the 90th percentile) and
    ``null_reason``, the first stage first.
    """
    if frame["value"].isna().all():
        return nothing(words, withheld(frame, "stages") or "nobody has left a stage yet")
    shown = frame.dropna(subset=["value"]).assign(
        label=lambda rows: _labels(rows["name"], rows["sample_size"])
    )
    base = alt.Chart(shown).encode(
        y=alt.Y("label:N", sort=None, title=None, axis=alt.Axis(grid=False))
    )
    spans = base.mark_rule(strokeWidth=4, color=BLUE, opacity=0.4).encode(
        x=_figure("value", words), x2="value_high:Q"
    )
    medians = base.mark_point(filled=True, size=110, color=BLUE, opacity=1).encode(
        x=_figure("value", words)
    )
    return finished(
        _sized(alt.layer(spans, medians), shown),
        words,
        "Dot: half took no longer; end of the line: nine in ten took no longer (no interval)",
        withheld(frame, "stages"),
    )


def _named(shown: pd.DataFrame, by: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return the rows with a ``label``, in the order of the figures of ``by`` or their own."""
    own = (by if by is not None else shown).set_index("name").sort_index()
    rank = own["value"].sort_values(ascending=False, kind="stable")
    place = {name: index for index, name in enumerate(rank.index)}
    return shown.assign(
        label=_labels(shown["name"], shown["name"].map(own["sample_size"]).fillna(0)),
        place=[-1 if name == "all" else place.get(name, len(place)) for name in shown["name"]],
    ).sort_values(["place", "name"], kind="stable")


def _labels(names: pd.Series, sizes: pd.Series) -> list[str]:
    return [
        f"{'all customers' if name == 'all' else word(name)} (n = {size:,.0f})"
        for name, size in zip(names, sizes, strict=True)
    ]


def _rows(shown: pd.DataFrame) -> alt.Y:
    order = list(dict.fromkeys(shown["label"]))
    return alt.Y("label:N", sort=order, title=None, axis=alt.Axis(labelLimit=240, grid=False))


def _figure(column: str, words: Words, scale: alt.Scale | None = None) -> alt.X:
    if scale is None:
        axis = alt.Axis(format=words.number, grid=True, labelOverlap=True, tickCount=6)
        return alt.X(f"{column}:Q", title=words.axis, axis=axis)
    axis = alt.Axis(format=words.number, grid=True, **log_ticks(1, 2, 5))
    return alt.X(f"{column}:Q", title=words.axis, axis=axis, scale=scale)


def _sized(chart: alt.LayerChart, shown: pd.DataFrame) -> alt.LayerChart:
    return chart.properties(width=WIDTH - 130, height=max(_ROW * shown["label"].nunique(), 60))
