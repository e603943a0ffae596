"""What can be wrong with a delivery."""


class ScalehouseError(Exception):
    """Something went wrong and our own words say what: they quote no value of a file."""


class RefusedFileError(ScalehouseError):
    """A landing file cannot be read as its contract says; the message names the remedy."""


class LedgerError(ScalehouseError):
    """A request to the ledger that cannot be carried out, such as accepting an unknown file."""


class HomeError(ScalehouseError):
    """The files of a home are damaged, missing or at odds; the message says what to do."""
