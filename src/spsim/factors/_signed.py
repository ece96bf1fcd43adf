"""Signed loadings, on the mean itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from spsim import _validate
from spsim._deviates import normal_deviates
from spsim._random import Purpose, Stream, uniforms
from spsim.factors._confusion import checked_pairs, first_of_some, told, with_equal_columns
from spsim.factors._loading_rule import LoadingRule


@dataclass(frozen=True, kw_only=True)
class Signed(LoadingRule):
    r"""A share of the features respond to each factor, up or down, on the mean: image features, intensities.

    .. math:: W_{jk} = z_{jk} [u_{jk} < \text{share}], \qquad z_{jk} \sim N(0, \text{sd}^2)

    Means may be negative, so it goes with likelihoods that measure such ones: :class:`spsim.likelihoods.Gaussian`.

    Parameters
    ----------
    sd
        Standard deviation of the loadings; 0 leaves the data as they are without it. For the spatial factors of a pattern
        they are multiplied with what a feature's kind says (``expression_mean``, ``spatial_fraction``).
    share
        Probability that a feature responds to a factor.
    confuse
        Pairs of names of factors that the features do not tell apart: both have the loadings of the first one.

    Raises
    ------
    ValueError
        A value out of range.
    TypeError
        A value of the wrong type.

    Examples
    --------
    >>> import spsim as sps
    >>> image = {
    ...     "name": "image",
    ...     "n_spatial": 30,
    ...     "expression_mean": 1.0,
    ...     "background_mean": 0.0,
    ...     "loadings": {"spatial": sps.factors.Signed(sd=0.5)},
    ...     "likelihood": sps.likelihoods.Gaussian(1.0),
    ... }
    >>> adata = sps.simulate(sps.Scenario([image], n_side=12))["image"]
    >>> bool((sps.get.mean(adata) < 0).any(axis=None))
    True
    """

    sd: float = field(default=1.0, kw_only=False)
    share: float = 1.0
    confuse: Sequence[tuple[str, str]] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "sd", _validate.real("sd", self.sd, at_least=0))
        object.__setattr__(self, "share", _validate.probability("share", self.share))
        object.__setattr__(self, "confuse", checked_pairs(self.confuse))

    @property
    def prose(self) -> str:
        """What a Methods section says of it."""
        some = "" if self.share == 1 else f" for a share of {self.share:g} of them"
        return f"up or down, with normal loadings of sd {self.sd:g}{some}{told(self.confuse)}"

    @property
    def is_signed(self) -> bool:
        """They make negative means."""
        return bool(self.sd and self.share)

    def alike(self, loadings: np.ndarray, columns: Sequence[str]) -> np.ndarray:
        """Return loadings with equal columns for the factors of each pair."""
        return with_equal_columns(loadings, columns, self.confuse, first_of_some)

    def loadings(self, n_features: int, n_columns: int, source: Stream) -> np.ndarray:
        """Return features × columns, float32; fewer features are a prefix."""
        drawn = uniforms(source, Purpose.LOADINGS, (n_features, 2 * n_columns))
        values = self.sd * normal_deviates(drawn[:, :n_columns])
        # Plus zero, so that zeros have no sign.
        return np.where(drawn[:, n_columns:] < self.share, values, 0.0).astype(np.float32) + np.float32(0)
