"""What citeseq draws before it measures: types, folds, probabilities, sizes, batches, and which types look alike.

False alarms: each check of a right simulator with a fresh seed fails with at most 1e-4; a test makes up to a dozen.
"""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np
import pytest
from scipy.stats import binomtest, chi2_contingency, chisquare, expon, f_oneway, gamma, kstest

import spsim as sps
from oracles import citeseq as oracle
from spsim.patterns import Grid

SEEDS = range(3)
LEVELS = {0.02: 0.6, 0.3: 0.4 / 3, 0.6: 0.4 / 3, 0.9: 0.4 / 3}
FOLD = {"median": 4.0, "sd": 0.5, "low": 2.0, "high": 15.0}


def proteins(seed, n=20_000):
    """Many antibodies on few cells."""
    few = sps.datasets.citeseq(modalities=["protein"], n_cells=4, rng=seed)
    return sps.datasets.twin(few, n_nonspatial=n)["protein"]


@pytest.mark.parametrize("seed", SEEDS)
def test_folds(seed) -> None:
    adata = proteins(seed)
    folds = adata.var["foreground_fold"].to_numpy(float)
    assert (folds[adata.var["kind"] == "isotype"] == 1).all()
    folds = folds[adata.var["kind"] != "isotype"]
    assert 2 <= folds.min() < 2.01
    assert 13 < folds.max() <= 15
    below = np.vectorize(lambda x: oracle.fold_below(x, **FOLD))
    assert kstest(folds, below).pvalue > 1e-4
    assert np.median(folds) == pytest.approx(4, rel=0.03)

    def cut_as_a_whole(x):
        z, low, high = (np.log(np.asarray(v) / 4) / 0.5 for v in (x, 2.0, 15.0))
        cdf = np.vectorize(oracle.NORMAL.cdf)
        return (cdf(z) - cdf(low)) / (cdf(high) - cdf(low))

    wrong = [cut_as_a_whole, np.vectorize(lambda x: oracle.fold_below(x, **FOLD | {"sd": 0.55}))]
    for other in wrong:
        assert kstest(folds, other).pvalue < 1e-4


def frequencies(values, expected) -> float:
    """P-value of the numbers of draws of each level."""
    numbers = [int((np.abs(values - level) < 1e-6).sum()) for level in expected]
    assert sum(numbers) == len(values)
    return float(chisquare(numbers, [len(values) * p for p in expected.values()]).pvalue)


@pytest.mark.parametrize("seed", SEEDS)
def test_probabilities(seed) -> None:
    adata = proteins(seed)
    table = adata.varm["foreground_probability"][adata.var["kind"] != "isotype"]
    alone = dict(zip("ABCDEFGH", table.T, strict=True))
    for name in "ABEFGH":
        assert frequencies(alone[name], LEVELS) > 1e-4
    both = dict(zip(LEVELS, oracle.larger_of_two(LEVELS, LEVELS.values()), strict=True))
    assert frequencies(alone["C"], both) > 1e-4
    assert frequencies(alone["C"], LEVELS) < 1e-4
    for one, other in combinations("ABCEFGH", 2):
        numbers = np.array([[((alone[one] > 0.1) == a) & ((alone[other] > 0.1) == b) for a in (0, 1)] for b in (0, 1)])
        assert chi2_contingency(numbers.sum(axis=2)).pvalue > 1e-5


@pytest.mark.parametrize("seed", SEEDS)
def test_backgrounds_and_ambient_profiles(seed) -> None:
    adata = proteins(seed)
    background = np.log(adata.var["baseline"].to_numpy(float) / 7.4) / 0.5
    assert kstest(background, "norm").pvalue > 1e-4
    assert kstest(background + 0.5 / 2, "norm").pvalue < 1e-4  # 7.4 is the median, not the mean
    ambient = adata.varm["ambient_loadings"] / 0.3
    assert kstest(ambient.ravel(), "norm").pvalue > 1e-4
    for a, b in combinations([background, *ambient.T], 2):
        assert abs(np.corrcoef(a, b)[0, 1]) * math.sqrt(len(a)) < 4.5


@pytest.mark.parametrize("seed", SEEDS)
def test_responses_of_genes_and_peaks(seed) -> None:
    """Each feature responds to one type, three in ten genes to a second one, with exponential weights of mean 0.35."""
    few = sps.datasets.citeseq(modalities=["rna", "atac"], n_cells=4, rng=seed)
    for name, overlap in (("rna", 0.3), ("atac", 0.0)):
        # As many genes as peaks would be linked one to one; a gene modality alone has no links.
        alone = sps.datasets.citeseq(modalities=["rna"], n_cells=4, rng=seed) if name == "rna" else few
        adata = sps.datasets.twin(alone, modality=name, n_nonspatial=4000)[name]
        loadings = dict(zip("ABCDEFGH", adata.varm["cell_type_loadings"].T.astype(float), strict=True))
        for c in "CDEFGH":
            on = loadings[c][loadings[c] > 0]
            assert binomtest(len(on), 4000, (1 + overlap) / 8).pvalue > 1e-4
            assert kstest(on, expon(scale=0.35).cdf).pvalue > 1e-4
        pooled = np.concatenate([loadings[c][loadings[c] > 0] for c in "CDEFGH"])
        assert kstest(pooled, expon(scale=0.42).cdf).pvalue < 1e-4
        assert kstest(pooled, gamma(1.3, scale=0.35 / 1.3).cdf).pvalue < 1e-4
        assert binomtest(len(pooled), 6 * 4000, (1.3 - overlap) / 8).pvalue < 1e-4
        if name == "rna":
            one = 2 / 8 + overlap * 6 / 8 * 2 / 7
            assert binomtest(int((loadings["A"] > 0).sum()), 4000, one).pvalue > 1e-4
        baseline = np.log(adata.var["baseline"].to_numpy(float) / 0.3)
        assert kstest(baseline, "norm").pvalue > 1e-4


