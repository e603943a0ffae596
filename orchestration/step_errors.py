"""What a step may say when it fails."""

from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg

from ingest.errors import ScalehouseError
from ingest.scrubbing import scrubbed_error


class StepError(Exception):
    """A step failed in a way that nobody foresaw; the values that the error quotes are withheld."""


@contextmanager
def scrubbed_errors() -> Iterator[None]:
    """Let errors pass without the values that they quote: Dagster keeps what it sees of them.

    The stack stays; what an error was raised from goes, since that may quote values, too.
    """
    try:
        yield
    except (ScalehouseError, dg.Failure) as error:
        raise error from None
    except Exception as error:  # noqa: BLE001 - whatever it is, its words would be kept
        raise StepError(scrubbed_error(error)).with_traceback(error.__traceback__) from None
