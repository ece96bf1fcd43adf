"""Groups of spots (slices, samples) whose spots are no neighbours, wherever their coordinates lie."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from spsim.metrics._alignment import in_one_order
from spsim.metrics._arrays import squarable
from spsim.metrics._labels import label_codes

# A few cells may be recorded at one position; more than this share are maps that lie on each other.
MAX_COINCIDENT = 0.5


def group_members(groups: ArrayLike | Sequence[object] | None, n_rows: int) -> dict[object, np.ndarray]:
    """Return the rows of each group, in an order that depends on the labels only; all rows without groups."""
    if groups is None:
        return {None: np.arange(n_rows)}
    codes, names = label_codes("groups", groups)
    if len(codes) != n_rows:
        msg = f"groups must have one label for each of the {n_rows} spots, got {len(codes)}"
        raise ValueError(msg)
    rows = np.split(np.argsort(codes, kind="stable"), np.cumsum(np.bincount(codes))[:-1])
    return dict(sorted(zip(names, rows, strict=True), key=lambda item: str(item[0])))


def placed_groups(
    coordinates: ArrayLike, groups: ArrayLike | Sequence[object] | None
) -> tuple[np.ndarray, dict[object, np.ndarray]]:
    """Return the coordinates and the rows of each group; refuse spots that mostly lie on each other."""
    coordinates, groups = in_one_order(coordinates=coordinates, groups=groups)
    points = squarable("coordinates", coordinates)
    members = group_members(groups, len(points))
    for name, rows in members.items():
        _, sizes = np.unique(points[rows], axis=0, return_counts=True)
        n_shared = int(sizes[sizes > 1].sum())
        if n_shared > MAX_COINCIDENT * len(rows):
            msg = (
                f"coordinates must tell spots apart, got {n_shared} of {len(rows)} spots{in_group(name)} that share "
                "their position with another; pass groups= with the label (slice, sample) that tells such spots apart"
            )
            raise ValueError(msg)
    return points, members


def in_group(name: object) -> str:
    """Return where an error happened: nothing without groups."""
    return "" if name is None else f" of the group {name!r}"
