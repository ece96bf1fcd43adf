"""Every effect, every factor and every trend of size zero gives the data of its absence, bit for bit."""

from __future__ import annotations

import numpy as np
import pytest

import spsim as sps
from effect_worlds import RNA
from spsim._recipe import members
from spsim.factors import (
    Batch,
    CellCycle,
    CellTypes,
    Content,
    Crossed,
    Depth,
    Detection,
    Ecotypes,
    Effect,
    FactorRecipe,
    Foreground,
    Graded,
    KnockDown,
    LibrarySize,
    LoadingRule,
    Markers,
    Normal,
    Nuisance,
    Panel,
    Perturbations,
    Platform,
    Products,
    Signed,
    SignedGraded,
    Spillover,
    SpinPrograms,
)
from spsim.likelihoods import NegativeBinomial, NegativeBinomialMixture, Trend, ZeroInflatedNegativeBinomial

EFFECTS = {
    Batch: [Batch(by="slice", sd=0), Batch(by="slice", sd=0, within="domain", within_sd=0)],
    Content: [Content(by="domain", sd=0)],
    Depth: [Depth(sd=0), Depth(sd=0, by="slice", smooth=3.0)],
    Detection: [Detection(by="slice", sd=0)],
    Foreground: [
        Foreground(by="domain", share=0, negative=0),
        Foreground(by="domain", fold=1, fold_sd=0, fold_range=[1, 1]),
    ],
    LibrarySize: [LibrarySize(sd=0)],
    Panel: [Panel(by="slice", share=1)],
    Platform: [Platform(sd=0)],
    Products: [Products(of="genes", by="extra")],
    Spillover: [Spillover(share=0), Spillover(share=0.0, uniform=0.0, width=9.0)],
}
FACTORS = {
    CellCycle: [CellCycle()],
    CellTypes: [CellTypes(by="domain")],
    Crossed: [Crossed(by=["slice", "domain"])],
    Ecotypes: [Ecotypes()],
    Perturbations: [Perturbations(3)],
    SpinPrograms: [SpinPrograms(3), SpinPrograms(3, by="domain", control="background")],
    Nuisance: [Nuisance(length=3), Nuisance(length=3, by="slice")],
}
RULES = {
    KnockDown: [KnockDown(0)],
    SignedGraded: [SignedGraded(weight=0), SignedGraded(weight=0, overlap=0.5)],
    Graded: [Graded(weight=0), Graded(weight=0, overlap=0.5)],
    Markers: [Markers(weight=0), Markers(share=0), Markers(weight=0, confuse=[])],
    Normal: [Normal(sd=0), Normal(share=0)],
    Signed: [Signed(sd=0), Signed(share=0)],
}
# Few distinct means and many, sums and logarithms, with and without other effects.
WORLDS = {
    "plain": {},
    "log": {"link": "log"},
    "busy": {"background_sd": 0.5, "efficiency_sd": 0.3, "dropout_rate": 0.2, "n_spatial": 9},
}


def listed(table) -> list:
    return [recipe for recipes in table.values() for recipe in recipes]


def ours(family) -> set[type]:
    return {kind for kind in members(family).values() if kind.__module__.startswith("spsim.")}


def made(*effects, sparse=False, rng=0, factors=None, **fields):
    has_genes = any(isinstance(effect, Products) for effect in effects)
    scenario = sps.Scenario(
        n_side=7,
        design=sps.designs.Slices(n_slices=3),
        factors=factors or ({"extra": CellTypes()} if has_genes else {}),
        modalities=[RNA | {"effects": effects} | fields, *([{**RNA, "name": "genes"}] if has_genes else [])],
    )
    return sps.simulate(scenario, rng=rng, sparse=sparse, keep_mean=True)["rna"]


def dense(values) -> np.ndarray:
    return values.toarray() if hasattr(values, "toarray") else values


def is_the_same(one, other) -> bool:
    """Same values and same bits: no NaN, no zero with a sign."""
    pairs = [(one.X, other.X), *((one.layers[key], other.layers[key]) for key in ("counts", "mean"))]
    pairs.append((sps.get.mean(one).to_numpy(), sps.get.mean(other).to_numpy()))
    return all(dense(a).tobytes() == dense(b).tobytes() for a, b in pairs)


