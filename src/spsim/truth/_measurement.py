"""What is measured of one modality."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

    Counts: TypeAlias = np.ndarray | csr_matrix


@dataclass(frozen=True, kw_only=True, eq=False)
class Measurement:
    """What a likelihood gave, and what X holds if that is something else.

    Parameters
    ----------
    raw
        Observations × features, float32.
    is_count
        Whether these are counts.
    values
        Content of ``X`` where it is not the raw measurement.
    layers
        What else is true of this measurement, such as the counts before some were lost.
    """

    raw: Counts
    is_count: bool = True
    values: np.ndarray | None = None
    layers: dict[str, np.ndarray] = field(default_factory=dict)

    def part(self, observations: np.ndarray, features: np.ndarray) -> Measurement:
        """Return some observations and features."""
        values = None if self.values is None else self.values[observations][:, features]
        layers = {name: layer[observations][:, features] for name, layer in self.layers.items()}
        return replace(self, raw=self.raw[observations][:, features], values=values, layers=layers)
