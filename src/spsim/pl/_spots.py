"""Spots as they lie: squares that tile a rectangular lattice, discs elsewhere, row 0 on top, slices side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from spsim import _keys, _validate
from spsim._objects import annotated
from spsim.pl._panels import FONT
from spsim.pl._titles import broken
from spsim.slots import has_record, read_params, read_spacing, recorded_groups, recorded_outline

if TYPE_CHECKING:
    from anndata import AnnData
    from matplotlib.axes import Axes
    from matplotlib.collections import PolyCollection
    from mudata import MuData

DISC = np.exp(2j * np.pi * np.arange(24) / 24) / 2
SQUARE = np.array([-1 - 1j, 1 - 1j, 1 + 1j, -1 + 1j]) / 2
# More distinct z are a cloud of points rather than slices: seen from above.
MOST_SLICES = 24
GAP = 0.1  # between slices, as a share of their width


def draw_spots(
    ax: Axes, data: AnnData | MuData, *, groups: str | None = None, frame: str = _keys.SPATIAL, **colours: Any
) -> PolyCollection:
    """Draw every spot in data units, with equal aspect and without axes; ``colours`` go to the collection.

    Groups stand side by side, each named below. ``frame`` is the key of the coordinates.
    """
    from matplotlib.collections import PolyCollection

    centres, outline, members = _drawing(data, groups, frame)
    corners = centres[:, None, :] + np.column_stack([outline.real, outline.imag])
    # Squares must meet without a seam; small discs must not turn into a moiré.
    smooth = len(outline) > len(SQUARE)
    spots = PolyCollection(corners, linewidths=0, antialiaseds=smooth, rasterized=True, **colours)
    ax.add_collection(spots)
    # Nothing of them lies outside the axes; to measure them all would take the layout long.
    spots.set_in_layout(False)
    low, high = _extent(centres, outline)
    ax.set(xlim=(low[0], high[0]), ylim=(high[1], low[1]), aspect="equal", xticks=[], yticks=[])
    ax.spines[:].set_visible(False)
    for name, rows in members.items():
        middle = (centres[rows, 0].min() + centres[rows, 0].max()) / 2
        share = float(np.ptp(centres[rows, 0]) / (high[0] - low[0]))
        ax.text(middle, high[1], broken(ax, name, share), ha="center", va="top", fontsize=FONT)
    return spots


def draw_outlines(ax: Axes, data: AnnData | MuData) -> None:
    """Draw the outlines of spots on what is drawn of other observations of the same place."""
    from matplotlib.collections import PolyCollection

    centres, outline, _ = _drawing(data, None)
    corners = centres[:, None, :] + np.column_stack([outline.real, outline.imag])
    outlines = PolyCollection(corners, facecolors="none", edgecolors="black", linewidths=0.5, rasterized=True)
    ax.add_collection(outlines)
    outlines.set_in_layout(False)
    low, high = _extent(centres, outline)
    (left, right), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    ax.set(xlim=(min(left, low[0]), max(right, high[0])), ylim=(max(bottom, high[1]), min(top, low[1])))


def aspect(data: AnnData | MuData, groups: str | None = None) -> float:
    """Width of the picture as a multiple of its height."""
    centres, outline, _ = _drawing(data, groups)
    low, high = _extent(centres, outline)
    return float((high[0] - low[0]) / (high[1] - low[1]))


def _drawing(
    data: AnnData | MuData, groups: str | None, frame: str = _keys.SPATIAL
) -> tuple[np.ndarray, np.ndarray, dict[str, np.ndarray]]:
    """Centres of the spots on the paper, the outline around each, and the spots of each group."""
    _validate.known_key("obsm, for the spots' places", frame, annotated("data", data).obsm)
    coordinates = np.asarray(data.obsm[frame], float)
    if not len(coordinates):
        msg = "data must hold at least one spot to be drawn, got none"
        raise ValueError(msg)
    plane, level = coordinates[:, :2], _levels(coordinates)
    members = _members(data, groups)
    apart = level.copy()
    for i, rows in enumerate(members.values()):
        apart[rows] += i * (level.max() + 1)
    spacing = _spacing(data, plane, apart)
    shift = level * (1 + GAP) * (np.ptp(plane[:, 0]) + spacing)
    centres = plane + np.column_stack([shift, np.zeros(len(shift))])
    return _side_by_side(centres, members, spacing), _outline(data, plane, spacing), members


def _members(data: AnnData | MuData, groups: str | None) -> dict[str, np.ndarray]:
    """Spots of each group by its name: of the named column, else of the recorded one; empty without groups."""
    import pandas as pd

    key = recorded_groups(data) if groups is None else _validate.text("groups", groups)
    if key is None:
        return {}
    _validate.known_key("groups in obs", key, data.obs)
    labels = pd.Categorical(data.obs[key])
    return {
        str(labels.categories[i]): np.flatnonzero(labels.codes == i) for i in np.unique(labels.codes[labels.codes >= 0])
    }


def _side_by_side(centres: np.ndarray, members: dict[str, np.ndarray], spacing: float) -> np.ndarray:
    """Move groups next to each other, wherever they lie."""
    moved, left = centres.copy(), 0.0
    for rows in members.values():
        moved[rows] += [left, 0.0] - centres[rows].min(axis=0)
        left += (1 + GAP) * (np.ptp(centres[rows, 0]) + spacing)
    return moved


def _extent(centres: np.ndarray, outline: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    radius = outline.real.max()
    return centres.min(axis=0) - radius, centres.max(axis=0) + radius


def _levels(coordinates: np.ndarray) -> np.ndarray:
    """Which slice each spot lies in, counted from the lowest z."""
    heights, level = np.unique(coordinates[:, 2:].sum(axis=1), return_inverse=True)
    return level.ravel() if len(heights) <= MOST_SLICES else np.zeros(len(coordinates), int)


def _spacing(data: AnnData | MuData, plane: np.ndarray, level: np.ndarray) -> float:
    if has_record(data):
        return read_spacing(data)
    from scipy.spatial import cKDTree

    # Slices so far apart that each spot's neighbour lies in its own.
    apart = np.column_stack([plane, level * (1 + np.ptp(plane, axis=0).sum()) * 2])
    distances = cKDTree(apart).query(apart, k=min(2, len(apart)))[0]
    return float(np.median(distances.reshape(len(apart), -1)[:, -1])) or 1.0


def _outline(data: AnnData | MuData, plane: np.ndarray, spacing: float) -> np.ndarray:
    own = recorded_outline(data)
    if own is not None:
        form, size = own
        return (SQUARE if form == "square" else DISC) * size
    diameter = _spot_diameter(data)
    if diameter is not None:
        return DISC * diameter
    steps = (plane - plane.min(axis=0)) / spacing
    return (SQUARE if np.allclose(steps, np.round(steps), rtol=0, atol=1e-3) else DISC) * spacing


def _spot_diameter(data: AnnData | MuData) -> float | None:
    """Size of a spot, where the layout is recorded and has one; a stack has that of its slices."""
    if not has_record(data):
        return None
    layout = read_params(data)["scenario"]["layout"]
    while layout and "spot_diameter" not in layout:
        layout = layout.get("layout")
    return layout["spot_diameter"] if layout else None
