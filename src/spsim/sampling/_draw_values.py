"""Values of continuous likelihoods: every entry needs all bits of its uniform."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from spsim._random import Stream
from spsim.likelihoods import ContinuousLikelihood
from spsim.sampling._checks import checked_means
from spsim.sampling._tile_by_tile import Settled
from spsim.sampling._uniforms import STRIP_FEATURES, TILE_SPOTS, TileUniforms


class ValueDraw:
    """The values of a range of spots, drawn tile by tile."""

    placeholder = np.nan
    dtype = np.dtype(np.float32)

    def __init__(
        self,
        likelihood: ContinuousLikelihood,
        mean_rows: Callable[[int, int], np.ndarray],
        size: tuple[int, int],
        *,
        stream: Stream,
        first_spot: int,
    ) -> None:
        self.likelihood, self.mean_rows, self.size = likelihood, mean_rows, size
        self.stream, self.first_spot = stream, first_spot

    def expected_nonzeros(self) -> tuple[float, float]:
        """Return the number of all entries."""
        return float(self.size[0] * self.size[1]), 0.0

    def fill(self, start: int, out: np.ndarray) -> tuple[()]:
        """Write the values of the rows of a tile from ``start`` on."""
        means = checked_means(self.mean_rows(start, start + len(out)), out.shape, lowest=self.likelihood.lowest_mean)
        tile, offset = divmod(self.first_spot + start, TILE_SPOTS)
        uniforms = TileUniforms(self.stream, tile)
        for first in range(0, out.shape[1], STRIP_FEATURES):
            columns = slice(first, first + STRIP_FEATURES)
            drawn = uniforms.next(out[:, columns].shape[1])[offset : offset + len(out)]
            with np.errstate(over="ignore"):  # what cannot be held is refused below
                out[:, columns] = self.likelihood.quantile(means[:, columns], drawn)
            if not np.isfinite(out[:, columns]).all():
                msg = f"mean must be small enough for values in single precision, got {means.max():g} with {self.likelihood}"
                raise ValueError(msg)
        return ()

    def settle(self, left: list[tuple[()]]) -> Settled:
        """Return nothing: no entry is left open."""
        nowhere = np.empty(0, np.intp)
        return nowhere, nowhere, np.empty(0, self.dtype)
