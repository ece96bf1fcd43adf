"""Difficulty of ``slices()``: light baselines between chance and ceiling, and what papers say of several slices.

Every baseline gets a blind copy and the true number of domains. Its score is where its joint adjusted Rand index lies
between chance (0) and ceiling (1). Settings of the world were chosen on seeds 101-105; what is stated is of seeds 1-5.

The claims are those of STAligner (Zhou, Dong & Zhang, 2023), each with a setting that was written down before it was run.
A light baseline stands for the method, which cannot be installed: counts centred per gene and slice, averaged over four
neighbours. A claim holds if the 95 % interval of the differences over the seeds lies on the claimed side.

Run: ``python -m benchmarks.slices``.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from mudata import MuData
from scipy.spatial import cKDTree
from sklearn.decomposition import PCA
from sklearn.mixture import GaussianMixture

import spsim as sps
from benchmarks.difficulty import report

SEEDS = range(1, 6)
# Three baselines with some knowledge each: of tissue, of batches, of both.
INFORMED = ("pooled_averaged", "centred", "centred_averaged")
SATURATED = 0.85
# A structure that one slice has and the others lack.
ALONE = "block_4"
LACKING = {name: [ALONE] for name in ("slice_2", "slice_3", "slice_4")}
STRONG = {"expression_mean": 20.0, "library_size": None, "n_spatial": 400, "n_flat": 0}


def main() -> None:
    """Print the tables of docs/difficulty.md and the claims."""
    others = "saturated:", {name: round(score, 2) for name, score in saturated().items()}
    report(difficulty(), INFORMED, claims(), *others)


def difficulty(seeds: range = SEEDS) -> pd.DataFrame:
    """Return the score of each baseline (columns) for each seed."""
    return pd.DataFrame({seed: scored(sps.datasets.slices(rng=seed)) for seed in seeds}).T


def scored(mdata: MuData) -> dict[str, float]:
    """Return the score of each baseline."""
    blind = sps.get.without_truth(mdata)
    return {name: position(mdata, blind, embed(blind)) for name, embed in BASELINES.items()}


def position(mdata: MuData, blind: MuData, embedding: np.ndarray) -> float:
    """Return where clusters of an embedding lie between chance (0) and ceiling (1), by their adjusted Rand index."""
    n_domains = mdata.obs["domain"].nunique()
    mixture = GaussianMixture(n_domains, covariance_type="tied", random_state=0, n_init=8)
    blind.obs["cluster"] = pd.Categorical(mixture.fit_predict(embedding).astype(str))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        row = sps.tl.domain_agreement(blind, "cluster", truth=mdata, copy=True).loc["ari"]
    return float((row["score"] - row["chance"]) / (row["ceiling"] - row["chance"]))


def pooled(blind: MuData, *, averaged: int = 0) -> np.ndarray:
    """Return principal components of all slices together."""
    return components(neighbour_means(blind, log_normalised(blind["rna"].X), averaged))


def centred(blind: MuData, *, averaged: int = 0) -> np.ndarray:
    """Return principal components after each gene has the same mean in each slice."""
    values = log_normalised(blind["rna"].X)
    for rows in slices_of(blind):
        values[rows] -= values[rows].mean(axis=0)
    return components(neighbour_means(blind, values, averaged))


BASELINES: Mapping[str, Callable[[MuData], np.ndarray]] = {
    "pooled": pooled,
    "pooled_averaged": lambda blind: pooled(blind, averaged=4),
    "centred": centred,
    "centred_averaged": lambda blind: centred(blind, averaged=4),
    "centred_averaged_8": lambda blind: centred(blind, averaged=8),
}


def log_normalised(counts: np.ndarray) -> np.ndarray:
    totals = counts.sum(axis=1, keepdims=True)
    return np.log1p(counts / np.maximum(totals, 1) * np.median(totals))


def slices_of(blind: MuData) -> list[np.ndarray]:
    return [np.flatnonzero(blind.obs["slice"] == name) for name in blind.obs["slice"].cat.categories]


def neighbour_means(blind: MuData, values: np.ndarray, n_neighbors: int) -> np.ndarray:
    """Return means over each spot and its nearest others of the slice."""
    if not n_neighbors:
        return values
    means = np.empty_like(values)
    for rows in slices_of(blind):
        places = blind.obsm["spatial"][rows]
        means[rows] = values[rows][cKDTree(places).query(places, k=n_neighbors + 1)[1]].mean(axis=1)
    return means


def components(values: np.ndarray) -> np.ndarray:
    return PCA(10, random_state=0).fit_transform(values)


def saturated(seeds: range = SEEDS) -> dict[str, float]:
    """Return the mean score on worlds of one tissue of four-neighbour means, components per modality and a mixture."""
    worlds = {"quilt": sps.datasets.quilt, "multiomics": sps.datasets.multiomics}
    return {name: float(np.mean([of_one_tissue(make(rng=seed)) for seed in seeds])) for name, make in worlds.items()}


def of_one_tissue(mdata: MuData) -> float:
    blind = sps.get.without_truth(mdata)
    nearest = cKDTree(blind.obsm["spatial"]).query(blind.obsm["spatial"], k=5)[1]
    blocks = [components(log_normalised(part.X)[nearest].mean(axis=1)) for part in blind.mod.values()]
    return position(mdata, blind, np.hstack([block / block[:, 0].std() for block in blocks]))


def claims(seeds: range = SEEDS) -> dict[str, tuple[str, np.ndarray]]:
    """Return what is claimed, and differences that are above 0 if it holds, one per seed."""
    alone = [with_structure_alone(seed) for seed in seeds]
    one = {"by": "slice", "sd": 1.0}
    within = {"by": "slice", "sd": 0.0, "within": "domain", "within_sd": 1.0}
    return {
        "domains": (
            "joint domains are better than those of PCA, where one slice has a structure of its own",
            np.array([found["domains"] for found in alone]),
        ),
        "mixing": ("slices mix better than in PCA", np.array([found["mixing"] for found in alone])),
        "apart": (
            "the structure of one slice lies more than half-way from chance to ceiling apart",
            np.array([found["apart"] - 0.5 for found in alone]),
        ),
        "centring undoes": (
            "a purely multiplicative batch of sd 1 costs less than 0.1 of the score after centring, at the default depth",
            np.array([0.1 - lost(seed, one) for seed in seeds]),
        ),
        "centring undoes, deep": (
            "and with expression_mean 20 and no library size",
            np.array([0.1 - lost(seed, one, **STRONG) for seed in seeds]),
        ),
        "within domains": (
            "a batch of sd 1 within domains costs more than 0.1 of the score after centring, at the default depth",
            np.array([lost(seed, within) - 0.1 for seed in seeds]),
        ),
        "within domains, deep": (
            "and with expression_mean 20 and no library size",
            np.array([lost(seed, within, **STRONG) - 0.1 for seed in seeds]),
        ),
    }


def with_structure_alone(seed: int) -> dict[str, float]:
    """Compare the light baseline with PCA where all slices but the first lack a structure."""
    mdata = sps.datasets.slices(rng=seed)
    mdata = sps.datasets.twin(mdata, design=with_missing(mdata))
    blind = sps.get.without_truth(mdata)
    found = {}
    for name in ("pooled", "centred_averaged"):
        blind.obsm["embedding"] = BASELINES[name](blind)
        mixing = sps.tl.slice_mixing(blind, "embedding", truth=mdata, copy=True)
        placed = (mixing["score"] - mixing["chance"]) / (mixing["ceiling"] - mixing["chance"])
        found[name] = position(mdata, blind, blind.obsm["embedding"]), placed["shared"], placed[ALONE]
    (own, own_mixing, apart), (pca, pca_mixing, _) = found["centred_averaged"], found["pooled"]
    return {"domains": own - pca, "mixing": own_mixing - pca_mixing, "apart": apart}


def with_missing(mdata: MuData) -> dict[str, Any]:
    design = sps.Scenario.from_mdata(mdata).designed.to_dict()
    return {**design, "missing": LACKING}


def lost(seed: int, batch: Mapping[str, Any], **fields: Any) -> float:
    """Return what a batch effect takes from the score of counts that are centred and averaged."""
    mdata = sps.datasets.slices(rng=seed)
    scores = []
    for effects in ([], [sps.factors.Batch(**batch)]):
        made = sps.datasets.twin(mdata, effects=effects, **fields)
        blind = sps.get.without_truth(made)
        scores.append(position(made, blind, BASELINES["centred_averaged"](blind)))
    return scores[0] - scores[1]


if __name__ == "__main__":
    main()
