"""Depth: its spread and its parts, its smoothness, and rows that add up to it."""

from __future__ import annotations

import math

import numpy as np
import pytest

import spsim as sps
from effect_worlds import made, source, spots, untouched
from spsim.factors import Depth, Detection, LibrarySize, Spillover
from spsim.truth import Observations

ERRORS = 4.5  # of a normal estimate: false-alarm rate 7e-6


@pytest.mark.parametrize(("median", "sd"), [(1.0, 0.3), (500.0, 0.8), (2.0, 0.0)])
def test_alone_it_is_a_library_size_bit_for_bit(median, sd) -> None:
    depth, size = (made(library_size=kind(median=median, sd=sd))["rna"] for kind in (Depth, LibrarySize))
    assert np.array_equal(depth.X, size.X) and depth.obs["library_size"].equals(size.obs["library_size"])


def logs(depth: Depth, *, n_slices: int, n_side: int) -> np.ndarray:
    """Deviates of slices × spots, of 3 seeds after each other."""
    top = {"n_side": n_side}
    found = [made(library_size=depth, n_slices=n_slices, top=top, rng=s)["rna"].obs["library_size"] for s in range(3)]
    return np.vstack([np.log(values.to_numpy(float) / depth.median).reshape(n_slices, -1) for values in found])


def test_half_of_the_variance_lies_between_categories() -> None:
    """3 × 200 slices of 16 spots: standard deviations between and within them, each with its relative standard error."""
    found = logs(Depth(median=3.0, sd=0.6, by="slice"), n_slices=200, n_side=4)
    within = np.sqrt(found.var(axis=1, ddof=1).mean())
    between = found.mean(axis=1).std()
    part = 0.6 / math.sqrt(2)
    assert abs(within / part - 1) < ERRORS / np.sqrt(2 * 600 * 15) < abs(within / 0.6 - 1)
    expected = part * np.sqrt(1 + 1 / 16)
    assert abs(between / expected - 1) < ERRORS / np.sqrt(2 * 600)
    alone = logs(Depth(median=3.0, sd=0.6), n_slices=200, n_side=4)  # a wrong variant: no levels
    assert abs(alone.mean(axis=1).std() / expected - 1) > ERRORS / np.sqrt(2 * 600)
    assert abs(found.mean()) < ERRORS * expected / np.sqrt(600)


def test_neighbours_have_the_share_of_the_smooth_part_in_common() -> None:
    """Deviates of two neighbours, 600 seeds: correlation half of Matérn's at a third of the length."""
    both = np.array(
        [np.log(Depth(sd=1.0, smooth=3.0).sizes(spots(4), source(s))["library_size"][[5, 6]]) for s in range(600)]
    )
    expected = 0.5 * (1 + math.sqrt(3) / 3) * math.exp(-math.sqrt(3) / 3)
    error = ERRORS * np.sqrt((1 + expected**2) / 600)
    assert abs((both[:, 0] * both[:, 1]).mean() - expected) < error < expected  # independent spots fail
    assert abs(both.var() - 1) < ERRORS * np.sqrt(2 / 600)


def test_all_three_parts_have_a_third_of_the_variance_each() -> None:
    """600 seeds, two far categories: products across them keep nothing, within one the level and the smooth part."""
    some = spots(4, half=("a", "b"))
    both = np.array(
        [np.log(Depth(sd=1.0, by="half", smooth=3.0).sizes(some, source(s))["library_size"]) for s in range(600)]
    )
    smooth = (1 + math.sqrt(3) / 3) * math.exp(-math.sqrt(3) / 3)
    assert abs((both[:, 5] * both[:, 6]).mean() - (1 + smooth) / 3) < ERRORS * np.sqrt(2 / 600)
    assert abs((both[:, 4] * both[:, 8]).mean() - smooth / 3) < ERRORS * np.sqrt(1.2 / 600) < 1 / 3


@pytest.mark.parametrize("effects", [(), (Detection(by="slice", sd=0.4),)])
def test_rows_add_up_to_the_depth_under_composition(effects) -> None:
    """Totals are depth times detection, whatever the factors: to single precision."""
    depth = {"median": 300.0, "sd": 0.6, "by": "slice", "smooth": 3.0}
    composed, plain = (
        made(*effects, library_size=Depth(**depth, composition=c), n_slices=2, background_sd=0.7, efficiency_sd=0.4)
        for c in (True, False)
    )
    totals = sps.get.mean(composed["rna"]).to_numpy().sum(axis=1)
    expected = plain["rna"].obs["library_size"].to_numpy(float)
    for effect in effects:
        expected = expected * composed["rna"].obs[effect.keys[0]].to_numpy(float)
    assert np.allclose(totals, expected, rtol=1e-6)
    assert not np.allclose(sps.get.mean(plain["rna"]).to_numpy().sum(axis=1), expected, rtol=1e-2)
    untouched(composed, plain)
    # Shares within a row are those without depth.
    shares = [m / m.sum(axis=1, keepdims=True) for m in (sps.get.mean(w["rna"]).to_numpy() for w in (composed, plain))]
    assert np.allclose(*shares, rtol=1e-12)


