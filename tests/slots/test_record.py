"""What an object says of itself: the list of what is true, and what happens when the record was touched."""

from __future__ import annotations

import json

import numpy as np
import pytest

import spsim as sps
from worlds import WORLDS, made

SLOTS = ("obs", "var", "obsm", "varm", "obsp", "layers", "uns")


def parts(mdata):
    return [mdata, *mdata.mod.values()]


def entries(part) -> list[dict]:
    return json.loads(part.uns["spsim"]["truth"])


def same(one, other) -> bool:
    """Equal, also where a panel does not measure."""
    return np.array_equal(one, other, equal_nan=True)


def keys(part, slot: str) -> list:
    held = getattr(part, slot, None)  # a MuData's layers are None
    return [] if held is None else list(held)


@pytest.mark.parametrize("world", WORLDS)
def test_the_list_names_what_there_is_and_nothing_else(world) -> None:
    for part in parts(made(world)):
        listed = {(entry["slot"], entry["key"]) for entry in entries(part)}
        assert len(listed) == len(entries(part))
        held = {(slot, key) for slot in SLOTS for key in keys(part, slot)}
        membership = {("obsm", name) for name in getattr(part, "mod", ())}
        membership |= {("varm", name) for name in getattr(part, "mod", ())}
        # anndata 0.13 lists X among the layers as None.
        measured = {("layers", key) for key in ("counts", "raw", None)}
        assert listed == held - membership - measured


@pytest.mark.parametrize("world", WORLDS)
def test_only_labels_places_and_axes_are_ever_known(world) -> None:
    for part in parts(made(world)):
        for entry in entries(part):
            if entry["known"]:
                assert "label" in entry or "panel" in entry or entry["key"] in ("spatial", "x", "y")
                assert "block" not in entry


@pytest.mark.parametrize("world", WORLDS)
def test_blind_copies_hold_nothing_that_is_not_known(world) -> None:
    mdata = made(world)
    for part in mdata.mod.values():
        part.raw = part
    blind = sps.get.without_truth(mdata)
    hidden = {name for name, part in mdata.mod.items() if any(entry.get("hidden") for entry in entries(part))}
    assert set(blind.mod) == set(mdata.mod) - hidden and (hidden == {"cells"}) == ("visium" in mdata.mod)
    of_hidden = {entry["key"] for name in hidden for entry in entries(mdata[name]) if "label" in entry}
    of_others = {entry["key"] for part in blind.mod for entry in entries(mdata[part]) if "label" in entry}
    for before, after in [(mdata, blind), *((mdata[name], blind[name]) for name in blind.mod)]:
        for entry in entries(before):
            held = entry["key"] in keys(after, entry["slot"])
            is_gone = before is mdata and entry["key"] in of_hidden - of_others
            assert held == (entry["known"] and not is_gone), entry
    for name, part in blind.mod.items():
        known = {(entry["slot"], entry["key"]) for entry in entries(mdata[name]) if entry["known"]}
        assert {("var", key) for key in part.raw.var} | {("varm", key) for key in part.raw.varm} <= known
        assert np.array_equal(part.raw.X, part.X, equal_nan=True)
        assert set(part.obs_names) <= set(blind.obs_names)
    assert blind.n_obs == len(set().union(*(part.obs_names for part in blind.mod.values())))


