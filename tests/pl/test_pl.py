"""Pictures: what is drawn is what is stored, the right way up."""

from __future__ import annotations

import mudata
import numpy as np
import pytest
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure

import spsim as sps
from layout_examples import EXAMPLES
from spsim.pl._panels import SIDE
from spsim.pl._spots import draw_spots
from worlds import made, record_groups


@pytest.fixture
def mdata():
    mdata = sps.datasets.multiomics(n_side=12)
    mdata.obsm["X_guess"] = -mdata.obsm["spatial_factors"][:, [1, 0, 2]]
    return mdata


def spots(ax):
    return ax.collections[0]


def test_factors_show_their_values_upside_down_for_no_one(mdata) -> None:
    figure = sps.pl.factors(mdata)
    for ax, name in zip(figure.axes, sps.get.factors(mdata), strict=True):
        assert ax.get_title() == name and ax.get_aspect() == 1
        assert np.array_equal(spots(ax).get_array(), sps.get.factors(mdata)[name])
        bottom, top = ax.get_ylim()
        assert bottom == 11.5 and top == -0.5  # row 0 on top, spots whole
    corner = spots(figure.axes[0]).get_paths()[0].vertices
    assert corner.min(axis=0).tolist() == [-0.5, -0.5] and corner.max(axis=0).tolist() == [0.5, 0.5]


def test_domains_have_a_colour_each(mdata) -> None:
    (ax,) = sps.pl.domains(mdata).axes
    colours = {tuple(colour) for colour in spots(ax).get_facecolors()}
    assert len(colours) == 5
    figure = Figure()
    own = figure.subplots()
    assert sps.pl.domains(mdata, ax=own) is figure and spots(own)


@pytest.mark.parametrize("pattern", ["quilt", "both"])
def test_overlaps_have_colours_of_their_own(pattern) -> None:
    mdata = sps.datasets.multiomics([{"name": "rna", "n_spatial": 90}], pattern=pattern, n_side=24)
    (ax,) = sps.pl.domains(mdata).axes
    n_domains = len(mdata.obs["domain"].cat.categories)
    assert len(ax.get_legend().get_texts()) == n_domains
    assert len({tuple(np.round(colour, 4)) for colour in spots(ax).get_facecolors()}) == n_domains


def test_recovery_shows_matches_signs_and_losses(mdata) -> None:
    sps.tl.factor_recovery(mdata, "X_guess")
    figure = sps.pl.factor_recovery(mdata, "X_guess")
    titles = [ax.get_title() for ax in figure.axes]
    assert titles[:4] == ["true block_1", "true block_2", "true block_3", "true block_4"]
    assert titles[4] == "X_guess 1: r = -1.000" and titles[7] == "no estimate"
    assert np.array_equal(spots(figure.axes[4]).get_array(), sps.get.factors(mdata)["block_1"])


def test_recovery_needs_its_table(mdata) -> None:
    with pytest.raises(
        KeyError, match="table_key: no 'X_guess_factor_recovery'.*run spsim.tl.factor_recovery.data, 'X_guess'. first"
    ):
        sps.pl.factor_recovery(mdata, "X_guess")


def test_recovery_of_a_blind_copy_and_of_a_modality(mdata) -> None:
    blind = sps.get.without_truth(mdata)
    sps.tl.factor_recovery(blind, "X_guess", truth=mdata)
    assert len(sps.pl.factor_recovery(blind, "X_guess", truth=mdata).axes) == 10
    mdata["rna"].obsm["X_own"] = mdata["rna"].obsm["spatial_factors"]
    sps.tl.factor_recovery(mdata, "rna:X_own")
    assert sps.pl.factor_recovery(mdata, "rna:X_own").axes[4].get_title() == "rna:X_own 0: r = 1.000"


def test_features_and_overview(mdata) -> None:
    figure = sps.pl.features(mdata["rna"], ["rna_0", "rna_7"])
    assert np.array_equal(spots(figure.axes[1]).get_array(), mdata["rna"].layers["counts"][:, 7])
    assert spots(figure.axes[1]).norm.gamma == 0.5
    with pytest.raises(KeyError, match="no feature 'rna_x'"):
        sps.pl.features(mdata["rna"], ["rna_x"])
    with pytest.raises(ValueError, match="names must hold at least one feature, got none"):
        sps.pl.features(mdata["rna"], [])
    titles = [ax.get_title() for ax in sps.pl.overview(mdata).axes]
    assert "protein: total counts" in titles and "domains" in titles


def test_a_feature_is_found_in_its_modality(mdata) -> None:
    names = ["protein_3", "rna_0", "rna:rna_7"]
    figure = sps.pl.features(mdata, names)
    assert [ax.get_title() for ax in figure.axes] == names
    for ax, (modality, column) in zip(figure.axes, [("protein", 3), ("rna", 0), ("rna", 7)], strict=True):
        assert np.allclose(spots(ax).get_array(), mdata[modality].layers["counts"][:, column])
    for name in ("rna_x", "protein:rna_0", "rn:rna_0"):
        with pytest.raises(KeyError, match=f"no feature '{name}'"):
            sps.pl.features(mdata, [name])
    mosaic = sps.datasets.drop_modality(mdata, "protein", fraction=0.25)
    assert len(spots(sps.pl.features(mosaic, ["protein_0"]).axes[0]).get_array()) == mosaic["protein"].n_obs


