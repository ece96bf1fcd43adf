"""SpatialGlue, simulations 1 to 5, second implementation in plain loops.

Long et al., Nature Methods 21:1658-1667 (2024), supplementary table S3.
Written from the description of the simulation alone; it shares no line with the package.
Only what is fixed before zero inflation and Gaussian noise is here: those two are seeded by the package.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

__all__ = ["ORACLES", "spatialglue"]

SIDE = 36
ENLARGEMENT = 6  # a 6 x 6 motif
GGBLOCKS_PIXELS = {
    "block_1": (1, 6, 7, 8, 13),
    "block_2": (3, 4, 5, 9, 11, 15, 16, 17),
    "block_3": (18, 24, 25, 30, 31, 32),
    "block_4": (21, 22, 23, 28, 34),
}
# Supplementary table S3; the active factors are from the main text.
N_FEATURES = {"rna": 1000, "protein": 100}
NONSPATIAL_PROBABILITY = {"rna": 0.2, "protein": 0.25}
BACKGROUND = {"rna": (0.2, 0.3, 0.4, 0.5, 0.6), "protein": (0.4, 0.5, 0.6, 0.7, 0.8)}
ACTIVE = {"rna": (0, 2, 3), "protein": (1,)}
# Not published; chosen for this catalogue, as is the seed (the simulation's number).
NB_SHAPE = 10.0
MEAN = 20.0
SHARE = 0.55
N_NONSPATIAL_FACTORS = 3


def spatialglue(simulation: int, replicate: int = 1) -> dict[str, Any]:
    """Simulate set 1 to 5, spots in grid order, before zero inflation and noise.

    Parameters
    ----------
    simulation
        1 to 5: decides the background and is the seed.
    replicate
        Only 1.

    Returns
    -------
    Coordinates, factors, their names, domain labels and the modalities ``rna`` and ``protein``.
    """
    if replicate != 1:
        msg = f"replicate must be 1, got {replicate!r}"
        raise ValueError(msg)
    factors = np.zeros((SIDE * SIDE, len(GGBLOCKS_PIXELS)))
    domain = ["background"] * (SIDE * SIDE)
    for row in range(SIDE):
        for col in range(SIDE):
            pixel = (row // ENLARGEMENT) * 6 + col // ENLARGEMENT
            for column, (name, pixels) in enumerate(GGBLOCKS_PIXELS.items()):
                if pixel in pixels:
                    factors[row * SIDE + col, column] = 1.0
                    domain[row * SIDE + col] = name
    return {
        "coordinates": np.array([[float(col), float(row)] for row in range(SIDE) for col in range(SIDE)]),
        "factors": factors,
        "factor_names": list(GGBLOCKS_PIXELS),
        "domain": domain,
        "modalities": {name: _modality(factors, simulation, name) for name in ("rna", "protein")},
    }


def _modality(factors: np.ndarray, simulation: int, name: str) -> dict[str, np.ndarray]:
    active, n_features = ACTIVE[name], N_FEATURES[name]
    background = BACKGROUND[name][simulation - 1]
    n_spots, n_factors = factors.shape
    loadings_rng = np.random.default_rng(simulation)
    spatial_draw = loadings_rng.choice(len(active), n_features)
    nonspatial_draw = loadings_rng.choice(N_NONSPATIAL_FACTORS, n_features)
    nonspatial_factors = np.random.default_rng(simulation).binomial(
        1, NONSPATIAL_PROBABILITY[name], size=(n_spots, N_NONSPATIAL_FACTORS)
    )

    spatial_loadings = np.zeros((n_features, n_factors), dtype=np.float32)
    nonspatial_loadings = np.zeros((n_features, N_NONSPATIAL_FACTORS), dtype=np.float32)
    for feature in range(n_features):
        spatial_loadings[feature, active[spatial_draw[feature]]] = MEAN * SHARE
        nonspatial_loadings[feature, nonspatial_draw[feature]] = MEAN * (1 - SHARE)

    mean = np.empty((n_spots, n_features))
    w_rows, v_rows = spatial_loadings.tolist(), nonspatial_loadings.tolist()
    f_rows, u_rows = factors.tolist(), nonspatial_factors.tolist()
    for feature in range(n_features):
        column = active[spatial_draw[feature]]
        k = int(nonspatial_draw[feature])
        w, v = w_rows[feature][column], v_rows[feature][k]
        for spot in range(n_spots):
            mean[spot, feature] = background + f_rows[spot][column] * w + u_rows[spot][k] * v

    counts = np.random.default_rng(simulation).negative_binomial(NB_SHAPE, NB_SHAPE / (mean + NB_SHAPE))
    return {
        "counts_before_dropout": counts,
        "mean": mean,
        "spatial_loadings": spatial_loadings,
        "nonspatial_loadings": nonspatial_loadings,
        "nonspatial_factors": nonspatial_factors,
    }


ORACLES = {f"spatialglue_{simulation}": partial(spatialglue, simulation) for simulation in range(1, 6)}
