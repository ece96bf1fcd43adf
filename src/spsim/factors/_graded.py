"""Graded loadings: weights that differ between features, and features of two factors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from spsim import _validate
from spsim._random import Purpose, Stream, uniforms
from spsim.factors._confusion import checked_pairs, told, with_equal_columns
from spsim.factors._loading_rule import LoadingRule


@dataclass(frozen=True, kw_only=True)
class Graded(LoadingRule):
    r"""Each feature responds to one factor with a Gamma weight, and some respond to a second one, too.

    .. math:: W_{jk} = w \, g_{jk} \, ([m_j = k] + [o_j] [m'_j = k]), \qquad g_{jk} \sim \mathrm{Gamma}(a) / a, \quad
       P(o_j) = \text{overlap}

    with :math:`m_j` uniform over factors and :math:`m'_j` uniform over the others. Weights have mean w and coefficient of
    variation :math:`1 / \sqrt a`.

    Parameters
    ----------
    weight
        Mean weight w, at least 0. For the spatial factors of a pattern (``loadings={"spatial": Graded()}``) a feature's
        weight is this times what its kind says (``expression_mean``, ``spatial_fraction``).
    concentration
        Shape a of the Gamma distribution, above 0; ``math.inf`` gives all features the same weight.
    overlap
        Probability that a feature responds to a second factor.
    confuse
        Pairs of names of factors that the features do not tell apart: what responds to one of them responds to the other,
        too.

    Raises
    ------
    ValueError
        A value out of range.
    TypeError
        A value of the wrong type.

    Examples
    --------
    >>> import spsim as sps
    >>> mdata = sps.datasets.quilt(n_spatial=200, loadings={"spatial": sps.factors.Graded(overlap=0.3)})
    >>> float((sps.get.loadings(mdata["rna"]) > 0).sum(axis=1).mean().round(1))
    1.3
    """

    weight: float = field(default=1.0, kw_only=False)
    concentration: float = 3.0
    overlap: float = 0.0
    confuse: Sequence[tuple[str, str]] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "weight", _validate.real("weight", self.weight, at_least=0))
        value = np.inf if isinstance(self.concentration, str) and self.concentration == "inf" else self.concentration
        object.__setattr__(self, "concentration", _validate.positive("concentration", value))
        object.__setattr__(self, "overlap", _validate.probability("overlap", self.overlap))
        object.__setattr__(self, "confuse", checked_pairs(self.confuse))

    @property
    def prose(self) -> str:
        """What a Methods section says of it."""
        is_equal = np.isinf(self.concentration)
        weights = "equal weights of" if is_equal else f"Gamma weights of shape {self.concentration:g} and mean"
        more = f", a share of {self.overlap:g} of them to a second one" if self.overlap else ""
        return f"to one each, with {weights} {self.weight:g}{more}{told(self.confuse)}"

    def alike(self, loadings: np.ndarray, columns: Sequence[str]) -> np.ndarray:
        """Return loadings with equal columns for the factors of each pair."""
        return with_equal_columns(loadings, columns, self.confuse)

    def loadings(self, n_features: int, n_columns: int, source: Stream) -> np.ndarray:
        """Return features × columns, float32; fewer features are a prefix."""
        first, has_second, second = uniforms(source, Purpose.LOADINGS, (n_features, 3)).T
        loadings = np.zeros((n_features, n_columns), np.float32)
        if not n_columns:
            return loadings
        weights = self._weights(n_features, source)
        chosen, every = (first * n_columns).astype(np.intp), np.arange(n_features)
        loadings[every, chosen] = weights[:, 0]
        if n_columns > 1:
            other = (chosen + 1 + (second * (n_columns - 1)).astype(np.intp)) % n_columns
            loadings[every, other] += np.where(has_second < self.overlap, weights[:, 1], 0.0).astype(np.float32)
        return loadings

    def _weights(self, n_features: int, source: Stream) -> np.ndarray:
        from scipy.special import gammaincinv

        if np.isinf(self.concentration):
            return np.full((n_features, 2), self.weight)
        drawn = uniforms(source, Purpose.LOADINGS, (n_features, 2), tile=1) + 2.0**-54
        return self.weight * gammaincinv(self.concentration, drawn) / self.concentration
