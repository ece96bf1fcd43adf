"""Counts and foreground of citeseq given what they should follow.

False alarms: a p-value of a right simulator is below 1e-4 with that probability, a normal statistic beyond 5 with 6e-7; each
test makes at most nine such checks per seed, so it fails with less than 1e-3 for a fresh seed.
"""

from __future__ import annotations

from functools import cache, partial

import numpy as np
import pytest
from scipy.stats import binom, kstest

import spsim as sps
from oracles import noise

SEEDS = range(3)
PROBABILITY = {
    "rna": partial(noise.negative_binomial, shape=2.0),
    "protein": partial(noise.negative_binomial, shape=3.0),
    "atac": noise.poisson,
}


@cache
def made(seed):
    return sps.datasets.citeseq(modalities=list(PROBABILITY), n_cells=250, rng=seed)


@cache
def count_scores(seed, name):
    adata = made(seed)[name][:, :33]
    means = sps.get.mean(adata).to_numpy()
    return noise.scores(adata.X, means, PROBABILITY[name], np.random.default_rng([seed, len(name)]))


@cache
def probabilities(seed):
    protein = made(seed)["protein"]
    types = list(sps.get.factors(made(seed), block="cell_type"))
    table = protein.varm["foreground_probability"]
    return np.array([[table[j, types.index(c)] for j in range(protein.n_vars)] for c in protein.obs["cell_type"]])


@cache
def mask(seed):
    return sps.get.foreground_mask(made(seed)["protein"]).to_numpy()


@cache
def mask_scores(seed):
    """Of the antibodies alone: controls are never on."""
    of_antibodies = mask(seed)[:, :30].astype(int), probabilities(seed)[:, :30]
    return noise.scores(*of_antibodies, noise.bernoulli, np.random.default_rng([seed, 0]))


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", PROBABILITY)
def test_counts_given_their_means(name, seed) -> None:
    z = count_scores(seed, name)
    assert noise.is_normal(z) > 1e-4
    assert abs(noise.dependence(z)) < 5
    assert abs(noise.dependence(z[:200].T)) < 5


@pytest.mark.parametrize("seed", SEEDS)
def test_counts_within_and_outside_the_foreground(seed) -> None:
    z, on = count_scores(seed, "protein"), mask(seed)
    assert 0.15 < on.mean() < 0.45
    assert noise.is_normal(z[on]) > 1e-4
    assert noise.is_normal(z[~on]) > 1e-4


@pytest.mark.parametrize("seed", SEEDS)
def test_modalities_have_noise_of_their_own(seed) -> None:
    """Entries at the same place would share their random bits if streams were named by a seed alone."""
    for one, other in (("rna", "protein"), ("rna", "atac"), ("protein", "atac")):
        assert abs(noise.together(count_scores(seed, one), count_scores(seed, other))) < 5
    assert abs(noise.together(mask_scores(seed), count_scores(seed, "protein")[:, :30])) < 5
    assert abs(noise.together(mask_scores(seed), count_scores(seed, "rna")[:, :30])) < 5


@pytest.mark.parametrize("seed", SEEDS)
def test_wrong_counts_are_rejected(seed) -> None:
    protein = made(seed)["protein"]
    means, rng = sps.get.mean(protein).to_numpy(), np.random.default_rng(seed)
    for wrong in (2.2, 4.5):
        assert (
            noise.is_normal(noise.scores(protein.X, means, partial(noise.negative_binomial, shape=wrong), rng)) < 1e-4
        )
    background = np.where(mask(seed), means / protein.var["foreground_fold"].to_numpy(), means)
    assert noise.is_normal(noise.scores(protein.X, background, PROBABILITY["protein"], rng)) < 1e-4
    z = count_scores(seed, "protein").copy()
    assert abs(noise.together(z, np.where(rng.random(z.shape) < 0.2, z, rng.normal(size=z.shape)))) > 5
    z[:, 1] = z[:, 0]
    assert abs(noise.dependence(z)) > 5


@pytest.mark.parametrize("seed", SEEDS)
def test_foreground_given_its_probability(seed) -> None:
    z = mask_scores(seed)
    assert noise.is_normal(z) > 1e-4
    assert abs(noise.dependence(z)) < 5
    assert abs(noise.dependence(z[:200].T)) < 5
    for batch in ("batch_1", "batch_2"):  # ambient antibody differs between batches, what a cell has does not
        assert noise.is_normal(z[(made(seed).obs["batch"] == batch).to_numpy()]) > 1e-4
    table, on = probabilities(seed)[:, :30], mask(seed)[:, :30]
    for level in np.unique(table):
        entries = on[table == level]
        found, n, p = entries.sum(), entries.size, float(level)
        assert min(binom.cdf(found, n, p), binom.sf(found - 1, n, p)) > 5e-5, level


@pytest.mark.parametrize("seed", SEEDS)
def test_foreground_of_each_feature_and_type(seed) -> None:
    """Numbers of cells that are on, for every protein and type: uniform once spread over their atoms."""
    rng, types = np.random.default_rng(seed), made(seed)["protein"].obs["cell_type"].to_numpy()
    on, table = mask(seed)[:, :30], probabilities(seed)[:, :30]

    def places(table):
        found = []
        for c in np.unique(types):
            cells = types == c
            for j in range(30):
                count, p = on[cells, j].sum(), table[cells, j][0]
                found.append(binom.cdf(count - 1, cells.sum(), p) + rng.random() * binom.pmf(count, cells.sum(), p))
        return found

    assert kstest(places(table), "uniform").pvalue > 1e-4
    assert kstest(places(np.roll(table, 1, axis=1)), "uniform").pvalue < 1e-4  # another protein's


@pytest.mark.parametrize("seed", SEEDS)
def test_controls_are_never_foreground(seed) -> None:
    protein = made(seed)["protein"]
    control = (protein.var["kind"] == "isotype").to_numpy()
    assert control.sum() == 3
    assert not mask(seed)[:, control].any()
    assert (protein.varm["foreground_probability"][control] == 0).all()
    assert (protein.varm["foreground_probability"][~control] > 0).all()


@pytest.mark.parametrize("seed", SEEDS)
def test_share_of_open_peaks(seed) -> None:
    """1 - exp(-mean): numbers of open entries among those of about one mean, and not min(mean, 1)."""
    binary = sps.datasets.twin(made(seed), modality="atac", likelihood=sps.likelihoods.Bernoulli())["atac"]
    mean = sps.get.mean(made(seed)["atac"]).to_numpy()
    assert np.allclose(sps.get.mean(binary), mean)
    p = 1 - np.exp(-mean)
    z = (binary.X.sum(axis=0) - p.sum(axis=0)) / np.sqrt((p * (1 - p)).sum(axis=0))
    assert abs(z.sum() / np.sqrt(len(z))) < 5
    assert ((z**2).sum() - len(z)) / np.sqrt(2 * len(z)) < 6  # of sums of at least a few: a little beyond normal
    wrong = np.minimum(mean, 1)
    assert (binary.X.sum() - wrong.sum()) / np.sqrt((p * (1 - p)).sum()) < -5
