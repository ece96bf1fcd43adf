"""Products: the gene of a feature is the one that responds alike, and nothing else changes."""

from __future__ import annotations

import numpy as np
import pytest

import spsim as sps
from spsim.factors import Foreground, Graded, Products
from spsim.scenarios._genes import _most_alike

COMMON = {"n_nonspatial_factors": 1, "expression_mean": 0.0, "background_mean": 1.0}
TYPES = {"cell_type": {"name": "CellTypes", "n_types": 5}}
RNA = COMMON | {"name": "rna", "n_nonspatial": 80, "loadings": {"cell_type": Graded(overlap=0.5)}}
PROTEIN = COMMON | {"name": "protein", "n_nonspatial": 15, "n_flat": 2}


def made(*effects, rng=0, protein=None):
    own = PROTEIN | {"effects": effects} | (protein or {})
    return sps.simulate(sps.Scenario(n_side=5, pattern=None, factors=TYPES, modalities=[RNA, own]), rng=rng)


def correlations(mdata) -> np.ndarray:
    own = mdata["protein"].varm["foreground_probability"][:15]
    genes = mdata["rna"].varm["cell_type_loadings"]
    return np.nan_to_num(np.corrcoef(own, genes)[:15, 15:])


@pytest.mark.parametrize("rng", range(3))
def test_genes_respond_alike_and_are_given_once(rng) -> None:
    mdata = made(Foreground(by="cell_type"), Products(of="rna"), rng=rng)
    names = mdata["protein"].var["gene"]
    assert names[:15].notna().all() and names[:15].is_unique and names[15:].isna().all()
    assert mdata["rna"].var["gene"].tolist() == [f"gene_{j}" for j in range(80)]
    at = [int(name.removeprefix("gene_")) for name in names[:15]]
    alike = correlations(mdata)
    found = alike[np.arange(15), at].sum()
    # No two proteins do better with each other's genes, or with one that nobody has.
    free = [j for j in range(80) if j not in at]
    for i in range(15):
        assert alike[i, at[i]] >= alike[i, free].max() - 1e-5
        for k in range(i):
            assert alike[i, at[k]] + alike[k, at[i]] <= alike[i, at[i]] + alike[k, at[k]] + 1e-5
    assert found / 15 > 0.6 > abs(alike.mean())


def test_nothing_else_changes() -> None:
    with_, without = made(Foreground(by="cell_type"), Products(of="rna")), made(Foreground(by="cell_type"))
    for name in with_.mod:
        assert np.array_equal(with_[name].X, without[name].X)
    assert "gene" not in without["rna"].var and "gene" in sps.get.without_truth(with_)["protein"].var


def test_many_peaks_share_genes_evenly() -> None:
    """A few genes would else have all peaks of a type, and what peaks are called would tell the type."""
    n_peaks = 450
    peaks = {"n_nonspatial": n_peaks, "n_flat": 0, "loadings": {"cell_type": Graded()}}
    mdata = made(Products(of="rna"), protein=peaks)
    names, genes = mdata["protein"].var["gene"], mdata["rna"].var["gene"]
    per_gene = names.value_counts().reindex(genes, fill_value=0)
    assert (
        names.notna().all() and per_gene.max() == -(-n_peaks // len(genes)) and per_gene.min() >= n_peaks // len(genes)
    )
    own, other = (mdata[name].varm["cell_type_loadings"] for name in ("protein", "rna"))
    alike = np.nan_to_num(np.corrcoef(own, other)[:n_peaks, n_peaks:])
    at = [int(name.removeprefix("gene_")) for name in names]
    assert alike[np.arange(n_peaks), at].mean() > 0.6 > 5 * abs(alike[np.arange(n_peaks), at[::-1]].mean())


def test_rounding_does_not_decide_between_genes() -> None:
    """Genes that respond to one type alone are equally like a feature; what is left of it is the order of a sum."""
    random = np.random.default_rng(0)
    own, genes = (np.eye(4)[random.integers(4, size=n)] - 0.25 for n in (30, 80))
    assert np.array_equal(_most_alike(own, genes), _most_alike(own + random.normal(size=own.shape) * 1e-15, genes))


def test_names_that_nobody_has_are_refused() -> None:
    with pytest.raises(ValueError, match="no other modality 'atac'; there are 'rna'"):
        made(Products(of="atac"))
    with pytest.raises(ValueError, match="no other modality 'protein'; there are 'rna'"):
        made(Products(of="protein"))
    with pytest.raises(ValueError, match="no factors 'niche'; there are 'cell_type'"):
        made(Products(of="rna", by="niche"))
