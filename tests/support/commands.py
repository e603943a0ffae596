"""Run a command of the command line in this process."""

from typer.testing import CliRunner

from orchestration.cli import app


def scalehouse(*arguments: str, expect: int = 0) -> str:
    """Run ``scalehouse`` with ``arguments``; return all it prints.

    Raises:
        AssertionError: it ended with another code than ``expect``, or with a traceback.
    """
    result = CliRunner().invoke(app, arguments)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert result.exit_code == expect, result.output
    return result.output
