"""A run as lines on the console: each step with its seconds and rows."""

import logging

import dagster as dg
from rich.console import Console

PROGRESS = "progress"
_NAME_WIDTH = 31


class StepLines(logging.Handler):
    """Prints a line when a step ends; while one runs, a terminal shows its name."""

    def __init__(self, console: Console) -> None:
        """Prepare to print on ``console``."""
        super().__init__()
        self._console = console
        self._status = console.status("starting")
        self._rows: dict[str, int] = {}

    def emit(self, record: logging.LogRecord) -> None:
        """Print what a step's event says; other messages are for Dagster's own log."""
        event: dg.DagsterEvent | None = getattr(record, "dagster_event", None)
        if event is None:
            return
        if event.is_step_start:
            self._status.update(f"{event.step_key} ...")
            self._status.start()
        elif event.is_step_materialization:
            self._add_rows(event)
        elif event.is_step_success:
            seconds = event.step_success_data.duration_ms / 1000
            self._line("[green]done[/]", event.step_key, f"{seconds:6.1f} s", self._rows_of(event))
        elif event.is_step_failure:
            self._line("[red]failed[/]", event.step_key)
        elif event.is_step_skipped:
            self._line("[yellow]skipped[/]", event.step_key)

    def _add_rows(self, event: dg.DagsterEvent) -> None:
        metadata = event.step_materialization_data.materialization.metadata
        # a raw table counts what this step added, another table what it now holds
        rows = metadata.get("rows_loaded") or metadata.get("dagster/row_count")
        if rows is not None:
            self._rows[event.step_key] = self._rows.get(event.step_key, 0) + int(rows.value)

    def _rows_of(self, event: dg.DagsterEvent) -> str:
        return f"{self._rows[event.step_key]:>12,} rows" if event.step_key in self._rows else ""

    def _line(self, verdict: str, step: str, *figures: str) -> None:
        self._status.stop()
        self._console.print(f"{step:<{_NAME_WIDTH}}", verdict, *figures, highlight=False)


@dg.logger(description="Prints a line per step.")
def progress_logger(_: dg.InitLoggerContext) -> logging.Logger:
    """Return the logger that `scalehouse run` listens to."""
    logger = logging.getLogger(f"scalehouse.{PROGRESS}")
    logger.setLevel(logging.DEBUG)
    logger.propagate = False
    logger.handlers.clear()
    logger.addHandler(StepLines(Console()))
    return logger
