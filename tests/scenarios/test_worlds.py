"""What a scenario can say beyond one tissue with one pattern: who is measured, shared features, flat ones, no pattern."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

import spsim as sps
from spsim.truth import Switch

RNA = {"name": "rna", "n_mixed": 30}
PROTEIN = {"name": "protein", "n_mixed": 12}
SLICES = {"name": "Slices", "n_slices": 3}


def made(*modalities, rng=2, **fields):
    return sps.simulate(sps.Scenario(**({"n_side": 8, "modalities": modalities or [RNA]} | fields)), rng=rng)


def test_a_mosaic_measures_some_slices_and_their_counts_are_those_of_the_whole() -> None:
    whole = made(RNA, PROTEIN, design=SLICES)
    some = PROTEIN | {"observed": {"slice": ["slice_3", "slice_1"]}}
    mosaic = made(RNA, some, design=SLICES)
    assert np.array_equal(mosaic["rna"].X, whole["rna"].X) and mosaic.n_obs == 192
    names = whole.obs_names[whole.obs["slice"] != "slice_2"]
    assert list(mosaic["protein"].obs_names) == list(names)
    assert np.array_equal(mosaic["protein"].X, whole["protein"][names].X)
    again = sps.datasets.resample(mosaic, rng=5)
    assert np.array_equal(again["protein"].X, sps.datasets.resample(whole, rng=5)["protein"][names].X)
    assert np.array_equal(sps.datasets.replay(mosaic)["protein"].X, mosaic["protein"].X)


def test_observations_that_nobody_measures_are_not_there() -> None:
    first = {"observed": {"slice": ["slice_2"]}}
    mdata = made(RNA | first, PROTEIN | first, design=SLICES)
    assert mdata.n_obs == 64 and set(mdata.obs["slice"]) == {"slice_2"}
    assert np.array_equal(mdata.obsm["spatial_factors"], mdata["rna"].obsm["spatial_factors"])
    assert np.array_equal(mdata.obs["spsim_index"], np.arange(64, 128))


def test_features_of_another_modality_have_its_loadings_and_counts_of_their_own() -> None:
    held_out = RNA | {"name": "again", "features_of": "rna"}
    mdata = made(
        RNA | {"background_sd": 0.5, "efficiency_sd": 0.3}, held_out | {"background_sd": 0.5, "efficiency_sd": 0.3}
    )
    rna, again = mdata["rna"], mdata["again"]
    for key in rna.varm:
        assert np.array_equal(rna.varm[key], again.varm[key])
    for key in ("baseline", "efficiency", "kind"):
        assert rna.var[key].tolist() == again.var[key].tolist()
    assert not np.array_equal(rna.X, again.X)
    assert not np.array_equal(rna.obsm["nonspatial_factors"], again.obsm["nonspatial_factors"])
    alone = made(RNA | {"background_sd": 0.5, "efficiency_sd": 0.3})
    assert np.array_equal(alone["rna"].X, rna.X)


def test_loadings_of_further_factors_are_shared_too() -> None:
    own = RNA | {"loadings": {"cell_type": {"name": "Markers"}}}
    mdata = made(own, own | {"name": "again", "features_of": "rna"}, factors={"cell_type": "CellTypes"})
    assert np.array_equal(mdata["rna"].varm["cell_type_loadings"], mdata["again"].varm["cell_type_loadings"])


def test_baselines_differ_by_their_spread() -> None:
    """3 × 2,000 log-normal baselines: standard error of their sd 0.9 %; 5 of them allowed."""
    logs = [
        np.log(made(RNA | {"n_mixed": 2000, "background_sd": 0.8}, rng=s)["rna"].var["baseline"] / 0.2)
        for s in range(3)
    ]
    values = np.concatenate(logs)
    assert abs(values.std() / 0.8 - 1) < 0.045 < abs(1.2 * values.std() / 0.8 - 1)
    assert abs(np.median(values)) < 5 * 1.25 * 0.8 / np.sqrt(6000)
    adata = made(RNA | {"n_spatial": 10, "background_sd": 0.8})["rna"]
    off = adata.obs["domain"].to_numpy() == "background"
    spatial = (adata.var["kind"] == "spatial").to_numpy()
    expected = np.tile(adata.var["baseline"].to_numpy()[spatial], (off.sum(), 1))
    assert np.array_equal(sps.get.mean(adata).to_numpy()[off][:, spatial], expected)


def test_no_spread_is_one_baseline_bit_for_bit() -> None:
    assert np.array_equal(made(RNA | {"background_sd": 0})["rna"].X, made()["rna"].X)
    assert "baseline" not in made(RNA | {"background_sd": 0})["rna"].var


def test_flat_features_join_at_the_end_and_change_no_other() -> None:
    flat, plain = made(RNA | {"n_flat": 9})["rna"], made()["rna"]
    assert np.array_equal(flat.X[:, :30], plain.X) and flat.n_vars == 39
    assert flat.var["kind"].cat.categories.tolist() == ["spatial", "mixed", "nonspatial", "flat"]
    assert plain.var["kind"].cat.categories.tolist() == ["spatial", "mixed", "nonspatial"]
    assert np.array_equal(np.unique(sps.get.mean(flat).to_numpy()[:, 30:]), [0.2])
    assert made({"name": "control", "n_flat": 5})["control"].shape == (64, 5)


def test_without_a_pattern_there_are_no_spatial_factors() -> None:
    types = {"cell_type": {"name": "CellTypes", "n_types": 2}}
    modality = {"name": "rna", "n_nonspatial": 20, "loadings": {"cell_type": {"name": "Markers", "weight": 3}}}
    mdata = made(modality, pattern=None, factors=types)
    assert "domain" not in mdata.obs and "spatial_factors" not in mdata.obsm and "spatial" in mdata.obsm
    assert sps.get.blocks(mdata)["block"].tolist() == ["nonspatial", "cell_type"]
    assert np.array_equal(sps.datasets.replay(mdata)["rna"].X, mdata["rna"].X)
    assert sps.Scenario.from_json(sps.Scenario.from_mdata(mdata).to_json()) == sps.Scenario.from_mdata(mdata)
    with pytest.raises(KeyError, match="no 'spatial' in obsm.*there are 'cell_type'"):
        sps.get.factors(mdata)
    with pytest.raises(ValueError, match="n_spatial and n_mixed of modality 'rna' must be 0 without a pattern"):
        made(pattern=None)


@dataclass(frozen=True, kw_only=True)
class Antibodies(sps.factors.Effect):
    """A user's effect: entries are switched on with a probability per feature and type."""

    by: str
    fold: float = 4.0

    @property
    def needs(self):
        return (self.by,)

    @property
    def keys(self):
        return ("foreground",)

    def switch(self, observations, n_features, source):
        label = observations.labels[self.by]
        probability = source.generator().random((n_features, len(label.names))).astype(np.float32)
        return Switch(
            name="foreground",
            by=self.by,
            label=label,
            probability=probability,
            fold=np.full(n_features, self.fold, np.float32),
            stream=source,
            observations=np.arange(observations.n),
            features=np.arange(n_features),
        )


