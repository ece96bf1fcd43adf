"""The counts against the distributions they are named after, a million draws per mean.

False alarms: every case makes three checks. Mean and variance stay within 4 standard errors (two-sided 6.3e-5 each if
normal) and the chi-square p-value above 1e-4, so a correct sampler with a fresh seed fails a case with probability
2.3e-4 and, by Bonferroni, any of the 46 cases with probability 1.1e-2; any of the 13 correlations leaves 4 standard
errors with probability 8e-4. The seeds are fixed: a failure is a change of the sampler, not bad luck.
"""

from __future__ import annotations

import numpy as np
import pytest
import scipy.stats

from spsim._random import seed_sequence, stream
from spsim.likelihoods import (
    Bernoulli,
    NegativeBinomial,
    NegativeBinomialMixture,
    Poisson,
    ZeroInflatedNegativeBinomial,
    ZeroInflatedPoisson,
)
from spsim.sampling import sample_classes, sample_means
from spsim.sampling._thresholds import count_bounds, threshold_lists
from spsim.sampling._uniforms import TileLanes

RNA = stream(seed_sequence(20), "rna")
CASES = [
    (NegativeBinomial(shape=10), 0.2),
    (NegativeBinomial(shape=10), 9.2),
    (NegativeBinomial(shape=10), 20.2),
    (NegativeBinomial(shape=10), 1000.0),
    (NegativeBinomial(shape=2.5), 9.2),
    (NegativeBinomial(shape=0.3), 0.2),
    (NegativeBinomial(shape=0.3), 20.2),
    (ZeroInflatedNegativeBinomial(shape=10, dropout_rate=0.5), 0.2),
    (ZeroInflatedNegativeBinomial(shape=10, dropout_rate=0.5), 20.2),
    (ZeroInflatedNegativeBinomial(shape=0.3, dropout_rate=0.05), 9.2),
    (ZeroInflatedNegativeBinomial(shape=2.5, dropout_rate=0.9), 11.2),
    (Poisson(), 0.2),
    (Poisson(), 9.2),
    (Poisson(), 100.0),
    (ZeroInflatedPoisson(dropout_rate=0.3), 0.2),
    (ZeroInflatedPoisson(dropout_rate=0.3), 9.2),
    (ZeroInflatedPoisson(dropout_rate=0.95), 100.0),
    (Bernoulli(), 0.01),
    (Bernoulli(), 0.7),
    (Bernoulli(), 5.0),
    (NegativeBinomialMixture(foreground_probability=0.3, background_mean=2, background_shape=1), 20.2),
    (NegativeBinomialMixture(shape=0.5, foreground_probability=0.9, background_mean=0.1), 9.2),
    (NegativeBinomialMixture(shape=100, foreground_probability=0.5, background_mean=30), 200.0),
]
# Shapes of features whose counts are all looked at together, many of them and few.
SHAPES = {"few": [0.3, 2.5, 10.0, np.inf], "many": [0.3, 0.5, 1.0, 1.5, 2.5, 5.0, 10.0, 30.0, 100.0, np.inf]}


def probabilities(likelihood, mean) -> np.ndarray:
    """Mass at 0, 1, ... by scipy.stats, until a tail of about 1e-15 is left."""
    match likelihood:
        case Bernoulli():
            return np.array([np.exp(-mean), -np.expm1(-mean)])
        case NegativeBinomialMixture():
            return mixture_probabilities(likelihood, mean)
    shape = getattr(likelihood, "shape", np.inf)
    dropout_rate = getattr(likelihood, "dropout_rate", 0.0)
    kept = scipy.stats.poisson(mean) if np.isinf(shape) else scipy.stats.nbinom(shape, shape / (shape + mean))
    mass = (1 - dropout_rate) * kept.pmf(np.arange(kept.isf(1e-15) + 1))
    mass[0] += dropout_rate
    return mass