@pytest.mark.filterwarnings("ignore:var_names are not unique")
@pytest.mark.filterwarnings("ignore:Variable names are not unique")
def test_a_feature_of_two_modalities_must_be_told_apart(mdata) -> None:
    protein = mdata["protein"].copy()
    protein.var_names = ["rna_0", *protein.var_names[1:]]
    both = mudata.MuData({"rna": mdata["rna"].copy(), "protein": protein})
    with pytest.raises(ValueError, match="several modalities: say which one, as 'rna:rna_0', 'protein:rna_0'"):
        sps.pl.features(both, ["rna_0"])
    figure = sps.pl.features(both, ["protein:rna_0"])
    assert np.allclose(spots(figure.axes[0]).get_array(), protein.layers["counts"][:, 0])


def test_too_few_axes_are_refused(mdata) -> None:
    with pytest.raises(ValueError, match=r"axes must be one per factor \(4\), got 1"):
        sps.pl.factors(mdata, axes=[Figure().subplots()])


def test_irregular_spots_are_discs() -> None:
    coordinates = np.random.default_rng(0).uniform(size=(30, 2))
    pattern = sps.patterns.FactorMatrix(factors=np.ones((30, 1)), coordinates=coordinates, spacing=0.1)
    mdata = sps.datasets.multiomics([{"name": "rna", "n_spatial": 3}], pattern=pattern)
    disc = spots(sps.pl.factors(mdata).axes[0]).get_paths()[0].vertices
    assert len(disc) > 20 and np.ptp(disc, axis=0).max() == pytest.approx(0.1)


@pytest.mark.parametrize("select", [slice(None), slice(3, 90)])
@pytest.mark.parametrize("layout", [sps.patterns.Grid(n_rows=10, n_columns=12, spacing=0.1), EXAMPLES["Mask"]])
def test_spots_of_a_rectangular_lattice_are_squares(layout, select) -> None:
    mdata = sps.datasets.quilt(layout=layout, n_spatial=40)[select].copy()
    square = spots(sps.pl.factors(mdata).axes[0]).get_paths()[0].vertices
    assert np.allclose(np.ptp(square, axis=0), layout.spacing) and len(square) == 5


def test_a_lattice_may_start_anywhere() -> None:
    blind = sps.get.without_truth(sps.datasets.quilt(n_side=6, n_spatial=40))["rna"]
    blind.obsm["spatial"] = 40 * np.asarray(blind.obsm["spatial"], float) + 13.7
    ax = Figure().subplots()
    draw_spots(ax, blind)
    assert len(spots(ax).get_paths()[0].vertices) == 5


@pytest.mark.parametrize(
    ("name", "diameter"), [("Hexagonal", 55), ("Stack", 55), ("Jittered", 20), ("Uniform", np.sqrt(60000 / 140))]
)
def test_other_spots_are_discs_of_their_diameter(name, diameter) -> None:
    mdata = sps.datasets.quilt(layout=EXAMPLES[name], n_spatial=40)
    disc = spots(sps.pl.factors(mdata).axes[0]).get_paths()[0].vertices
    assert len(disc) > 20 and np.allclose(np.ptp(disc, axis=0), diameter)


@pytest.mark.parametrize("blind", [False, True])
def test_slices_stand_side_by_side(blind) -> None:
    stack = sps.patterns.Stack(layout=sps.patterns.Grid(n_rows=6, n_columns=10), n_slices=3, slice_spacing=0.01)
    mdata = sps.datasets.quilt(layout=stack, n_spatial=40)
    ax = Figure().subplots()
    draw_spots(ax, sps.get.without_truth(mdata) if blind else mdata)
    centres = np.array([path.vertices[:4].mean(axis=0) for path in spots(ax).get_paths()]).reshape(3, 60, 2)
    for level in range(3):
        # Ten columns and a tenth as a gap.
        assert np.allclose(centres[level] - centres[0], [11 * level, 0])
    assert np.allclose(centres[0], mdata.obsm["spatial"][:60, :2])
    assert np.allclose(ax.get_xlim(), [-0.5, 31.5]) and np.allclose(ax.get_ylim(), [5.5, -0.5])


def test_a_cloud_of_points_is_seen_from_above() -> None:
    layout = EXAMPLES["Coordinates in 3-D"]
    mdata = sps.datasets.quilt(layout=layout, n_spatial=40)
    centres = [path.vertices[:-1].mean(axis=0) for path in spots(sps.pl.factors(mdata).axes[0]).get_paths()]
    assert np.allclose(centres, layout.coordinates[:, :2])


