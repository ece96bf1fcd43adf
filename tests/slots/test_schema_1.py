"""Objects that spsim 0.1.0 wrote (commit 0ec9e9b) replay, resample, score and go blind as they did."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import mudata
import numpy as np
import pytest

import spsim as sps
from spsim.slots import without_pulling

DATA = Path(__file__).parents[1] / "data"
# Printed by 0.1.0 when the files were written, and of resample(rng=3) there.
COUNTS = {"rna": "0294fce379d45fe6", "protein": "5f80d78ec9dd5d41"}
AGAIN = {"rna": "c5a7e2c91b1e55bd", "protein": "f9f02ec3e4df6ce8"}


@pytest.fixture(params=["h5mu", "zarr"])
def old(request, tmp_path):
    with without_pulling():
        if request.param == "h5mu":
            return mudata.read_h5mu(DATA / "schema_1.h5mu")
        shutil.unpack_archive(DATA / "schema_1.zarr.zip", tmp_path / "schema_1.zarr")
        return mudata.read_zarr(tmp_path / "schema_1.zarr")


def hashes(mdata) -> dict[str, str]:
    counts = {name: np.ascontiguousarray(part.layers["counts"]) for name, part in mdata.mod.items()}
    return {name: hashlib.sha256(values.tobytes()).hexdigest()[:16] for name, values in counts.items()}


def test_counts_replay_and_resample(old) -> None:
    assert str(old.uns["spsim"]["schema"]) == "1" and "truth" not in old.uns["spsim"]
    assert hashes(old) == COUNTS == hashes(sps.datasets.replay(old))
    assert hashes(sps.datasets.resample(old, rng=3)) == AGAIN
    assert hashes(sps.datasets.resample(sps.datasets.resample(old, rng=3), rng=7)) == COUNTS


def test_a_replayed_object_is_of_the_current_schema(old) -> None:
    again = sps.datasets.replay(old)
    assert again.uns["spsim"]["schema"] == "2"
    for name, part in old.mod.items():
        for slot in ("obsm", "varm"):
            held = getattr(part, slot)
            assert set(held) == set(getattr(again[name], slot))
            assert all(np.array_equal(held[key], getattr(again[name], slot)[key]) for key in held)
        assert np.array_equal(part.X, again[name].X)


def test_means_parts_masks_and_mosaics(old) -> None:
    assert np.array_equal(sps.get.mean(old["rna"]), old["rna"].layers["mean"])
    # Powers of e differ in the last bit between builds of numpy.
    assert np.allclose(sps.get.mean(old["protein"]), old["protein"].layers["mean"], rtol=1e-14, atol=0)
    part = old["rna"][::-3, 5:].copy()
    whole = sps.get.mean(old["rna"]).loc[part.obs_names, part.var_names]
    assert np.allclose(sps.get.mean(part), whole, rtol=1e-14)
    assert not sps.get.dropout_mask(old["rna"]).to_numpy()[old["rna"].layers["counts"] > 0].any()
    assert sps.datasets.drop_modality(old, "rna")["rna"].n_obs == 72
    assert sps.datasets.twin(old, dropout_rate=0.0)["rna"].X.sum() > old["rna"].X.sum()
    assert "log-normal" in sps.datasets.describe(old).paragraph


def test_blocks_and_scores(old) -> None:
    assert sps.get.blocks(old)["scale"].tolist() == ["mean", "mean", "log", "log"]
    assert sps.get.factors(old["rna"], block="nonspatial").shape == (144, 3)
    old["rna"].obsm["X_guess"] = old.obsm["spatial_factors"]
    assert sps.tl.factor_recovery(old, "rna:X_guess")["score"].min() > 0.999


def test_blind_copies_hold_what_those_of_0_1_0_held(old) -> None:
    blind = sps.get.without_truth(old)
    assert list(blind.obs) == ["x", "y"] and set(blind.obsm) == {"spatial", "rna", "protein"}
    for part in blind.mod.values():
        assert list(part.obs) == list(part.var) == list(part.varm) == []
        assert set(part.obsm) == {"spatial"} and set(part.layers) - {None} == {"counts"} and "spsim" not in part.uns


def test_edited_params_of_schema_1_are_taken_as_they_are(old) -> None:
    """0.1.0 wrote no digest, so nothing can be said against them."""
    params = json.loads(str(old.uns["spsim"]["params"]))
    params["seeds"]["counts"]["entropy"] = "8"
    old.uns["spsim"]["params"] = json.dumps(params)
    assert hashes(sps.datasets.replay(old)) != COUNTS
