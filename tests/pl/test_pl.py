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
