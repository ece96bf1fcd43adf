"""Shapes that differ from spot to spot."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
import scipy.stats

from oracles.counts import measure, uniform
from spsim.likelihoods import (
    Bernoulli,
    Gaussian,
    NegativeBinomial,
    NegativeBinomialMixture,
    Poisson,
    ZeroInflatedNegativeBinomial,
)
from spsim.sampling import _tile_by_tile, sample_classes, sample_classes_csr, sample_means, sample_means_csr
from spsim.sampling._plan import plan_classes
from spsim.sampling.surface import SurfaceDraw
from spsim.sampling.surface import _draw_counts as surface_counts
from spsim.sampling.tables import TableDraw

N_SPOTS, N_FEATURES = 260, 90
RNG = np.random.default_rng(1)
SCALES = {
    "few": np.array([0.5, 3.0, math.inf])[np.arange(N_SPOTS) % 3],
    "many": RNG.lognormal(0.0, 0.7, N_SPOTS),
}
SHAPES = {
    "one": 2.5,
    "few": np.array([0.5, 10.0, math.inf])[np.arange(N_FEATURES) % 3],
    "many": RNG.lognormal(0.0, 0.5, N_FEATURES),
}
LIKELIHOODS = {
    "plain": NegativeBinomial(),
    "dropout": ZeroInflatedNegativeBinomial(dropout_rate=0.3),
    "mixture": NegativeBinomialMixture(foreground_probability=0.6, background_mean=2, background_shape=4),
}


@pytest.fixture(params=list(SCALES))
def scales(request):
    values = SCALES[request.param].view()
    values.flags.writeable = False
    return values


@pytest.fixture(params=["plain one", "plain many", "dropout few", "mixture one", "mixture few"])
def likelihood(request):
    kind, shape = request.param.split()
    return replace(LIKELIHOODS[kind], shape=SHAPES[shape])


@pytest.fixture
def classes():
    rng = np.random.default_rng(0)
    means = rng.choice([0.0, 0.2, 9.2, 40.0], (4, 3))
    return means, rng.integers(0, 4, N_SPOTS), rng.integers(0, 3, N_FEATURES)


def each_of(classes):
    means, spots, features = classes
    each = means[spots][:, features]
    return (lambda start, stop: each[start:stop]), each.shape


def scaled(likelihood, scale):
    """The likelihood of one spot; one shape may be any float, several are rounded to single precision."""
    if isinstance(likelihood.shape, tuple):
        return [replace(likelihood, shape=shape * scale) for shape in likelihood.shape]
    return [replace(likelihood, shape=likelihood.shape * scale)] * N_FEATURES


def test_counts_follow_the_definition(likelihood, scales, classes, rna):
    means, spots, features = classes
    sampled = sample_classes(likelihood, *classes, stream=rna, shape_scales=scales)
    rng = np.random.default_rng(1)
    for i, j in zip(rng.integers(0, N_SPOTS, 100), rng.integers(0, N_FEATURES, 100), strict=True):
        entry = {"key": rna.key, "stream_id": rna.id, "spot": int(i), "feature": int(j)}
        one = scaled(likelihood, float(scales[i]))[j]
        assert sampled[i, j] == measure(one, mean=means[spots[i], features[j]], **entry)


def test_counts_are_quantiles_of_scipy(rna):
    """Where the distribution function of scipy is not within 1e-9 of the uniform, whose 64 bits it does not have."""
    rng = np.random.default_rng(2)
    means, scales = rng.gamma(2.0, 10.0, (120, 40)), rng.lognormal(0.0, 1.0, 120)
    sampled = sample_means(
        NegativeBinomial(shape=3), lambda start, stop: means[start:stop], means.shape, stream=rna, shape_scales=scales
    )
    shape = 3 * scales[:, None]
    places = {"key": rna.key, "stream_id": rna.id}
    bits = [[uniform(spot=i, feature=j, **places) for j in range(40)] for i in range(120)]
    uniforms = np.array(bits, float) / 2.0**64
    reference = scipy.stats.nbinom(shape, shape / (shape + means))
    clear = np.minimum(np.abs(reference.cdf(sampled) - uniforms), np.abs(reference.cdf(sampled - 1) - uniforms)) > 1e-9
    assert clear.mean() > 0.999
    np.testing.assert_array_equal(sampled[clear], reference.ppf(uniforms)[clear])


@pytest.mark.parametrize("few_entries", [0, 1 << 40])
def test_all_ways_agree(likelihood, scales, classes, rna, monkeypatch, few_entries):
    given = {"stream": rna, "first_spot": 77, "shape_scales": scales}
    expected = sample_classes(likelihood, *classes, **given)
    np.testing.assert_array_equal(sample_classes_csr(likelihood, *classes, **given).toarray(), expected)
    monkeypatch.setattr(surface_counts, "_FEW_ENTRIES", few_entries)
    monkeypatch.setattr(surface_counts, "_LARGEST_STEP", 1 << 13)
    monkeypatch.setattr(_tile_by_tile, "_SETTLED_AT_ONCE", 500)
    np.testing.assert_array_equal(sample_means(likelihood, *each_of(classes), **given), expected)
    np.testing.assert_array_equal(sample_means_csr(likelihood, *each_of(classes), **given).toarray(), expected)


@pytest.mark.parametrize(("name", "way"), [("few", TableDraw), ("many", SurfaceDraw)])
def test_few_scales_go_through_tables(name, way, rna):
    flat = [[0.2, 9.2]], np.zeros(N_SPOTS, int), np.arange(N_FEATURES) % 2
    draw = plan_classes(NegativeBinomial(), *flat, stream=rna, first_spot=0, shape_scales=SCALES[name])
    assert isinstance(draw, way)


@pytest.mark.parametrize("kind", list(LIKELIHOODS))
def test_equal_scales_are_another_shape_bit_for_bit(kind, classes, rna):
    plain = LIKELIHOODS[kind]
    expected = sample_classes(replace(plain, shape=6.0), *classes, stream=rna)
    for shape, scale in ((6.0, 1.0), (1.0, 6.0), (3.0, 2.0)):
        given = {"stream": rna, "shape_scales": np.full(N_SPOTS, scale)}
        one = replace(plain, shape=shape)
        np.testing.assert_array_equal(sample_classes(one, *classes, **given), expected)
        np.testing.assert_array_equal(sample_means(one, *each_of(classes), **given), expected)


def test_scales_of_one_change_nothing_where_features_differ(classes, rna):
    likelihood = NegativeBinomial(shape=SHAPES["many"])
    expected = sample_means(likelihood, *each_of(classes), stream=rna)
    found = sample_means(likelihood, *each_of(classes), stream=rna, shape_scales=np.ones(N_SPOTS))
    np.testing.assert_array_equal(found, expected)


def test_any_range_of_spots_regenerates_alone(likelihood, scales, classes, rna):
    """Another range has other nodes between its shapes, and other tables."""
    means, spots, features = classes
    whole = sample_classes(likelihood, *classes, stream=rna, shape_scales=scales)
    mean_rows, _ = each_of(classes)
    for start, stop in np.sort(np.random.default_rng(0).integers(0, N_SPOTS + 1, (4, 2)), axis=1):
        given = {"stream": rna, "first_spot": int(start), "shape_scales": scales[start:stop]}
        part = sample_classes(likelihood, means, spots[start:stop], features, **given)
        np.testing.assert_array_equal(part, whole[start:stop])
        of_part = lambda first, last, start=start: mean_rows(start + first, start + last)
        part = sample_means(likelihood, of_part, (stop - start, N_FEATURES), **given)
        np.testing.assert_array_equal(part, whole[start:stop])


def test_spots_that_were_filtered_away_change_nothing(likelihood, scales, classes, rna):
    """A filtered object is sampled at its places: nothing is known of the spots between."""
    means, spots, features = classes
    whole = sample_classes(likelihood, *classes, stream=rna, shape_scales=scales)
    kept = np.flatnonzero(np.random.default_rng(3).random(N_SPOTS) < 0.4)
    placed, here = np.ones(N_SPOTS), np.zeros((N_SPOTS, N_FEATURES))
    placed[kept], here[kept] = scales[kept], means[spots[kept]][:, features]
    part = sample_means(likelihood, lambda start, stop: here[start:stop], here.shape, stream=rna, shape_scales=placed)
    np.testing.assert_array_equal(part[kept], whole[kept])


def test_fewer_features_are_a_part_of_more(scales, classes, rna):
    means, spots, features = classes
    whole = sample_classes(NegativeBinomial(), *classes, stream=rna, shape_scales=scales)
    part = sample_classes(NegativeBinomial(), means, spots, features[:65], stream=rna, shape_scales=scales)
    np.testing.assert_array_equal(part, whole[:, :65])


def test_a_larger_scale_makes_counts_less_variable(rna):
    scales = np.repeat([1.0, 4.0, math.inf], 20_000)
    flat = [[9.0]], np.zeros(60_000, int), [0, 0]
    counts = sample_classes(NegativeBinomial(shape=0.5), *flat, stream=rna, shape_scales=scales)
    # The relative standard error of a variance is sqrt((kurtosis - 1) / n), about 0.02 at most.
    for group, shape in zip(np.split(counts, 3), (0.5, 2.0, math.inf), strict=True):
        assert group.var() == pytest.approx(9 + 81 / shape, rel=0.1)


@pytest.mark.parametrize("mean", [3000.0, 4094.0, 1e5])
@pytest.mark.parametrize("name", list(SCALES))
def test_huge_means(mean, name, rna, monkeypatch):
    """Beyond the surface the bounds of counts depend on the shape of each spot."""
    monkeypatch.setattr(surface_counts, "_FEW_ENTRIES", 0)
    scales, means = SCALES[name][:40], np.full((40, 5), mean)
    sampled = sample_means(
        NegativeBinomial(shape=2), lambda start, stop: means[start:stop], (40, 5), stream=rna, shape_scales=scales
    )
    for i, scale in enumerate(scales):
        one = NegativeBinomial(shape=2 * float(scale))
        alone = sample_means(one, lambda start, stop: means[start:stop], (1, 5), stream=rna, first_spot=i)
        np.testing.assert_array_equal(sampled[i], alone[0])


@pytest.mark.parametrize(("n_spots", "n_features"), [(0, 3), (3, 0)])
def test_empty_sides(rna, n_spots, n_features):
    given = {"stream": rna, "shape_scales": np.ones(n_spots)}
    for sample in (sample_means, sample_means_csr):
        result = sample(NegativeBinomial(), lambda a, b: np.ones((b - a, n_features)), (n_spots, n_features), **given)
        assert result.shape == (n_spots, n_features)
    for sample in (sample_classes, sample_classes_csr):
        result = sample(NegativeBinomial(), [[1.0]], [0] * n_spots, [0] * n_features, **given)
        assert result.shape == (n_spots, n_features)


@pytest.mark.parametrize(
    ("likelihood", "scales", "error", "message"),
    [
        (
            NegativeBinomial(),
            [1.0],
            ValueError,
            r"shape_scales must have one value per spot, shape \(3,\), got .*\(1,\)",
        ),
        (NegativeBinomial(), np.ones((3, 2)), ValueError, r"one value per spot, shape \(3,\), got shape \(3, 2\)"),
        (NegativeBinomial(), [1.0, 0.0, 1.0], ValueError, r"shape_scales must be above 0.*got 0.0"),
        (NegativeBinomial(), [1.0, -2.0, 1.0], ValueError, r"shape_scales must be above 0.*got -2.0"),
        (NegativeBinomial(), [1.0, np.nan, 1.0], ValueError, r"shape_scales must be above 0.*got nan"),
        (NegativeBinomial(shape=1e-20), [1.0, 1e-300, 1.0], ValueError, r"shape_scales must be above 0.*got 1e-300"),
        (Poisson(), [1.0] * 3, TypeError, r"shape_scales must be None for Poisson\(\); a likelihood with a shape is"),
        (Bernoulli(), [1.0] * 3, TypeError, r"shape_scales must be None for Bernoulli\(\)"),
        (Gaussian(), [1.0] * 3, TypeError, r"shape_scales must be None for Gaussian\(sd=1.0\)"),
    ],
)
@pytest.mark.parametrize("sample", [sample_classes, sample_classes_csr, sample_means, sample_means_csr])
def test_refuses_wrong_scales(rna, sample, likelihood, scales, error, message):
    mean = (lambda start, stop: np.ones((stop - start, 2)), (3, 2)) if "means" in sample.__name__ else None
    given = mean or ([[1.0]], [0, 0, 0], [0, 0])
    with pytest.raises(error, match=message):
        sample(likelihood, *given, stream=rna, shape_scales=scales)