@pytest.mark.parametrize(("family", "table"), [(Effect, EFFECTS), (FactorRecipe, FACTORS), (LoadingRule, RULES)])
def test_no_recipe_of_ours_is_missing(family, table) -> None:
    assert ours(family) == set(table)
    assert all(type(recipe) is kind for kind, recipes in table.items() for recipe in recipes)


@pytest.mark.parametrize("world", WORLDS)
@pytest.mark.parametrize("zero", listed(EFFECTS), ids=repr)
def test_an_effect_of_zero_is_its_absence(zero, world) -> None:
    fields = WORLDS[world]
    sizes = isinstance(zero, LibrarySize | Depth)
    with_ = made(library_size=zero, **fields) if sizes else made(zero, **fields)
    assert is_the_same(with_, made(**fields))


@pytest.mark.parametrize("zero", listed(EFFECTS), ids=repr)
def test_so_it_is_beside_others_and_for_sparse_counts(zero) -> None:
    others = [Batch(by="slice", sd=0.4, key="other"), Spillover(share=0.2, key="blur"), Detection(by="slice", sd=0.3)]
    # What spills over are sums of means, in which no entry is on or off.
    left_out = (Foreground, Spillover) if isinstance(zero, Foreground) else (type(zero),)
    others = [effect for effect in others if not isinstance(effect, left_out)]
    sizes = isinstance(zero, LibrarySize | Depth)
    kept = {} if sizes else {"library_size": {"sd": 0.5}}
    with_ = made(*others, sparse=True, library_size=zero) if sizes else made(zero, *others, sparse=True, **kept)
    without = made(*others, sparse=True, **kept)
    assert is_the_same(with_, without)
    assert np.array_equal(with_.X.indices, without.X.indices) and np.array_equal(with_.X.indptr, without.X.indptr)


@pytest.mark.parametrize("link", ["identity", "log"])
@pytest.mark.parametrize("rule", listed(RULES), ids=repr)
@pytest.mark.parametrize("recipe", listed(FACTORS), ids=repr)
def test_loadings_of_zero_are_their_absence(recipe, rule, link) -> None:
    with_ = made(factors={"extra": recipe}, loadings={"extra": rule}, link=link)
    assert is_the_same(with_, made(factors={"extra": recipe}, link=link)) and is_the_same(with_, made(link=link))
    # Zeros are written, and have no sign.
    assert not with_.varm["extra_loadings"].any() and not np.signbit(with_.varm["extra_loadings"]).any()


@pytest.mark.parametrize(
    "likelihood",
    [
        lambda shape: NegativeBinomial(shape=shape),
        lambda shape: ZeroInflatedNegativeBinomial(shape=shape, dropout_rate=0.2),
        lambda shape: NegativeBinomialMixture(shape=shape, foreground_probability=0.3),
    ],
)
def test_a_trend_without_a_slope_is_its_absence(likelihood) -> None:
    for at in (0.1, 50.0):
        assert is_the_same(made(likelihood=likelihood(Trend(shape=3, slope=0, at=at))), made(likelihood=likelihood(3)))


@pytest.mark.parametrize("composition", [False, True])
def test_depth_without_parts_is_a_library_size(composition) -> None:
    """Under composition, of rows that add up to the same anyway."""
    size = LibrarySize(median=20.0, sd=0.5)
    flat = {"n_mixed": 0, "n_nonspatial": 0, "n_flat": 16, "background_mean": 0.25}
    depth = Depth(median=20.0 * (4.0 if composition else 1.0), sd=0.5, composition=composition)
    assert is_the_same(made(library_size=depth, **flat), made(library_size=size, **flat))


@pytest.mark.parametrize(
    "effect",
    [
        Batch(by="slice", sd=1e-3),
        Content(by="domain", sd=1e-3),
        Depth(sd=1e-3),
        Detection(by="slice", sd=1e-3),
        Foreground(by="domain", fold=1.5, fold_sd=0, fold_range=[1, 2], negative=1e-2),
        LibrarySize(sd=1e-3),
        Panel(by="slice", share=0.9),
        Platform(sd=1e-3),
        Spillover(share=1e-3),
    ],
    ids=lambda effect: type(effect).__name__,
)
def test_a_small_effect_is_seen(effect) -> None:
    """So the comparison can fail."""
    sizes = isinstance(effect, LibrarySize | Depth)
    assert not is_the_same(made(library_size=effect) if sizes else made(effect), made())