def test_a_switch_multiplies_entries_by_chance_and_follows_them_everywhere() -> None:
    types = {"cell_type": {"name": "CellTypes", "by": "domain"}}
    modality = RNA | {"effects": [Antibodies(by="cell_type")]}
    mdata, plain = made(modality, factors=types, n_side=30), made(RNA, factors=types, n_side=30)
    adata = mdata["rna"]
    ratio = sps.get.mean(adata).to_numpy() / sps.get.mean(plain["rna"]).to_numpy()
    assert set(np.unique(ratio.round(9))) == {1.0, 4.0}
    # Share of entries that are on, per feature and type: within 5 standard errors, each of 90.
    for code, name in enumerate(adata.obs["cell_type"].cat.categories):
        own = ratio[(adata.obs["cell_type"] == name).to_numpy()] > 2
        expected = adata.varm["foreground_probability"][:, code]
        error = np.sqrt(expected * (1 - expected) / len(own)) + 1e-9
        assert (np.abs(own.mean(axis=0) - expected) < 5 * error).all()
    assert np.array_equal(sps.datasets.replay(mdata)["rna"].X, adata.X)
    rows, columns = np.random.default_rng(0).permutation(900)[:200], np.random.default_rng(1).permutation(30)[:11]
    part = adata[rows][:, columns].copy()
    assert np.allclose(sps.get.mean(part), sps.get.mean(adata).iloc[rows, columns], rtol=1e-12)
    again = sps.datasets.resample(mdata, rng=3)["rna"]
    of_part = mdata[rows].copy()
    of_part.mod["rna"] = part
    of_part.update()
    assert np.array_equal(sps.datasets.resample(of_part, rng=3)["rna"].X, again[part.obs_names, part.var_names].X)
    blind = sps.get.without_truth(adata)
    assert "foreground_probability" not in blind.varm and "foreground_fold" not in blind.var
    assert np.array_equal(
        made(RNA | {"effects": [Antibodies(by="cell_type", fold=1.0)]}, factors=types)["rna"].X,
        made(RNA, factors=types)["rna"].X,
    )


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"factors": {"domain": "CellTypes"}}, "factors: 'domain': the name 'domain' is taken already"),
        ({"factors": {"spatial": "CellTypes"}}, "the name 'spatial' is taken already"),
        ({"factors": {"a/b": "CellTypes"}}, "names of factors must be a text without"),
        (
            {"factors": {"cell_type": {"name": "CellTypes", "by": "cell_type"}}},
            "no label 'cell_type'.*there are 'domain'",
        ),
        ({"design": SLICES, "factors": {"slice": "CellTypes"}}, "the name 'slice' is taken already"),
        (
            {"factors": {"cell_type": "Celltype"}},
            r"factors\['cell_type'\] name must be one of .*'CellTypes'.*got 'Celltype'",
        ),
        (
            {"design": "Slice"},
            r"design name must be one of .*'Dissociated'.*'Plain', 'Samples', 'Slices', got 'Slice' \(did you mean 'Slices'\?\)",
        ),
        ({"modalities": [RNA | {"loadings": {"cell_type": "Markers"}}]}, "no factors 'cell_type'; there are 'spatial'"),
        ({"modalities": [RNA | {"observed": "cells"}]}, "no set of observations 'cells'; there are 'spot'"),
        ({"modalities": [RNA | {"observed": {"slice": ["a"]}}]}, "no label 'slice'; there are 'domain'"),
        (
            {"modalities": [RNA | {"features_of": "atac"}]},
            "no modality with features of its own 'atac'; there are none",
        ),
        (
            # Fewer features of the last kind are the first of more; those of another kind come before others.
            {"modalities": [RNA | {"n_flat": 5}, PROTEIN | {"features_of": "rna", "n_flat": 5}]},
            r"n_mixed of modality 'protein' must be that of 'rna', whose features it has \(30\), got 12",
        ),
        (
            {"modalities": [RNA | {"effects": [{"name": "Batch", "by": "slice"}]}]},
            "no label 'slice'; there are 'domain'",
        ),
        ({"modalities": [RNA | {"effects": "Batch"}]}, "effects must be a list of effects"),
    ],
)
def test_names_that_nobody_gives_are_refused_with_what_there_is(fields, message) -> None:
    with pytest.raises((ValueError, TypeError), match=message):
        made(**fields)


def test_a_class_of_ones_own_may_not_take_a_name_of_ours() -> None:
    with pytest.raises(TypeError, match="'Batch' is the name of a recipe of spsim"):
        type("Batch", (sps.factors.Effect,), {})


@pytest.mark.parametrize("more", [{"n_mixed": 45}, {"n_flat": 7}])
def test_a_panel_has_the_first_features_of_a_modality_with_more(more) -> None:
    """Whichever of both says what the features are."""
    few, many = RNA | {"name": "panel", "background_sd": 0.4}, RNA | {"name": "whole", "background_sd": 0.4} | more
    for modalities in ([few | {"features_of": "whole"}, many], [few, many | {"features_of": "panel"}]):
        mdata = made(*modalities)
        panel, whole = mdata["panel"], mdata["whole"]
        assert panel.n_vars == 30 < whole.n_vars
        assert np.array_equal(panel.varm["spatial_loadings"], whole.varm["spatial_loadings"][:30])
        assert np.array_equal(panel.var["baseline"], whole.var["baseline"][:30])
        assert list(panel.var["gene"]) == list(whole.var["gene"][:30])
        assert not np.array_equal(panel.X, whole.X[:, :30])
