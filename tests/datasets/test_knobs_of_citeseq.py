"""Knobs of ``citeseq()`` that its other tests do not measure.

Bounds are 5 standard errors over 3 seeds, a false-alarm rate of 6e-7 each.
"""

from __future__ import annotations

import numpy as np
import pytest

import spsim as sps
from spsim.datasets import citeseq
from spsim.factors import CellTypes
from spsim.patterns import Grid

LAYOUT = Grid(n_rows=8)


def test_batches_are_as_many_as_said_and_modalities_are_measured_where_said() -> None:
    for fields in ({"n_cells": 300}, {"layout": LAYOUT}):
        mdata = citeseq(n_batches=3, observed={"protein": ["batch_1", "batch_3"]}, **fields)
        assert set(mdata.obs["batch"]) == {"batch_1", "batch_2", "batch_3"}
        assert set(mdata["protein"].obs["batch"]) == {"batch_1", "batch_3"}
        assert set(mdata["rna"].obs["batch"]) == {"batch_1", "batch_2", "batch_3"}
        assert mdata["rna"].varm["batch_effect_loadings"].shape[1] == 3


@pytest.mark.parametrize("held_out", [0.0, 0.3])
def test_cells_are_held_out_with_the_probability(held_out) -> None:
    obs = citeseq(n_cells=3000, modalities=["protein"], held_out=held_out).obs
    assert ("held_out" in obs) == bool(held_out)
    if held_out:
        assert abs((obs["held_out"] == "True").mean() - 0.3) < 5 * np.sqrt(0.21 / 3000)


def test_types_of_ones_own_are_confused_by_nobody_unless_asked() -> None:
    types = CellTypes(4, names=["A", "B", "C", "D"], composition=[[0.7, 0.1, 0.1, 0.1]])
    for confuse in (None, {"protein": [("A", "D")]}):
        mdata = citeseq(cell_types=types, n_cells=2000, confuse=confuse)
        assert abs((mdata.obs["cell_type"] == "A").mean() - 0.7) < 5 * np.sqrt(0.21 / 2000)
        for values, pairs in (
            (mdata["rna"].varm["cell_type_loadings"], []),
            (mdata["protein"].varm["foreground_probability"], [(0, 3)] if confuse else []),
        ):
            assert [(a, b) for b in range(4) for a in range(b) if np.array_equal(values[:, a], values[:, b])] == pairs


def test_on_a_layout_compositions_differ_between_the_domains_of_the_pattern() -> None:
    mdata = citeseq(layout=LAYOUT, pattern="quilt", n_types=4)
    composition = sps.get.table(mdata, "cell_type_composition")
    assert {"squares", "corners", "scotland", "checkers"} <= {
        name for row in composition.index for name in row.split("+")
    }
    assert composition.to_numpy().std(axis=0).min() > 0.02 and mdata.n_obs == 2 * 64


def test_genes_respond_to_a_second_type_in_a_share_and_peaks_to_one() -> None:
    """3 × 400 genes, Gamma weights of mean 0.35 and as large an sd."""
    made = [citeseq(n_cells=5, modalities=["rna", "atac"], confuse={}, rng=rng) for rng in range(3)]
    genes, peaks = (np.vstack([m[name].varm["cell_type_loadings"] for m in made]) for name in ("rna", "atac"))
    assert abs(((genes > 0).sum(axis=1) == 2).mean() - 0.3) < 5 * np.sqrt(0.21 / 1200)
    assert ((peaks > 0).sum(axis=1) == 1).all() and len(peaks) == 1800
    for loadings in (genes, peaks):
        weights = loadings[loadings > 0]
        assert abs(weights.mean() - 0.35) < 5 * 0.35 / np.sqrt(len(weights))


def test_depths_of_transcripts_and_fragments_are_totals_and_of_proteins_are_not() -> None:
    """1,000 cells: standard error of the median of the logarithm at most 0.02."""
    mdata = citeseq(n_cells=1000, modalities=["rna", "protein", "atac"])
    for name, median, sd in (("rna", 110, 0.4), ("atac", 300, 0.5)):
        sizes = np.log(sps.get.mean(mdata[name]).sum(axis=1) / median)
        assert abs(np.median(sizes)) < 0.1 and sizes.std() == pytest.approx(sd, abs=0.06)
    protein = mdata["protein"]
    sizes = np.log(protein.obs["library_size"].to_numpy(float))
    assert abs(np.median(sizes)) < 0.06 and sizes.std() == pytest.approx(0.3, abs=0.035)
    ratio = sps.get.mean(protein).sum(axis=1) / protein.obs["library_size"].to_numpy(float)
    assert ratio.std() > 0.05 * ratio.mean()


def test_ways_of_holding_it() -> None:
    from scipy.sparse import issparse

    plain, sparse, kept = (citeseq(n_cells=20, **own) for own in ({}, {"sparse": True}, {"keep_mean": True}))
    for name in plain.mod:
        assert issparse(sparse[name].X) and np.array_equal(sparse[name].X.toarray(), plain[name].X)
        assert "mean" not in plain[name].layers
        assert np.allclose(kept[name].layers["mean"], sps.get.mean(plain[name]))


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"layout": LAYOUT, "n_cells": 7}, "n_cells needs dissociated cells, not a layout, got n_cells=7"),
        ({"layout": LAYOUT, "held_out": 0.5}, r"held_out needs dissociated cells, not a layout, got held_out=0\.5"),
        ({"pattern": "quilt"}, "pattern needs a layout, whose domains it says, got pattern='quilt'"),
    ],
)
def test_what_would_play_no_role_is_refused(fields, message) -> None:
    with pytest.raises(ValueError, match=message):
        citeseq(**fields)
