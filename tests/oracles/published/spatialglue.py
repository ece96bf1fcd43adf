"""SpatialGlue, simulations 1 to 5 and the set of three modalities, second implementation in plain loops.

Long et al., Nature Methods 21:1658-1667 (2024), supplementary table S3.
Written from the description of the simulation alone; it shares no line with the package.
The paper states no seeds, so every draw comes from a counter-based stream named after its modality.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Callable
from decimal import Decimal, localcontext
from functools import partial
from statistics import NormalDist
from typing import Any

import numpy as np

__all__ = ["ORACLES", "spatialglue", "spatialglue_triple"]

SIDE = 36
ENLARGEMENT = 6  # a 6 x 6 motif
GGBLOCKS_PIXELS = {
    "block_1": (1, 6, 7, 8, 13),
    "block_2": (3, 4, 5, 9, 11, 15, 16, 17),
    "block_3": (18, 24, 25, 30, 31, 32),
    "block_4": (21, 22, 23, 28, 34),
}
# Supplementary table S3; the active factors are from the main text. No parameters of `third` are published:
# it is measured like the protein of simulation 1.
N_FEATURES = {"rna": 1000, "protein": 100, "third": 100}
NONSPATIAL_PROBABILITY = {"rna": 0.2, "protein": 0.25, "third": 0.25}
DROPOUT = {"rna": 0.5, "protein": 0.0, "third": 0.0}
BACKGROUND = {"rna": (0.2, 0.3, 0.4, 0.5, 0.6), "protein": (0.4, 0.5, 0.6, 0.7, 0.8), "third": (0.4,)}
NOISE_MEAN, NOISE_SD = 2.0, 0.5
ACTIVE = {"rna": (0, 2, 3), "protein": (1,), "third": (3,)}
# Not published; chosen for this catalogue, as are the seeds (the simulation's number, 6 for three modalities).
NB_SHAPE = 10
MEAN = 20.0
SHARE = 0.55
N_NONSPATIAL_FACTORS = 3
SEED_TRIPLE = 6

# The fourth word of the counter.
COUNTS, REFINEMENT, FACTORS, SPATIAL_LOADINGS, NONSPATIAL_LOADINGS, NOISE = 0, 1, 2, 3, 4, 8
TILE = 128  # spots

Words = Callable[[int, int, int], list[int]]


def spatialglue(simulation: int, replicate: int = 1) -> dict[str, Any]:
    """Simulate set 1 to 5, spots in grid order.

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
    return _simulate(("rna", "protein"), simulation=simulation, seed=simulation, replicate=replicate)


def spatialglue_triple(replicate: int = 1) -> dict[str, Any]:
    """Simulate the set of three modalities, the first two as in simulation 1, spots in grid order.

    Parameters
    ----------
    replicate
        Only 1.

    Returns
    -------
    Coordinates, factors, their names, domain labels and the modalities ``rna``, ``protein`` and ``third``.
    """
    return _simulate(("rna", "protein", "third"), simulation=1, seed=SEED_TRIPLE, replicate=replicate)


def _simulate(names: tuple[str, ...], *, simulation: int, seed: int, replicate: int) -> dict[str, Any]:
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
        "modalities": {name: _modality(factors, name, BACKGROUND[name][simulation - 1], seed) for name in names},
    }


def _modality(factors: np.ndarray, name: str, background: float, seed: int) -> dict[str, np.ndarray]:
    words = partial(_words, seed, name)
    n_spots, n_factors = factors.shape
    n_features, active = N_FEATURES[name], ACTIVE[name]
    spatial = [active[int(u * len(active))] for u in _uniforms(words, SPATIAL_LOADINGS, 0, n_features)]
    nonspatial = [int(u * N_NONSPATIAL_FACTORS) for u in _uniforms(words, NONSPATIAL_LOADINGS, 0, n_features)]
    spatial_loadings = np.zeros((n_features, n_factors), dtype=np.float32)
    nonspatial_loadings = np.zeros((n_features, N_NONSPATIAL_FACTORS), dtype=np.float32)
    for feature in range(n_features):
        spatial_loadings[feature, spatial[feature]] = MEAN * SHARE
        nonspatial_loadings[feature, nonspatial[feature]] = MEAN * (1 - SHARE)

    nonspatial_factors = _nonspatial_factors(words, name, n_spots)
    w, v = float(np.float32(MEAN * SHARE)), float(np.float32(MEAN * (1 - SHARE)))
    pairs = list(zip(spatial, nonspatial, strict=True))
    f_rows, u_rows = factors.tolist(), nonspatial_factors.tolist()
    mean = [[background + f[s] * w + u[k] * v for s, k in pairs] for f, u in zip(f_rows, u_rows, strict=True)]
    counts = np.array(_counts(mean, words, DROPOUT[name]))
    return {
        "counts": counts,
        "values": _add_noise(counts, words),
        "mean": np.array(mean),
        "spatial_loadings": spatial_loadings,
        "nonspatial_loadings": nonspatial_loadings,
        "nonspatial_factors": nonspatial_factors,
    }


