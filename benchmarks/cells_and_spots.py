"""Difficulty of ``cells_and_spots()``: light baselines between chance and ceiling, and what papers say of mixtures.

Every baseline gets a blind copy. Its score is where its RMSE lies between that of the mean composition in each spot (0)
and the truth (1). Settings of the world were chosen on seeds 101-105; what is stated is of seeds 6-10, since an earlier setting had been tried on seeds 1-5.

Run: ``python -m benchmarks.cells_and_spots``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import numpy as np
import pandas as pd
from mudata import MuData
from scipy.optimize import nnls as solve

import spsim as sps
from benchmarks.difficulty import report

SEEDS = range(6, 11)
# Three baselines that know more and more: markers; how much each of them varies; counts of all genes, and platforms.
INFORMED = ("markers_log", "markers_scaled", "poisson_platform")
N_MARKERS = 20
# Weights of the types of the claim about a missing one.
SHARES = [[3, 1, 1, 1, 1, 1, 1, 1]]


def main() -> None:
    """Print the table of docs/difficulty.md and the claims."""
    report(difficulty(), INFORMED, claims())


def difficulty(seeds: range = SEEDS) -> pd.DataFrame:
    """Return the score of each baseline (columns) for each seed."""
    return pd.DataFrame({seed: scored(sps.datasets.cells_and_spots(rng=seed)) for seed in seeds}).T


def scored(mdata: MuData) -> dict[str, float]:
    """Return the score of each baseline."""
    blind = sps.get.without_truth(mdata)
    return {name: position(mdata, blind, estimate(blind)) for name, estimate in BASELINES.items()}


def position(mdata: MuData, blind: MuData, shares: pd.DataFrame, *, of: str = "cells") -> float:
    """Return where an estimate lies between the mean composition (0) and the truth (1)."""
    blind["visium"].obsm["P"] = shares
    rmse = sps.tl.proportion_recovery(blind, "visium:P", of=of, truth=mdata, n_chance=0, copy=True).loc["rmse"]
    return 1 - rmse["score"] / rmse["chance"]


def claims(seeds: range = SEEDS) -> Mapping[str, tuple[str, np.ndarray]]:
    """Return statement and differences over seeds, positive where the claim holds; settings were written down before."""
    return {
        "two truths": (
            "type means give shares of cells, unit profiles those of molecules (cell2location)",
            np.array([_two_truths(seed) for seed in seeds]),
        ),
        "platform": (
            "a correction per gene gains more where platforms differ (RCTD)",
            np.array([_platform(seed) for seed in seeds]),
        ),
        "missing type": (
            "a common type that the reference lacks makes the others worse (Spotless)",
            np.array([_missing(seed) for seed in seeds]),
        ),
        "rare type": (
            "a rare type is found worse than the mean of the others, by Pearson's r (Spotless)",
            np.array([_rare(seed) for seed in seeds]),
        ),
    }


def _two_truths(seed: int) -> float:
    mdata = sps.datasets.cells_and_spots(platform_sd=0.0, rng=seed)
    blind = sps.get.without_truth(mdata)
    means, units = poisson(blind), poisson(blind, unit=True)
    ahead = [
        position(mdata, blind, means, of=of) - position(mdata, blind, units, of=of) for of in ("cells", "molecules")
    ]
    return min(ahead[0], -ahead[1])


def _platform(seed: int) -> float:
    gains = []
    for sd in (0.5, 0.0):
        mdata = sps.datasets.cells_and_spots(platform_sd=sd, rng=seed)
        blind = sps.get.without_truth(mdata)
        gains.append(position(mdata, blind, poisson_platform(blind)) - position(mdata, blind, poisson(blind)))
    return gains[0] - gains[1]


def _missing(seed: int) -> float:
    rmse = []
    for absent in ({}, {"reference": ["type_1"]}):
        types = sps.factors.CellTypes(n_types=8, composition=SHARES, absent=absent, known=["reference"])
        mdata = sps.datasets.cells_and_spots(cell_types=types, pattern=None, rng=seed)
        blind = sps.get.without_truth(mdata)
        blind["visium"].obsm["P"] = poisson_platform(blind)
        sps.tl.proportion_recovery(blind, "visium:P", truth=mdata, n_chance=0)
        rmse.append(blind.uns["visium:P_proportion_recovery_types"]["rmse"].iloc[1:].mean())
    return rmse[1] - rmse[0]


def _rare(seed: int) -> float:
    types = sps.factors.CellTypes(n_types=8, by="domain", composition="dominant_rare", known=["reference"])
    mdata = sps.datasets.cells_and_spots(cell_types=types, rng=seed)
    blind = sps.get.without_truth(mdata)
    blind["visium"].obsm["P"] = poisson_platform(blind)
    sps.tl.proportion_recovery(blind, "visium:P", truth=mdata, n_chance=0)
    pearson = blind.uns["visium:P_proportion_recovery_types"]["pearson"]
    composition = sps.get.table(mdata, "cell_type_composition")
    rare = composition.max().idxmin()
    return pearson.drop(rare).mean() - pearson[rare]


def counts_of(blind: MuData) -> tuple[np.ndarray, np.ndarray, pd.Series]:
    """Return counts of spots and of the reference, and the reference's types."""
    spots, cells = (np.asarray(blind[name].X, float) for name in ("visium", "reference"))
    return spots, cells, blind["reference"].obs["cell_type"]


