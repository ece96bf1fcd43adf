"""The overview of each kind of world."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.colors import to_rgba

import spsim as sps


def spots(ax):
    return ax.collections[0]


def test_slices_are_drawn_side_by_side_before_and_after_motion() -> None:
    mdata = sps.datasets.slices(n_side=10)
    axes = sps.pl.overview(mdata).axes
    titles = [ax.get_title() for ax in axes]
    assert titles[:3] == ["domains", "domains before motion", "block_1"]
    measured, before = (ax.collections[0].get_paths() for ax in axes[:2])
    assert len(measured) == len(before) == mdata.n_obs
    for ax, key in ((axes[0], "spatial"), (axes[1], "spatial_true")):
        assert [text.get_text() for text in ax.texts][:4] == ["slice_1", "slice_2", "slice_3", "slice_4"]
        centres = np.array([path.vertices[:-1].mean(axis=0) for path in ax.collections[0].get_paths()])
        edge = -np.inf
        for name in mdata.obs["slice"].cat.categories:
            rows = (mdata.obs["slice"] == name).to_numpy()
            assert centres[rows, 0].min() > edge
            edge = centres[rows, 0].max()
            # Each slice as it lies in its frame, up to a shift.
            shift = centres[rows] - mdata.obsm[key][rows]
            assert np.allclose(shift, shift[0], atol=1e-6)
    assert "domains before motion" not in [ax.get_title() for ax in sps.pl.overview(sps.datasets.quilt(n_side=12)).axes]


def test_the_overview_shows_the_strongest_feature_of_each_factor_once() -> None:
    mdata = sps.datasets.rna_and_image(60, n_side=18)
    titles = [ax.get_title() for ax in sps.pl.overview(mdata).axes]
    for adata in mdata.mod.values():
        shown = [title for title in titles if title in adata.var_names]
        assert len(shown) == len(set(shown)) == 4
        loadings = sps.get.loadings(adata).abs()
        mainly = loadings.where(loadings.eq(loadings.max(axis=1), axis=0), 0)
        # The two that a modality confuses have the same strongest feature: the second one gets the next.
        assert set(mainly.idxmax()) <= set(shown) and len(set(mainly.idxmax())) == 3


def titles_of(figure) -> list[str]:
    return [ax.get_title().replace("\n", " ") for ax in figure.axes if ax.get_title()]


def test_the_overview_shows_labels_where_nothing_responds_to_spatial_factors() -> None:
    figure = sps.pl.overview(sps.datasets.ecotypes())
    titles = [
        "rna: domain",
        "rna: ecotype",
        "rna: cell_type",
        "rna: total counts",
        "dissociated: mean counts by cell_type",
    ]
    assert titles_of(figure) == titles
    # One legend for all labels: no two categories of a colour, those of no class in grey.
    (legend,) = figure.legends
    colours = [to_rgba(handle.get_color()) for handle in legend.legend_handles]
    names = [text.get_text() for text in legend.get_texts()]
    assert names == [*(f"ecotype_{k}" for k in (1, 2, 3, 4)), "outside", *(f"type_{k}" for k in (1, 2, 3, 4, 5))]
    assert len(set(colours)) == len(names)


def test_modalities_of_the_same_spots_share_their_labels_in_the_overview() -> None:
    mdata = sps.datasets.citeseq(layout=sps.patterns.Grid(n_rows=12, n_columns=12))
    assert titles_of(sps.pl.overview(mdata)) == [
        "rna: domain",
        "rna: cell_type",
        "rna: total counts",
        "protein: total counts",
    ]


def test_programs_in_space_are_drawn() -> None:
    mdata = sps.datasets.perturbseq(n_programs=3, pattern="ggblocks", layout=sps.patterns.Grid(n_rows=12, n_columns=12))
    axes = {ax.get_title(): ax for ax in sps.pl.overview(mdata).axes}
    for k in range(3):
        drawn = spots(axes[f"rna: program_{k + 1}"]).get_array()
        assert np.array_equal(drawn, mdata["rna"].obsm["program_factors"][:, k])


def test_dissociated_cells_are_drawn_by_what_they_respond_to() -> None:
    mdata = sps.datasets.perturbseq(3, n_programs=4, n_cells=200)
    figure = sps.pl.overview(mdata)
    assert titles_of(figure) == ["rna: mean counts by perturbation", "rna: program by perturbation"]
    counts, programs = (ax.collections[0].get_array() for ax in figure.axes[:2])
    rows = mdata.obs["perturbation"].cat.categories
    own = {name: (mdata.obs["perturbation"] == name).to_numpy() for name in rows}
    expected = np.array([mdata["rna"].obsm["program_factors"][cells].mean(axis=0) for cells in own.values()])
    assert np.allclose(programs, expected, rtol=1e-5)
    means = np.array([mdata["rna"].X[cells].mean(axis=0) for cells in own.values()])
    relative = means / np.where(means.max(axis=0) > 0, means.max(axis=0), 1)
    assert sorted(map(tuple, np.asarray(counts).T.round(4))) == sorted(map(tuple, relative.T.round(4)))
    assert [tick.get_text() for tick in figure.axes[0].get_yticklabels()] == list(rows)
    # Features that are highest in the same perturbation stand together.
    assert (np.diff(np.asarray(counts).argmax(axis=0)) >= 0).all()


def test_proteins_are_drawn_by_the_types_that_transcripts_respond_to() -> None:
    mdata = sps.datasets.citeseq(n_cells=100, sparse=True)
    assert titles_of(sps.pl.overview(mdata)) == ["rna: mean counts by cell_type", "protein: mean counts by cell_type"]


def test_other_groups_show_what_differs_within_them() -> None:
    mdata = sps.datasets.ecotypes(n_dissociated=30)
    titles = titles_of(sps.pl.overview(mdata, groups="held_out"))
    assert titles[:4] == ["rna: domain", "rna: sample", "rna: ecotype", "rna: cell_type"]
    assert titles[4:] == ["rna: total counts", "dissociated: mean counts by cell_type"]


def test_an_overview_of_nobody_is_refused() -> None:
    mdata = sps.datasets.citeseq(n_cells=20)
    with pytest.raises(KeyError, match="groups in obs: no 'nope'"):
        sps.pl.overview(mdata, groups="nope")
    with pytest.raises(ValueError, match="mdata must hold at least one observation to be drawn, got none"):
        sps.pl.overview(mdata[:0].copy())
