"""What a blind copy of ecotypes() shows: samples, types and who is held out, nothing else that was drawn."""

from __future__ import annotations

import functools

import numpy as np
import pytest

import spsim as sps
from ecotype_worlds import NAMES, made

KNOWN = {
    "rna": {"obs": {"sample", "held_out", "cell_type"}, "var": {"gene"}, "obsm": {"spatial"}, "varm": {"panel"}},
    "dissociated": {"obs": {"sample", "held_out", "cell_type"}, "var": {"gene"}, "obsm": set(), "varm": set()},
}


@functools.cache
def worlds(seed):
    """A world with all that can be kept in it, and its blind copy."""
    mdata = made(seed, 60, 40, panel_share=0.7, keep_mean=True).copy()
    for adata in mdata.mod.values():
        adata.raw = adata.copy()
        adata.uns["ecotype_colors"] = ["#000000"] * 5
        adata.uns["program_colors"] = ["#000000"] * 20
        adata.uns["cell_type_colors"] = ["#000000"] * 5
        adata.obsm["X_pca"] = np.asarray(adata.X)[:, :2]
        sps.tl.factors_to_obs(adata)
        adata.obs["guess"] = adata.obs["ecotype"].astype(str)
        sps.tl.ecotype_recovery(adata, "guess", n_chance=0)
        del adata.obs["guess"]
    return mdata, sps.get.without_truth(mdata)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", ["rna", "dissociated"])
def test_what_is_known_stays_and_all_else_goes(name, seed) -> None:
    mdata, blind = worlds(seed)
    adata, own = blind[name], KNOWN[name]
    for found in (adata, adata.raw):
        assert set(found.var.columns) == own["var"]
        assert set(found.varm) == own["varm"]
    assert set(adata.obs.columns) == own["obs"]
    assert set(adata.obsm) == own["obsm"] | {"X_pca"}
    assert set(adata.obsp) == set(adata.varp) == set()
    assert set(adata.layers) == {"counts"}
    assert set(adata.uns) == {"spsim_fingerprint", "cell_type_colors"}
    assert adata.obs_names.tolist() == mdata[name].obs_names.tolist()
    for key in own["obs"]:
        assert adata.obs[key].tolist() == mdata[name].obs[key].tolist()
    for values in (adata.X, adata.raw.X, adata.layers["counts"]):
        np.testing.assert_array_equal(values, mdata[name].X)
    # All of this was there.
    whole = mdata[name]
    assert {"ecotype", "program", "domain", "library_size"} <= set(whole.obs)
    assert {"program_factors", "cell_type_factors"} <= set(whole.obsm)
    assert "mean" in whole.layers
    assert ("spillover_weights" in whole.obsp) == (name == "rna")


@pytest.mark.parametrize("seed", range(3))
def test_nothing_at_the_top(seed) -> None:
    mdata, blind = worlds(seed)
    assert {key.removeprefix("rna:").removeprefix("dissociated:") for key in blind.obs} <= KNOWN["rna"]["obs"] | {
        "gene"
    }
    for key in KNOWN["rna"]["obs"]:
        assert blind.obs[key].tolist() == mdata.obs[key].tolist()
    # Keys with the names of the modalities are muon's own: where a modality's rows and columns stand.
    assert set(blind.obsm) | set(blind.varm) | set(blind.obsp) <= set(blind.mod)
    assert set(blind.uns) == {"spsim_fingerprint"}


@pytest.mark.parametrize("seed", range(3))
def test_no_word_of_an_ecotype_is_left_anywhere(seed) -> None:
    mdata, blind = worlds(seed)

    def words(data):
        for frame in (data.obs, data.var):
            yield from map(str, frame.columns)
            for column in frame:
                yield from map(str, frame[column].unique())
                if hasattr(frame[column], "cat"):
                    yield from map(str, frame[column].cat.categories)
        for slot in (data.obsm, data.varm, data.obsp, data.uns):
            yield from map(str, slot)
            yield from (str(value) for value in slot.values() if isinstance(value, str | list | dict))

    def told(data):
        return [word for word in words(data) if any(name in word for name in [*NAMES, "outside", "ecotype", "program"])]

    for whole, part in ((mdata["rna"], blind["rna"]), (mdata["dissociated"], blind["dissociated"])):
        assert told(whole)
        assert not told(part)
    assert not told(blind)


@pytest.mark.parametrize("seed", range(3))
def test_a_part_of_it_is_as_blind(seed) -> None:
    mdata, _ = worlds(seed)
    part = mdata["rna"][::-3].copy()
    blind = sps.get.without_truth(part)
    assert set(blind.obs) == KNOWN["rna"]["obs"]
    assert set(blind.obsm) == {"spatial", "X_pca"}
    assert not list(blind.obsp)
    assert set(blind.obs["cell_type"]) == set(part.obs["cell_type"])
