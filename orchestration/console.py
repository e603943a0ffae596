"""What the command line prints on, and how it explains what goes wrong."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import duckdb
import typer
from filelock import Timeout
from pydantic import ValidationError
from rich.console import Console
from rich.markup import escape

from ingest.errors import ScalehouseError
from ingest.opening import is_damage
from ingest.scrubbing import scrubbed_error
from ingest.space import is_full_disk
from ingest.warehouse import SchemaDriftError, Warehouse
from orchestration.errors import PipelineError
from orchestration.resources import Settings
from orchestration.run_lock import run_lock

# a file or a pipe has no edge that a table would have to be cut at
console = Console(width=None if sys.stdout.isatty() else 240)
errors = Console(stderr=True)


@contextmanager
def explained() -> Iterator[None]:
    """Turn what can be expected to go wrong into one message and exit code 2."""
    try:
        yield
    except (ScalehouseError, SchemaDriftError) as error:
        advise(str(error))
        stop(str(error), error)
    except ValidationError as error:
        wrong = [f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors()]
        stop(f"{error.title} cannot be read: {'; '.join(wrong)}", error)
    except (duckdb.Error, OSError) as error:
        advise(str(error))
        stop(scrubbed_error(error), error)


def advise(message: str) -> None:
    """Print what to do about an error of the file system, if ``message`` is about one."""
    if is_full_disk(message):
        remedy = "the disk is full: free some room and run again; readers keep the last snapshot"
    elif is_damage(message):
        remedy = "damaged bytes: the next run moves the database aside and makes it again"
    elif "Could not set lock" in message:
        remedy = "close whatever has that file open; readers belong on published/current.duckdb"
    else:
        return
    errors.print("[yellow]→[/]", remedy, highlight=False, soft_wrap=True)


def stop(message: str, error: Exception) -> NoReturn:
    """Print why the command cannot do what was asked, and end with exit code 2."""
    errors.print("[red]error:[/]", escape(message), highlight=False, soft_wrap=True)
    raise typer.Exit(2) from error


@contextmanager
def alone(warehouse: Warehouse) -> Iterator[None]:
    """Hold the lock of runs; says so if another run makes this one wait."""
    lock = run_lock(warehouse)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        console.print("another run is under way: waiting for its end ...", style="dim")
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def existing_warehouse() -> Warehouse:
    """Return the settings' warehouse.

    Raises:
        PipelineError: nothing has run in this home yet.
    """
    warehouse = Settings().warehouse
    if not warehouse.database.is_file():
        raise PipelineError(f"{warehouse.database} is not there yet: run `scalehouse run` first")
    return warehouse
