"""Layers, as in the cortex."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from spsim import _validate
from spsim._random import Stream
from spsim.patterns._border import beyond
from spsim.patterns._direction import along
from spsim.patterns._gaussian_field import gaussian_fields
from spsim.patterns._matern import Matern
from spsim.patterns._motifs import ROUNDING
from spsim.patterns._names import MOST_FACTORS
from spsim.patterns._pattern import Pattern
from spsim.truth import Sites


@dataclass(frozen=True, kw_only=True)
class Layers(Pattern):
    r"""Parallel layers of equal thickness from one side of the tissue to the other, one factor each.

    With the depth :math:`z_i` of a spot in the layout's box, the layers' thickness :math:`t` (depth of the box over
    ``n_layers``), and a random wave :math:`g` along the layers, all borders are displaced together:

    .. math:: F_{il} = S\left(\tilde z_i - l t\right) - S\left(\tilde z_i - (l + 1) t\right), \qquad
       \tilde z_i = z_i + \text{wave\_height} \cdot g(s_i), \qquad l = 0, 1, \dots

    where :math:`S` rises from 0 to 1 linearly over ``border_width``. The first and the last layer reach to the edge of the
    box. The factors of a spot sum to 1, so that there is no background; only a spot exactly in the middle of a soft border
    belongs to no layer.

    Parameters
    ----------
    n_layers
        Number of layers.
    angle
        Direction in which the depth grows, in degrees: 0 to the right (x), 90 down (y).
    border_width
        Width over which one layer turns into the next, in coordinate units; 0 is a sharp border.
    wave_height
        Standard deviation of the borders' displacement, in coordinate units; 0 is straight.
    wave_length
        Length scale of the displacement along the layers (squared exponential correlation), in coordinate units;
        needed if ``wave_height`` is not 0.
    names
        One name per layer; ``layer_1``, ``layer_2``, … if left out.

    Raises
    ------
    ValueError
        A value out of range, a ``wave_height`` without ``wave_length``, names that do not fit.
    TypeError
        A value of the wrong type.

    Examples
    --------
    >>> import spsim as sps
    >>> cortex = sps.patterns.Layers(n_layers=6, border_width=1, wave_height=2, wave_length=10)
    >>> mdata = sps.datasets.multiomics([{"name": "rna", "n_spatial": 20}], pattern=cortex)
    >>> sps.get.factors(mdata).sum(axis=1).between(1 - 1e-6, 1 + 1e-6).all()
    np.True_
    """

    n_layers: int = field(default=6, kw_only=False)
    angle: float = 90.0
    border_width: float = 0.0
    wave_height: float = 0.0
    wave_length: float | None = None
    kind: ClassVar[str] = "layer"

    def __post_init__(self) -> None:
        object.__setattr__(
            self, "n_layers", _validate.whole("n_layers", self.n_layers, at_least=1, at_most=MOST_FACTORS)
        )
        object.__setattr__(self, "angle", _validate.real("angle", self.angle))
        for name in ("border_width", "wave_height"):
            object.__setattr__(self, name, _validate.real(name, getattr(self, name), at_least=0))
        if self.wave_length is not None:
            object.__setattr__(self, "wave_length", _validate.real("wave_length", self.wave_length, above=0))
        elif self.wave_height:
            msg = f"wave_length must be given with a wave_height above 0, got {self.wave_height:g}"
            raise ValueError(msg)
        super().__post_init__()

    @property
    def n_factors(self) -> int:
        """Number of layers."""
        return self.n_layers

    def factors(self, sites: Sites, source: Stream) -> np.ndarray:
        """Share of each layer in each spot, n × L float32."""
        line = along(sites, self.angle)
        depth = line.positions - line.lower
        thickness = (line.upper - line.lower) / self.n_layers
        if self.wave_height:
            depth = depth + self.wave_height * self._wave(sites, source)
        depth += ROUNDING * thickness
        tops = [beyond(depth - layer * thickness, self.border_width) for layer in range(1, self.n_layers)]
        steps = np.column_stack([np.ones_like(depth), *tops, np.zeros_like(depth)])
        return (steps[:, :-1] - steps[:, 1:]).astype(np.float32)

    def _wave(self, sites: Sites, source: Stream) -> np.ndarray:
        across = along(sites, self.angle - 90)
        box = np.array([across.lower]), np.array([across.upper])
        matern = Matern(length_scale=self.wave_length or 1.0, smoothness=np.inf, parameter="wave_length")
        return gaussian_fields(across.positions[:, None], *box, matern=matern, n_fields=1, source=source)[:, 0]
