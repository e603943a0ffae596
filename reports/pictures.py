"""What every picture shares: size, colours, titles, and how an absent figure is spoken of.

A frame has one row a mark. ``value`` is the figure, ``value_low`` and ``value_high`` its interval,
``null_reason`` why there is no figure, ``is_firm`` whether its period is over and its grade better
than D, ``sample_size`` the cases behind it. Shares run from 0 to 1 and are written as %.
"""

import re
from dataclasses import dataclass
from textwrap import wrap

import altair as alt
import pandas as pd

# Okabe and Ito's colours, which people with any kind of colour vision tell apart:
# https://jfly.uni-koeln.de/color/
BLUE, ORANGE, GREEN, RED = "#0072B2", "#E69F00", "#009E73", "#D55E00"
PURPLE, SKY, BLACK, GREY = "#CC79A7", "#56B4E9", "#000000", "#8A8A8A"
COLOURS = [BLUE, ORANGE, GREEN, PURPLE, RED, SKY, BLACK, GREY]
WIDTH, HEIGHT = 620, 280
MOST_SERIES = len(COLOURS)
_LINE = 100  # letters of a note that fit above the narrowest picture

# The renderer brings this face, so that text is as long on every machine; Arial is as wide.
FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
CONFIDENCE = "Line through a dot: 95 % interval"
MODELS = "Bar: the range over the attribution models, no interval; black line: their median"


@dataclass(frozen=True)
class Words:
    """What a picture says beside its marks: its title, the figure's name, unit and currency."""

    title: str
    name: str
    unit: str
    currency: str

    @property
    def axis(self) -> str:
        """The title of the axis that the figure is read from."""
        return f"{self.name} ({self.unit})"

    @property
    def number(self) -> str:
        """How the axis writes a number: d3's format."""
        return "%" if self.unit == "%" else ",f"


def log_ticks(*steps: float) -> dict:
    """Return where a logarithmic axis has its numbers: at ``steps`` of each power of ten."""
    powers = range(-2, 8)
    return {
        "values": [step * 10**power for power in powers for step in steps],
        "labelOverlap": True,
    }


def unit_text(unit: str, currency: str) -> str:
    """Return the dictionary's unit as an axis has it: ``EUR per customer``, ``%``, ``days``."""
    return "%" if unit == "share" else unit.replace("reporting currency", currency)


def quarter(day: pd.Timestamp) -> str:
    """Return the name of the quarter that begins on ``day``, such as ``2026 Q1``."""
    return f"{day.year} Q{day.quarter}"


def word(name: str) -> str:
    """Return a published value as people write it: ``paid_search`` is ``paid search``."""
    return re.sub(r"\b[ms]ql\b", lambda stage: stage[0].upper(), name.replace("_", " "))


def withheld(frame: pd.DataFrame, rows: str) -> str:
    """Say how many of the ``rows``, such as quarters, have no figure, and why; empty if all do."""
    absent = frame[frame["value"].isna()]
    if absent.empty:
        return ""
    counted = absent["null_reason"].fillna("unknown").value_counts().sort_index()
    reasons = ", ".join(
        f"{word(reason)}" + (f" ({count})" if len(counted) > 1 else "")
        for reason, count in counted.items()
    )
    return f"{len(absent)} of {len(frame)} {rows} withheld: {reasons}"


def has_interval(frame: pd.DataFrame) -> bool:
    """Say whether any row has both ends of an interval."""
    return bool((frame["value_low"].notna() & frame["value_high"].notna()).any())


def nothing(words: Words, why: str) -> alt.Chart:
    """Return a picture that says in words that there is nothing to show, and ``why``."""
    return finished(
        alt.Chart(pd.DataFrame({"text": [f"Nothing to show: {why}"]}))
        .mark_text(size=14, color=GREY)
        .encode(text="text:N")
        .properties(width=WIDTH, height=80),
        words,
    )


def finished(chart: alt.Chart, words: Words, *notes: str) -> alt.Chart:
    """Return ``chart`` with title, ``notes`` below it, and the look that all pictures share."""
    return (
        chart.properties(
            title=alt.TitleParams(
                words.title,
                subtitle=[line for note in notes for line in wrap(note, _LINE)] or "",
                anchor="start",
                frame="group",
                fontSize=16,
                subtitleFontSize=12,
                subtitleColor="#555",
                offset=12,
            ),
            padding=12,
        )
        .configure(font=FONT, aria=False, background="white")
        .configure_view(stroke=None)
        .configure_axis(
            labelFontSize=11,
            titleFontSize=12,
            titleFontWeight="normal",
            grid=False,
            gridColor="#e8e8e8",
        )
        .configure_axisY(grid=True, domain=False, ticks=False, labelPadding=6)
        .configure_legend(labelFontSize=11, title=None, labelLimit=220)
        .configure_header(title=None, labelFontSize=12, labelFontWeight="bold")
    )
