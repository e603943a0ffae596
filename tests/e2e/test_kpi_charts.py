"""The KPIs' pictures of a published company: all of them, from what readers may rely on."""

from pathlib import Path

import pytest

from tests.support.commands import scalehouse
from tests.support.project import Project


def test_every_kpi_of_a_small_company_is_drawn(
    company: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kpis = {kpi for (kpi,) in company.query("select kpi from metric_dictionary")}
    monkeypatch.setenv("SCALEHOUSE_HOME", str(company.home))
    printed = scalehouse("charts", str(tmp_path))
    assert f"{len(kpis)} pictures" in printed
    assert {path.stem for path in tmp_path.glob("*.svg")} == kpis
    empty = [path.stem for path in tmp_path.glob("*.svg") if "Nothing to show" in path.read_text()]
    assert len(empty) < len(kpis) / 2
