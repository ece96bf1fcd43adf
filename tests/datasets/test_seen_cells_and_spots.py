"""Cells under spots as others see them: blind copies, methods, tools, words and pictures."""

from __future__ import annotations

import numpy as np
import pytest
import scanpy as sc
import squidpy as sq

import spsim as sps
from benchmarks.cells_and_spots import poisson_platform
from cells_under_spots import filtered, made
from spsim.slots import read_truth, without_pulling


@pytest.fixture
def mdata():
    with without_pulling():
        return made().copy()


def test_a_blind_copy_is_an_experiment(mdata) -> None:
    mdata["visium"].raw = mdata["visium"]
    recorded = {name: read_truth(part) for name, part in mdata.mod.items()}
    top = read_truth(mdata)
    mdata.obsm["X_mine"] = np.arange(616.0)[:, None]
    before = sps.get.proportions(mdata)
    blind = sps.get.without_truth(mdata)
    assert list(blind.mod) == ["visium", "reference"] and list(blind.obs_names) == list(mdata.obs_names[500:])
    assert set(blind.obs) == {"in_tissue", "cell_type"} and not any("cell_" in name for name in blind.obs_names)
    assert np.array_equal(blind.obsm["X_mine"][:, 0], np.arange(500.0, 616.0))
    is_reference = blind.obs_names.str.startswith("reference")
    assert (blind.obs["cell_type"].notna() == is_reference).all()
    expected = mdata["reference"].obs["cell_type"].astype(str).tolist()
    assert blind.obs["cell_type"][is_reference].astype(str).tolist() == expected
    for name, part in [("", blind), *blind.mod.items()]:
        entries = recorded.get(name, top)
        for entry in entries:
            held = getattr(part, entry["slot"], {})
            assert entry["known"] or entry["key"] not in held, (name, entry)
    assert list(blind["visium"].obs) == ["in_tissue"] and list(blind["visium"].var) == ["gene"]
    assert list(blind["visium"].raw.var) == ["gene"] and not set(blind["visium"].raw.varm)
    assert list(blind["visium"].obsm) == ["spatial"] and list(blind["reference"].obs) == ["cell_type"]
    assert "cells" in mdata.mod and sps.get.proportions(mdata).equals(before)
    with pytest.raises(ValueError, match="data holds only what nobody can measure"):
        sps.get.without_truth(mdata["cells"])


def test_a_deconvolution_of_the_blind_copy_end_to_end() -> None:
    """Poisson likelihood with a platform correction: 0.58 to 0.68 of the way in docs/difficulty.md."""
    mdata = sps.datasets.cells_and_spots(rng=3)
    blind = sps.get.without_truth(mdata)
    blind["visium"].obsm["P"] = poisson_platform(blind)
    table = sps.tl.proportion_recovery(blind, "visium:P", truth=mdata)
    assert 0.3 < 1 - table.loc["rmse", "score"] / table.loc["rmse", "chance"] < 0.85
    assert table.loc["rmse", "score"] < table.loc["rmse", "chance"] < table.loc["rmse", "dirichlet"]
    # The same with the types' names in another order, and on the object itself.
    mdata["visium"].obsm["P"] = blind["visium"].obsm["P"].iloc[:, ::-1]
    again = sps.tl.proportion_recovery(mdata, "visium:P")
    assert again["score"].tolist() == pytest.approx(table["score"].tolist())
    mdata["visium"].obsm["T"] = sps.get.proportions(mdata).fillna(0.25)
    perfect = sps.tl.proportion_recovery(mdata, "visium:T")
    assert perfect["score"].tolist() == pytest.approx(perfect["ceiling"].tolist())
    random = np.random.default_rng(0).dirichlet(np.ones(8), mdata["visium"].n_obs)
    mdata["visium"].obsm["R"] = random
    drawn = sps.tl.proportion_recovery(mdata, "visium:R")
    assert drawn.loc["rmse", "score"] == pytest.approx(drawn.loc["rmse", "dirichlet"], rel=0.05)


def test_scanpy_and_squidpy_take_spots_and_reference_as_they_are(mdata) -> None:
    blind = sps.get.without_truth(mdata)
    for name in blind.mod:
        adata = blind[name].copy()
        sc.pp.filter_cells(adata, min_counts=1)
        sc.pp.normalize_total(adata)
        sc.pp.log1p(adata)
        sc.pp.pca(adata, n_comps=5)
        sc.pp.neighbors(adata)
        sc.tl.leiden(adata, flavor="igraph", n_iterations=2, directed=False)
        if name == "reference":
            sc.tl.rank_genes_groups(adata, "cell_type")
            assert len(adata.uns["rank_genes_groups"]["names"]) == 400
        else:
            sq.gr.spatial_neighbors(adata, coord_type="generic", n_neighs=6)
            sq.gr.spatial_autocorr(adata, mode="moran", genes=adata.var_names[:20])
            assert len(adata.uns["moranI"]) == 20


def test_muon_filters_it(mdata) -> None:
    muon = pytest.importorskip("muon")
    blind = sps.get.without_truth(mdata)
    muon.pp.filter_obs(blind["reference"], "cell_type", lambda types: types != "type_1")
    with without_pulling():
        blind.update()
    assert (blind["reference"].obs["cell_type"] != "type_1").all() and blind.n_obs < 116


def test_it_says_in_a_methods_section_what_it_is(mdata) -> None:
    text = sps.datasets.describe(mdata).paragraph
    for part in (
        "616 observations (500 in the set cells, 56 in the set spots, 60 in the set reference)",
        "The tissue is laid out as HardCore(",
        "domains follow the pattern 'ggblocks'",
        "The mean of a feature is its background plus its loadings on the factors that an observation has.",
        "Modality visium has 400 features on background 0.3",
        "An observation's mean is the sum of those of the cells in it, and its counts are drawn type by type.",
        "a factor of each feature for this platform (sd 0.5 on the logarithm)",
    ):
        assert part in text, part
    assert "non-spatial features" not in text and "with mean 0" not in text and "U V'" not in text


def test_the_overview_shows_cells_with_spots_on_them(mdata) -> None:
    figure = sps.pl.overview(mdata)
    panels = {ax.get_title(): ax for ax in figure.axes if ax.get_title()}
    assert list(panels)[:4] == ["cells: cell_type", "cells: total counts", "visium: total counts", "visium: type_1"]
    cells, outlines = panels["cells: cell_type"].collections
    assert len(cells.get_paths()) == 500 and len(outlines.get_paths()) == 56 and not len(outlines.get_facecolors())
    low, high = outlines.get_paths()[0].vertices.min(axis=0), outlines.get_paths()[0].vertices.max(axis=0)
    assert np.allclose(high - low, 55, atol=0.5)
    assert np.allclose((high + low) / 2, mdata["visium"].obsm["spatial"][0], atol=0.5)
    shares = panels["visium: type_2"].collections[0].get_array()
    expected = sps.get.proportions(mdata)["type_2"]
    assert np.allclose(np.ma.filled(shares.astype(float), np.nan), expected, equal_nan=True)
    legend = figure.legends[0] if figure.legends else None
    assert legend is not None and [text.get_text() for text in legend.get_texts()] == [f"type_{k}" for k in range(1, 5)]
    few = sps.pl.overview(filtered(mdata, cells=[]))
    assert [ax.get_title() for ax in few.axes if ax.get_title()][:2] == ["visium: domain", "visium: total counts"]
    others = sps.pl.overview(filtered(mdata, cells=[], visium=[]))
    assert [ax.get_title() for ax in others.axes if ax.get_title()] == ["reference: mean counts by\ncell_type"]
