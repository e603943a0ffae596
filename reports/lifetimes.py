"""Pictures of what customers are worth: margin by age, and expectations with their evidence."""

from dataclasses import replace

import altair as alt
import pandas as pd

from reports.groups import dots
from reports.pictures import (
    HEIGHT,
    MOST_SERIES,
    WIDTH,
    Words,
    finished,
    nothing,
    quarter,
    withheld,
    word,
)


def ages(frame: pd.DataFrame, words: Words) -> alt.Chart:
    """Return the margin up to each age, a line a quarter of acquisition.

    ``frame`` has ``cohort`` (the first day of the quarter), ``age``, ``value``, ``customers`` and
    ``null_reason``. Of many quarters the latest are drawn.
    """
    if frame["value"].isna().all():
        return nothing(words, "no customer has been billed")
    known = frame.dropna(subset=["value"])
    kept = sorted(known["cohort"].unique())[-MOST_SERIES:]
    cohorts = known[known["cohort"].isin(kept)]
    cohorts = cohorts.assign(
        series=[
            f"{quarter(start)} (n = {customers})"
            for start, customers in zip(cohorts["cohort"], cohorts["customers"], strict=True)
        ]
    )
    months = list(range(int(known["age"].max()) + 1))
    age = alt.X(
        "age:Q",
        title="Months since the first win",
        axis=alt.Axis(values=months, format="d", labelOverlap=True),
    )
    value = alt.Y("value:Q", title=words.axis, axis=alt.Axis(format=words.number))
    lines = (
        alt.Chart(cohorts)
        .mark_line(strokeWidth=2, point=alt.OverlayMarkDef(size=16))
        .encode(
            x=age,
            y=value,
            color=alt.Color(
                "series:O",
                scale=alt.Scale(scheme="viridis"),
                legend=alt.Legend(orient="right"),
            ),
        )
    )
    missing = int(frame["value"].isna().sum())
    return finished(
        lines.properties(width=WIDTH - 80, height=HEIGHT),
        words,
        "A line a quarter of first wins, as far as all its customers have come. No interval",
        f"{missing} of {len(frame)} figures withheld: too few cases" if missing else "",
    )


def expectations(
    frame: pd.DataFrame, words: Words, evidence: Words, *, reference: float | None = None
) -> alt.Chart:
    """Return the expectation by group; where all are withheld, what is known instead, and why.

    ``frame`` has ``name``, ``value``, ``null_reason``, ``sample_size`` and the ``evidence``, whose
    words are in ``evidence``.
    """
    if frame.empty or frame["value"].notna().any():
        return dots(frame, words, reference=reference)
    reasons = ", ".join(word(reason) for reason in sorted(frame["null_reason"].dropna().unique()))
    instead = frame.assign(value=frame["evidence"])
    stated = replace(evidence, title=f"{words.title}: withheld")
    if instead["value"].isna().all():
        return nothing(words, withheld(frame, "groups"))
    chart = dots(instead.assign(null_reason="too_few_cases"), stated)
    notes = chart.title.subtitle
    chart.title.subtitle = [
        f"{words.name}: withheld for all {len(frame)} groups: {reasons}",
        f"Shown instead: {evidence.title}",
        *notes,
    ]
    return chart
