"""Knock-down: a perturbation lowers the feature that it targets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from spsim import _validate
from spsim._names import usable_name
from spsim._random import Purpose, Stream, uniforms
from spsim.factors._loading_rule import LoadingRule


@dataclass(frozen=True, kw_only=True)
class KnockDown(LoadingRule):
    r"""Each factor lowers the mean of one feature of its own, its target.

    .. math:: \log \Lambda_{ij} \mathrel{+}= F_{ik} \log(1 - \text{share}) \quad \text{for the target } j \text{ of } k

    There must be a feature for each of them.

    Parameters
    ----------
    share
        Share of the mean that is lost, at least 0 and below 1; 0 leaves the data as they are without it.
    without
        Names of factors that have no target, such as perturbations that activate.

    Raises
    ------
    ValueError
        A value out of range.
    TypeError
        A value of the wrong type.

    Examples
    --------
    >>> import spsim as sps
    >>> mdata = sps.datasets.perturbseq(3, n_cells=100, knock_down=0.75)
    >>> loadings = mdata["rna"].varm["perturbation_loadings"]
    >>> (loadings != 0).sum(axis=0).tolist(), round(float(loadings.min()), 2)
    ([1, 1, 1], -1.39)
    """

    share: float = field(default=0.7, kw_only=False)
    without: Sequence[str] = ()
    scale: ClassVar[str] = "log"

    def __post_init__(self) -> None:
        object.__setattr__(self, "share", _validate.share_lost("share", self.share))
        without = _validate.listed("without", self.without)
        object.__setattr__(self, "without", tuple(usable_name("without", name) for name in without))

    @property
    def prose(self) -> str:
        """What a Methods section says of it."""
        but = f" but {_validate.listing(self.without)}" if self.without else ""
        return f"one to each{but}, with a share of {self.share:g} of its mean lost"

    @property
    def is_assigned(self) -> bool:
        """A feature is the target of at most one."""
        return True

    def alike(self, loadings: np.ndarray, columns: Sequence[str]) -> np.ndarray:
        """Return loadings without those of factors that have no target."""
        for name in self.without:
            _validate.one_of("name in without", name, columns)
        return np.where(np.isin(columns, self.without), np.float32(0), loadings)

    def loadings(self, n_features: int, n_columns: int, source: Stream) -> np.ndarray:
        """Return features × columns, float32."""
        if self.share and n_columns > n_features:
            msg = (
                f"KnockDown needs one feature for each of the {n_columns} factors, its target, got {n_features} features: "
                "simulate more of them (n_nonspatial) or fewer perturbations, or leave it out (share=0)"
            )
            raise ValueError(msg)
        order = uniforms(source, Purpose.LOADINGS, n_features).argsort(kind="stable")[:n_columns]
        loadings = np.zeros((n_features, n_columns), np.float32)
        # Plus zero, so that zeros have no sign.
        loadings[order, np.arange(len(order))] = np.log1p(-self.share) + 0.0
        return loadings
