"""The mean and its classes."""

from __future__ import annotations

import numpy as np
import pytest

from spsim.factors import MeanModel, domain_names, mean_classes


@pytest.fixture
def model() -> MeanModel:
    rng = np.random.default_rng(0)
    return MeanModel(
        background=0.2,
        spatial_factors=rng.integers(0, 2, (60, 4)).astype(np.float32),
        spatial_loadings=np.eye(4, dtype=np.float32)[rng.integers(0, 4, 30)] * 11,
        nonspatial_factors=rng.integers(0, 2, (60, 2)).astype(np.float32),
        nonspatial_loadings=np.eye(2, dtype=np.float32)[rng.integers(0, 2, 30)] * 9,
    )


def test_the_mean_is_the_papers_formula_entry_by_entry(model) -> None:
    mean = model.rows()
    assert mean.dtype == np.float64
    for i, j in [(0, 0), (7, 3), (59, 29)]:
        spatial = sum(float(model.spatial_factors[i, k]) * float(model.spatial_loadings[j, k]) for k in range(4))
        other = sum(float(model.nonspatial_factors[i, k]) * float(model.nonspatial_loadings[j, k]) for k in range(2))
        assert mean[i, j] == pytest.approx(0.2 + spatial + other, rel=1e-15)
    assert np.array_equal(model.rows(10, 20), mean[10:20])


def test_classes_reproduce_the_mean(model) -> None:
    classes = mean_classes(model, most=4096)
    assert classes is not None
    assert np.allclose(classes.means[classes.spot_class][:, classes.feature_class], model.rows(), rtol=1e-15)
    assert len(classes.means) <= 64 and classes.means.shape[1] <= 8


def test_too_many_classes_are_declined(model) -> None:
    assert mean_classes(model, most=10) is None


def test_many_factors_do_not_overflow_the_packing() -> None:
    rng = np.random.default_rng(1)
    factors = rng.integers(0, 2, (200, 90)).astype(np.float32)
    factors[100:] = factors[:100]
    # The first column is what an overflow would push out.
    factors[100:, 0] = 1 - factors[:100, 0]
    ones = np.ones((1, 90), np.float32)
    empty = np.zeros((200, 0), np.float32)
    model = MeanModel(
        background=0,
        spatial_factors=factors,
        spatial_loadings=ones,
        nonspatial_factors=empty,
        nonspatial_loadings=np.zeros((1, 0), np.float32),
    )
    classes = mean_classes(model, most=4096)
    assert classes is not None
    assert len(np.unique(classes.spot_class)) == 200


def test_domains_name_overlaps_in_factor_order() -> None:
    factors = np.array([[0, 0], [1, 0], [0, 1], [1, 1], [0.2, 0.9]])
    codes, names = domain_names(factors, ["a", "b"])
    assert [names[code] for code in codes] == ["background", "a", "b", "a+b", "b"]
    assert names == ["background", "a", "b", "a+b"]


def test_domains_without_background_have_no_such_category() -> None:
    assert domain_names(np.array([[1.0], [1.0]]), ["a"])[1] == ["a"]
