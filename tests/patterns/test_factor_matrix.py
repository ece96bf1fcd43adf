"""Ready factor matrices."""

from __future__ import annotations

import numpy as np
import pytest

import spsim as sps

LINE = np.column_stack([np.arange(6.0), np.zeros(6)])


def test_factors_and_coordinates_are_used_as_given() -> None:
    factors = np.random.default_rng(0).gamma(1, size=(6, 2))
    pattern = sps.patterns.FactorMatrix(factors=factors, coordinates=LINE, names=["a", "b"], spacing=2, unit="mm")
    mdata = sps.datasets.multiomics([{"name": "rna", "n_spatial": 9}], pattern=pattern)
    assert np.array_equal(mdata.obsm["spatial"], LINE)
    assert np.array_equal(mdata.obsm["spatial_factors"], factors.astype(np.float32))
    assert (mdata.uns["spsim"]["spacing"], mdata.uns["spsim"]["unit"]) == ("2.0", "mm")


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"coordinates": LINE * np.nan}, "coordinates must be finite, got 12 NaN or infinite values"),
        ({"coordinates": LINE[:5]}, r"coordinates must be 6 × 2 or 6 × 3, got shape \(5, 2\)"),
        ({"coordinates": LINE[:, :1]}, "coordinates must be 6 × 2"),
        ({"factors": -np.ones((6, 1))}, "factors must not be negative"),
        ({"factors": np.ones(6)}, r"factors must be a non-empty 2-D array, got shape \(6,\)"),
        ({"spacing": 0}, "spacing must be a finite number above 0, got 0"),
    ],
)
def test_bad_matrices_are_refused(fields, message) -> None:
    with pytest.raises(ValueError, match=message):
        sps.patterns.FactorMatrix(**({"factors": np.ones((6, 1)), "coordinates": LINE} | fields))


def test_a_matrix_brings_its_own_layout() -> None:
    pattern = sps.patterns.FactorMatrix(factors=np.ones((6, 1)), coordinates=LINE)
    with pytest.raises(ValueError, match="a FactorMatrix brings its own coordinates"):
        sps.datasets.multiomics([{"name": "rna"}], pattern=pattern, n_side=5)
