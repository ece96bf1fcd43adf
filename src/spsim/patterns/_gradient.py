"""Linear ramps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from spsim import _validate
from spsim._random import Stream
from spsim.patterns._direction import along
from spsim.patterns._names import MOST_FACTORS
from spsim.patterns._pattern import Pattern
from spsim.truth import Sites


@dataclass(frozen=True, kw_only=True)
class Gradient(Pattern):
    r"""Linear ramps from 0 to 1 over the layout's box, one factor per direction.

    .. math:: F_{il} = \frac{x_i \cdot d_l - \min_{b} b \cdot d_l}{\max_{b} b \cdot d_l - \min_{b} b \cdot d_l},
       \qquad d_l = (\cos \alpha_l, \sin \alpha_l)

    over the points :math:`b` of the box. Nothing is random. A ramp's domain, where it exceeds half its maximum, is
    about half of the tissue.

    Parameters
    ----------
    angle
        Direction in which a factor grows, in degrees: 0 to the right (x), 90 down (y); one per factor.
    names
        One name per factor; ``gradient_1``, ``gradient_2``, … if left out.

    Raises
    ------
    ValueError
        No angle or not finite, names that do not fit.
    TypeError
        An angle that is not a number.

    Examples
    --------
    >>> import spsim as sps
    >>> axes = sps.patterns.Gradient(angle=[0, 90], names=["anterior", "ventral"])
    >>> mdata = sps.datasets.multiomics([{"name": "rna", "n_spatial": 20}], pattern=axes, n_side=4)
    >>> sps.get.factors(mdata)["anterior"].head(4).tolist()
    [0.125, 0.375, 0.625, 0.875]
    """

    angle: float | Sequence[float] = field(default=0.0, kw_only=False)
    kind: ClassVar[str] = "gradient"

    def __post_init__(self) -> None:
        is_list = isinstance(self.angle, Sequence) or (isinstance(self.angle, np.ndarray) and self.angle.ndim > 0)
        angles: Sequence[float] = self.angle if is_list else [self.angle]  # type: ignore[assignment,list-item]
        if isinstance(angles, str) or not len(angles):
            msg = f"angle must be a number of degrees or a list of them, got {_validate.shown(self.angle)}"
            raise (TypeError if isinstance(angles, str) else ValueError)(msg)
        if len(angles) > MOST_FACTORS:
            msg = f"angle must hold at most {MOST_FACTORS} directions, got {len(angles)}"
            raise ValueError(msg)
        object.__setattr__(self, "angle", tuple(_validate.real("angle", angle) for angle in angles))
        super().__post_init__()

    @property
    def n_factors(self) -> int:
        """Number of directions."""
        return len(self.angles)

    @property
    def angles(self) -> tuple[float, ...]:
        """The directions, also if there is only one."""
        return tuple(np.atleast_1d(self.angle).tolist())

    def factors(self, sites: Sites, source: Stream) -> np.ndarray:
        """Value of each ramp at each spot, n × L float32; nothing is random."""
        lines = [along(sites, angle) for angle in self.angles]
        ramps = [(line.positions - line.lower) / (line.upper - line.lower) for line in lines]
        return np.column_stack(ramps).astype(np.float32)
