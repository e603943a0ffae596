"""The command line where no pipeline has to run: help, first steps and errors."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from orchestration.cli import app
from orchestration.resources import Settings

runner = CliRunner()


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SCALEHOUSE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("SCALEHOUSE_LANDING", str(tmp_path / "landing"))
    return tmp_path


def test_every_command_says_what_it_does() -> None:
    told = runner.invoke(app, ["--help"]).output
    for command in (
        "generate", "run", "status", "query", "quarantine", "accept", "withdraw", "docs", "dev",
        "rebuild", "backup", "restore", "replay-quarantine", "explain", "metrics", "grade", "refit",
        "charts",
    ):  # fmt: skip
        assert command in told
        assert runner.invoke(app, [command, "--help"]).exit_code == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ["status"],
        ["quarantine"],
        ["docs"],
        ["rebuild"],
        ["backup", "somewhere"],
        ["replay-quarantine"],
        ["query", "select 1"],
        ["charts", "somewhere"],
        ["explain", "person", "1"],
        ["accept", "x", "--reason", "y"],
        ["withdraw", "x", "--reason", "y"],
    ],
    ids=lambda arguments: arguments[0],
)
def test_before_the_first_run_a_command_says_what_to_do(arguments: list[str]) -> None:
    result = runner.invoke(app, arguments)
    assert result.exit_code == 2
    assert "scalehouse run" in result.output


def test_a_decision_needs_a_reason() -> None:
    assert runner.invoke(app, ["accept", "x.csv"]).exit_code == 2


def test_a_folder_that_holds_exports_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "landing").mkdir()
    (tmp_path / "landing" / "x").touch()
    result = runner.invoke(app, ["generate", str(tmp_path)])
    assert result.exit_code == 2
    assert "holds exports already" in " ".join(result.output.split())


def test_each_setting_is_explained_with_its_default() -> None:
    example = (Path(__file__).parents[2] / ".env.example").read_text()
    for name, field in Settings.model_fields.items():
        assert f"SCALEHOUSE_{name.upper()}=" in example
        if not isinstance(field.default, Path | None):
            assert f"SCALEHOUSE_{name.upper()}={field.default}" in example