@pytest.mark.parametrize("seed", SEEDS)
def test_sizes(seed) -> None:
    mdata = sps.datasets.citeseq(modalities=["rna", "protein", "atac"], rng=seed)
    groups = mdata.obs["cell_type"].to_numpy()
    logs = {"protein": np.log(mdata["protein"].obs["library_size"].to_numpy(float)) / 0.3}
    for name, median, sd in (("rna", 110, 0.4), ("atac", 300, 0.5)):
        logs[name] = np.log(sps.get.mean(mdata[name]).sum(axis=1).to_numpy() / median) / sd
        assert kstest(np.log(mdata[name].obs["library_size"] / median) / sd, "norm").pvalue < 1e-4
    for z in logs.values():
        assert kstest(z, "norm").pvalue > 1e-4
        assert f_oneway(*(z[groups == c] for c in np.unique(groups))).pvalue > 1e-4
    for a, b in combinations(logs.values(), 2):
        assert abs(np.corrcoef(a, b)[0, 1]) * math.sqrt(2000) < 4.5


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("n_types", [4, 5, 8, 16])
def test_types(n_types, seed) -> None:
    mdata = sps.datasets.citeseq(n_types, modalities=["protein"], n_cells=6000, held_out=0.3, n_batches=3, rng=seed)
    names = [chr(ord("A") + k) for k in range(n_types)]
    assert sorted(mdata.obs["cell_type"].cat.categories) == names
    found = mdata.obs["cell_type"].value_counts()[names].to_numpy()
    expected = np.array([0.9 / (n_types - 2)] * (n_types - 2) + [0.05, 0.05])
    assert chisquare(found, 6000 * expected).pvalue > 1e-4
    if n_types != 16:  # shares of 0.064 and 0.05 are too near to be told apart safely
        assert chisquare(found, 6000 * expected[::-1]).pvalue < 1e-4
    assert (mdata.obsm["cell_type_factors"] == (mdata.obs["cell_type"].to_numpy()[:, None] == names)).all()
    assert binomtest(int((mdata.obs["held_out"].astype(str) == "True").sum()), 6000, 0.3).pvalue > 1e-4
    assert chisquare(mdata.obs["batch"].value_counts().to_numpy()).pvalue > 1e-4
    columns = [mdata.obs[key].to_numpy() for key in ("cell_type", "batch", "held_out")]
    for a, b in combinations(columns, 2):
        table = [[((a == x) & (b == y)).sum() for y in np.unique(b)] for x in np.unique(a)]
        assert chi2_contingency(table).pvalue > 1e-4


@pytest.mark.parametrize("seed", SEEDS)
def test_types_of_places(seed) -> None:
    mdata = sps.datasets.citeseq(modalities=["protein"], layout=Grid(50, 50), rng=seed)
    shares = sps.get.table(mdata, "cell_type_composition")
    for domain, own in shares.iterrows():
        cells = mdata.obs["cell_type"][mdata.obs["domain"] == domain]
        found = cells.value_counts().reindex(own.index, fill_value=0).to_numpy()
        enough = own.to_numpy() * len(cells) >= 5
        numbers = [*found[enough], found[~enough].sum()]
        expected = [*own[enough] * len(cells), own[~enough].sum() * len(cells)]
        kept = np.array(expected) > 0
        assert chisquare(np.array(numbers)[kept], np.array(expected)[kept]).pvalue > 1e-4
    assert shares.nunique().min() == len(shares)
    assert (mdata.obs["slice"].str[-1] == mdata.obs["batch"].str[-1]).all()


CONFUSED = {
    "default": ({}, {"rna": [("A", "B")], "protein": [("C", "D")], "atac": []}),
    "own": ({"confuse": {"atac": [("E", "F")]}}, {"rna": [], "protein": [], "atac": [("E", "F")]}),
    "chains": (
        {"confuse": {"rna": [("A", "C"), ("E", "C")], "protein": [("A", "C"), ("G", "H"), ("H", "A")], "atac": []}},
        {
            "rna": [("A", "C"), ("A", "E"), ("C", "E")],
            "protein": list(combinations("ACGH", 2)),
            "atac": [],
        },
    ),
}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("case", CONFUSED)
def test_types_that_look_alike(case, seed) -> None:
    arguments, pairs = CONFUSED[case]
    mdata = sps.datasets.citeseq(modalities=["rna", "protein", "atac"], n_cells=30, rng=seed, **arguments)
    for name, key in (
        ("rna", "cell_type_loadings"),
        ("protein", "foreground_probability"),
        ("atac", "cell_type_loadings"),
    ):
        columns = dict(zip("ABCDEFGH", mdata[name].varm[key].T, strict=True))
        alike = [pair for pair in combinations("ABCDEFGH", 2) if np.array_equal(*(columns[c] for c in pair))]
        assert alike == sorted(pairs[name]), name
