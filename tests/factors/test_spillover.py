"""Spill-over: against a plain loop over observations, and what it leaves alone."""

from __future__ import annotations

import math

import numpy as np
import pytest

import spsim as sps
from effect_worlds import made, same, source, untouched
from spsim.factors import Batch, Depth, Detection, Normal, Nuisance, Panel, Spillover
from spsim.truth import Observations

FIELDS = {"library_size": {"sd": 0.6}, "background_sd": 0.7, "efficiency_sd": 0.3}


def by_loop(mean, places, groups, *, share, width, uniform, per_receiver=False) -> np.ndarray:
    """Every observation gives to its neighbours and to all of its group; written from the formula alone."""
    n = len(mean)
    result = np.zeros_like(mean)
    kernel = np.zeros((n, n))
    for i in range(n):
        for c in range(n):
            distance = math.dist(places[i], places[c])
            if i != c and groups[i] == groups[c] and distance <= 3 * width:
                kernel[i, c] = math.exp(-(distance**2) / (2 * width**2))
    for c in range(n):
        given = kernel[:, c].sum()
        kept = 1 - uniform - (share if given else 0)
        result[c] += kept * mean[c]
        group = [i for i in range(n) if groups[i] == groups[c]]
        for i in range(n):
            if given and kernel[i, c]:
                result[i] += share * kernel[i, c] / (kernel[i].sum() if per_receiver else given) * mean[c]
        for i in group:
            result[i] += uniform / len(group) * mean[c]
    return result


def both(effect, *others, **fields):
    """A world with the effect, and the same one without."""
    return [made(*e, **({"n_slices": 2, "top": {"n_side": 5}} | FIELDS | fields)) for e in ((effect, *others), others)]


@pytest.mark.parametrize(
    "knobs",
    [
        {"share": 0.3, "width": 1.0, "uniform": 0.0},
        {"share": 0.2, "width": 2.5, "uniform": 0.3},
        {"share": 0.0, "width": 1.0, "uniform": 0.4},
        {"share": 1.0, "width": 0.7, "uniform": 0.0},
        {"share": 0.5, "width": 0.2, "uniform": 0.0},  # nobody has a neighbour
    ],
)
@pytest.mark.parametrize("seed", range(3))
def test_the_mean_is_that_of_a_loop_over_observations(knobs, seed) -> None:
    spilled, plain = both(Spillover(**knobs), rng=seed)
    places = plain["rna"].obsm["spatial"]
    groups = plain["rna"].obs["slice"].cat.codes.to_numpy()
    before, after = (sps.get.mean(world["rna"]).to_numpy() for world in (plain, spilled))
    assert np.allclose(after, by_loop(before, places, groups, **knobs), rtol=1e-5)
    # Wrong variants: baselines or sizes that stay where they are, a kernel normalised for who receives, one tissue.
    if knobs["share"] == 0.3:
        sizes = plain["rna"].obs["library_size"].to_numpy(float)[:, None]
        assert not np.allclose(after, sizes * by_loop(before / sizes, places, groups, **knobs), rtol=1e-2)
        assert not np.allclose(after, by_loop(before, places, groups, per_receiver=True, **knobs), rtol=1e-2)
        assert not np.allclose(after, by_loop(before, places, np.zeros(50), **knobs), rtol=1e-2)


def test_nothing_is_lost_and_nothing_crosses_slices() -> None:
    effect = Spillover(share=0.4, width=1.5, uniform=0.1)
    spilled, plain = both(effect)
    slices = plain["rna"].obs["slice"].cat.codes.to_numpy()
    before, after = (sps.get.mean(world["rna"]).to_numpy() for world in (plain, spilled))
    for code in range(2):
        assert np.allclose(before[slices == code].sum(axis=0), after[slices == code].sum(axis=0), rtol=1e-5)
    weights = spilled["rna"].obsp["spillover_weights"].toarray()
    assert not weights[slices == 0][:, slices == 1].any()
    assert np.allclose(weights.sum(axis=0), 0.9) and np.allclose(np.diag(weights), 0.5)


def test_a_width_is_a_width() -> None:
    """Weights at one and two spacings: their ratio is that of the kernel."""
    weights = both(Spillover(share=0.5, width=1.3))[0]["rna"].obsp["spillover_weights"].toarray()
    ratio = weights[12, 14] / weights[13, 14]
    expected = math.exp(-(4 - 1) / (2 * 1.3**2))
    assert math.isclose(ratio, expected, rel_tol=1e-6) and not math.isclose(ratio, expected**0.5, rel_tol=0.05)


def test_lonely_observations_keep_their_share() -> None:
    layout = sps.patterns.Coordinates(coordinates=np.array([[0.0, 0], [1, 0], [50, 50]]))
    mdata = made(Spillover(share=0.4), top={"n_side": None, "layout": layout})
    assert np.allclose(np.diag(mdata["rna"].obsp["spillover_weights"].toarray()), [0.6, 0.6, 1.0])


