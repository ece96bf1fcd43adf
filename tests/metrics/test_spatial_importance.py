"""Spatial importance against plain loops and its invariances."""

from __future__ import annotations

import numpy as np
import pytest

from oracles import metrics_factors as oracle
from spsim.metrics import spatial_importance, spatial_importance_distance


@pytest.fixture
def parts() -> list[np.ndarray]:
    rng = np.random.default_rng(19)
    arrays = [rng.gamma(1, size=shape) for shape in ((30, 3), (8, 3), (30, 2), (8, 2))]
    arrays[1][2] = arrays[3][5] = 0
    for array in arrays:
        array.flags.writeable = False
    return arrays


def test_agrees_with_the_plain_loops(parts):
    expected = oracle.spatial_importance(*parts)
    np.testing.assert_allclose(spatial_importance(*parts), expected, atol=1e-12)
    assert (expected[2], expected[5]) == (0, 1)


def test_scale_that_moves_between_factor_and_loading_does_not_matter(parts):
    factors, loadings, *rest = parts
    scale = np.array([0.1, 3, 50])
    np.testing.assert_allclose(spatial_importance(factors * scale, loadings / scale, *rest), spatial_importance(*parts))


def test_swapping_the_two_sides_gives_the_complement(parts):
    spatial_factors, spatial_loadings, nonspatial_factors, nonspatial_loadings = parts
    swapped = spatial_importance(nonspatial_factors, nonspatial_loadings, spatial_factors, spatial_loadings)
    np.testing.assert_allclose(swapped, 1 - spatial_importance(*parts))


def test_without_nonspatial_factors_all_is_spatial(parts):
    np.testing.assert_array_equal(spatial_importance(*parts[:2], np.empty((30, 0)), np.empty((8, 0)))[[0, 2]], [1, 0])


def test_distance_is_the_sum_of_absolute_differences():
    assert spatial_importance_distance([0.2, 1.0, 0.5], [0.0, 1.0, 1.0]) == pytest.approx(0.7)
    assert spatial_importance_distance([0.2, 1.0], [0.2, 1.0]) == 0


def test_bad_input_is_refused(parts):
    factors, loadings, others, other_loadings = parts
    with pytest.raises(ValueError, match="spatial_loadings must not be negative, got -"):
        spatial_importance(factors, -loadings, others, other_loadings)
    with pytest.raises(ValueError, match="spatial_factors and spatial_loadings must have the same number of columns"):
        spatial_importance(factors[:, :2], loadings, others, other_loadings)
    with pytest.raises(ValueError, match="spatial_factors and nonspatial_factors must have the same number of rows"):
        spatial_importance(factors, loadings, others[:9], other_loadings)
    with pytest.raises(ValueError, match="spatial_loadings and nonspatial_loadings must have the same number of rows"):
        spatial_importance(factors, loadings, others, other_loadings[:4])
    with pytest.raises(ValueError, match="estimate and truth must have the same number of rows, got 1 and 2"):
        spatial_importance_distance([0.5], [0.5, 1])
    with pytest.raises(ValueError, match="truth must be finite, got 1 NaN"):
        spatial_importance_distance([0.5], [np.nan])
