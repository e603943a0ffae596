"""dbt's log file, without the values that the errors of DuckDB quote in it."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from logging.handlers import RotatingFileHandler
from pathlib import Path

from dbt_common.events.base_types import EventMsg

from ingest.scrubbing import scrubbed, without_personal_parts

_LEVELS = {"info": logging.INFO, "warn": logging.WARNING, "error": logging.ERROR}
_BYTES, _OLDER_FILES = 10_000_000, 4


@contextmanager
def scrubbed_log(folder: Path) -> Iterator[Callable[[EventMsg], None]]:
    """Give what writes dbt's events to ``dbt.log`` in ``folder`` while the block lasts."""
    folder.mkdir(parents=True, exist_ok=True)
    handler = RotatingFileHandler(
        folder / "dbt.log", maxBytes=_BYTES, backupCount=_OLDER_FILES, encoding="utf-8"
    )
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)-7s %(message)s"))

    def write(event: EventMsg) -> None:
        level = _LEVELS.get(event.info.level)
        if level and event.info.msg:
            clean = scrubbed if level == logging.ERROR else without_personal_parts
            handler.handle(logging.LogRecord("dbt", level, "", 0, clean(event.info.msg), (), None))

    try:
        yield write
    finally:
        handler.close()