def test_panels_are_shaped_like_the_tissue() -> None:
    wide = sps.datasets.quilt(layout=sps.patterns.Grid(n_rows=8, n_columns=16), n_spatial=40)
    high = sps.datasets.quilt(layout=sps.patterns.Grid(n_rows=16, n_columns=8), n_spatial=40)
    for data, shape in ((wide, 2), (high, 0.5)):
        figure = sps.pl.features(data["rna"], ["rna_0"])
        figure.draw_without_rendering()
        box = figure.axes[0].get_window_extent()
        # As wide and high as it is meant to be: the bar, titles and names have room of their own.
        assert box.width / box.height == pytest.approx(shape)
        assert box.width * box.height / figure.dpi**2 == pytest.approx(SIDE**2, rel=0.25)


@pytest.mark.parametrize("far", [0, 1000])
def test_groups_stand_side_by_side_with_their_names(far) -> None:
    import anndata

    first, second = (sps.datasets.quilt(n_side=12, n_spatial=20, rng=seed)["rna"] for seed in (0, 1))
    second.obsm["spatial"] = second.obsm["spatial"] + far
    joined = anndata.concat({"b": first, "a": second}, label="slice", index_unique="-", uns_merge="first")
    for ax in (
        sps.pl.domains(joined, groups="slice").axes[0],
        sps.pl.factors(joined, groups="slice").axes[0],
        sps.pl.features(joined, ["rna_0"], groups="slice").axes[0],
    ):
        corners = np.array([path.vertices[:4].mean(axis=0) for path in ax.collections[0].get_paths()])
        # Each slice keeps its picture, in the order of the categories, with a gap of a tenth of its width.
        assert np.allclose(corners[:144], first.obsm["spatial"], atol=1e-6)
        assert np.allclose(corners[144:], first.obsm["spatial"] + [1.1 * 12, 0], atol=1e-6)
        assert [text.get_text() for text in ax.texts] == ["b", "a"]
    with pytest.raises(KeyError, match="groups in obs: no 'slic'; there are"):
        sps.pl.domains(joined, groups="slic")


def test_the_recorded_label_makes_the_panels() -> None:
    mdata = sps.datasets.quilt(n_side=12, n_spatial=20)
    for part in (mdata, mdata["rna"]):
        part.obs["half"] = np.where(np.arange(144) % 12 < 6, "left", "right")
        record_groups(part, "half")
    drawn = [ax for ax in sps.pl.overview(mdata).axes if ax.collections]
    assert len(drawn) > 4 and all([text.get_text() for text in ax.texts] == ["left", "right"] for ax in drawn)


def test_any_label_and_any_block_are_drawn() -> None:
    mdata = made("everything")
    (ax,) = sps.pl.domains(mdata, label="cell_type").axes
    types = mdata.obs["cell_type"]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == list(types.cat.categories)
    shown = [tuple(colour) for colour in spots(ax).get_facecolors()]
    assert len(set(zip(types, shown, strict=True))) == len(set(shown)) == len(types.cat.categories)
    assert [text.get_text() for text in ax.texts] == list(mdata.obs["slice"].cat.categories)
    for data, block in ((mdata, "cell_type"), (mdata["rna"], "nonspatial"), (mdata["rna"], "batch")):
        figure, table = sps.pl.factors(data, block=block), sps.get.factors(data, block=block)
        assert [axes.get_title() for axes in figure.axes] == list(table)
        for axes, name in zip(figure.axes, table, strict=True):
            assert np.array_equal(spots(axes).get_array(), table[name])
    with pytest.raises(KeyError, match="it belongs to modalities, take one of 'rna', 'protein'"):
        sps.pl.factors(mdata, block="nonspatial")


def test_spots_without_a_label_are_in_the_legend() -> None:
    mdata = made("types")
    mdata.obs["cell_type"] = mdata.obs["cell_type"].where(np.arange(100) > 0)
    (ax,) = sps.pl.domains(mdata, label="cell_type").axes
    colours = spots(ax).get_facecolors()
    assert tuple(colours[0]) not in {tuple(colour) for colour in colours[1:]}
    assert [text.get_text() for text in ax.get_legend().get_texts()][-1] == "NA"
    assert to_rgba(ax.get_legend().legend_handles[-1].get_color()) == tuple(colours[0])


@pytest.mark.parametrize("block", ["cell_type", "nonspatial"])
def test_recovery_of_any_block_is_drawn(block) -> None:
    mdata = made("everything")
    truth = mdata["rna"].obsm[f"{block}_factors"]
    mdata["rna"].obsm["E"] = truth[:, ::-1]
    table = sps.tl.factor_recovery(mdata, "rna:E", block=block, n_chance=0)
    figure = sps.pl.factor_recovery(mdata, "rna:E", block=block)
    assert len(figure.axes) > len(table) == truth.shape[1] > 1
    for ax, name, column in zip(figure.axes, table.index, truth.T, strict=False):
        assert ax.get_title() == f"true {name}" and np.array_equal(spots(ax).get_array(), column)


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


def test_an_overview_of_nobody_is_refused() -> None:
    mdata = sps.datasets.citeseq(n_cells=20)
    with pytest.raises(ValueError, match="mdata must hold at least one observation to be drawn, got none"):
        sps.pl.overview(mdata[:0].copy())
