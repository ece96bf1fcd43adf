"""Background and foreground."""

from __future__ import annotations

import math
import warnings

import numpy as np
import pytest

from spsim.likelihoods import NegativeBinomial, NegativeBinomialMixture
from spsim.sampling import foreground_mask, sample_classes, sample_means


def test_all_foreground_is_a_negative_binomial(layout, rna):
    plain = sample_classes(NegativeBinomial(shape=3), *layout, stream=rna)
    mixture = NegativeBinomialMixture(shape=3, foreground_probability=1, background_mean=50)
    np.testing.assert_array_equal(sample_classes(mixture, *layout, stream=rna), plain)
    means, spots, features = layout
    each = means[spots][:, features]
    single = sample_means(mixture, lambda start, stop: each[start:stop], each.shape, stream=rna)
    np.testing.assert_array_equal(single, plain)


def test_all_background_is_a_negative_binomial_of_its_own(layout, rna):
    mixture = NegativeBinomialMixture(foreground_probability=0, background_mean=4, background_shape=2)
    _, spots, features = layout
    flat = [[4.0]], np.zeros(len(spots), int), np.zeros(len(features), int)
    plain = sample_classes(NegativeBinomial(shape=2), *flat, stream=rna)
    np.testing.assert_array_equal(sample_classes(mixture, *layout, stream=rna), plain)


def test_background_does_not_depend_on_the_mean(layout, rna):
    means, spots, features = layout
    mixture = NegativeBinomialMixture(foreground_probability=0.4, background_mean=2)
    low, high = (sample_classes(mixture, m, spots, features, stream=rna) for m in (means, means + 100))
    mask = foreground_mask(mixture, spots=np.arange(300), features=np.arange(150), stream=rna)
    np.testing.assert_array_equal(low[~mask], high[~mask])
    assert (low[mask] < high[mask]).mean() > 0.99


def test_without_background_the_rest_is_zero(layout, rna):
    mixture = NegativeBinomialMixture(foreground_probability=0.4, background_mean=0)
    sampled = sample_classes(mixture, *layout, stream=rna)
    mask = foreground_mask(mixture, spots=np.arange(300), features=np.arange(150), stream=rna)
    assert not sampled[~mask].any()


@pytest.mark.parametrize("probability", [0.7, 0.3, 1 - 2.0**-17, 2.0**-16, 0.5])
def test_every_entry_is_of_the_part_that_the_mask_says(probability, rna):
    """Four million entries, so that about 60 share the upper 16 bits of the border: the lower ones must decide.

    The background is never 0 (exp(-60)), the foreground always: its mean is 0.
    """
    mixture = NegativeBinomialMixture(foreground_probability=probability, background_mean=60, background_shape=math.inf)
    sampled = sample_classes(mixture, [[0.0]], [0] * 2000, [0] * 2000, stream=rna)
    mask = foreground_mask(mixture, spots=np.arange(2000), features=np.arange(2000), stream=rna)
    np.testing.assert_array_equal(sampled == 0, mask)


@pytest.mark.parametrize(
    ("mean", "shape"), [(1e-17, math.inf), (1e-17, 10.0), (5e-17, 1.0), (1e-300, 1.0), (0.0, 2.0), (700.0, math.inf)]
)
def test_a_background_at_the_edge_of_what_a_double_holds_is_that_of_its_own_distribution(mean, shape, layout, rna):
    """A probability of no count that rounds to 1 must not overflow 64 bits; a warning of that is an error here."""
    mixture = NegativeBinomialMixture(foreground_probability=0, background_mean=mean, background_shape=shape)
    _, spots, features = layout
    flat = [[mean]], np.zeros(len(spots), int), np.zeros(len(features), int)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        sampled = sample_classes(mixture, *layout, stream=rna)
    plain = sample_classes(NegativeBinomial(shape=shape), *flat, stream=rna)
    np.testing.assert_array_equal(sampled, plain)


def test_wide_background_beside_narrow_foreground(rna):
    """Background counts beyond 16 bits."""
    mixture = NegativeBinomialMixture(foreground_probability=0.5, background_mean=90_000, background_shape=1)
    sampled = sample_classes(mixture, [[2.0]], [0] * 40, [0] * 40, stream=rna)
    mask = foreground_mask(mixture, spots=np.arange(40), features=np.arange(40), stream=rna)
    assert sampled[mask].max() < 30
    assert sampled[~mask].max() > 65_535
    single = sample_means(mixture, lambda start, stop: np.full((stop - start, 40), 2.0), (40, 40), stream=rna)
    np.testing.assert_array_equal(single, sampled)