def mixture_probabilities(mixture, mean) -> np.ndarray:
    background = scipy.stats.nbinom(
        mixture.background_shape, mixture.background_shape / (mixture.background_shape + mixture.background_mean)
    )
    foreground = scipy.stats.nbinom(mixture.shape, mixture.shape / (mixture.shape + mean))
    counts = np.arange(max(part.isf(1e-15) for part in (background, foreground)) + 1)
    p = mixture.foreground_probability
    return (1 - p) * background.pmf(counts) + p * foreground.pmf(counts)


def departures(counts, mass) -> list[str]:
    """Names of the checks that counts fail against the distribution with these probabilities."""
    n, values = counts.size, np.arange(len(mass))
    mean = mass @ values
    variance, fourth = (mass @ (values - mean) ** power for power in (2, 4))
    counts = counts.astype(np.float64)
    z_mean = (counts.mean() - mean) / np.sqrt(variance / n)
    z_variance = (np.mean((counts - mean) ** 2) - variance) / np.sqrt((fourth - variance**2) / n)
    failed = {"mean": abs(z_mean) > 4, "variance": abs(z_variance) > 4, "chi-square": chi_square(counts, mass) < 1e-4}
    return [name for name, wrong in failed.items() if wrong]


def chi_square(counts, mass) -> float:
    """p-value after pooling neighbours until at least 20 draws are expected in every bin."""
    observed = np.bincount(np.minimum(counts.reshape(-1), len(mass) - 1).astype(np.intp), minlength=len(mass))
    expected = mass / mass.sum() * counts.size
    bins = np.floor(np.cumsum(expected) / 20).astype(np.intp)
    starts = np.flatnonzero(np.diff(bins, prepend=-1))
    starts[0] = 0
    pooled = np.add.reduceat(observed, starts), np.add.reduceat(expected, starts)
    if pooled[1][-1] < 20:
        pooled = tuple(np.append(values[:-2], values[-2:].sum()) for values in pooled)
    return float(scipy.stats.chisquare(*pooled).pvalue)


def draw(likelihood, mean, *, n_spots=1000, n_features=1000):
    classes = np.zeros(n_spots, np.intp), np.zeros(n_features, np.intp)
    return sample_classes(likelihood, [[mean]], *classes, stream=RNA)


@pytest.mark.parametrize(("likelihood", "mean"), CASES, ids=str)
def test_counts_have_their_distribution(likelihood, mean):
    assert departures(draw(likelihood, mean), probabilities(likelihood, mean)) == []


@pytest.mark.parametrize(
    ("likelihood", "mean"),
    [
        (NegativeBinomial(shape=10), 0.9),
        (NegativeBinomial(shape=10), 8.8),
        (NegativeBinomial(shape=0.3), 88.0),
        (NegativeBinomial(shape=10), 880.0),
        (Poisson(), 88.0),
        (Bernoulli(), 0.7),
        (ZeroInflatedNegativeBinomial(shape=2.5, dropout_rate=0.3), 8.8),
        (ZeroInflatedPoisson(dropout_rate=0.3), 8.8),
        (NegativeBinomialMixture(foreground_probability=0.3, background_mean=2), 20.2),
    ],
    ids=str,
)
def test_counts_of_single_means_have_their_distribution(likelihood, mean):
    def mean_rows(start, stop):
        return np.full((stop - start, 1000), mean)

    counts = sample_means(likelihood, mean_rows, (1000, 1000), stream=RNA)
    assert departures(counts, probabilities(likelihood, mean)) == []


@pytest.mark.parametrize("shapes", list(SHAPES.values()), ids=list(SHAPES))
def test_counts_of_each_shape_have_their_distribution(shapes):
    """A hundred thousand draws of each; single means, because classes would go through tables."""
    per_feature = NegativeBinomial(shape=np.repeat(shapes, 100))

    def mean_rows(start, stop):
        return np.full((stop - start, 100 * len(shapes)), 9.2)

    counts = sample_means(per_feature, mean_rows, (1000, 100 * len(shapes)), stream=RNA)
    for n, shape in enumerate(per_feature.shape[::100]):
        assert departures(counts[:, 100 * n : 100 * (n + 1)], probabilities(NegativeBinomial(shape=shape), 9.2)) == []


