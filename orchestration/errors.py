"""What can go wrong between the steps."""

from ingest.errors import ScalehouseError


class PipelineError(ScalehouseError):
    """A step cannot go on; the message says what, where and what to do."""
