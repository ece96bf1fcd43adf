"""What a loading rule is: how features of a modality respond to factors."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from spsim._random import Stream
from spsim._recipe import Recipe


@dataclass(frozen=True, kw_only=True)
class LoadingRule(Recipe):
    """A recipe for loadings.

    A modality names the factors that it sees, as in ``loadings={"cell_type": Markers()}``: its loadings then are
    ``varm["cell_type_loadings"]``.
    """

    scale: ClassVar[str] = "mean"

    @property
    def is_assigned(self) -> bool:
        """Whether each feature belongs to at most one factor, which ``var["NAME_factor"]`` then names."""
        return False

    @property
    def is_signed(self) -> bool:
        """Whether loadings on the mean may be negative, so that means are."""
        return False

    def alike(self, loadings: np.ndarray, columns: Sequence[str]) -> np.ndarray:
        """Return loadings in which columns that no feature may tell apart are equal; all may by default."""
        return loadings

    @abstractmethod
    def loadings(self, n_features: int, n_columns: int, source: Stream) -> np.ndarray:
        """Return features × columns, float32; all randomness comes from ``source``."""
