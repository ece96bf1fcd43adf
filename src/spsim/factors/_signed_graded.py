"""Graded loadings of both signs, on the logarithm of the mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from spsim import _validate
from spsim._deviates import loading_signs
from spsim._random import Stream
from spsim.factors._graded import Graded


@dataclass(frozen=True, kw_only=True)
class SignedGraded(Graded):
    """As :class:`Graded`, but features go up or down with their factors, on the logarithm of the mean.

    On the mean itself negative loadings would make negative means, so signed ones are on the logarithm only.

    Parameters
    ----------
    weight, concentration, overlap, confuse
        Those of :class:`Graded`; the weight is a difference of logarithms.
    down_fraction
        Probability that a feature goes down.

    Raises
    ------
    ValueError
        A value out of range.
    TypeError
        A value of the wrong type.

    Examples
    --------
    >>> import spsim as sps
    >>> rna = {
    ...     "name": "rna",
    ...     "n_nonspatial": 20_000,
    ...     "loadings": {"program": sps.factors.SignedGraded(down_fraction=0.25)},
    ... }
    >>> programs = {"program": sps.factors.SpinPrograms(3)}
    >>> cells = sps.designs.Dissociated(5)
    >>> mdata = sps.simulate(sps.Scenario([rna], pattern=None, design=cells, factors=programs))
    >>> loadings = mdata["rna"].varm["program_loadings"]
    >>> round(float((loadings.sum(axis=1) < 0).mean()), 2)
    0.25
    """

    down_fraction: float = 0.5
    scale: ClassVar[str] = "log"

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "down_fraction", _validate.probability("down_fraction", self.down_fraction))

    @property
    def prose(self) -> str:
        """What a Methods section says of it."""
        return f"{super().prose}, on the logarithm of the mean, a share of {self.down_fraction:g} of them downwards"

    def loadings(self, n_features: int, n_columns: int, source: Stream) -> np.ndarray:
        """Return features × columns, float32; fewer features are a prefix."""
        signs = loading_signs(n_features, self.down_fraction, source, tile=0)
        loadings = super().loadings(n_features, n_columns, source) * signs[:, None].astype(np.float32)
        return loadings + np.float32(0)
