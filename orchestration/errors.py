"""What can go wrong between the steps."""


class PipelineError(Exception):
    """A step cannot go on; the message says what, where and what to do."""
