"""Marker features: each belongs to one factor, or to none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from spsim import _validate
from spsim._random import Purpose, Stream, uniforms
from spsim.factors._confusion import checked_pairs, told, with_equal_columns
from spsim.factors._loading_rule import LoadingRule


@dataclass(frozen=True, kw_only=True)
class Markers(LoadingRule):
    r"""Each feature is a marker of one factor with a given probability, with the same weight for all.

    .. math:: W_{jk} = w \, [m_j = k], \qquad P(m_j = k) = \text{share} / K

    Parameters
    ----------
    weight
        What a marker's mean rises by where its factor is one, at least 0.
    share
        Probability that a feature is a marker.
    confuse
        Pairs of names of factors that the features do not tell apart: what marks one of them marks the other, too.

    Raises
    ------
    ValueError
        A value out of range.
    TypeError
        A value of the wrong type.

    Examples
    --------
    >>> import spsim as sps
    >>> markers = sps.factors.Markers(weight=5, share=0.25)
    >>> scenario = sps.Scenario(
    ...     factors={"cell_type": sps.factors.CellTypes()},
    ...     modalities=[{"name": "rna", "n_mixed": 400, "loadings": {"cell_type": markers}}],
    ... )
    >>> loadings = sps.simulate(scenario)["rna"].varm["cell_type_loadings"]
    >>> float(loadings.max()), float((loadings > 0).any(axis=1).mean().round(2))
    (5.0, 0.28)
    """

    weight: float = field(default=10.0, kw_only=False)
    share: float = 1.0
    confuse: Sequence[tuple[str, str]] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "weight", _validate.real("weight", self.weight, at_least=0))
        object.__setattr__(self, "share", _validate.probability("share", self.share))
        object.__setattr__(self, "confuse", checked_pairs(self.confuse))

    @property
    def prose(self) -> str:
        """What a Methods section says of it."""
        return f"to one each, a share of {self.share:g} of them, with weight {self.weight:g}{told(self.confuse)}"

    @property
    def is_assigned(self) -> bool:
        """Markers of one factor belong to it; of two that are confused, to none of them alone."""
        return not self.confuse

    def alike(self, loadings: np.ndarray, columns: Sequence[str]) -> np.ndarray:
        """Return loadings with equal columns for the factors of each pair."""
        return with_equal_columns(loadings, columns, self.confuse)

    def loadings(self, n_features: int, n_columns: int, source: Stream) -> np.ndarray:
        """Return features × columns, float32; fewer features are a prefix."""
        drawn = uniforms(source, Purpose.LOADINGS, (n_features, 2))
        chosen = (drawn[:, 0] * n_columns).astype(np.intp)
        loadings = np.zeros((n_features, n_columns), np.float32)
        loadings[np.arange(n_features), chosen] = np.where(drawn[:, 1] < self.share, self.weight, 0.0)
        return loadings
