"""Random fields without borders."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from spsim import _validate
from spsim._random import Stream
from spsim.patterns._gaussian_field import gaussian_fields
from spsim.patterns._matern import Matern
from spsim.patterns._names import MOST_FACTORS
from spsim.patterns._pattern import Pattern
from spsim.truth import Sites


@dataclass(frozen=True, kw_only=True)
class GaussianProcess(Pattern):
    r"""Independent stationary Gaussian fields, brought to the range from 0 to 1.

    .. math:: F_{il} = \Phi(g_l(x_i)), \qquad g_l \sim \mathcal{GP}(0, \rho), \qquad
       \rho(d) = \frac{2^{1-\nu}}{\Gamma(\nu)} \left(\frac{\sqrt{2\nu}\, d}{\ell}\right)^{\nu}
       K_\nu\left(\frac{\sqrt{2\nu}\, d}{\ell}\right)

    with the distribution function :math:`\Phi` of the normal distribution, the length scale :math:`\ell` and the
    smoothness :math:`\nu`. A factor is uniform on (0, 1) at every spot, and two spots at distance :math:`d` have
    correlation :math:`\tfrac{6}{\pi} \arcsin \tfrac{\rho(d)}{2}`. Its domain, where it exceeds half its maximum, is about
    half of the tissue: where the Gaussian field is positive. The Gaussian fields themselves come back as
    :math:`\Phi^{-1}(F)`.

    Spots on a rectangular or hexagonal lattice have exactly this distribution. Other spots are interpolated on a
    fine lattice: correlations of the Gaussian field are off by at most 0.003, for smoothness 0.5 by at most 0.022. With
    the same box, and off the lattice, the field depends on the seed and a spot's coordinates only, not on the other
    spots.

    Parameters
    ----------
    length_scale
        :math:`\ell`, in coordinate units.
    n_factors
        Number of factors; fewer are the first of more.
    smoothness
        :math:`\nu`: 0.5 (exponential correlation, rough), 1.5, 2.5 or ``math.inf`` (:math:`\rho(d) = e^{-d^2/2\ell^2}`,
        squared exponential).
    names
        One name per factor; ``field_1``, ``field_2``, … if left out.

    Raises
    ------
    ValueError
        A value out of range, names that do not fit; when factors are drawn, a length scale that is too short for a
        large box of spots without lattice.
    TypeError
        A value of the wrong type.

    Examples
    --------
    >>> import spsim as sps
    >>> pattern = sps.patterns.GaussianProcess(length_scale=6, n_factors=2)
    >>> mdata = sps.datasets.multiomics([{"name": "rna", "n_spatial": 20}], pattern=pattern, rng=1)
    >>> sorted(sps.get.domains(mdata).unique())
    ['background', 'field_1', 'field_1+field_2', 'field_2']

    References
    ----------
    :cite:t:`rasmussen2006gaussian`, chapter 4, for the correlations; :cite:t:`dietrich1997fast` and
    :cite:t:`wood1994simulation` for drawing by circulant embedding.
    """

    length_scale: float = field(kw_only=False)
    n_factors: int = 3
    smoothness: float = 1.5
    kind: ClassVar[str] = "field"

    def __post_init__(self) -> None:
        object.__setattr__(
            self, "n_factors", _validate.whole("n_factors", self.n_factors, at_least=1, at_most=MOST_FACTORS)
        )
        if isinstance(self.smoothness, str) and self.smoothness == "inf":  # as JSON says it
            object.__setattr__(self, "smoothness", math.inf)
        matern = self._matern
        object.__setattr__(self, "length_scale", matern.length_scale)
        object.__setattr__(self, "smoothness", matern.smoothness)
        super().__post_init__()

    def factors(self, sites: Sites, source: Stream) -> np.ndarray:
        """Value of each field at each spot, n × L float32."""
        from scipy.special import ndtr

        return ndtr(
            gaussian_fields(
                sites.coordinates[:, :2],
                sites.lower[:2],
                sites.upper[:2],
                matern=self._matern,
                n_fields=self.n_factors,
                source=source,
            )
        ).astype(np.float32)

    @property
    def _matern(self) -> Matern:
        return Matern(length_scale=self.length_scale, smoothness=self.smoothness)