@pytest.mark.parametrize("world", WORLDS)
def test_replay_resample_and_parts(world) -> None:
    mdata = made(world)
    again = sps.datasets.replay(mdata)
    other = sps.datasets.resample(mdata, rng=9)
    back = sps.datasets.resample(other, rng=3)
    rng = np.random.default_rng(0)
    rows = rng.permutation(mdata.n_obs)[: mdata.n_obs // 2]
    part = mdata[rows].copy()
    features = {name: rng.permutation(adata.n_vars)[: adata.n_vars // 2] for name, adata in part.mod.items()}
    for name, chosen in features.items():
        part.mod[name] = part[name][:, chosen].copy()
    part.update()
    of_part = sps.datasets.resample(part, rng=9)
    for name, adata in mdata.mod.items():
        assert same(again[name].X, adata.X) and same(back[name].X, adata.X)
        assert not same(other[name].X, adata.X)
        assert again[name].uns["spsim"]["truth"] == back[name].uns["spsim"]["truth"] == adata.uns["spsim"]["truth"]
        expected = other[name][of_part[name].obs_names, of_part[name].var_names]
        assert same(of_part[name].X, expected.X)
        for slot in ("obsm", "varm"):
            held = getattr(adata, slot)
            assert set(getattr(other[name], slot)) == set(held)
            assert all(np.array_equal(getattr(other[name], slot)[key], held[key]) for key in held)
        mean = sps.get.mean(adata)
        own = part[name]
        assert np.allclose(sps.get.mean(own), mean.loc[own.obs_names, own.var_names], rtol=1e-12)


@pytest.mark.parametrize("world", WORLDS)
def test_the_mean_is_what_was_measured_dense_or_sparse(world) -> None:
    mdata = made(world)
    kept = sps.simulate(WORLDS[world](), rng=3, keep_mean=True)
    sparse = sps.simulate(WORLDS[world](), rng=3, sparse=True)
    for name, adata in mdata.mod.items():
        mean = sps.get.mean(adata).to_numpy()
        assert np.array_equal(mean, kept[name].layers["mean"]) and np.isfinite(mean).all() and (mean >= 0).all()
        assert same(sparse[name].layers["counts"].toarray(), adata.layers["counts"])


@pytest.mark.parametrize("world", WORLDS)
def test_nothing_resamples_to_nothing(world) -> None:
    """Objects of which a filter leaves no observation, and those of which it leaves one modality without any."""
    mdata = made(world)
    last = list(mdata.mod)[-1]
    whole = sps.datasets.resample(mdata, rng=9)
    for rows in ([], ~mdata.obs_names.isin(mdata[last].obs_names)):
        part = mdata[rows].copy()
        again = sps.datasets.resample(part, rng=9)
        assert again[last].shape == (0, mdata[last].n_vars)
        for name, adata in again.mod.items():
            assert same(adata.X, whole[name][adata.obs_names].X) and set(adata.obsm) == set(whole[name].obsm)
            assert sps.get.mean(adata).shape == adata.shape


@pytest.mark.parametrize("world", WORLDS)
def test_twins_share_what_the_change_does_not_touch(world) -> None:
    mdata = made(world)
    other_name, bare = sps.datasets.twin(mdata, id="again"), sps.datasets.twin(mdata, effects=[])
    for name, adata in mdata.mod.items():
        assert same(other_name[name].X, adata.X)
        assert all(np.array_equal(bare[name].varm[key], adata.varm[key]) for key in bare[name].varm)
        assert all(np.array_equal(bare[name].obsm[key], adata.obsm[key]) for key in ("nonspatial_factors",))


@pytest.mark.parametrize("kind", ["h5mu", pytest.param("zarr", marks=pytest.mark.slow)])
@pytest.mark.parametrize("world", WORLDS)
def test_files_bring_everything_back(world, kind, tmp_path) -> None:
    import mudata

    mdata = made(world)
    path = tmp_path / f"a.{kind}"
    if kind == "zarr":
        mdata.write_zarr(path)
        read = mudata.read_zarr(path)
    else:
        mdata.write(path)
        read = mudata.read(path)
    assert sps.Scenario.from_mdata(read) == sps.Scenario.from_mdata(mdata)
    for name, adata in mdata.mod.items():
        assert entries(read[name]) == entries(adata)
        assert same(sps.datasets.replay(read)[name].X, adata.X)
        assert np.array_equal(sps.get.mean(read[name]), sps.get.mean(adata))
        assert same(sps.datasets.resample(read, rng=9)[name].X, sps.datasets.resample(mdata, rng=9)[name].X)


def test_no_first_world_has_more_slots_than_before() -> None:
    mdata = sps.datasets.multiomics(n_side=6)
    assert set(mdata["rna"].obsm) == {"spatial", "spatial_factors", "nonspatial_factors"}
    assert set(mdata["rna"].varm) == {"spatial_loadings", "nonspatial_loadings"}


def touched(change):
    mdata = sps.datasets.quilt(n_side=6, n_mixed=5)
    for part in parts(mdata):
        record = dict(part.uns["spsim"])
        change(record)
        part.uns["spsim"] = record
    return mdata


def other_seed(record) -> None:
    params = json.loads(record["params"])
    params["seeds"]["truth"]["entropy"] = "1"
    record["params"] = json.dumps(params)


ACTS = {
    "replay": sps.datasets.replay,
    "resample": sps.datasets.resample,
    "describe": sps.datasets.describe,
    "twin": lambda m: sps.datasets.twin(m, dropout_rate=0.1),
    "drop_modality": lambda m: sps.datasets.drop_modality(m, "rna"),
    "from_mdata": sps.Scenario.from_mdata,
    "mean": lambda m: sps.get.mean(m["rna"]),
    "mask": lambda m: sps.get.dropout_mask(m["rna"]),
}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        (other_seed, ValueError, "not what spsim wrote"),
        (lambda r: r.update(params=r["params"] + " "), ValueError, "not what spsim wrote"),
        (lambda r: r.update(truth="[]"), ValueError, "not what spsim wrote"),
        (lambda r: r.update(schema="3"), ValueError, "has schema '3', this version of spsim reads '1', '2'"),
        (lambda r: r.update(schema="?"), ValueError, "has schema '\\?'"),
        (lambda r: r.pop("params"), KeyError, "has no 'params'.*half of the record was lost"),
        (lambda r: r.pop("schema"), KeyError, "has no 'schema'.*half of the record was lost"),
        (lambda r: (r.pop("sha256"), r.update(params="{")), ValueError, "params .* is not the JSON text"),
        (lambda r: (r.pop("sha256"), r.update(params="[" * 10**5)), ValueError, "params .* is not the JSON text"),
    ],
)
def test_a_touched_record_is_refused(act, change, error, message) -> None:
    with pytest.raises(error, match=message):
        ACTS[act](touched(change))


@pytest.mark.parametrize("name", ["rna", "RNA", "protein", ""])
def test_another_modalitys_name_is_refused(name) -> None:
    rna = sps.datasets.quilt(n_side=6, n_mixed=5)["rna"]
    rna.uns["spsim"]["modality"] = name
    if name == "rna":
        assert sps.get.mean(rna).shape == (36, 5)
        return
    with pytest.raises(KeyError, match=f"is '{name}', but simulated were 'rna'"):
        sps.get.mean(rna)


@pytest.mark.parametrize("value", [None, 3, "spsim", np.zeros(3)])
def test_something_else_under_the_records_name(value) -> None:
    rna = sps.datasets.quilt(n_side=6, n_mixed=5)["rna"]
    rna.uns["spsim"] = value
    with pytest.raises(ValueError, match="must be what spsim wrote"):
        sps.get.mean(rna)


@pytest.mark.parametrize("value", [None, 3, "rna", [], {}])
def test_other_objects_are_refused(value) -> None:
    for act in (sps.datasets.replay, sps.datasets.describe, sps.get.factors, sps.get.mean, sps.get.blocks):
        with pytest.raises(TypeError, match="expected an AnnData or MuData"):
            act(value)
