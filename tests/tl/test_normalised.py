"""svg_detection warns where features that are not spatial look so once rows are normalised."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

import spsim as sps
from spsim.factors import Depth

FEATURES = {"n_side": 16, "n_spatial": 40, "n_flat": 40}


def scored(**fields):
    """Score a ranking; return whether it warned, and how much shares of flat features vary between spots."""
    adata = sps.datasets.quilt(**(FEATURES | fields))["rna"]
    adata.var["guess"] = np.arange(adata.n_vars, 0, -1.0)
    mean = sps.get.mean(adata).to_numpy()
    share = mean[:, (adata.var["kind"] == "flat").to_numpy()].sum(axis=1) / mean.sum(axis=1)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        sps.tl.svg_detection(adata, "guess", copy=True)
    texts = [str(w.message) for w in caught if "once rows are normalised" in str(w.message)]
    return bool(texts), np.log(share).std()


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, True),
        ({"library_size": {"sd": 0.5}}, True),
        # Row totals that are set say nothing of shares.
        ({"library_size": Depth(median=500.0, composition=True)}, True),
        ({"expression_mean": 0.005}, False),
        ({"expression_mean": 0.005, "library_size": {"sd": 1.0}}, False),
        ({"n_flat": 4000, "n_spatial": 5, "expression_mean": 2.0}, False),
    ],
)
@pytest.mark.parametrize("rng", range(3))
def test_it_warns_where_shares_of_flat_features_follow_the_factors(fields, expected, rng) -> None:
    warned, varies = scored(**fields, rng=rng)
    assert warned == expected == (varies > 0.1)


def test_what_varies_without_the_spatial_factors_is_no_reason() -> None:
    """Non-spatial factors change totals from spot to spot, not in space."""
    assert not scored(n_spatial=1, n_nonspatial=60, expression_mean=1.0)[0]


def test_it_points_at_the_users_line_and_reads_the_truth() -> None:
    mdata = sps.datasets.quilt(**FEATURES)
    blind = sps.get.without_truth(mdata)
    blind["rna"].var["guess"] = np.arange(80, 0, -1.0)
    with pytest.warns(
        UserWarning, match="features that are not spatial have a share of .* once rows are normalised"
    ) as caught:
        sps.tl.svg_detection(blind, "rna:guess", truth=mdata, copy=True)
    assert caught[0].filename == __file__


def test_half_of_a_truth_is_scored_without_it() -> None:
    adata = sps.datasets.quilt(**FEATURES)["rna"]
    adata.var["guess"] = np.arange(80, 0, -1.0)
    del adata.obsm["spatial_factors"]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert sps.tl.svg_detection(adata, "guess", copy=True).loc["auroc", "score"] == 1.0
