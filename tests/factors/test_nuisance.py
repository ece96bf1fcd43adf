"""Nuisance: smooth fields of unit variance that are neither domains nor targets."""

from __future__ import annotations

import math

import numpy as np
import pytest

import spsim as sps
from effect_worlds import made, source, spots, untouched
from spsim.factors import Normal, Nuisance
from spsim.truth import Observations

WORLD = {"factors": {"nuisance": Nuisance(length=3)}}
LOADED = {"loadings": {"nuisance": Normal(sd=0.5)}}


@pytest.mark.parametrize(("smoothness", "wrong"), [(0.5, 1.5), (1.5, 0.5), (math.inf, 0.5)])
def test_fields_have_unit_variance_and_the_matern_correlation(smoothness, wrong) -> None:
    """3 seeds × 2,000 fields at two spots that lie a length apart: 4.5 standard errors, false-alarm rate 7e-6."""
    at_length = {0.5: math.exp(-1), 1.5: (1 + math.sqrt(3)) * math.exp(-math.sqrt(3)), math.inf: math.exp(-0.5)}
    recipe = Nuisance(n_factors=2000, length=3, smoothness=smoothness)
    first, second = np.hstack([recipe.factors(spots(), source(seed)).values[[8, 11]] for seed in range(3)])
    n = len(first)
    assert abs(first.mean()) < 4.5 / np.sqrt(n)
    assert abs(first.var() - 1) < 4.5 * np.sqrt(2 / n) < abs((1.2 * first).var() - 1)
    error = 4.5 * np.sqrt((1 + at_length[smoothness] ** 2) / n)
    assert abs((first * second).mean() - at_length[smoothness]) < error < abs(at_length[wrong] - at_length[smoothness])


def test_the_length_is_a_length() -> None:
    """Twice the length: the correlation of three spacings is that of a length at two of them."""
    near = Nuisance(n_factors=2000, length=6).factors(spots(), source()).values
    far = Nuisance(n_factors=2000, length=1).factors(spots(), source()).values
    expected = (1 + math.sqrt(3) / 2) * math.exp(-math.sqrt(3) / 2)
    assert abs((near[8] * near[11]).mean() - expected) < 4.5 * np.sqrt(2 / 2000)
    assert abs((far[8] * far[11]).mean() - expected) > 4.5 * np.sqrt(2 / 2000)


def test_slices_share_one_field_or_have_fields_of_their_own() -> None:
    """Fields of 2 slices, 1,000 factors: correlation 1, or 0 within 4.5 standard errors."""
    values = {}
    for by in (None, "slice"):
        recipe = {"nuisance": Nuisance(n_factors=1000, length=3, by=by)}
        values[by] = made(n_slices=2, top={"factors": recipe}).obsm["nuisance_factors"].reshape(2, 64, 1000)
    assert np.array_equal(values[None][0], values[None][1])
    products = (values["slice"][0] * values["slice"][1])[20]
    assert abs(products.mean()) < 4.5 / np.sqrt(1000) < (values[None][0] * values[None][1])[20].mean()


def test_factors_and_categories_are_a_prefix() -> None:
    few, many = (Nuisance(n_factors=n, length=3).factors(spots(), source()) for n in (1, 3))
    assert np.array_equal(few.values, many.values[:, :1]) and few.columns == ("nuisance_1",)
    own = Nuisance(length=3, by="slice")
    two, three = (made(n_slices=n, top={"factors": {"nuisance": own}}).obsm["nuisance_factors"] for n in (2, 3))
    assert np.array_equal(two, three[:128])


def test_who_has_no_category_has_none() -> None:
    some = spots(patch=("a", "b"))
    some.labels["patch"].codes[:5] = -1
    values = Nuisance(length=3, by="patch").factors(some, source()).values
    assert not values[:5].any() and values[5:].all()


def test_it_is_true_and_spatial_but_no_domain() -> None:
    plain, with_ = made(top=WORLD), made(top=WORLD, **LOADED)
    untouched(with_, plain)
    assert with_.obs["domain"].equals(plain.obs["domain"])
    assert not np.array_equal(with_["rna"].X, plain["rna"].X)
    blocks = sps.get.blocks(with_["rna"]).set_index("block")
    assert "nuisance" in blocks.index
    ratio = np.log(sps.get.mean(with_["rna"]).to_numpy() / sps.get.mean(plain["rna"]).to_numpy())
    expected = with_.obsm["nuisance_factors"].astype(float) @ with_["rna"].varm["nuisance_loadings"].T
    assert np.allclose(ratio, expected, atol=1e-9)
    assert np.abs(ratio - 2 * expected).max() > 0.1  # a wrong variant: twice the effect
    # Flat features respond to nothing.
    assert not with_["rna"].varm["nuisance_loadings"][40:].any()


def test_features_that_respond_are_spatially_variable() -> None:
    adata = made(top=WORLD, n_mixed=0, n_nonspatial=30, **LOADED)["rna"]
    adata.var["guess"] = np.arange(adata.n_vars, 0, -1.0)
    table = sps.tl.svg_detection(adata, "guess", copy=True)
    assert table.loc["n_spatial", "score"] == 30 and table.loc["auroc", "score"] == 1.0


@pytest.mark.parametrize(
    ("fields", "error", "message"),
    [
        ({"n_factors": 0}, ValueError, "n_factors must be a whole number of at least 1"),
        ({"length": 0}, ValueError, "length must be a finite number above 0"),
        ({"smoothness": 2}, ValueError, "smoothness must be one of 0.5, 1.5, 2.5"),
        ({"by": 3}, TypeError, "by must be a text"),
        ({"names": ["a"]}, ValueError, r"names must hold one name per nuisance \(2\), got 1"),
    ],
)
def test_bad_values_are_refused_by_name(fields, error, message) -> None:
    with pytest.raises(error, match=message):
        Nuisance(**fields)


def test_dissociated_observations_have_no_fields() -> None:
    with pytest.raises(ValueError, match="length needs places, but observations 'cell' have none"):
        Nuisance().factors(Observations(name="cell", n=3), source())
    with pytest.raises(ValueError, match="length must be at least about"):
        made(top={"factors": {"n": Nuisance(length=1e-4)}, "n_side": None, "layout": sps.patterns.Uniform(n_spots=9)})
