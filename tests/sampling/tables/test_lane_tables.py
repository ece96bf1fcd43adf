"""Lane tables are kept between calls, so nobody may write to them."""

from __future__ import annotations

import numpy as np
import pytest

from spsim.likelihoods import NegativeBinomial, Poisson
from spsim.sampling import sample_classes
from spsim.sampling.tables._lane_tables import lane_tables

MEANS, FEATURES = (0.2, 9.2), (0, 0)


def test_tables_are_built_once_and_are_read_only():
    tables = lane_tables(Poisson(), MEANS, FEATURES, None)
    assert tables is lane_tables(Poisson(), MEANS, FEATURES, None)
    with pytest.raises(ValueError, match="read-only"):
        tables.values[0] = 1


def test_equal_means_under_another_likelihood_have_their_own_tables(rna):
    drawn = [
        sample_classes(likelihood, [[9.2]], np.zeros(300, int), np.zeros(20, int), stream=rna).var()
        for likelihood in (Poisson(), NegativeBinomial(shape=1), Poisson())
    ]
    assert drawn[0] == drawn[2] < 0.5 * drawn[1]


def test_equal_means_of_other_features_have_their_own_tables(rna):
    """The tables are told apart by feature too: swapped features swap their shapes."""
    likelihood, spots = NegativeBinomial(shape=[1.0, 100.0]), np.zeros(3000, int)
    sample_classes(likelihood, [[9.2, 20.0]], spots, [0, 1], stream=rna)
    swapped = sample_classes(likelihood, [[9.2, 20.0]], spots, [1, 0], stream=rna)
    for feature, (shape, mean) in enumerate([(1.0, 20.0), (100.0, 9.2)]):
        alone = sample_classes(NegativeBinomial(shape=shape), [[mean]], spots, [0, 0], stream=rna)
        np.testing.assert_array_equal(swapped[:, feature], alone[:, feature])


def test_too_many_thresholds_make_no_tables():
    assert lane_tables(Poisson(), (1e13,), (0,), None) is None
