"""Rectangular lattice with displaced spots."""

from __future__ import annotations

from dataclasses import dataclass

from spsim import _validate
from spsim._random import Purpose, Stream, uniforms
from spsim.patterns._grid import Grid
from spsim.truth import Sites


@dataclass(frozen=True, kw_only=True)
class Jittered(Grid):
    r"""Rectangular lattice whose spots are displaced at random, each within its own cell.

    Each coordinate moves by a uniform number in :math:`\pm\,\text{jitter} \cdot \text{spacing} / 2`: 0 is the
    :class:`Grid` itself, 1 fills the cells. Fewer rows are the first part of more rows.

    Parameters
    ----------
    n_rows, n_columns
        Size of the lattice; ``n_columns`` defaults to ``n_rows``.
    jitter
        Largest displacement along each axis, as a share of half the spacing, in [0, 1].
    spacing
        Distance between neighbouring spots of the lattice, in ``unit``.
    unit
        Name of the coordinates' unit.

    Examples
    --------
    >>> import spsim as sps
    >>> layout = sps.patterns.Jittered(n_rows=20, jitter=0.8)
    >>> mdata = sps.datasets.quilt(layout=layout, n_spatial=20)
    >>> float(abs(mdata.obsm["spatial"] - mdata.obsm["spatial"].round()).max()) <= 0.4
    True
    """

    jitter: float = 0.5

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "jitter", _validate.fraction("jitter", self.jitter))

    def sites(self, source: Stream) -> Sites:
        """Place the spots."""
        lattice = super().sites(source)
        shift = (uniforms(source, Purpose.LAYOUT, (self.n_spots, 2)) - 0.5) * (self.jitter * self.spacing)
        return Sites(coordinates=lattice.coordinates + shift, lower=lattice.lower, upper=lattice.upper)