def _nonspatial_factors(words: Words, name: str, n_spots: int) -> np.ndarray:
    uniforms = _uniforms(words, FACTORS, 0, n_spots * N_NONSPATIAL_FACTORS)
    is_on = [1 if u < NONSPATIAL_PROBABILITY[name] else 0 for u in uniforms]
    return np.array(is_on).reshape(n_spots, N_NONSPATIAL_FACTORS)


def _stream(name: str) -> int:
    return int.from_bytes(hashlib.blake2b(name.encode()).digest()[:8], "little")


def _words(seed: int, name: str, purpose: int, tile: int, n_words: int) -> list[int]:
    # Four words of 64 bits per block; NumPy steps the counter before it draws.
    first_block = (purpose << 192) + (_stream(name) << 128) + (tile << 64)
    key = np.random.SeedSequence(seed).generate_state(2, np.uint64)
    return np.random.Philox(key=key, counter=(first_block - 1) % 2**256).random_raw(n_words).tolist()


def _uniforms(words: Words, purpose: int, tile: int, n_uniforms: int) -> list[float]:
    return [(word >> 11) * 2.0**-53 for word in words(purpose, tile, n_uniforms)]


def _counts(mean: list[list[float]], words: Words, dropout: float) -> list[list[int]]:
    n_features = len(mean[0])
    n_blocks = -(-n_features // 64) * 512
    thresholds = {m: _thresholds(m, dropout) for m in {m for row in mean for m in row}}
    counts = []
    for spot, mean_row in enumerate(mean):
        tile, row = divmod(spot, TILE)
        if row == 0:
            coarse = words(COUNTS, tile, 4 * n_blocks)
            fine = words(REFINEMENT, tile, 4 * TILE * n_features)
        counts_row = []
        for feature, m in enumerate(mean_row):
            block = feature // 64 * 512 + row * 4 + feature % 64 // 16
            lane = feature % 16  # of 16 bits, four to a word, the lowest bits first
            top = (coarse[4 * block + lane // 4] >> 16 * (lane % 4)) % 2**16
            rest = fine[4 * (feature * TILE + row)] >> 16
            # bisect_right is the number of thresholds that are at most the uniform.
            counts_row.append(bisect_right(thresholds[m], top * 2**48 + rest))
        counts.append(counts_row)
    return counts


def _thresholds(mean: float, dropout: float) -> list[int]:
    # round(2^64 F(k)) by the recurrence of the probabilities, in 60 digits: no special function is involved.
    with localcontext() as context:
        context.prec = 60
        shape, m, zero_inflation = Decimal(NB_SHAPE), Decimal(mean), Decimal(dropout)
        probability = (shape / (shape + m)) ** NB_SHAPE
        cumulative, thresholds = probability, []
        while True:
            threshold = round(2**64 * (zero_inflation + (1 - zero_inflation) * cumulative))
            if threshold == 2**64:  # no uniform reaches it, nor any later one
                return thresholds
            thresholds.append(threshold)
            k = len(thresholds)
            probability *= (shape + k - 1) / k * m / (shape + m)
            cumulative += probability


def _add_noise(counts: np.ndarray, words: Words) -> np.ndarray:
    values = np.empty(counts.shape, dtype=np.float32)
    quantile = NormalDist().inv_cdf
    for feature, column in enumerate(counts.T.tolist()):
        uniforms = _uniforms(words, NOISE, feature, len(column))
        noise = [NOISE_MEAN + NOISE_SD * quantile(u + 2.0**-54) for u in uniforms]
        values[:, feature] = [count + shift for count, shift in zip(column, noise, strict=True)]
    return values


ORACLES = {f"spatialglue_{simulation}": partial(spatialglue, simulation) for simulation in range(1, 6)}
ORACLES["spatialglue_triple"] = spatialglue_triple
