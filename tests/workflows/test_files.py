"""Writing and reading back: every slot bit for bit, and the object still knows how it was made."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import anndata
import mudata
import numpy as np
import pandas as pd
import pytest
from scipy.io import mmread

import spsim as sps
from spsim._matrix_market import read_folder, write_folder
from workflows.checks import assert_same, buffers, dense, own
from worlds import WORLDS, made

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from mudata import MuData

    Trip = Callable[[Any], Any]


ZARR = pytest.param("zarr", marks=pytest.mark.slow)  # a second for each object, whatever its size


@pytest.fixture(params=["h5mu", ZARR])
def trip(request: pytest.FixtureRequest, tmp_path: Path) -> Trip:
    """Write a MuData and read it back."""

    def there_and_back(mdata: MuData) -> MuData:
        path = tmp_path / f"data.{request.param}"
        if request.param == "h5mu":
            mdata.write(path)
            return mudata.read_h5mu(path)
        mdata.write_zarr(path)
        return mudata.read_zarr(path)

    return there_and_back


@pytest.fixture(params=["h5ad", ZARR])
def modality_trip(request: pytest.FixtureRequest, tmp_path: Path) -> Trip:
    """Write an AnnData and read it back."""

    def there_and_back(adata: anndata.AnnData) -> anndata.AnnData:
        path = tmp_path / f"data.{request.param}"
        if request.param == "h5ad":
            adata.write_h5ad(path)
            return anndata.read_h5ad(path)
        adata.write_zarr(path)
        return anndata.read_zarr(path)

    return there_and_back


def _drop(mdata: MuData) -> None:
    del mdata["rna"].layers["counts"]


def _widen(mdata: MuData) -> None:
    mdata["rna"].X = mdata["rna"].X.astype(np.float64)


def _rename(mdata: MuData) -> None:
    mdata["rna"].obs["domain"] = mdata["rna"].obs["domain"].cat.rename_categories(str.upper)


def _flip(mdata: MuData) -> None:
    mdata.obsm["spatial"][5, 0] = np.nextafter(mdata.obsm["spatial"][5, 0], np.inf)


def _retype(mdata: MuData) -> None:
    mdata.uns["spsim"]["spacing"] = 1.0


def _shuffle(mdata: MuData) -> None:
    mdata["rna"].varm["spatial_loadings"] = mdata["rna"].varm["spatial_loadings"][::-1].copy()


@pytest.mark.parametrize("change", [_drop, _widen, _rename, _flip, _retype, _shuffle])
def test_the_comparison_sees_every_change(change: Callable[[MuData], None]) -> None:
    """The paired wrong cases of what follows."""
    left, right = (sps.datasets.quilt(6, n_mixed=9) for _ in range(2))
    assert_same(left, right)
    change(right)
    with pytest.raises(AssertionError):
        assert_same(left, right)


def test_every_slot_comes_back_and_replays(small: MuData, trip: Trip) -> None:
    back = trip(small)
    own(small)  # writing changes the top-level obs of the original, too
    assert_same(sps.datasets.replay(back), small)
    assert_same(own(back), small)


def test_every_slot_comes_back_from_zarr(tmp_path: Path) -> None:
    """The quick one of the slow ones above."""
    mdata = sps.datasets.quilt(6, n_mixed=9, sparse=True)
    mdata.write_zarr(tmp_path / "data.zarr")
    back = mudata.read_zarr(tmp_path / "data.zarr")
    own(mdata)
    assert_same(sps.datasets.replay(back), mdata)
    assert_same(own(back), mdata)


def test_every_slot_of_a_modality_comes_back(small: MuData, modality_trip: Trip) -> None:
    for adata in small.mod.values():
        assert_same(modality_trip(adata), adata)


def _corners(sparse: bool) -> dict[str, MuData]:
    """Objects whose slots are unusual: empty, kept means, a pattern that stands in obsm only, a 128-bit seed."""
    rng = np.random.default_rng(0)
    own = sps.patterns.FactorMatrix(factors=rng.random((50, 3)), coordinates=rng.random((50, 2)), spacing=0.1)
    genes = {"name": "genes", "n_spatial": 9}
    return {
        "empty": sps.datasets.quilt(12, n_spatial=9, n_nonspatial_factors=0, sparse=sparse),
        "mean": sps.datasets.quilt(12, n_mixed=9, keep_mean=True, sparse=sparse),
        "own": sps.datasets.multiomics([genes], pattern=own, sparse=sparse),
        "seed": sps.datasets.quilt(12, n_mixed=9, rng=np.random.default_rng(1), sparse=sparse),
    }


@pytest.mark.parametrize("corner", ["empty", "mean", "own", "seed"])
def test_unusual_objects_come_back(corner: str, sparse: bool, trip: Trip) -> None:
    mdata = _corners(sparse)[corner]
    back = trip(mdata)
    own(mdata)
    assert_same(sps.datasets.replay(back), mdata)
    assert_same(own(back), mdata)


def test_a_changed_pattern_of_the_users_own_is_refused(trip: Trip) -> None:
    back = trip(_corners(False)["own"])
    back.obsm["spatial_factors"][0, 0] += 1
    with pytest.raises(ValueError, match="is not what was simulated"):
        sps.datasets.replay(back)


def test_resampling_a_filtered_and_shuffled_object_that_was_read(small: MuData, trip: Trip) -> None:
    """Equals the same rows and columns of the complete object, resampled; rows in another order do not."""
    complete = sps.datasets.resample(small, rng=9)
    rng = np.random.default_rng(3)
    spots = rng.permutation(small.n_obs)[:60]
    features = rng.permutation(small.n_vars)[: small.n_vars // 2]
    again = sps.datasets.resample(trip(small)[spots, features].copy(), rng=9)
    assert list(again.obs_names) == list(small.obs_names[spots])
    for name, adata in again.mod.items():
        expected = complete[name][adata.obs_names, adata.var_names]
        assert 0 < adata.n_vars < small[name].n_vars
        assert np.array_equal(adata.obsm["spatial"], small[name].obsm["spatial"][spots])
        for matrix, wanted in ((adata.X, expected.X), (adata.layers["counts"], expected.layers["counts"])):
            assert len(buffers(matrix)) == len(buffers(wanted))
            assert np.array_equal(dense(matrix), dense(wanted))
        assert not np.array_equal(dense(adata.X), dense(expected.X)[::-1])
        assert not np.array_equal(dense(adata.X), dense(small[name][adata.obs_names, adata.var_names].X))


def test_scores_and_pictures_after_reading(small: MuData, trip: Trip) -> None:
    """A stored table of scores comes back too, and the picture is drawn from it."""
    small.obsm["X_guess"] = small.obsm["spatial_factors"][:, ::-1].copy()
    table = sps.tl.factor_recovery(small, "X_guess")
    back = trip(small)
    assert back.uns["X_guess_factor_recovery"].equals(table)
    # True and estimated maps, the matrix of correlations and its colour bar.
    assert len(sps.pl.factor_recovery(back, "X_guess").axes) == 2 * len(table) + 2
    assert sps.tl.factor_recovery(back, "X_guess", copy=True).equals(table)


def test_a_blind_copy_stays_blind_in_a_file(small: MuData, trip: Trip) -> None:
    """Also where mudata 0.3 copies columns to the top on its way."""
    back = trip(sps.get.without_truth(trip(small)))
    for part in (back, *back.mod.values()):
        truth = ("domain", "kind", "factor", "loadings", "spsim")
        keys = [key for slot in (part.obs, part.var, part.obsm, part.varm, part.uns) for key in slot]
        assert [key for key in keys if any(word in key for word in truth)] == ["spsim_fingerprint"]


@pytest.mark.parametrize("world", WORLDS)
def test_a_folder_for_r_holds_every_entry_of_the_truth(world, tmp_path) -> None:
    """Every label, factor, loading, size and table, by the list that the object carries."""
    mdata = made(world)
    write_folder(mdata, str(tmp_path / "r"))
    spots = pd.read_csv(tmp_path / "r" / "spots.csv", index_col=0, keep_default_na=False)
    # A label of this name is one of a cell: in which spot it lies.
    assert spots.index.name == ("spot_name" if "spot" in mdata.obs else "spot")
    for entry in json.loads(mdata.uns["spsim"]["truth"]):
        if "label" in entry:
            assert (
                spots[entry["key"]].astype(str).tolist() == mdata.obs[entry["key"]].astype(object).fillna("").tolist()
            )
        if "block" in entry:
            own = [n if entry["block"] == "spatial" else f"{entry['block']}_{n}" for n in entry["columns"]]
            assert np.array_equal(spots[own].to_numpy(np.float32), mdata.obsm[entry["key"]])
    for name, adata in mdata.mod.items():
        features = pd.read_csv(tmp_path / "r" / name / "features.csv", index_col="feature")
        n_loadings = sum(
            adata.varm[e["key"]].shape[1]
            for e in json.loads(adata.uns["spsim"]["truth"])
            if e.get("role") == "loadings"
        )
        assert sum(column.startswith("loading_") for column in features) == n_loadings
        for entry in json.loads(adata.uns["spsim"]["truth"]):
            if entry.get("role") in ("size", "folded", "exposure"):
                sizes = pd.read_csv(tmp_path / "r" / name / "sizes.csv", index_col="spot")
                assert np.allclose(sizes[entry["key"]], adata.obs[entry["key"]])
            if entry["slot"] == "obsm" and "block" not in entry and "columns" in entry:
                own = [f"{entry['key']}_{column}" for column in entry["columns"]]
                path = tmp_path / "r" / name / f"{entry['key']}.csv"
                # What the whole holds stands in its table, and nowhere again.
                is_shared = entry["key"] in mdata.obsm and entry["key"] in mdata.uns["spsim"]["truth"]
                assert path.is_file() != is_shared
                held = spots.loc[adata.obs_names, own] if is_shared else pd.read_csv(path, index_col=0)[own]
                assert np.array_equal(held.to_numpy(np.float32), adata.obsm[entry["key"]])
            if entry.get("role") == "probability":
                own = [f"{entry['key']}_{category}" for category in entry["categories"]]
                assert np.array_equal(features[own].to_numpy(np.float32), adata.varm[entry["key"]])
            if entry.get("role") == "panel":
                own = [f"{entry['key']}_{category}" for category in entry["categories"]]
                assert np.array_equal(features[own].to_numpy(bool), adata.varm[entry["key"]])
        again = read_folder(tmp_path / "r")[name]
        for slot in ("obsm", "varm"):
            for key, values in getattr(again, slot).items():
                expected = getattr(adata[again.obs_names, again.var_names], slot)[key]
                assert np.array_equal(np.asarray(values, float), np.asarray(expected, float)), key
        assert {key for key in adata.obsm if "_" in key} == {key for key in again.obsm if "_" in key}
        counts = mmread(tmp_path / "r" / name / "counts.mtx").toarray().T
        assert np.array_equal(counts, adata.layers["counts"], equal_nan=True)
        noisy = not np.array_equal(adata.X, adata.layers["counts"], equal_nan=True)
        assert (tmp_path / "r" / name / "values.mtx").is_file() == noisy
    tables = [key for key, value in mdata.uns["spsim"].items() if hasattr(value, "columns")]
    assert all((tmp_path / "r" / f"{name}.csv").is_file() for name in tables)
    listed = json.loads((tmp_path / "r" / "contents.json").read_text())
    assert sorted(listed) == sorted(
        p.relative_to(tmp_path / "r").as_posix() for p in (tmp_path / "r").rglob("*") if p.is_file()
    )
