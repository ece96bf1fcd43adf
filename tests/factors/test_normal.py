"""Normal loadings: their spread, the share that responds, and where they may stand."""

from __future__ import annotations

import numpy as np
import pytest

from effect_worlds import made, source
from spsim.factors import Normal, Nuisance

ERRORS = 4.5  # of a normal estimate: false-alarm rate 7e-6
WORLD = {"factors": {"nuisance": Nuisance(length=3)}}


@pytest.mark.parametrize(("sd", "share"), [(0.3, 1.0), (1.5, 0.25)])
def test_loadings_have_their_spread_and_share(sd, share) -> None:
    values = np.vstack([Normal(sd=sd, share=share).loadings(4000, 2, source(s)) for s in range(3)]).astype(float)
    on = values[values != 0]
    assert abs((values != 0).mean() - share) <= ERRORS * np.sqrt(share * (1 - share) / values.size)
    assert abs(on.mean()) < ERRORS * sd / np.sqrt(len(on))
    error = ERRORS / np.sqrt(2 * len(on))
    assert abs(on.std() / sd - 1) < error < abs(1.1 * on.std() / sd - 1)  # a tenth off fails
    assert abs(np.corrcoef(values.T)[0, 1]) < ERRORS / np.sqrt(len(values))


def test_nothing_is_zero_without_a_sign() -> None:
    for rule in (Normal(sd=0), Normal(share=0)):
        loadings = rule.loadings(50, 2, source())
        assert not loadings.any() and not np.signbit(loadings).any() and loadings.dtype == np.float32


def test_fewer_features_are_a_prefix_and_a_larger_spread_a_multiple() -> None:
    few, many = (Normal(sd=0.5).loadings(n, 3, source()) for n in (10, 60))
    assert np.array_equal(few, many[:10]) and np.array_equal(Normal(sd=1.0).loadings(10, 3, source()), 2 * few)
    assert np.array_equal(
        few * (Normal(sd=0.5, share=0.4).loadings(10, 3, source()) != 0),
        Normal(sd=0.5, share=0.4).loadings(10, 3, source()),
    )


def test_features_respond_on_the_logarithm() -> None:
    adata = made(top=WORLD, loadings={"nuisance": Normal()})["rna"]
    (entry,) = [e for e in __import__("json").loads(adata.uns["spsim"]["truth"]) if e["key"] == "nuisance_loadings"]
    assert entry["scale"] == "log" and entry["is_spatial"]


def test_under_spatial_it_needs_the_logarithm() -> None:
    with pytest.raises(ValueError, match="Normal under 'spatial' is on the logarithm of the mean and needs link='log'"):
        made(loadings={"spatial": Normal()})
    adata = made(loadings={"spatial": Normal(sd=0.5)}, link="log", n_mixed=0, n_spatial=500, background_mean=1.0)["rna"]
    weights = adata.varm["spatial_loadings"][:500] / np.log(21)
    assert abs(weights.std() / 0.5 - 1) < ERRORS / np.sqrt(2 * weights.size)


@pytest.mark.parametrize(
    ("fields", "error", "message"),
    [
        ({"sd": -1}, ValueError, "sd must be a finite number of at least 0"),
        ({"sd": 11}, ValueError, "sd must be at most 10"),
        ({"share": 2}, ValueError, "share must be a probability"),
        ({"share": "1"}, TypeError, "share must be"),
    ],
)
def test_bad_values_are_refused_by_name(fields, error, message) -> None:
    with pytest.raises(error, match=message):
        Normal(**fields)
