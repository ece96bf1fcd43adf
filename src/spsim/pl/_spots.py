"""Spots as they lie: squares that tile a grid, discs elsewhere, row 0 on top."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from spsim import _keys

if TYPE_CHECKING:
    from anndata import AnnData
    from matplotlib.axes import Axes
    from matplotlib.collections import PolyCollection
    from mudata import MuData

DISC = np.exp(2j * np.pi * np.arange(24) / 24) / 2
SQUARE = np.array([-1 - 1j, 1 - 1j, 1 + 1j, -1 + 1j]) / 2


def draw_spots(ax: Axes, data: AnnData | MuData, **colours: Any) -> PolyCollection:
    """Draw every spot in data units, with equal aspect and without axes; ``colours`` go to the collection."""
    from matplotlib.collections import PolyCollection

    coordinates = np.asarray(data.obsm[_keys.SPATIAL])[:, :2]
    width = _width(data, coordinates)
    outline = (SQUARE if _is_grid(coordinates) else DISC) * width
    corners = coordinates[:, None, :] + np.column_stack([outline.real, outline.imag])
    spots = PolyCollection(corners, linewidths=0, antialiaseds=False, rasterized=True, **colours)
    ax.add_collection(spots)
    low, high = coordinates.min(axis=0) - width / 2, coordinates.max(axis=0) + width / 2
    ax.set(xlim=(low[0], high[0]), ylim=(high[1], low[1]), aspect="equal", xticks=[], yticks=[])
    ax.spines[:].set_visible(False)
    return spots


def _width(data: AnnData | MuData, coordinates: np.ndarray) -> float:
    if _keys.UNS in data.uns:
        return float(data.uns[_keys.UNS][_keys.SPACING])
    from scipy.spatial import cKDTree

    distances = cKDTree(coordinates).query(coordinates, k=min(2, len(coordinates)))[0]
    return float(np.median(distances.reshape(len(coordinates), -1)[:, -1])) or 1.0


def _is_grid(coordinates: np.ndarray) -> bool:
    n_columns, n_rows = (len(np.unique(axis)) for axis in coordinates.T)
    return n_columns * n_rows == len(coordinates)
