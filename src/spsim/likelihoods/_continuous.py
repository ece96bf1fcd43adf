"""Values of continuous likelihoods: every entry needs all bits of its uniform."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from spsim._random import Stream
from spsim.likelihoods._base import ContinuousLikelihood
from spsim.likelihoods._checks import checked_means
from spsim.likelihoods._pending import Settled
from spsim.likelihoods._uniforms import TILE_FEATURES, TILE_SPOTS, TileUniforms


class ContinuousDraw:
    """The values of a block of spots, drawn tile by tile."""

    placeholder = np.nan
    dtype = np.dtype(np.float32)

    def __init__(
        self,
        likelihood: ContinuousLikelihood,
        mean_rows: Callable[[int, int], np.ndarray],
        shape: tuple[int, int],
        *,
        stream: Stream,
        first_spot: int,
    ) -> None:
        self.likelihood, self.mean_rows, self.shape = likelihood, mean_rows, shape
        self.stream, self.first_spot = stream, first_spot

    def expected_nonzeros(self) -> tuple[float, float]:
        """Return the number of all entries."""
        return float(self.shape[0] * self.shape[1]), 0.0

    def fill(self, start: int, out: np.ndarray) -> tuple[()]:
        """Write the values of the rows of a tile from ``start`` on."""
        means = checked_means(self.mean_rows(start, start + len(out)), out.shape)
        tile, offset = divmod(self.first_spot + start, TILE_SPOTS)
        uniforms = TileUniforms(self.stream, tile)
        for first in range(0, out.shape[1], TILE_FEATURES):
            columns = slice(first, first + TILE_FEATURES)
            drawn = uniforms.next(out[:, columns].shape[1])[offset : offset + len(out)]
            with np.errstate(over="ignore"):  # what cannot be held is refused below
                out[:, columns] = self.likelihood.quantile(means[:, columns], drawn)
            if not np.isfinite(out[:, columns]).all():
                msg = f"mean must be small enough for values in single precision, got {means.max():g} with {self.likelihood}"
                raise ValueError(msg)
        return ()

    def settle(self, parts: list[tuple[()]]) -> Settled:
        """Return nothing: no entry is left open."""
        nowhere = np.empty(0, np.intp)
        return nowhere, nowhere, np.empty(0, self.dtype)
