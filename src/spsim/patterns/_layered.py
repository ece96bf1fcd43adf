"""Random positions whose density differs between layers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from spsim import _validate
from spsim._random import Purpose, Stream, uniforms
from spsim.patterns._uniform import Uniform
from spsim.truth import Sites

AXES = ("x", "y")


@dataclass(frozen=True, kw_only=True)
class Layered(Uniform):
    r"""Random positions in parallel layers, denser in some of them than in others.

    With densities :math:`\rho_l` and thicknesses :math:`t_l`, layer l holds a share :math:`\rho_l t_l / \sum_k \rho_k t_k`
    of the spots, uniformly random within it. Fewer spots in the same box are the first part of more spots.

    Parameters
    ----------
    n_spots
        Number of spots.
    width, height
        Sides of the box, in ``unit``.
    densities
        Density of each layer relative to the others, in the order of growing coordinates.
    thicknesses
        Thickness of each layer relative to the others; equal by default.
    axis
        ``"y"``: layers lie below each other, ``"x"``: beside each other.
    unit
        Name of the coordinates' unit.

    Raises
    ------
    ValueError
        A value out of range, not one thickness per layer, no layer with spots.
    TypeError
        A value of the wrong type.

    Examples
    --------
    >>> import spsim as sps
    >>> layout = sps.patterns.Layered(n_spots=400, densities=[1, 3])
    >>> int((sps.datasets.quilt(layout=layout, n_spatial=20).obs["y"] < 18).sum())
    90
    """

    densities: Sequence[float] = (1.0, 3.0, 2.0)
    thicknesses: Sequence[float] = ()
    axis: str = "y"

    def __post_init__(self) -> None:
        for name in ("densities", "thicknesses"):
            given = _validate.listed(name, getattr(self, name))
            bounds = {"at_least": 0.0} if name == "densities" else {"above": 0.0}
            object.__setattr__(self, name, tuple(_validate.real(name, value, **bounds) for value in given))
        if not sum(self.densities):
            msg = f"densities must hold at least one above 0, got {_validate.shown(self.densities)}"
            raise ValueError(msg)
        if self.thicknesses and len(self.thicknesses) != len(self.densities):
            msg = f"thicknesses must hold one per layer ({len(self.densities)}), got {len(self.thicknesses)}"
            raise ValueError(msg)
        _validate.one_of("axis", self.axis, AXES)
        super().__post_init__()

    def sites(self, source: Stream) -> Sites:
        """Place the spots."""
        size = np.array([self.width, self.height])
        drawn = uniforms(source, Purpose.LAYOUT, (self.n_spots, 2))
        thicknesses = np.array(self.thicknesses or np.ones(len(self.densities)))
        shares = thicknesses * self.densities
        ends, depths = (np.concatenate([[0.0], np.cumsum(own) / own.sum()]) for own in (shares, thicknesses))
        layer = np.clip(np.searchsorted(ends, drawn[:, 0], side="right") - 1, 0, len(shares) - 1)
        within = (drawn[:, 0] - ends[layer]) / np.where(shares > 0, shares / shares.sum(), 1.0)[layer]
        depth = depths[layer] + np.minimum(within, 1.0) * (depths[layer + 1] - depths[layer])
        unit = np.column_stack([drawn[:, 1], depth] if self.axis == "y" else [depth, drawn[:, 1]])
        return Sites(coordinates=unit * size, lower=np.zeros(2), upper=size)
