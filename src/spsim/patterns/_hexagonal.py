"""Hexagonal lattice, by default that of a Visium slide."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from spsim import _validate
from spsim._random import Stream
from spsim.patterns._layout import Layout, padded
from spsim.truth import Sites


@dataclass(frozen=True, kw_only=True)
class Hexagonal(Layout):
    r"""Hexagonal lattice in row-major order; every second row is shifted by half a pitch.

    Spot (row, column), counted from 0, with pitch :math:`s`:

    .. math:: x = s \left(\text{column} + \tfrac12 (\text{row} \bmod 2)\right), \qquad
       y = s\, \tfrac{\sqrt 3}{2}\, \text{row}

    so that all six neighbours are at the same distance. The defaults are a Visium capture area.

    Parameters
    ----------
    n_rows, n_columns
        Number of rows, and of spots in each row.
    spacing
        Pitch: distance between the centres of neighbouring spots, in ``unit``.
    unit
        Name of the coordinates' unit.
    spot_diameter
        Diameter of a spot, in ``unit``, at most ``spacing``; spots are drawn in this size. Factors are looked up at
        the spot's centre.

    Examples
    --------
    >>> import spsim as sps
    >>> visium = sps.patterns.Hexagonal()
    >>> visium.n_spots, visium.spacing, visium.unit
    (4992, 100.0, 'micrometer')
    >>> sps.datasets.quilt(layout=visium, n_spatial=20).shape
    (4992, 20)
    """

    # 10x Genomics, Visium Spatial Gene Expression: 4,992 spots of 55 µm, 100 µm from centre to centre; Space Ranger's
    # tissue_positions file has 78 rows and 128 half-pitch columns, of which each row uses every second.
    n_rows: int = field(default=78, kw_only=False)
    n_columns: int = field(default=64, kw_only=False)
    spacing: float = 100.0
    unit: str = "micrometer"
    spot_diameter: float = 55.0

    def __post_init__(self) -> None:
        for name in ("n_rows", "n_columns"):
            object.__setattr__(self, name, _validate.whole(name, getattr(self, name), at_least=1))
        super().__post_init__()
        object.__setattr__(self, "spot_diameter", _validate.real("spot_diameter", self.spot_diameter, above=0))
        if self.spot_diameter > self.spacing:
            msg = f"spot_diameter must be at most spacing ({self.spacing:g}), got {self.spot_diameter:g}"
            raise ValueError(msg)

    @property
    def n_spots(self) -> int:
        """Number of spots."""
        return self.n_rows * self.n_columns

    def sites(self, source: Stream) -> Sites:
        """Place the spots; nothing is random."""
        rows, columns = np.divmod(np.arange(self.n_spots), self.n_columns)
        lattice = np.column_stack([columns + 0.5 * (rows % 2), rows * np.sqrt(0.75)])
        return padded(lattice * self.spacing, self.spacing)
