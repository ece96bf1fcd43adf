"""Panels: what is not measured is NaN, and nothing else is."""

from __future__ import annotations

import numpy as np
import pytest

import spsim as sps
from effect_worlds import RNA, made, same, source, spots
from spsim.factors import Batch, Panel
from spsim.likelihoods import NegativeBinomial, Trend


def missing(adata) -> np.ndarray:
    """Where the panel says that nothing is measured, by a loop over observations."""
    names = list(adata.uns["categories"]) if "categories" in adata.uns else list(adata.obs["slice"].cat.categories)
    rows = [~adata.varm["panel"][:, names.index(own)] for own in adata.obs["slice"]]
    return np.array(rows)


@pytest.mark.parametrize("sparse", [False, True])
@pytest.mark.parametrize("seed", range(3))
def test_values_are_unknown_exactly_where_the_panel_says(sparse, seed) -> None:
    scenario = lambda *e: sps.Scenario(
        n_side=8, design=sps.designs.Slices(n_slices=3), modalities=[RNA | {"effects": e}]
    )
    adata = sps.simulate(scenario(Panel(by="slice", share=0.5)), rng=seed, sparse=sparse)["rna"]
    plain = sps.simulate(scenario(), rng=seed)["rna"]
    for values in (adata.X, adata.layers["counts"]):
        dense = values.toarray() if sparse else values
        assert np.array_equal(np.isnan(dense), missing(adata)) and missing(adata).any()
        # A wrong variant: zeros in place of NaN. What is measured is as without a panel.
        assert np.array_equal(np.where(missing(adata), 0, dense), np.where(missing(adata), 0, plain.X))
    if sparse:
        assert not (adata.X.data == 0).any() and adata.X.has_sorted_indices
    assert np.array_equal(sps.get.mean(adata), sps.get.mean(plain))


@pytest.mark.parametrize("share", [0.2, 0.8])
def test_a_share_of_the_features_is_measured(share) -> None:
    """3 seeds × 4 categories × 2,000 features, and what nobody would measure is measured once: 4.5 standard errors."""
    some = spots(slice=("a", "b", "c", "d"))
    panels = [Panel(by="slice", share=share).panel(some, 2000, source(s)).is_measured for s in range(3)]
    drawn = np.vstack(panels)
    rescued = (1 - share) ** 4
    expected = share + rescued / 4
    error = 4.5 * np.sqrt(share * (1 - share) / drawn.size) * 1.5
    assert abs(drawn.mean() - expected) < error < 0.1 * share
    assert drawn.any(axis=1).all()
    if share == 0.2:
        assert abs(drawn.mean() - share) > error  # a wrong variant: features that nobody measures


def test_no_share_measures_every_feature_once() -> None:
    panel = Panel(by="slice", share=0).panel(spots(slice=("a", "b", "c")), 300, source())
    assert panel.is_measured.sum(axis=1).tolist() == [1] * 300 and panel.is_measured.any(axis=0).all()


def test_features_and_categories_are_a_prefix() -> None:
    panels = {
        (n, names): Panel(by="slice", share=0.7).panel(spots(slice=tuple(names)), n, source()).is_measured
        for n, names in ((40, "ab"), (90, "abcd"))
    }
    few, many = panels.values()
    is_rescued = ~(many[:40, :2].any(axis=1))
    assert np.array_equal(few[~is_rescued], many[:40, :2][~is_rescued])


def test_who_belongs_to_no_category_is_measured_with_all_features() -> None:
    some = spots(slice=("a", "b"))
    some.labels["slice"].codes[:10] = -1
    panel = Panel(by="slice", share=0.3).panel(some, 50, source())
    assert not panel.missing(0, 10).any() and panel.missing(10, None).any()


