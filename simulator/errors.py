"""What can be wrong with a request for a simulated company."""


class SimulationError(Exception):
    """The sample company cannot be written as asked; the message says what to change."""