@pytest.mark.parametrize(
    ("wrong", "stated", "mean"),
    [
        (NegativeBinomial(shape=10.3), NegativeBinomial(shape=10), 20.2),
        (Poisson(), NegativeBinomial(shape=1000), 100.0),
        (
            ZeroInflatedNegativeBinomial(shape=10, dropout_rate=0.505),
            ZeroInflatedNegativeBinomial(shape=10, dropout_rate=0.5),
            9.2,
        ),
        (NegativeBinomial(shape=10), ZeroInflatedNegativeBinomial(shape=10, dropout_rate=0.005), 20.2),
        (ZeroInflatedPoisson(dropout_rate=0.305), ZeroInflatedPoisson(dropout_rate=0.3), 9.2),
        (Poisson(), Bernoulli(), 0.05),
        (
            NegativeBinomialMixture(foreground_probability=0.305, background_mean=2),
            NegativeBinomialMixture(foreground_probability=0.3, background_mean=2),
            20.2,
        ),
        (
            NegativeBinomialMixture(foreground_probability=0.3, background_mean=2.02),
            NegativeBinomialMixture(foreground_probability=0.3, background_mean=2),
            20.2,
        ),
    ],
    ids=str,
)
def test_wrong_parameters_are_noticed(wrong, stated, mean):
    assert departures(draw(wrong, mean), probabilities(stated, mean))


def test_mean_one_percent_off_is_noticed():
    assert "mean" in departures(draw(Poisson(), 9.292), probabilities(Poisson(), 9.2))


def test_sixteen_bits_are_not_enough():
    """Ten million background draws: fine with the lower bits, and not without."""
    background, mean = NegativeBinomial(shape=10), 0.2
    mass = probabilities(background, mean)
    assert departures(draw(background, mean, n_spots=10_000), mass) == []
    tiles, drawn = TileLanes(RNA), []
    for tile in range(79):
        tiles.go_to(tile)
        drawn.append(tiles.next(16).reshape(128, -1)[:, :1000])
    lanes = np.concatenate(drawn)
    (levels,) = threshold_lists(background, np.array([mean]), count_bounds(background, np.array([mean])))
    coarse = np.searchsorted(levels, lanes[:10_000].astype(np.uint64) << np.uint64(48), side="right")
    assert departures(coarse, mass)


def z_of_correlation(first, second) -> float:
    return float(np.corrcoef(first.reshape(-1), second.reshape(-1))[0, 1] * np.sqrt(first.size))


@pytest.fixture(scope="module")
def counts():
    return draw(NegativeBinomial(shape=10), 20.2, n_spots=1024, n_features=1024)


@pytest.mark.parametrize("lag", [1, 2, 4, 16, 63, 64])
def test_features_are_independent(counts, lag):
    assert abs(z_of_correlation(counts[:, lag:], counts[:, :-lag])) < 4


@pytest.mark.parametrize("lag", [1, 2, 16, 127, 128])
def test_spots_are_independent(counts, lag):
    assert abs(z_of_correlation(counts[lag:], counts[:-lag])) < 4


@pytest.mark.parametrize("other", [stream(seed_sequence(20), "protein"), stream(seed_sequence(21), "rna")])
def test_streams_are_independent(counts, other):
    classes = np.zeros(1024, np.intp), np.zeros(1024, np.intp)
    independent = sample_classes(NegativeBinomial(shape=10), [[20.2]], *classes, stream=other)
    assert abs(z_of_correlation(counts, independent)) < 4


def test_a_tile_used_twice_is_noticed(counts):
    repeated = np.concatenate([counts[:128]] * 2 + [counts[256:]])
    assert abs(z_of_correlation(repeated[128:], repeated[:-128])) > 4
