"""Platform: a factor per feature that a whole modality shares."""

from __future__ import annotations

import numpy as np
import pytest

import spsim as sps
from effect_worlds import RNA, made, source, spots, untouched
from spsim.factors import Batch, Platform


@pytest.mark.parametrize("sd", [0.3, 1.0])
def test_sd_is_that_of_the_log_ratio_of_means(sd) -> None:
    """3 seeds × 400 deviates: relative standard error of their spread 0.02; 4.5 of them, false-alarm rate 7e-6."""
    ratios = []
    for seed in range(3):
        with_, plain = (made(*e, rng=seed, n_mixed=400, n_flat=0) for e in ((Platform(sd=sd),), ()))
        ratio = np.log(sps.get.mean(with_["rna"]).to_numpy() / sps.get.mean(plain["rna"]).to_numpy())
        assert np.ptp(ratio, axis=0).max() < 1e-6  # one number per feature
        ratios.append(ratio[0])
    values = np.concatenate(ratios)
    error = 4.5 / np.sqrt(2 * len(values))
    assert abs(values.std() / sd - 1) < error < abs(1.5 * values.std() / sd - 1)
    assert abs(values.mean()) < 4.5 * sd / np.sqrt(len(values))


def test_modalities_with_the_same_features_have_platforms_of_their_own() -> None:
    effects = {"effects": [Platform(sd=0.5)]}
    mdata = sps.simulate(
        sps.Scenario(n_side=6, modalities=[RNA | effects, RNA | effects | {"name": "again", "features_of": "rna"}])
    )
    one, other = (mdata[name].varm["platform_loadings"].ravel() for name in ("rna", "again"))
    # 50 pairs of independent deviates: their correlation within 4.5 standard errors; shared ones have 1.
    assert abs(np.corrcoef(one, other)[0, 1]) < 4.5 / np.sqrt(50) < 1
    assert np.array_equal(mdata["rna"].varm["spatial_loadings"], mdata["again"].varm["spatial_loadings"])


def test_features_are_a_prefix_and_nothing_else_changes() -> None:
    few, many = (Platform().blocks(spots(), n, source())[0].loadings for n in (10, 50))
    assert np.array_equal(few, many[:10])
    untouched(made(Platform()), made())
    both = made(Platform(), Batch(by="domain", sd=0.5))["rna"]
    assert np.array_equal(both.varm["platform_loadings"], made(Platform())["rna"].varm["platform_loadings"])


def test_it_is_no_spatial_variation() -> None:
    adata = made(Platform(sd=1.0), n_mixed=0, n_nonspatial=30, n_spatial=10)["rna"]
    adata.var["guess"] = np.arange(adata.n_vars, 0, -1.0)
    assert sps.tl.svg_detection(adata, "guess", copy=True).loc["n_spatial", "score"] == 10


@pytest.mark.parametrize(
    ("fields", "error", "message"),
    [
        ({"sd": -1}, ValueError, "sd must be a finite number of at least 0"),
        ({"sd": 11}, ValueError, "sd must be at most 10"),
        ({"key": 3}, TypeError, "key must be a text"),
    ],
)
def test_bad_values_are_refused_by_name(fields, error, message) -> None:
    with pytest.raises(error, match=message):
        Platform(**fields)


def test_two_platforms_need_two_names() -> None:
    with pytest.raises(ValueError, match="the name 'platform' is taken already"):
        made(Platform(), Platform())
    assert {"platform_loadings", "chemistry_loadings"} <= set(made(Platform(), Platform(key="chemistry"))["rna"].varm)
