"""Spots as they lie: squares that tile a rectangular lattice, discs elsewhere, row 0 on top, slices side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from spsim import _keys, _validate
from spsim._objects import annotated
from spsim.slots import has_record, read_params, read_spacing

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


def draw_spots(ax: Axes, data: AnnData | MuData, **colours: Any) -> PolyCollection:
    """Draw every spot in data units, with equal aspect and without axes; ``colours`` go to the collection."""
    from matplotlib.collections import PolyCollection

    centres, outline = _drawing(data)
    corners = centres[:, None, :] + np.column_stack([outline.real, outline.imag])
    # Squares must meet without a seam; small discs must not turn into a moiré.
    smooth = len(outline) > len(SQUARE)
    spots = PolyCollection(corners, linewidths=0, antialiaseds=smooth, rasterized=True, **colours)
    ax.add_collection(spots)
    low, high = _extent(centres, outline)
    ax.set(xlim=(low[0], high[0]), ylim=(high[1], low[1]), aspect="equal", xticks=[], yticks=[])
    ax.spines[:].set_visible(False)
    return spots


def aspect(data: AnnData | MuData) -> float:
    """Width of the picture as a multiple of its height."""
    low, high = _extent(*_drawing(data))
    return float((high[0] - low[0]) / (high[1] - low[1]))


def _drawing(data: AnnData | MuData) -> tuple[np.ndarray, np.ndarray]:
    """Centres of the spots on the paper, and the outline around each."""
    _validate.known_key("obsm, for the spots' places", _keys.SPATIAL, annotated("data", data).obsm)
    coordinates = np.asarray(data.obsm[_keys.SPATIAL], float)
    plane, level = coordinates[:, :2], _levels(coordinates)
    spacing = _spacing(data, plane, level)
    shift = level * (1 + GAP) * (np.ptp(plane[:, 0]) + spacing)
    return plane + np.column_stack([shift, np.zeros(len(shift))]), _outline(data, plane, spacing)


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