def test_entries_say_what_the_mean_reads() -> None:
    spilled, plain = both(Spillover(share=0.3))
    adata, before = spilled["rna"], plain["rna"]
    untouched(spilled, plain)
    sizes = before.obs["library_size"].to_numpy(float)
    assert np.array_equal(adata.obs["library_size"], before.obs["library_size"])
    weights = adata.obsp["spillover_weights"].toarray()
    for block in ("spatial", "nonspatial"):
        factors = before.obsm[f"{block}_factors"].astype(float)
        assert np.allclose(adata.obsm[f"{block}_factors_mixed"], weights @ (sizes[:, None] * factors), rtol=1e-5)
    assert np.allclose(adata.obs["exposure"], weights @ sizes, rtol=1e-5)


def test_a_part_resamples_to_a_part_also_where_the_neighbours_are_gone() -> None:
    spilled, _ = both(Spillover(share=0.4, uniform=0.1), Panel(by="slice", share=0.7))
    rows = np.random.default_rng(0).permutation(50)[:9]
    part = spilled[rows].copy()
    again, of_part = (sps.datasets.resample(world, rng=5)["rna"] for world in (spilled, part))
    assert same(of_part.X, again[of_part.obs_names].X)
    assert np.allclose(sps.get.mean(part["rna"]), sps.get.mean(spilled["rna"]).iloc[rows], rtol=1e-12)


@pytest.mark.parametrize(
    "others",
    [(Batch(by="slice", sd=0.8),), (Detection(by="slice", sd=0.8),), (sps.factors.Platform(sd=0.5),)],
)
def test_what_slices_share_commutes(others) -> None:
    """A loop over the mean with the other effect in it."""
    effect = Spillover(share=0.3, uniform=0.05)
    spilled, plain = both(effect, *others)
    before, after = (sps.get.mean(world["rna"]).to_numpy() for world in (plain, spilled))
    groups = plain["rna"].obs["slice"].cat.codes.to_numpy()
    knobs = {"share": 0.3, "width": 1.0, "uniform": 0.05}
    assert np.allclose(after, by_loop(before, plain["rna"].obsm["spatial"], groups, **knobs), rtol=1e-5)


@pytest.mark.parametrize(
    ("fields", "block"),
    [
        ({"effects": [Spillover(), Batch(by="slice", within="domain", within_sd=0.3)], "n_slices": 2}, "batch_within"),
        ({"effects": [Spillover(), Batch(by="domain")]}, "batch"),
        ({"effects": [Spillover()], "link": "log"}, "spatial"),
        (
            {
                "effects": [Spillover()],
                "loadings": {"gas": Normal()},
                "top": {"factors": {"gas": Nuisance(length=3)}},
            },
            "gas",
        ),
    ],
)
def test_what_differs_between_neighbours_on_the_logarithm_is_refused(fields, block) -> None:
    with pytest.raises(
        ValueError, match=f"spillover sums observations that differ in '{block}' on the logarithm.*link='identity'"
    ):
        made(**fields)


def test_sizes_of_zero_on_the_logarithm_are_no_obstacle() -> None:
    effects = [Spillover(share=0.3), Batch(by="slice", sd=0.5, within="domain", within_sd=0.0)]
    assert made(effects=effects, n_slices=2).n_obs == 128


def test_there_is_one_at_most() -> None:
    with pytest.raises(
        ValueError, match="effects of modality 'rna' must hold at most one mixing, got 'spillover' and 'b'"
    ):
        made(Spillover(), Spillover(key="b"))
    with pytest.raises(ValueError, match="the name 'spillover' is taken already"):
        made(Spillover(), Spillover())


def test_it_needs_places() -> None:
    with pytest.raises(ValueError, match="spillover needs places, but observations 'cell' are dissociated"):
        Spillover().mixing(Observations(name="cell", n=3), source())


def test_composition_comes_first() -> None:
    depth = Depth(median=100, sd=0.5, composition=True)
    spilled, plain = both(Spillover(share=0.3), library_size=depth)
    totals = [sps.get.mean(world["rna"]).to_numpy().sum(axis=1) for world in (spilled, plain)]
    assert np.allclose(totals[0], spilled["rna"].obsp["spillover_weights"].toarray() @ totals[1], rtol=1e-5)


@pytest.mark.parametrize(
    ("fields", "error", "message"),
    [
        ({"share": 1.1}, ValueError, "share must be a probability"),
        ({"uniform": -0.1}, ValueError, "uniform must be a probability"),
        ({"share": 0.7, "uniform": 0.4}, ValueError, "share and uniform must sum to at most 1, got 0.7 and 0.4"),
        ({"width": 0}, ValueError, "width must be a finite number above 0"),
        ({"key": "a/b"}, ValueError, "key must"),
        ({"share": "a"}, TypeError, "share must be"),
    ],
)
def test_bad_values_are_refused_by_name(fields, error, message) -> None:
    with pytest.raises(error, match=message):
        Spillover(**fields)
