"""Difficulty of ``ecotypes()``: light baselines between chance and ceiling, and what papers say of ecotypes.

Every baseline gets a blind copy, with types and samples, and the number of ecotypes. Its score is where its mean F1, one
ecotype against the rest of its type, lies between chance (0) and ceiling (1), on the cells with places. Settings of the
world were chosen on seeds 101-105; what is stated is of seeds 1-5.

The claims are those of SpatialEcoTyper, with settings that were written down before they were run. Memberships of cells
are known in the samples that are not held out; states of dissociated cells are to be predicted.

Run: ``python -m benchmarks.ecotypes``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd
from anndata import AnnData
from mudata import MuData
from scipy.spatial import cKDTree
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA
from sklearn.linear_model import LogisticRegression

import spsim as sps
from benchmarks.difficulty import report

SEEDS = range(1, 6)
# Three baselines with some knowledge each: of tissue, of who lives where, of what each type does around a cell.
INFORMED = ("neighbour_mixed", "neighbour_types", "neighbour_expression")
N_ECOTYPES = 4
N_NEIGHBORS = 20


def main() -> None:
    """Print the tables of docs/difficulty.md and the claims."""
    report(difficulty(), INFORMED, claims())


def difficulty(seeds: range = SEEDS) -> pd.DataFrame:
    """Return the score of each baseline (columns) for each seed."""
    return pd.DataFrame({seed: scored(sps.datasets.ecotypes(rng=seed)) for seed in seeds}).T


def scored(mdata: MuData) -> dict[str, float]:
    """Return the score of each baseline."""
    blind = sps.get.without_truth(mdata)
    return {name: position(mdata, blind, guess(blind["rna"])) for name, guess in BASELINES.items()}


def position(mdata: MuData, blind: MuData, labels: np.ndarray) -> float:
    """Return where the mean F1 of labels lies between chance (0) and ceiling (1)."""
    blind["rna"].obs["guess"] = pd.Categorical(labels.astype(str))
    row = sps.tl.ecotype_recovery(blind, "rna:guess", truth=mdata, copy=True).loc["f1"]
    return float((row["score"] - row["chance"]) / (row["ceiling"] - row["chance"]))


def own_expression(rna: AnnData) -> np.ndarray:
    """Clusters of cells by their own expression, standardised within type and sample."""
    return clusters(components(standardised(rna)))


def neighbour_types(rna: AnnData) -> np.ndarray:
    """Clusters of cells by the types of the cells around them."""
    return clusters(around(rna, pd.get_dummies(rna.obs["cell_type"]).to_numpy(float)))


def neighbour_expression(rna: AnnData) -> np.ndarray:
    """Clusters of cells by the mean of what the cells around them express, type by type."""
    return clusters(components(around(rna, by_type(rna))))


def neighbour_mixed(rna: AnnData) -> np.ndarray:
    """Clusters of cells by the mean expression around them, whichever types these cells have."""
    return clusters(components(around(rna, log_normalised(rna.X))))


def neighbour_scaled(rna: AnnData) -> np.ndarray:
    """The same of values that are standardised within type and sample, but in columns of all types."""
    return clusters(components(around(rna, standardised(rna))))


def neighbour_both(rna: AnnData) -> np.ndarray:
    """Clusters by both."""
    types = around(rna, pd.get_dummies(rna.obs["cell_type"]).to_numpy(float))
    expressed = components(around(rna, by_type(rna)))
    return clusters(np.hstack([expressed / expressed[:, 0].std(), types / types.std(axis=0).max()]))


BASELINES: Mapping[str, Callable[[AnnData], np.ndarray]] = {
    "own_expression": own_expression,
    "neighbour_types": neighbour_types,
    "neighbour_mixed": neighbour_mixed,
    "neighbour_scaled": neighbour_scaled,
    "neighbour_expression": neighbour_expression,
    "neighbour_both": neighbour_both,
}


def by_type(rna: AnnData) -> np.ndarray:
    """Standardised values of the first components of each type, in columns of that type's own."""
    values, codes = standardised(rna), rna.obs["cell_type"].cat.codes.to_numpy()
    blocks = np.zeros((len(codes), 0))
    for code in range(codes.max() + 1):
        own = np.zeros((len(codes), N_ECOTYPES))
        own[codes == code] = PCA(N_ECOTYPES, random_state=0).fit_transform(values[codes == code])
        blocks = np.hstack([blocks, own])
    return blocks


def log_normalised(counts: np.ndarray, total: float | None = None) -> np.ndarray:
    totals = counts.sum(axis=1, keepdims=True)
    return np.log1p(counts / np.maximum(totals, 1) * (np.median(totals) if total is None else total))


def standardised(part: AnnData, total: float | None = None) -> np.ndarray:
    """Return log-normalised values with mean 0 and variance 1 within each type of each sample."""
    values = log_normalised(part.X, total)
    for _, rows in part.obs.groupby(["cell_type", "sample"], observed=True).indices.items():
        own = values[rows]
        values[rows] = (own - own.mean(axis=0)) / np.maximum(own.std(axis=0), 1e-6)
    return values


