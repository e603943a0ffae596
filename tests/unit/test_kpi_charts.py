"""The KPIs' pictures: one each, units on the axes, intervals where there are any, no network."""

import csv
import json
import socket
from pathlib import Path
from typing import NoReturn

import pandas as pd
import pytest

from reports.kpi_charts import PICTURES, chart
from reports.kpi_page import MARK, with_sections
from reports.pictures import unit_text, word
from reports.rendering import svg

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "kpis.md"
with (ROOT / "seeds" / "metrics.csv").open(encoding="utf-8") as file:
    METRICS = {row["kpi"]: row for row in csv.DictReader(file)}

START = pd.Timestamp("2026-01-01")
TODAY = pd.Timestamp("2026-04-01")

# every column that a query names: a picture takes those that it needs
ROW = {
    "period_start": START, "month": START, "cohort": START,
    "is_firm": True, "is_complete": True, "is_mature": True,
    "value": 0.4, "value_low": 0.3, "value_high": 0.5, "interval_kind": "confidence_95",
    "sample_size": 12, "target_value": 0.45, "null_reason": None, "series": "first_touch",
    "name": "paid_search", "attribution_model": "linear", "stage": "lead to mql", "days": 3,
    "waiting": 0.6, "waiting_low": 0.5, "waiting_high": 0.7, "opportunities": 0.5,
    "opportunities_low": 0.4, "opportunities_high": 0.6, "age": 1, "customers": 12,
    "evidence": 7.0,
}  # fmt: skip
WITHHELD = {**ROW, "period_start": TODAY, "name": "email", "cohort": TODAY, "month": TODAY} | {
    "value": None, "value_low": None, "value_high": None, "null_reason": "too_few_cases",
    "sample_size": 2,
}  # fmt: skip


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> NoReturn:
        raise AssertionError("a picture reaches for the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)


def drawn(kpi: str, *rows: dict) -> dict:
    frame = pd.DataFrame(list(rows), columns=list(ROW))
    return json.loads(chart(kpi, frame, METRICS[kpi]["unit"], "EUR").to_json())


def found(part: object, key: str) -> list:
    """Return what stands under ``key`` anywhere in a specification."""
    if isinstance(part, list):
        return [value for each in part for value in found(each, key)]
    if not isinstance(part, dict):
        return []
    own = [part[key]] if key in part else []
    return own + [
        value for name, each in part.items() if name != "datasets" for value in found(each, key)
    ]


def fields(specification: dict) -> set[str]:
    return {field for field in found(specification, "field") if isinstance(field, str)}


def axis_titles(specification: dict) -> set[str]:
    encodings = found(specification, "encoding")
    axes = [encoding[axis] for encoding in encodings for axis in ("x", "y") if axis in encoding]
    return {axis["title"] for axis in axes if isinstance(axis.get("title"), str)}


def told(specification: dict) -> str:
    return " ".join([specification["title"]["text"], *specification["title"]["subtitle"]])


def test_every_kpi_of_the_dictionary_has_a_picture_and_nothing_else_has() -> None:
    assert sorted(PICTURES) == sorted(METRICS)


@pytest.mark.parametrize("kpi", METRICS)
def test_the_axis_says_the_unit_of_the_dictionary(kpi: str) -> None:
    unit = unit_text(METRICS[kpi]["unit"], "EUR")
    titles = axis_titles(drawn(kpi, ROW))
    assert any(title.endswith(f"({unit})") for title in titles), titles


@pytest.mark.parametrize("kpi", METRICS)
def test_without_a_row_the_picture_says_that_there_is_nothing(kpi: str) -> None:
    specification = drawn(kpi)
    assert specification["mark"]["type"] == "text"
    (rows,) = specification["datasets"].values()
    assert rows[0]["text"].startswith("Nothing to show: ")


@pytest.mark.parametrize(
    "kpi",
    [
        "win_rate",
        "pipeline_velocity",
        "blended_cac",
        "stage_conversion",
        "renewal_rate",
        "paid_cac",
    ],
)
def test_an_interval_is_drawn_from_its_low_end_to_its_high(kpi: str) -> None:
    assert {"value", "value_low", "value_high"} <= fields(drawn(kpi, ROW))


def test_without_an_interval_the_picture_says_so() -> None:
    bare = {**ROW, "value_low": None, "value_high": None}
    specification = drawn("win_rate", bare)
    assert "value_low" not in fields(specification)
    assert "No interval" in told(specification)


def test_a_range_over_the_models_is_told_from_an_interval() -> None:
    assert "95 % interval" in told(drawn("win_rate", ROW))
    ranged = told(drawn("roas", {**ROW, "interval_kind": "attribution_models"}))
    assert "range over the attribution models" in ranged
    assert "95 %" not in ranged


@pytest.mark.parametrize("kpi", ["win_rate", "paid_cac", "cost_per_lead", "renewal_rate"])
def test_a_withheld_figure_is_counted_with_its_reason(kpi: str) -> None:
    assert "1 of 2 " in told(drawn(kpi, ROW, WITHHELD))
    assert "withheld: too few cases" in told(drawn(kpi, ROW, WITHHELD))


def test_a_quarter_without_a_figure_keeps_its_place() -> None:
    domains = found(drawn("win_rate", ROW, WITHHELD), "domain")
    assert ["2026 Q1|n = 12", "2026 Q2|n = 2"] in domains


@pytest.mark.parametrize(
    ("kpi", "instead"),
    [
        ("expected_lifetime_value", "First year's margin (EUR per customer)"),
        ("expected_purchase_value", "Customers (number)"),
        ("ltv_to_cac", "Realised margin (EUR per customer)"),
    ],
)
def test_where_all_is_withheld_the_evidence_is_shown_instead(kpi: str, instead: str) -> None:
    specification = drawn(kpi, {**WITHHELD, "null_reason": "fit_not_settled"})
    assert axis_titles(specification) == {instead}
    assert "withheld for all 1 groups: fit not settled" in told(specification)


@pytest.mark.parametrize(
    ("kpi", "at"), [("roas", 1), ("marketing_roi", 0), ("ltv_to_cac", 3), ("overclaim_ratio", 1)]
)
def test_a_ratio_is_compared_with_what_breaks_even(kpi: str, at: int) -> None:
    rows = [row for rows in drawn(kpi, ROW)["datasets"].values() for row in rows]
    assert {"at": at} in rows


def test_a_picture_renders_offline_to_the_same_text_each_time() -> None:
    picture = chart("win_rate", pd.DataFrame([ROW]), "share", "EUR")
    text = svg(picture)
    assert PICTURES["win_rate"].title in text
    assert "Win rate (%)" in text
    assert svg(picture) == text


def test_the_page_has_a_section_a_kpi_and_is_not_stale() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert with_sections(page, list(METRICS.values()), "pictures/kpis") == page
    for kpi, metric in METRICS.items():
        assert f"](pictures/kpis/{kpi}.svg)" in page
        assert metric["caveat"] in page.partition(MARK)[2]


def test_the_page_has_exactly_its_pictures_and_they_are_small() -> None:
    files = {path.stem: path for path in (PAGE.parent / "pictures" / "kpis").iterdir()}
    assert sorted(files) == sorted(METRICS)
    assert max(path.stat().st_size for path in files.values()) < 60_000
    for kpi, path in files.items():
        text = path.read_text(encoding="utf-8")
        assert word(PICTURES[kpi].title) in text.replace("&#39;", "'")
        assert "href=" not in text
