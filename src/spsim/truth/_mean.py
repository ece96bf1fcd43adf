"""The mean: the one function behind simulate, resample, replay and get.mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from spsim.truth._block import SCALES, Block
from spsim.truth._mixing import Mixing
from spsim.truth._panel import Panel
from spsim.truth._parts import Parts
from spsim.truth._switch import Switch


@dataclass(frozen=True, kw_only=True, eq=False)
class Mean:
    r"""Mean of one modality; symbols of Townes & Engelhardt (2023).

    .. math:: \Lambda = \Big(b + \sum_{\text{mean}} A B^\top\Big) \circ \exp\Big(\sum_{\log} A B^\top\Big) \circ
       \ell_i \, e_j

    Parameters
    ----------
    baseline
        b: mean of a feature where no factor is on, one number or one per feature.
    blocks
        Terms, in the order in which they are joined.
    sizes, efficiencies
        What the mean is multiplied with, per observation and per feature, by name.
    switch
        Entries that are on or off, if there are any.
    exposure
        How much of the baseline an observation has, where it is a sum over others; 1 if left out.
    folded
        Sizes that the exposure and the factors hold already, per observation, by name.
    shapes
        Shape of the likelihood per feature, where it depends on the mean.
    parts
        Of sums over cells: the types whose counts are drawn one by one.
    panel
        Features that are measured in some observations only, if there are any.
    mixing
        The weights that mixed the factors, if they are mixed.
    """

    baseline: float | np.ndarray
    blocks: tuple[Block, ...]
    sizes: Mapping[str, np.ndarray] = field(default_factory=dict)
    efficiencies: Mapping[str, np.ndarray] = field(default_factory=dict)
    switch: Switch | None = None
    exposure: np.ndarray | None = None
    folded: Mapping[str, np.ndarray] = field(default_factory=dict)
    shapes: np.ndarray | None = None
    parts: Parts | None = None
    panel: Panel | None = None
    mixing: Mixing | None = None

    @property
    def shape(self) -> tuple[int, int]:
        """Number of observations and of features."""
        first = self.blocks[0]
        return len(first.factors), len(first.loadings)

    @property
    def is_scaled(self) -> bool:
        """Whether entries differ beyond what factors and loadings say."""
        return bool(self.sizes or self.efficiencies or self.switch or self.exposure is not None)

    @cached_property
    def factors(self) -> np.ndarray:
        """Factors of all terms that count, side by side."""
        return np.hstack([self.blocks[0].factors[:, :0], *(factors for factors, _ in self._joined.values())])

    @cached_property
    def loadings(self) -> np.ndarray:
        """Loadings of all terms that count, side by side, and the baseline where it differs between features."""
        own = [] if np.ndim(self.baseline) == 0 else [np.asarray(self.baseline)[:, None]]
        return np.hstack([self.blocks[0].loadings[:, :0], *(loadings for _, loadings in self._joined.values()), *own])

    def rows(self, start: int = 0, stop: int | None = None) -> np.ndarray:
        """Λ of these observations, float64, formed from the float32 truth."""
        mean = self.linked(slice(start, stop))
        for size in self.sizes.values():
            mean *= size[start:stop, None].astype(np.float64)
        for efficiency in self.efficiencies.values():
            mean *= efficiency.astype(np.float64)
        if self.switch is not None:
            mean *= self.switch.rows(start, stop)
        return mean

    def linked(self, observations: Any = slice(None), features: Any = slice(None)) -> np.ndarray:
        """Mean of some observations and features before it is multiplied with anything."""
        baseline = np.asarray(self.baseline, np.float64)
        mean = baseline[features] if baseline.ndim else baseline
        if self.exposure is not None:
            mean = self.exposure[observations, None].astype(np.float64) * mean
        effects = {
            scale: factors[observations].astype(np.float64) @ loadings[features].astype(np.float64).T
            for scale, (factors, loadings) in self._joined.items()
        }
        if "mean" in effects:
            mean = mean + effects["mean"]
        if "log" in effects:
            mean = mean * np.exp(effects["log"])
        if effects:
            return mean
        first = self.blocks[0]
        return np.zeros((len(first.factors[observations]), len(first.loadings[features]))) + mean

    def part(self, column: int) -> Mean:
        """Return the mean of the cells of one type."""
        own = next(block for block in self.blocks if self.parts is not None and block.name == self.parts.block)
        only = [column]
        alone = replace(
            own,
            columns=(own.columns[column],),
            factors=own.acting[:, only],
            loadings=own.loadings[:, only],
            mixed=None,
        )
        others = (block for block in self.blocks if block.scale == "log")
        return replace(self, blocks=(alone, *others), exposure=alone.factors[:, 0], parts=None)

    @cached_property
    def _joined(self) -> dict[str, tuple[np.ndarray, np.ndarray]]:
        """Factors and loadings of each scale; blocks of zeros would change nothing but the last bit of a sum."""
        joined = {}
        for scale in SCALES:
            blocks = [block for block in self.blocks if block.scale == scale and block.loadings.any()]
            if blocks:
                joined[scale] = np.hstack([b.acting for b in blocks]), np.hstack([b.loadings for b in blocks])
        return joined
