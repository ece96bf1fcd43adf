"""SpaMV, simulated data 1 to 3, second implementation in plain loops.

Written from the description of the simulation alone; it shares no line with the package.
The zero inflation of the RNA was unseeded in the paper, so it is not part of this file.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

__all__ = ["ORACLES", "spamv"]

SIDE = 36
TILE_SIDE = 3  # pixels of a shape; 3 x 3 tiles make a 9 x 9 motif, each pixel 4 x 4 spots
ENLARGEMENT = 4
NB_SHAPE = 10.0
MEAN = 20.0
BACKGROUND = 0.2
SHARE = 0.55
NONSPATIAL_PROBABILITY = 0.05
N_NONSPATIAL_FACTORS = 3
N_FEATURES = {"rna": 1000, "protein": 100}
SEED = {"rna": 12, "protein": 14}

# (row, column) of each shape's pixels in its tile, tiles numbered row by row.
SHAPES = {
    "T": ("00", "01", "02", "11", "21"),
    "ring": ("00", "01", "02", "10", "12", "20", "21", "22"),
    "stair": ("00", "10", "11", "20", "21", "22"),
    "cross": ("01", "10", "11", "12", "21"),
    "L": ("00", "10", "20", "21", "22"),
    "inverted_T": ("01", "11", "20", "21", "22"),
    "mirrored_L": ("02", "12", "20", "21", "22"),
    "mirrored_stair": ("02", "11", "12", "20", "21", "22"),
    "bar": ("10", "11", "12"),
}
ACTIVE = {
    1: {"rna": (1, 2, 3, 4, 5, 6, 7, 8), "protein": (0, 1, 2, 3, 4, 5, 6, 7)},
    2: {"rna": (0, 2, 4, 5, 6, 7, 8), "protein": (0, 1, 2, 3, 4, 6, 8)},
    3: {"rna": (3, 4, 5, 6, 7, 8), "protein": (0, 1, 2, 3, 4, 5)},
}


def spamv(data: int, replicate: int = 1) -> dict[str, Any]:
    """Simulate data 1, 2 or 3, spots in grid order, before any zero inflation.

    Parameters
    ----------
    data
        1, 2 or 3: decides which shapes each modality carries.
    replicate
        Only 1; the paper has one seed per modality.

    Returns
    -------
    Coordinates, factors, their names, domain labels and the modalities ``rna`` and ``protein``.
    """
    if replicate != 1:
        msg = f"replicate must be 1, got {replicate!r}"
        raise ValueError(msg)
    factors = _factors()
    names = list(SHAPES)
    return {
        "coordinates": np.array([[float(col), float(row)] for row in range(SIDE) for col in range(SIDE)]),
        "factors": factors,
        "factor_names": names,
        "domain": [_label(names, row) for row in factors],
        "modalities": {name: _modality(factors, ACTIVE[data][name], name) for name in ("rna", "protein")},
    }


def _factors() -> np.ndarray:
    factors = np.zeros((SIDE * SIDE, len(SHAPES)))
    for tile, pixels in enumerate(SHAPES.values()):
        tile_row, tile_col = divmod(tile, 3)
        for pixel in pixels:
            first_row = (tile_row * TILE_SIDE + int(pixel[0])) * ENLARGEMENT
            first_col = (tile_col * TILE_SIDE + int(pixel[1])) * ENLARGEMENT
            for row in range(first_row, first_row + ENLARGEMENT):
                for col in range(first_col, first_col + ENLARGEMENT):
                    factors[row * SIDE + col, tile] = 1.0
    return factors


def _label(names: list[str], row: np.ndarray) -> str:
    for name, value in zip(names, row, strict=True):
        if value:
            return name
    return "background"


def _modality(factors: np.ndarray, active: tuple[int, ...], name: str) -> dict[str, np.ndarray]:
    n_spots, n_factors = factors.shape
    n_features, seed = N_FEATURES[name], SEED[name]
    loadings_rng = np.random.default_rng(seed)
    spatial_draw = loadings_rng.choice(len(active), n_features)
    nonspatial_draw = loadings_rng.choice(N_NONSPATIAL_FACTORS, n_features)
    nonspatial_factors = np.random.default_rng(seed).binomial(
        1, NONSPATIAL_PROBABILITY, size=(n_spots, N_NONSPATIAL_FACTORS)
    )

    spatial_loadings = np.zeros((n_features, n_factors), dtype=np.float32)
    nonspatial_loadings = np.zeros((n_features, N_NONSPATIAL_FACTORS), dtype=np.float32)
    for feature in range(n_features):
        spatial_loadings[feature, active[spatial_draw[feature]]] = MEAN * SHARE
        nonspatial_loadings[feature, nonspatial_draw[feature]] = MEAN * (1 - SHARE)

    mean = np.empty((n_spots, n_features))
    spatial_weight = float(np.float32(MEAN * SHARE))
    nonspatial_weight = float(np.float32(MEAN * (1 - SHARE)))
    f_rows, u_rows = factors.tolist(), nonspatial_factors.tolist()
    pairs = [(active[s], k) for s, k in zip(spatial_draw.tolist(), nonspatial_draw.tolist(), strict=True)]
    for spot in range(n_spots):
        f_row, u_row = f_rows[spot], u_rows[spot]
        mean[spot] = [BACKGROUND + f_row[s] * spatial_weight + u_row[k] * nonspatial_weight for s, k in pairs]

    counts = np.random.default_rng(seed).negative_binomial(NB_SHAPE, NB_SHAPE / (mean + NB_SHAPE))
    modality = {
        "mean": mean,
        "spatial_loadings": spatial_loadings,
        "nonspatial_loadings": nonspatial_loadings,
        "nonspatial_factors": nonspatial_factors,
    }
    # Zeroing follows in the RNA only: its final counts differ from these in the zeroed entries.
    modality["counts_before_dropout" if name == "rna" else "counts"] = counts
    return modality


ORACLES = {f"spamv_{data}": partial(spamv, data) for data in ACTIVE}
