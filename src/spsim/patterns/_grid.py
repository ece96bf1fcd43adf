"""Rectangular lattice."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from spsim import _validate
from spsim._random import Stream
from spsim.patterns._layout import Layout
from spsim.truth import Sites


@dataclass(frozen=True, kw_only=True)
class Grid(Layout):
    """Rectangular lattice of ``n_rows`` × ``n_columns`` spots in row-major order.

    Parameters
    ----------
    n_rows, n_columns
        Size of the lattice; ``n_columns`` defaults to ``n_rows``.
    spacing
        Distance between neighbouring spots, in ``unit``.
    unit
        Name of the coordinates' unit.

    Examples
    --------
    >>> import spsim as sps
    >>> sps.patterns.Grid(n_rows=2, n_columns=3).n_spots
    6
    """

    n_rows: int = field(default=36, kw_only=False)
    n_columns: int | None = field(default=None, kw_only=False)

    def __post_init__(self) -> None:
        columns = self.n_rows if self.n_columns is None else self.n_columns
        object.__setattr__(self, "n_rows", _validate.whole("n_rows", self.n_rows, at_least=1))
        object.__setattr__(self, "n_columns", _validate.whole("n_columns", columns, at_least=1))
        super().__post_init__()

    @property
    def n_spots(self) -> int:
        """Number of spots."""
        return self.n_rows * (self.n_columns or self.n_rows)

    def sites(self, source: Stream) -> Sites:
        """Place the spots; nothing is random."""
        size = np.array([self.n_columns, self.n_rows], float)
        rows, columns = np.divmod(np.arange(self.n_spots), int(size[0]))
        coordinates = np.column_stack([columns, rows]) * self.spacing
        return Sites(coordinates=coordinates, lower=-0.5 * self.spacing * np.ones(2), upper=(size - 0.5) * self.spacing)
