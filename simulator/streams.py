"""Random numbers by name: what one part draws never shifts what another one gets."""

import zlib
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Streams:
    """All random numbers of one seed."""

    seed: int

    def named(self, name: str) -> np.random.Generator:
        """Return the stream called ``name``, always from its beginning."""
        return np.random.Generator(
            np.random.PCG64(np.random.SeedSequence([self.seed, zlib.crc32(name.encode())]))
        )
