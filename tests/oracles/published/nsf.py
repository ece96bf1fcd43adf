"""Nonnegative spatial factorization, second implementation in plain loops.

Townes & Engelhardt, Nature Methods 20:229-238 (2023), doi 10.1038/s41592-022-01687-w.
Written from the description of the simulation alone; it shares no line with the package.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

__all__ = ["ORACLES", "nsf"]

SIDE = 36  # 1,296 spots in all 45 data sets
NB_SHAPE = 10.0
MEAN = 20.0
BACKGROUND = 0.2
SHARE = 0.6  # of the mean, on the spatial side; the generator's default of 0.55 is overridden in set 2
NONSPATIAL_PROBABILITY = 0.2

# (pure spatial, mixed, pure non-spatial) features.
DESIGNS = {"spatial": (200, 0, 0), "split": (250, 0, 250), "mixed": (0, 500, 0)}
PATTERNS = ("quilt", "ggblocks", "both")

GGBLOCKS_PIXELS = {
    "block_1": (1, 6, 7, 8, 13),
    "block_2": (3, 4, 5, 9, 11, 15, 16, 17),
    "block_3": (18, 24, 25, 30, 31, 32),
    "block_4": (21, 22, 23, 28, 34),
}


def nsf(pattern: str, design: str, replicate: int) -> dict[str, Any]:
    """Simulate one of the paper's 45 data sets, spots in grid order.

    Parameters
    ----------
    pattern
        ``"quilt"``, ``"ggblocks"`` or ``"both"``.
    design
        ``"spatial"`` (set 1), ``"split"`` or ``"mixed"`` (set 2).
    replicate
        The paper's seed, 1 to 5.

    Returns
    -------
    Coordinates, factors, their names, domain labels and the one modality ``rna``.
    """
    names, factors = _factors(pattern)
    n_spots, n_factors = factors.shape
    n_spatial, n_mixed, n_nonspatial = DESIGNS[design]
    n_features = n_spatial + n_mixed + n_nonspatial
    n_nonspatial_factors = 0 if design == "spatial" else (6 if pattern == "both" else 3)

    loadings_rng = np.random.default_rng(replicate)
    spatial_choice = loadings_rng.choice(n_factors, n_features)
    nonspatial_choice = loadings_rng.choice(n_nonspatial_factors, n_features) if n_nonspatial_factors else []
    nonspatial_factors = np.random.default_rng(replicate).binomial(
        1, NONSPATIAL_PROBABILITY, size=(n_spots, n_nonspatial_factors)
    )

    spatial_loadings = np.zeros((n_features, n_factors), dtype=np.float32)
    nonspatial_loadings = np.zeros((n_features, n_nonspatial_factors), dtype=np.float32)
    for feature in range(n_features):
        if feature < n_spatial:
            spatial_weight, nonspatial_weight = MEAN, 0.0
        elif feature < n_spatial + n_mixed:
            spatial_weight, nonspatial_weight = MEAN * SHARE, MEAN * (1 - SHARE)
        else:
            spatial_weight, nonspatial_weight = 0.0, MEAN
        spatial_loadings[feature, spatial_choice[feature]] = spatial_weight
        if n_nonspatial_factors:
            nonspatial_loadings[feature, nonspatial_choice[feature]] = nonspatial_weight

    mean = _mean(factors, spatial_loadings, nonspatial_factors, nonspatial_loadings)
    counts = np.random.default_rng(replicate).negative_binomial(NB_SHAPE, NB_SHAPE / (mean + NB_SHAPE))
    return {
        "coordinates": _coordinates(),
        "factors": factors,
        "factor_names": names,
        "domain": _domain(names, factors),
        "modalities": {
            "rna": {
                "counts": counts,
                "mean": mean,
                "spatial_loadings": spatial_loadings,
                "nonspatial_loadings": nonspatial_loadings,
                "nonspatial_factors": nonspatial_factors,
            }
        },
    }


def _mean(factors: Any, spatial_loadings: Any, nonspatial_factors: Any, nonspatial_loadings: Any) -> np.ndarray:
    # Entry by entry in Python floats, which are float64; the loadings were rounded to float32 before.
    f_rows, w_rows = factors.tolist(), spatial_loadings.tolist()
    u_rows, v_rows = nonspatial_factors.tolist(), nonspatial_loadings.tolist()
    # A feature loads on at most one spatial and one non-spatial factor, so the sums have at most one term.
    w_terms = [[(k, w) for k, w in enumerate(row) if w] for row in w_rows]
    v_terms = [[(k, v) for k, v in enumerate(row) if v] for row in v_rows]
    mean = np.empty((len(f_rows), len(w_rows)))
    for spot, (f_row, u_row) in enumerate(zip(f_rows, u_rows, strict=True)):
        line = []
        for w_term, v_term in zip(w_terms, v_terms, strict=True):
            value = BACKGROUND
            for k, w in w_term:
                value += f_row[k] * w
            for k, v in v_term:
                value += u_row[k] * v
            line.append(value)
        mean[spot] = line
    return mean


def _factors(pattern: str) -> tuple[list[str], np.ndarray]:
    motifs = {}
    if pattern in ("ggblocks", "both"):
        motifs.update(_ggblocks())
    if pattern in ("quilt", "both"):
        motifs.update(_quilt())
    factors = np.zeros((SIDE * SIDE, len(motifs)))
    for column, motif in enumerate(motifs.values()):
        enlargement = SIDE // len(motif)
        for row in range(SIDE):
            for col in range(SIDE):
                factors[row * SIDE + col, column] = motif[row // enlargement][col // enlargement]
    return list(motifs), factors


def _ggblocks() -> dict[str, list[list[int]]]:
    return {
        name: [[int(row * 6 + col in pixels) for col in range(6)] for row in range(6)]
        for name, pixels in GGBLOCKS_PIXELS.items()
    }


def _quilt() -> dict[str, list[list[int]]]:
    squares = [[0] * 12 for _ in range(12)]
    for row in (1, 2, 3, 4, 7, 8, 9, 10):
        for col in (1, 2, 3, 4, 7, 8, 9, 10):
            squares[row][col] = 1

    corners = [[0] * 12 for _ in range(12)]
    for row in range(6):
        for col in range(row, 6):
            corners[row][6 + col] = 1  # upper right quadrant
            corners[row][5 - col] = 1  # its left-right mirror
            corners[11 - row][6 + col] = 1  # the lower half mirrors the upper
            corners[11 - row][5 - col] = 1

    scotland = [[0] * 12 for _ in range(12)]
    for row in range(12):
        scotland[row][row] = 1
        scotland[row][11 - row] = 1

    checkers = [[0] * 12 for _ in range(12)]
    for row in range(12):
        for col in range(12):
            checkers[row][col] = (row // 4 + col // 4) % 2
    return {"squares": squares, "corners": corners, "scotland": scotland, "checkers": checkers}


def _coordinates() -> np.ndarray:
    return np.array([[float(col), float(row)] for row in range(SIDE) for col in range(SIDE)])


def _domain(names: list[str], factors: np.ndarray) -> list[str]:
    labels = []
    for row in factors:
        present = [name for name, value in zip(names, row, strict=True) if value]
        labels.append("+".join(present) if present else "background")
    return labels


ORACLES = {
    f"nsf_{pattern}" + ("" if design == "spatial" else f"_{design}"): partial(nsf, pattern, design)
    for pattern in PATTERNS
    for design in DESIGNS
}
