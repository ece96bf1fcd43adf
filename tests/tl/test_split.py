"""Training and validation spots."""

from __future__ import annotations

import numpy as np
import pytest

import spsim as sps


@pytest.fixture
def mdata():
    return sps.datasets.multiomics(n_side=20)


def test_by_spot(mdata) -> None:
    sps.tl.split(mdata, validation_fraction=0.1, rng=1)
    counts = mdata.obs["split"].value_counts()
    assert (counts["train"], counts["validation"]) == (360, 40)
    assert list(mdata.obs["split"].cat.categories) == ["train", "validation"]
    for adata in mdata.mod.values():
        assert (adata.obs["split"].to_numpy() == mdata.obs["split"].to_numpy()).all()
    held = mdata.obsm["spatial"][mdata.obs["split"] == "validation"]
    # Spread over the tissue, not a side of it: the mean row of 40 of 400 uniform spots, 4.5 standard errors.
    assert abs(held[:, 1].mean() - 9.5) < 4.5 * np.sqrt(400 / 12 / 40)


def test_seeds_differ_and_repeat(mdata) -> None:
    columns = []
    for rng in (1, 1, 2):
        sps.tl.split(mdata, rng=rng, key_added="fold")
        columns.append(mdata.obs["fold"].to_numpy())
    assert (columns[0] == columns[1]).all() and (columns[0] != columns[2]).any()


def test_by_block_keeps_blocks_whole(mdata) -> None:
    sps.tl.split(mdata, validation_fraction=0.2, block_size=5, rng=0)
    block = (mdata.obsm["spatial"] // 5) @ [1, 4]
    labels = mdata.obs["split"].astype(str).groupby(block).nunique()
    assert (labels == 1).all() and (mdata.obs["split"] == "validation").sum() == 100  # 4 of 16 blocks: at least 80


@pytest.mark.parametrize(("fraction", "n_validation"), [(0, 0), (1, 400)])
def test_none_and_all(mdata, fraction, n_validation) -> None:
    sps.tl.split(mdata, validation_fraction=fraction)
    assert (mdata.obs["split"] == "validation").sum() == n_validation


def test_a_single_modality_and_bad_values(mdata) -> None:
    sps.tl.split(mdata["rna"], validation_fraction=0.5)
    assert "split" in mdata["rna"].obs and "split" not in mdata.obs
    with pytest.raises(ValueError, match="validation_fraction must be a probability"):
        sps.tl.split(mdata, validation_fraction=2)
    with pytest.raises(ValueError, match="block_size must be a finite number above 0, got 0"):
        sps.tl.split(mdata, block_size=0)


def test_factors_to_obs_gives_colours(mdata) -> None:
    sps.tl.factors_to_obs(mdata)
    for part in (mdata, *mdata.mod.values()):
        assert np.array_equal(part.obs[["block_1", "block_2", "block_3", "block_4"]], part.obsm["spatial_factors"])
