"""What can go wrong while something is drawn for readers."""

from ingest.errors import ScalehouseError


class ReportError(ScalehouseError):
    """Something cannot be drawn; the message says what, and why."""