def test_flat_features_are_flat_in_counts_only_under_composition() -> None:
    """Totals that follow the factors make flat features differ once rows are normalised."""
    fields = {"n_mixed": 60, "n_flat": 10, "background_mean": 2.0, "top": {"n_side": 20}}
    ratio = {}
    for composition in (True, False):
        size = Depth(median=5000.0 if composition else 1.0, sd=0.0, composition=composition)
        adata = made(library_size=size, **fields)["rna"]
        totals = sps.get.mean(adata).to_numpy().sum(axis=1)
        ratio[composition] = totals.max() / totals.min()
    assert ratio[True] < 1 + 1e-5 and ratio[False] > 1.5


def test_a_row_of_zeros_stays_one() -> None:
    adata = made(library_size=Depth(median=100, composition=True), background_mean=0.0, n_flat=0, n_nonspatial=5)["rna"]
    mean = sps.get.mean(adata).to_numpy()
    assert np.isfinite(mean).all() and (mean.sum(axis=1) == 0).any() and (mean.sum(axis=1) > 1).any()
    assert not adata.X[mean.sum(axis=1) == 0].any()


def test_depth_spills_with_everything_else() -> None:
    depth = Depth(median=100, sd=0.5, composition=True)
    spilled, plain = (made(*e, library_size=depth) for e in ((Spillover(share=0.3, width=1.5),), ()))
    totals = [sps.get.mean(world["rna"]).to_numpy().sum(axis=1) for world in (spilled, plain)]
    weights = spilled["rna"].obsp["spillover_weights"].toarray()
    assert np.allclose(totals[0], weights @ totals[1], rtol=1e-6) and np.isclose(totals[0].sum(), totals[1].sum())


def test_sizes_are_a_prefix_of_those_of_more_observations() -> None:
    few, many = (
        Depth(by="slice").sizes(o, source())["library_size"] for o in (spots(4, slice=("a",)), spots(8, slice=("a",)))
    )
    assert np.array_equal(few, many[:16])
    two, three = (made(library_size=Depth(by="slice"), n_slices=n)["rna"].obs["library_size"][:128] for n in (2, 3))
    assert np.array_equal(two, three)


def test_who_has_no_category_has_no_level() -> None:
    some = spots(4, half=("a", "b"))
    some.labels["half"].codes[:] = -1
    alone = np.log(Depth(sd=1.0).sizes(spots(4), source())["library_size"])
    assert np.allclose(
        np.log(Depth(sd=1.0, by="half").sizes(some, source())["library_size"]), alone / np.sqrt(2), atol=1e-6
    )


@pytest.mark.parametrize(
    ("fields", "error", "message"),
    [
        ({"median": 0}, ValueError, "median of library_size must be a finite number above 0"),
        ({"sd": 11}, ValueError, "sd of library_size must be at most 10 in size"),
        ({"median": 1e30, "sd": 9}, ValueError, "median and sd of library_size must be smaller"),
        ({"smooth": 0}, ValueError, "smooth must be a finite number above 0"),
        ({"by": ""}, ValueError, "by must"),
        ({"composition": 1}, TypeError, "composition must be True or False"),
    ],
)
def test_bad_values_are_refused_by_name(fields, error, message) -> None:
    with pytest.raises(error, match=message):
        Depth(**fields)


def test_unknown_labels_and_missing_places_are_refused() -> None:
    with pytest.raises(ValueError, match="library_size of modality 'rna': no label 'slice'; there are 'domain'"):
        made(library_size=Depth(by="slice"))
    with pytest.raises(ValueError, match="smooth needs places, but observations 'cell' have none"):
        Depth(smooth=2).sizes(Observations(name="cell", n=3), source())
    with pytest.raises(TypeError, match="library_size must be a spsim.LibrarySize, a spsim.factors.Depth, a mapping"):
        made(library_size=3)
    with pytest.raises(ValueError, match="library_size name must be one of 'Depth', 'LibrarySize'"):
        made(library_size={"name": "Batch"})
