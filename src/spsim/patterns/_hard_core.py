"""Random positions that keep a distance from each other."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from spsim import _validate
from spsim._random import Purpose, Stream, uniforms
from spsim.patterns._uniform import Uniform
from spsim.truth import Sites

# Share of the box that discs of the distance's diameter may cover: random ones get stuck at 0.547.
MOST_COVERED = 0.5
# Candidates at once: as many as have few others within the distance.
FEWEST, MOST, NEAR = 64, 2**16, 20


@dataclass(frozen=True, kw_only=True)
class HardCore(Uniform):
    """Random positions of which no two are closer than a distance: simple sequential inhibition.

    Uniformly random candidates come one after the other, and each is kept unless it lies too close to one that was kept.
    Fewer spots in the same box with the same distance are the first part of more spots.

    Parameters
    ----------
    n_spots
        Number of spots.
    width, height
        Sides of the box, in ``unit``.
    distance
        Smallest distance between two spots, in ``unit``; 0.75 of the spacing by default. Discs of this diameter may cover
        at most half of the box.
    unit
        Name of the coordinates' unit.

    Raises
    ------
    ValueError
        A value out of range, a distance that does not leave room for all spots.
    TypeError
        A value of the wrong type.

    Examples
    --------
    >>> import spsim as sps
    >>> layout = sps.patterns.HardCore(n_spots=400, width=1000, height=1000, distance=30, unit="micrometer")
    >>> sps.datasets.quilt(layout=layout, n_spatial=20).shape
    (400, 20)
    """

    distance: float | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.distance is None:
            return
        object.__setattr__(self, "distance", _validate.real("distance", self.distance, above=0))
        most = math.sqrt(MOST_COVERED * 4 / math.pi) * self.spacing
        if self.distance > most:
            msg = f"distance must be at most {most:g}, so that {self.n_spots} spots have room, got {self.distance:g}"
            raise ValueError(msg)

    def sites(self, source: Stream) -> Sites:
        """Place the spots."""
        size = np.array([self.width, self.height])
        distance = 0.75 * self.spacing if self.distance is None else self.distance
        # Of the box and the distance alone, so that fewer spots are a prefix.
        n_candidates = int(np.clip(NEAR * size.prod() / (math.pi * distance**2), FEWEST, MOST))
        kept, tile = np.empty((0, 2)), 0
        while len(kept) < self.n_spots:
            candidates = uniforms(source, Purpose.LAYOUT, (n_candidates, 2), tile=tile) * size
            kept, tile = np.concatenate([kept, _apart(candidates, kept, distance)]), tile + 1
        return Sites(coordinates=kept[: self.n_spots], lower=np.zeros(2), upper=size)


def _apart(candidates: np.ndarray, kept: np.ndarray, distance: float) -> np.ndarray:
    """Return the candidates, in order, that are close neither to what is kept nor to an earlier one of them."""
    from scipy.spatial import cKDTree

    if len(kept):
        candidates = candidates[np.isinf(cKDTree(kept).query(candidates, distance_upper_bound=distance)[0])]
    pairs = cKDTree(candidates).query_pairs(distance, output_type="ndarray")
    stays = [True] * len(candidates)
    for earlier, later in np.sort(pairs, axis=1)[np.lexsort(np.sort(pairs, axis=1).T[::-1])].tolist():
        if stays[earlier]:
            stays[later] = False
    return candidates[stays]