def around(rna: AnnData, values: np.ndarray) -> np.ndarray:
    """Return means over each cell and its nearest others of the sample."""
    means = np.empty_like(values)
    for rows in rna.obs.groupby("sample", observed=True).indices.values():
        places = rna.obsm["spatial"][rows]
        means[rows] = values[rows][cKDTree(places).query(places, k=N_NEIGHBORS + 1)[1]].mean(axis=1)
    return means


def components(values: np.ndarray) -> np.ndarray:
    return PCA(10, random_state=0).fit_transform(values)


def clusters(values: np.ndarray) -> np.ndarray:
    return KMeans(N_ECOTYPES, n_init=10, random_state=0).fit_predict(values)


def claims(seeds: range = SEEDS) -> dict[str, tuple[str, np.ndarray]]:
    """Return what is claimed, and differences that are above 0 if it holds, one per seed."""
    found = {strength: [recovered(seed, strength) for seed in seeds] for strength in (3.0, 1.0, 0.4)}

    def accuracy(strength: float, method: str) -> np.ndarray:
        return np.array([scores[method] for scores in found[strength]])

    return {
        **{
            f"held-out, strength {strength:g}": (
                f"NMF with fixed memberships predicts states of held-out cells with an accuracy within 0.05 of {printed:g}",
                0.05 - np.abs(accuracy(strength, "nmf") - printed),
            )
            for strength, printed in ((3.0, 0.99), (1.0, 0.94), (0.4, 0.80))
        },
        "regression": (
            "logistic regression of each type predicts them better, at strength 0.4",
            accuracy(0.4, "regression") - accuracy(0.4, "nmf"),
        ),
    }


def recovered(seed: int, strength: float) -> dict[str, float]:
    """Return the accuracy of states of dissociated cells of ecotypes: the mean over types, as the paper has it."""
    mdata = sps.datasets.ecotypes(strength=strength, rng=seed)
    train = mdata["rna"][(mdata["rna"].obs["held_out"] == "False").to_numpy()]
    test = mdata["dissociated"][:, : train.n_vars]
    return {
        "nmf": predicted(train, test, nmf_states),
        "regression": predicted(train, test, regression_states),
    }


def predicted(train: AnnData, test: AnnData, method: Callable[..., np.ndarray]) -> float:
    """Return the mean over types of the share of right states among cells of ecotypes."""
    values = {name: standardised(part, total=400.0) for name, part in (("train", train), ("test", test))}
    shares = []
    for kind in test.obs["cell_type"].unique():
        rows = [
            np.flatnonzero((part.obs["cell_type"] == kind) & (part.obs["ecotype"] != "outside"))
            for part in (train, test)
        ]
        known, true = (part.obs["ecotype"].to_numpy(str)[own] for part, own in zip((train, test), rows, strict=True))
        guess = method(values["train"][rows[0]], known, values["test"][rows[1]])
        shares.append(np.mean(guess == true))
    return float(np.mean(shares))


def nmf_states(train: np.ndarray, states: np.ndarray, test: np.ndarray) -> np.ndarray:
    """Predict by NMF on positive and negative parts: memberships fixed to fit W, then W fixed to fit memberships."""
    names = np.unique(states)
    memberships = (states[:, None] == names).astype(float)
    programs = multiplicative(halves(train), memberships.T, fixed="memberships")
    found = multiplicative(halves(test), programs, fixed="programs")
    return names[(found / np.maximum(found.sum(axis=0), 1e-12)).argmax(axis=0)]


def halves(values: np.ndarray) -> np.ndarray:
    """Return max(x, 0) above max(-x, 0), features in rows."""
    return np.vstack([np.maximum(values, 0).T, np.maximum(-values, 0).T])


def multiplicative(values: np.ndarray, given: np.ndarray, *, fixed: str, n_steps: int = 200) -> np.ndarray:
    """Return the other factor of X = W H that lowers the Kullback-Leibler divergence, which is convex."""
    if fixed == "memberships":
        return multiplicative(values.T, given.T, fixed="programs", n_steps=n_steps).T
    found = np.full((given.shape[1], values.shape[1]), values.mean())
    for _ in range(n_steps):
        ratio = values / np.maximum(given @ found, 1e-12)
        found *= (given.T @ ratio) / np.maximum(given.sum(axis=0), 1e-12)[:, None]
    return found


def regression_states(train: np.ndarray, states: np.ndarray, test: np.ndarray) -> np.ndarray:
    """Predict by logistic regression."""
    if len(set(states)) == 1:
        return np.full(len(test), states[0])
    return np.asarray(LogisticRegression(C=0.01, max_iter=500).fit(train, states).predict(test))


if __name__ == "__main__":
    main()
