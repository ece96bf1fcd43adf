"""What an observation or a feature is, by name."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np


@dataclass(frozen=True, kw_only=True, eq=False)
class Label:
    """A category for each observation or feature.

    Parameters
    ----------
    codes
        Position in ``names`` of each one, -1 where there is none.
    names
        The categories.
    is_known
        Whether an experimenter knows it too (slice, sample, guide, batch), so that blind copies keep it.
    separates
        Whether places of different categories have nothing to do with each other: nobody is the neighbour of someone in
        another slice.
    """

    codes: np.ndarray
    names: tuple[str, ...]
    is_known: bool = False
    separates: bool = False

    @property
    def indicators(self) -> np.ndarray:
        """One column per category, one where an observation belongs to it, float32."""
        return (self.codes[:, None] == np.arange(len(self.names))).astype(np.float32)

    @property
    def occurring(self) -> Label:
        """Itself with the categories that somebody has."""
        there = np.unique(self.codes[self.codes >= 0])
        if len(there) == len(self.names):
            return self
        at = np.full(len(self.names) + 1, -1)
        at[there] = np.arange(len(there))
        return replace(self, codes=at[self.codes], names=tuple(self.names[code] for code in there))

    def crossed(self, other: Label) -> Label:
        """Return the categories of both, such as ``slice_1:layer_2``: interactions are finer labels."""
        both = np.where((self.codes < 0) | (other.codes < 0), -1, self.codes * len(other.names) + other.codes)
        return Label(codes=both, names=tuple(f"{a}:{b}" for a in self.names for b in other.names))
