"""The rectangular or hexagonal lattice that spots fill, but for some holes, and maps shifted around it."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np

from spsim.metrics._neighbors import TIE

# Share of a lattice's sites that may be empty: a disc in its square leaves 0.21 of them. What is shifted into sight from
# an empty site is its nearest spot's value, so more holes would make a map of smears.
MAX_HOLES = 0.25


@dataclass(frozen=True, kw_only=True, eq=False)
class Lattice:
    """Spots on the sites of a lattice whose opposite borders are joined."""

    shape: tuple[int, ...]
    """Number of positions along each axis; of a hexagonal lattice only every second one is a site."""
    position: np.ndarray
    """Position of each spot in the box of that shape, as one number."""
    offset: np.ndarray
    """Every shift that takes sites to sites, sites x axes; the first is none."""
    source: np.ndarray
    """Spot that stands at each position of the box, the nearest one where there is none."""
    empty: np.ndarray
    """Whether there is none."""

    @classmethod
    def of(cls, points: np.ndarray) -> Lattice | None:
        """Return the lattice that the spots fill, None if more than a quarter of its sites are empty."""
        found = lattice_positions(points)
        if found is None:
            return None
        positions, centred = found
        shape = positions.max(axis=0) + 1
        # Counted before any array is made: a box around scattered whole numbers may be huge.
        n_sites = int(np.prod(shape.astype(object))) // 2 ** len(centred)
        if n_sites - len(points) > MAX_HOLES * n_sites:
            return None
        for pair in centred:  # periods must be even for shifts to take sites to sites
            shape[list(pair)] += shape[list(pair)] % 2
        box = tuple(shape.tolist())
        sites = _sites(box, positions[0], centred)
        position = np.ravel_multi_index(tuple(positions.T), box)
        source, empty = _nearest_spots(points, positions, position, box)
        return cls(shape=box, position=position, offset=sites - sites[0], source=source, empty=empty)

    @property
    def is_filled(self) -> bool:
        """Whether every site has a spot, so that a shift only rearranges them."""
        return len(self.offset) == len(self.position)

    def shift_labels(self, codes: np.ndarray, random: np.random.Generator) -> np.ndarray:
        """Return labels shifted at random; around holes their numbers change a little."""
        return codes[self._seen_by_spots(self.source, self._offset(random))]

    def shift(self, column: np.ndarray, random: np.random.Generator) -> np.ndarray:
        """Return a column shifted at random, with exactly its own values: around holes they are dealt out by rank."""
        offset = self._offset(random)
        drawn = column[self._seen_by_spots(self.source, offset)]
        if self.is_filled:
            return drawn
        # Spots that see a hole are the first to give way, so that no other changes where values repeat.
        hole = self._seen_by_spots(self.empty, offset)
        is_low = drawn < (column.min() + column.max()) / 2
        drawn[np.lexsort((self.position, np.where(is_low, hole, ~hole), drawn))] = np.sort(column)
        return drawn

    def _offset(self, random: np.random.Generator) -> np.ndarray:
        """A random shift, never none unless there is no other."""
        return self.offset[random.integers(1, len(self.offset)) if len(self.offset) > 1 else 0]

    def _seen_by_spots(self, picture: np.ndarray, offset: np.ndarray) -> np.ndarray:
        moved = np.roll(picture.reshape(self.shape), tuple(-offset), axis=tuple(range(len(offset))))
        return moved.ravel()[self.position]


def lattice_positions(points: np.ndarray) -> tuple[np.ndarray, list[tuple[int, int]]] | None:
    """Return each spot's whole-number position and the pairs of axes in which only every second one is a site.

    None if the coordinates are not multiples of one spacing per axis. The offset rows of a hexagonal lattice make half
    steps, so that in its plane the sum of the two positions is even at every spot, or odd at every spot.
    """
    positions = np.empty(points.shape, np.int64)
    for axis, values in enumerate(points.T):
        steps = np.diff(np.unique(values))
        steps = steps[steps > TIE * np.ptp(values)]
        spacing = steps.min() if len(steps) else 1.0
        exact = (values - values.min()) / spacing
        positions[:, axis] = np.rint(exact)
        if np.abs(exact - positions[:, axis]).max() > 0.05 or positions[:, axis].max() >= len(points):
            return None
    if len(np.unique(positions, axis=0)) < len(points):
        return None
    wide = np.flatnonzero(positions.max(axis=0))
    pairs = [
        pair for pair in itertools.combinations(wide.tolist(), 2) if not np.ptp(positions[:, pair].sum(axis=1) % 2)
    ]
    return positions, pairs


def _sites(shape: tuple[int, ...], first: np.ndarray, centred: list[tuple[int, int]]) -> np.ndarray:
    """Positions of all sites, in the order of their numbers."""
    sites = np.indices(shape).reshape(len(shape), -1).T
    for pair in centred:
        sites = sites[sites[:, pair].sum(axis=1) % 2 == first[list(pair)].sum() % 2]
    return sites


def _nearest_spots(
    points: np.ndarray, positions: np.ndarray, position: np.ndarray, shape: tuple[int, ...]
) -> tuple[np.ndarray, np.ndarray]:
    """Spot at each position of the box, the nearest one where there is none, and where that is."""
    from scipy.spatial import cKDTree

    source = np.full(int(np.prod(shape)), -1)
    source[position] = np.arange(len(position))
    empty = source < 0
    if empty.any():
        size = np.ptp(points, axis=0) / np.maximum(positions.max(axis=0), 1)
        order = np.argsort(position)  # so that ties do not depend on the order of rows
        where = np.column_stack(np.unravel_index(np.flatnonzero(empty), shape))
        source[empty] = order[cKDTree((positions * size)[order]).query(where * size)[1]]
    return source, empty