@pytest.mark.parametrize("sparse", [False, True])
def test_parts_resample_to_parts_and_an_empty_one_to_nothing(sparse) -> None:
    top = {"n_side": 8, "design": sps.designs.Slices(n_slices=3)}
    modalities = [
        RNA | {"effects": [Panel(by="slice", share=0.5)]},
        RNA | {"name": "protein", "observed": {"slice": ["slice_1"]}, "effects": [Panel(by="slice", share=0.5)]},
    ]
    mdata = sps.simulate(sps.Scenario(**top, modalities=modalities), sparse=sparse)
    others = mdata[(mdata.obs["slice"] != "slice_1").to_numpy()].copy()
    assert others["protein"].n_obs == 0
    again, of_part = (sps.datasets.resample(world, rng=4) for world in (mdata, others))
    dense = lambda x: x.toarray() if sparse else x
    assert same(dense(of_part["rna"].X), dense(again["rna"][of_part["rna"].obs_names].X))
    assert of_part["protein"].shape == (0, 50) and of_part["rna"].n_obs == 128
    # One slice alone, shuffled: categories of the panel stay those that were simulated.
    rows = np.flatnonzero(mdata.obs["slice"] == "slice_3")[::-1]
    alone = mdata[rows].copy()
    alone["rna"].obs["slice"] = alone["rna"].obs["slice"].cat.remove_unused_categories()
    one = sps.datasets.resample(alone, rng=4)["rna"]
    assert same(dense(one.X), dense(again["rna"][one.obs_names].X)) and np.isnan(dense(one.X)).any()
    assert np.isfinite(sps.get.mean(alone["rna"]).to_numpy()).all()


def test_noise_leaves_the_unknown_unknown() -> None:
    adata = made(Panel(by="slice", share=0.5), n_slices=2, noise_sd=0.5)["rna"]
    assert np.array_equal(np.isnan(adata.X), missing(adata))
    assert np.array_equal(np.isnan(adata.layers["counts"]), missing(adata))


def test_real_values_are_unknown_too() -> None:
    adata = made(Panel(by="slice", share=0.5), n_slices=2, likelihood="gaussian")["rna"]
    assert np.array_equal(np.isnan(adata.layers["raw"]), missing(adata))


def test_it_goes_with_batches_and_trends() -> None:
    """A shape that falls with the mean follows the mean over all observations, measured or not."""
    likelihood = NegativeBinomial(shape=Trend(slope=0.5))
    effects = (Batch(by="slice", sd=0.5), Panel(by="slice", share=0.5))
    with_, without = (made(*e, n_slices=3, likelihood=likelihood)["rna"] for e in (effects, effects[:1]))
    assert with_.var["shape"].equals(without.var["shape"])
    assert np.array_equal(np.where(missing(with_), 0, with_.X), np.where(missing(with_), 0, without.X))


def test_an_experimenter_knows_the_panel() -> None:
    mdata = made(Panel(by="slice", share=0.5), n_slices=2)
    blind = sps.get.without_truth(mdata)["rna"]
    assert list(blind.varm) == ["panel"] and list(blind.obs) == ["slice"]
    assert np.array_equal(blind.varm["panel"], mdata["rna"].varm["panel"]) and blind.varm["panel"].dtype == bool


def test_there_is_one_panel_and_it_overwrites_nothing() -> None:
    with pytest.raises(ValueError, match="must hold at most one panel, got 'panel' and 'b'"):
        made(Panel(by="slice"), Panel(by="domain", key="b"), n_slices=2)
    with pytest.raises(ValueError, match=r"would stand in varm\['spatial_loadings'\]: give the recipe of one of them"):
        made(Panel(by="slice", key="spatial_loadings"), n_slices=2)


@pytest.mark.parametrize(
    ("fields", "error", "message"),
    [
        ({"share": 1.1}, ValueError, "share must be a probability"),
        ({"share": None}, TypeError, "share must be"),
        ({"by": 3}, TypeError, "by must be a text"),
        ({"key": ""}, ValueError, "key must"),
    ],
)
def test_bad_values_are_refused_by_name(fields, error, message) -> None:
    with pytest.raises(error, match=message):
        Panel(**({"by": "slice"} | fields))


def test_unknown_labels_are_refused_with_what_there_is() -> None:
    with pytest.raises(ValueError, match="Panel of modality 'rna': no label 'slice'; there are 'domain'"):
        made(Panel(by="slice"))
