"""Knobs of ``rna_and_image()`` that its other tests do not measure: sizes of loadings, length of nuisance, who confuses.

Bounds are 5 standard errors over 3 seeds, a false-alarm rate of 6e-7 each.
"""

from __future__ import annotations

import numpy as np
import pytest

import spsim as sps
from spsim.datasets import rna_and_image


@pytest.mark.parametrize("nuisance_sd", [0.05, 0.4])
def test_loadings_are_as_large_as_said_in_either_modality(nuisance_sd) -> None:
    """1,536 and 1,152 loadings of the image, 2,700 of transcripts: standard errors of the sd of 1.8, 2.1 and 1.4 %."""
    made = [rna_and_image(n_side=8, nuisance_sd=nuisance_sd, confuse={}, rng=rng) for rng in range(3)]
    for name, block, sd, error in (
        ("image", "spatial", 0.25, 0.09),
        ("image", "nuisance", nuisance_sd, 0.105),
        ("rna", "nuisance", 0.05, 0.07),
    ):
        loadings = np.concatenate([mdata[name].varm[f"{block}_loadings"].ravel() for mdata in made])
        loadings = loadings[loadings != 0]  # a quarter of the transcripts is flat
        assert loadings.std() == pytest.approx(sd, rel=error) and abs(loadings.mean()) < 5 * sd / np.sqrt(len(loadings))


def test_both_modalities_see_one_nuisance_as_smooth_as_said() -> None:
    """Matérn 3/2 of length 4 has the correlation (1 + √3 d / 4) exp(-√3 d / 4) at the distance d."""
    near, far = [], []
    for rng in range(6):
        mdata = rna_and_image(4, n_side=30, rng=rng, layout=None)
        fields = mdata["rna"].obsm["nuisance_factors"]
        assert np.array_equal(fields, mdata["image"].obsm["nuisance_factors"]) and fields.shape[1] == 3
        field = fields.reshape(30, 30, 3)
        near.append((field[:, :-2] * field[:, 2:]).mean() / (field**2).mean())
        far.append((field[:, :-6] * field[:, 6:]).mean() / (field**2).mean())
    for found, d in ((near, 2), (far, 6)):
        x = np.sqrt(3) * d / 4
        # 18 fields of about 14 patches each: the spread of six means says how far they may be off.
        assert abs(np.mean(found) - (1 + x) * np.exp(-x)) < 5 * max(np.std(found, ddof=1) / np.sqrt(6), 0.01)


def test_pairs_are_confused_where_they_are_asked_for() -> None:
    def alike(mdata) -> dict[str, list[tuple[int, int]]]:
        loadings = {name: mdata[name].varm["spatial_loadings"] for name in mdata.mod}
        return {
            name: [(a, b) for b in range(4) for a in range(b) if np.array_equal(own[:, a], own[:, b])]
            for name, own in loadings.items()
        }

    assert alike(rna_and_image(9, n_side=8)) == {"rna": [(0, 1)], "image": [(2, 3)]}
    assert alike(rna_and_image(9, n_side=8, confuse={"image": [("block_1", "block_4")]})) == {
        "rna": [],
        "image": [(0, 3)],
    }
    assert alike(rna_and_image(9, n_side=8, pattern="quilt")) == {"rna": [], "image": []}
    assert alike(rna_and_image(9, n_side=8, pattern=sps.patterns.ggblocks())) == {"rna": [], "image": []}


def test_sizes_and_ways_of_holding_it() -> None:
    plain, kept = (rna_and_image(7, n_side=5, **own) for own in ({}, {"keep_mean": True}))
    assert plain["rna"].shape == (25, 400) and plain["image"].shape == (25, 7)
    assert plain["rna"].var["kind"].value_counts()[["spatial", "flat"]].tolist() == [300, 100]
    for name in plain.mod:
        assert "mean" not in plain[name].layers
        assert np.allclose(kept[name].layers["mean"], sps.get.mean(plain[name]))