def type_means(cells: np.ndarray, types: pd.Series) -> np.ndarray:
    """Return genes × types."""
    return np.column_stack([cells[(types == name).to_numpy()].mean(axis=0) for name in types.cat.categories])


def markers_log(blind: MuData) -> pd.DataFrame:
    """Mean log-normalised value of each type's markers."""
    spots, cells, types = counts_of(blind)
    logged = _logged(spots)
    scores = [logged[:, genes].mean(axis=1) for genes in _markers(type_means(cells, types))]
    return _shares(np.column_stack(scores), blind)


def markers_scaled(blind: MuData) -> pd.DataFrame:
    """The same of values that are centred and scaled per gene, through a softmax."""
    spots, cells, types = counts_of(blind)
    logged = _logged(spots)
    scaled = (logged - logged.mean(axis=0)) / (logged.std(axis=0) + 1e-9)
    scores = [scaled[:, genes].mean(axis=1) for genes in _markers(type_means(cells, types))]
    return _shares(np.exp(np.column_stack(scores)), blind)


def nnls(blind: MuData) -> pd.DataFrame:
    """Non-negative least squares on the mean counts of types."""
    spots, cells, types = counts_of(blind)
    return _shares(_least_squares(type_means(cells, types), spots), blind)


def nnls_log(blind: MuData) -> pd.DataFrame:
    """The same on log-normalised values, as pipelines hold them."""
    spots, cells, types = counts_of(blind)
    return _shares(_least_squares(type_means(_logged(cells), types), _logged(spots)), blind)


def nnls_weighted(blind: MuData) -> pd.DataFrame:
    """The same on counts, each gene divided by the root of its mean."""
    spots, cells, types = counts_of(blind)
    means = type_means(cells, types)
    weights = 1 / np.sqrt(means.mean(axis=1) + 1e-3)
    return _shares(_least_squares(means * weights[:, None], spots * weights), blind)


def poisson(blind: MuData, *, unit: bool = False) -> pd.DataFrame:
    """Poisson likelihood of a sum of type means, or of their profiles."""
    spots, cells, types = counts_of(blind)
    means = type_means(cells, types)
    return _shares(_poisson(means / means.sum(axis=0) if unit else means, spots), blind)


def poisson_platform(blind: MuData, *, n_neighbors: int = 0) -> pd.DataFrame:
    """Poisson likelihood after genes are rescaled until their totals over spots fit; averaged with neighbours if asked."""
    spots, cells, types = counts_of(blind)
    means = type_means(cells, types)
    for _ in range(4):
        fitted = _poisson(means, spots, n_steps=60) @ means.T
        means = means * ((spots.sum(axis=0) + 1) / (fitted.sum(axis=0) + 1))[:, None]
    shares = _shares(_poisson(means, spots), blind)
    if n_neighbors:
        from sklearn.neighbors import NearestNeighbors

        places = blind["visium"].obsm["spatial"]
        near = NearestNeighbors(n_neighbors=n_neighbors).fit(places).kneighbors(return_distance=False)
        return 0.5 * shares + 0.5 * shares.to_numpy()[near].mean(axis=1)
    return shares


BASELINES: Mapping[str, Callable[[MuData], pd.DataFrame]] = {
    "markers_log": markers_log,
    "markers_scaled": markers_scaled,
    "nnls": nnls,
    "nnls_log": nnls_log,
    "nnls_weighted": nnls_weighted,
    "poisson": poisson,
    "poisson_platform": poisson_platform,
    "poisson_platform_smoothed": partial(poisson_platform, n_neighbors=6),
}


def _markers(means: np.ndarray) -> list[np.ndarray]:
    """Return the genes in which a type leads the second best by the largest factor."""
    lead = means / (np.sort(means, axis=1)[:, [-2]] + 0.05 * means.mean())
    best = means.argmax(axis=1)
    own = [np.flatnonzero(best == k) for k in range(means.shape[1])]
    return [genes[np.argsort(-lead[genes, k], kind="stable")[:N_MARKERS]] for k, genes in enumerate(own)]


def _logged(counts: np.ndarray) -> np.ndarray:
    return np.log1p(1e3 * counts / np.maximum(counts.sum(axis=1, keepdims=True), 1))


def _least_squares(means: np.ndarray, spots: np.ndarray) -> np.ndarray:
    return np.array([solve(means, spot)[0] for spot in spots])


def _poisson(means: np.ndarray, spots: np.ndarray, *, n_steps: int = 150) -> np.ndarray:
    """Maximise the likelihood by multiplicative steps."""
    amounts = np.full((len(spots), means.shape[1]), 1e-9) + spots.sum(axis=1, keepdims=True) / means.sum()
    for _ in range(n_steps):
        amounts *= ((spots / (amounts @ means.T + 1e-12)) @ means) / (means.sum(axis=0) + 1e-12)
    return amounts


def _shares(amounts: np.ndarray, blind: MuData) -> pd.DataFrame:
    totals = amounts.sum(axis=1, keepdims=True)
    even = np.full(amounts.shape, 1 / amounts.shape[1])
    shares = np.divide(amounts, totals, out=even, where=totals > 0)
    names = blind["reference"].obs["cell_type"].cat.categories
    return pd.DataFrame(shares, index=blind["visium"].obs_names, columns=list(names))


if __name__ == "__main__":
    main()
