"""What can be wrong with a delivery."""


class RefusedFileError(Exception):
    """A landing file cannot be read as its contract says; the message names the remedy."""


class LedgerError(Exception):
    """A request to the ledger that cannot be carried out, such as accepting an unknown file."""


class HomeError(Exception):
    """The files of a home are damaged, missing or at odds; the message says what to do."""
