"""Pictures can be read: legends whole, colours explained, lengths told, nothing small, nothing on top of another."""

from __future__ import annotations

from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_rgba
from matplotlib.offsetbox import AnnotationBbox
from mpl_toolkits.axes_grid1.anchored_artists import AnchoredSizeBar

import spsim as sps
from layout_examples import EXAMPLES
from spsim.pl._colours import text_on
from spsim.pl._scale import colour_limits
from worlds import made

VISIUM = sps.patterns.Hexagonal(n_rows=20, n_columns=16)
LONG = "of the dorsolateral prefrontal cortex"


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def drawn(figure, dpi: float | None = None):
    if dpi is not None:
        figure.set_dpi(dpi)
    figure.draw_without_rendering()
    return figure


RNA = {"name": "rna", "n_spatial": 200}


def with_names(names):
    """Layers of which each has one of some names."""
    layers = sps.patterns.Layers(names=names, n_layers=len(names))
    return sps.datasets.multiomics([RNA], pattern=layers, n_side=max(len(names), 12))


def whole(figure, artists) -> bool:
    frame = figure.bbox.padded(0.5)
    boxes = [artist.get_window_extent() for artist in artists]
    return all(frame.x0 <= box.x0 and box.x1 <= frame.x1 and frame.y0 <= box.y0 and box.y1 <= frame.y1 for box in boxes)


def apart(artists) -> bool:
    boxes = [artist.get_window_extent() for artist in artists]
    return not any(one.overlaps(other) for i, one in enumerate(boxes) for other in boxes[:i])


def scale_bars(ax):
    return [artist for artist in ax.artists if isinstance(artist, AnchoredSizeBar)]


LEGENDS = {
    "names of three overlapping factors": lambda: sps.datasets.quilt(n_side=12, n_spatial=40),
    "thirty long names": lambda: with_names([f"layer_{i} {LONG}" for i in range(30)]),
    "one very long name": lambda: with_names(["a", f"layer {LONG} "[:49] * 2]),
    "hundred names": lambda: with_names([f"type_{i}" for i in range(100)]),
    "hexagons": lambda: sps.datasets.multiomics(layout=VISIUM),
    "slices": lambda: made("slices"),
    "a wide view": lambda: sps.datasets.multiomics(n_side=30)[:150],
    "a high layout": lambda: sps.datasets.quilt(layout=sps.patterns.Grid(n_rows=40, n_columns=6), n_spatial=40),
}


@pytest.mark.parametrize("dpi", [60, 150])
@pytest.mark.parametrize("name", LEGENDS)
def test_legends_are_whole_and_beside_the_spots(name, dpi) -> None:
    mdata = LEGENDS[name]()
    labels = list(mdata.obs["domain"].cat.categories)
    figure = drawn(sps.pl.domains(mdata), dpi)
    legend = figure.axes[0].get_legend()
    assert [text.get_text() for text in legend.get_texts()] == labels
    assert whole(figure, [*legend.get_texts(), *legend.legend_handles])
    assert apart([figure.axes[0].patch, legend]) and apart(legend.get_texts())


@pytest.mark.parametrize("layout", [None, "constrained", "tight"])
def test_legends_are_whole_on_axes_of_the_users(layout) -> None:
    figure, axes = plt.subplots(1, 2, figsize=(9, 4), layout=layout)
    for ax in axes:
        assert sps.pl.domains(sps.datasets.quilt(n_side=12, n_spatial=40), ax=ax) is figure
    drawn(figure)
    legends = [ax.get_legend() for ax in axes]
    assert whole(figure, legends) and apart([*legends, *(ax.patch for ax in axes)])


@pytest.mark.parametrize("name", ["names of three overlapping factors", "hexagons", "thirty long names", "slices"])
def test_the_overview_explains_its_domains(name) -> None:
    mdata = LEGENDS[name]()
    figure = drawn(sps.pl.overview(mdata))
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == list(mdata.obs["domain"].cat.categories)
    assert whole(figure, [legend]) and apart([legend, *(ax.patch for ax in figure.axes)])


@pytest.mark.parametrize("style", ["default", "dark_background"])
def test_titles_have_the_colour_of_text_and_a_swatch_where_a_domain_is_a_factor(style) -> None:
    with plt.style.context(style):
        mdata = sps.datasets.multiomics(n_side=12)
        figure = drawn(sps.pl.overview(mdata))
        domains, *factors = figure.axes[:5]
        text = to_rgba(plt.rcParams["text.color"])
        assert {to_rgba(ax.title.get_color()) for ax in figure.axes} == {text}
        handles = dict(zip(mdata.obs["domain"].cat.categories, figure.legends[0].legend_handles, strict=True))
        for ax in factors:
            (swatch,) = [artist for artist in ax.artists if isinstance(artist, AnnotationBbox)]
            (patch,) = swatch.offsetbox.get_children()
            assert patch.get_facecolor() == to_rgba(handles[ax.get_title()].get_color())
            assert apart([patch, ax.title, ax.patch])
        assert not domains.artists
        # Spots of the background are closer to the paper than to the text.
        background = np.array(to_rgba(handles["background"].get_color()))[:3]
        paper = to_rgba(plt.rcParams["figure.facecolor"])[:3]
        assert np.abs(background - paper).max() < np.abs(background - text[:3]).max()


def test_factors_that_overlap_have_no_swatch() -> None:
    figure = sps.pl.overview(sps.datasets.quilt(n_side=12, n_spatial=40))
    assert not any(isinstance(artist, AnnotationBbox) for ax in figure.axes for artist in ax.artists)


def test_every_panel_of_values_has_a_colour_bar_beside_it() -> None:
    mdata = sps.datasets.multiomics(layout=VISIUM)
    mdata.obsm["X"] = mdata.obsm["spatial_factors"]
    sps.tl.factor_recovery(mdata, "X", n_chance=0)
    pictures = [
        (sps.pl.factors(mdata), ["factor"] * 4),
        (sps.pl.features(mdata["rna"], ["rna_0", "rna_1"]), ["counts"] * 2),
        (sps.pl.factor_recovery(mdata, "X"), ["factor"] * 4 + ["estimate"] * 4),
        (sps.pl.overview(mdata), ["factor"] * 4 + ["counts"] * 6),
    ]
    for figure, labels in pictures:
        drawn(figure)
        panels = [
            ax
            for ax in figure.axes
            if ax.get_visible() and ax.collections and ax.collections[0].get_array() is not None
        ]
        assert len(panels) >= len(labels) - 1
        bars = [ax.collections[0].colorbar for ax in panels]
        assert [bar.ax.get_ylabel() for bar in bars][: len(labels) - 1] == labels[:-1]
        assert whole(figure, [bar.ax.yaxis.label for bar in bars])
        # As high as the panel, and on nothing else.
        for ax, bar in zip(panels, bars, strict=True):
            one, other = ax.get_window_extent(), bar.ax.get_window_extent()
            assert other.height <= one.height + 1 and one.x1 < other.x0 < one.x1 + 0.2 * figure.dpi
        assert apart([*(bar.ax.yaxis.label for bar in bars), *(ax.patch for ax in panels)])
        # Equal panels, as they lie.
        sizes = [ax.get_window_extent().size for ax in panels]
        assert np.allclose(sizes, sizes[0], atol=1)
        assert all(ax.get_aspect() == 1 for ax in panels)


def test_single_spots_do_not_take_the_scale() -> None:
    mdata = sps.datasets.multiomics(layout=VISIUM)
    adata = mdata["rna"]
    adata.layers["counts"][5, 0] = 10_000
    adata.layers["counts"][6, 0] = 0
    counts = np.asarray(adata.layers["counts"][:, 0], float)
    spots = sps.pl.features(adata, ["rna_0"]).axes[0].collections[0]
    assert spots.get_clim() == (0, np.percentile(counts, 99)) and spots.get_clim()[1] < 100
    assert spots.colorbar.extend == "max"


def test_negative_values_keep_their_place() -> None:
    adata = sps.datasets.multiomics([{"name": "rna", "likelihood": {"name": "Gaussian"}}], n_side=12)["rna"]
    adata.layers["raw"][:, 0] -= adata.layers["raw"][:, 0].mean()
    spots = sps.pl.features(adata, ["rna_0"]).axes[0].collections[0]
    values = adata.layers["raw"][:, 0]
    assert np.array_equal(spots.get_array(), values)
    assert spots.get_clim() == (np.percentile(values, 1), np.percentile(values, 99))
    # Linear: the middle of the scale is the middle of the colours.
    assert spots.norm(np.mean(spots.get_clim())) == pytest.approx(0.5)
    assert spots.colorbar.extend == "both" and spots.colorbar.ax.get_ylabel() == "values"


@pytest.mark.parametrize(
    ("values", "limits"),
    [
        ([0, 1], (0, 0.99)),
        (np.eye(1, 500)[0], (0, 1)),  # less than one in a hundred
        (np.full(9, 3.0), (3, 4)),
        (np.zeros(9), (0, 1)),
        ([np.nan, np.nan], (0, 1)),
        ([0, np.nan, np.inf, 2], (0, 1.98)),
        ([-100, *np.zeros(98), 100], (-1, 1)),
    ],
)
def test_limits_of_colour_scales(values, limits) -> None:
    assert colour_limits(np.asarray(values, float)) == pytest.approx(limits)


def test_a_region_of_fewer_spots_than_the_percentile_is_seen() -> None:
    factor = np.zeros((400, 1))
    factor[:2] = 1
    y, x = np.divmod(np.arange(400), 20)
    pattern = sps.patterns.FactorMatrix(factors=factor, coordinates=np.column_stack([x, y]))
    mdata = sps.datasets.multiomics([{"name": "rna", "n_spatial": 3}], pattern=pattern)
    spots = sps.pl.factors(mdata).axes[0].collections[0]
    assert spots.get_clim() == (0, 1) and spots.colorbar.extend == "neither"


@pytest.mark.parametrize(
    ("layout", "length", "text"),
    [
        (VISIUM, 500, "500 µm"),
        (sps.patterns.Hexagonal(), 2000, "2 mm"),
        (EXAMPLES["Grid"], 0.2, "200 µm"),
        (sps.patterns.Uniform(n_spots=90, width=1000, height=1000, unit="Micrometres"), 200, "200 µm"),
        (sps.patterns.Grid(n_rows=9, n_columns=9, spacing=4, unit="nm"), 10, "10 nm"),
        (sps.patterns.Grid(n_rows=90, n_columns=90, spacing=4, unit="pixels"), 100, "100 px"),
        (EXAMPLES["Stack"], 100, "100 µm"),
    ],
)
def test_a_scale_bar_tells_lengths(layout, length, text) -> None:
    mdata = sps.datasets.multiomics([{"name": "rna", "n_spatial": 3}], layout=layout)
    for figure in (
        sps.pl.domains(mdata),
        sps.pl.factors(mdata),
        sps.pl.features(mdata["rna"], ["rna_0"]),
        sps.pl.overview(mdata),
    ):
        drawn(figure)
        (bar,) = scale_bars(figure.axes[0])
        (line,) = bar.size_bar.get_children()
        ends = figure.axes[0].transData.inverted().transform(line.get_window_extent())
        assert np.ptp(ends[:, 0]) == pytest.approx(length)
        assert bar.txt_label.get_text() == text
        assert whole(figure, [bar]) and apart([bar, figure.axes[0].patch])
        assert apart([bar, *figure.axes[0].texts])
        assert not any(scale_bars(ax) for ax in figure.axes[1:])


@pytest.mark.parametrize("unit", ["spot", "unit square", "kilogram"])
def test_what_is_no_length_has_no_scale_bar(unit) -> None:
    layout = sps.patterns.Grid(n_rows=9, n_columns=9, unit=unit)
    mdata = sps.datasets.multiomics([{"name": "rna", "n_spatial": 3}], layout=layout)
    assert not scale_bars(sps.pl.domains(mdata).axes[0])
    assert not scale_bars(sps.pl.domains(mdata["rna"][:40]).axes[0])


def test_columns_that_do_not_fit_go_on_below() -> None:
    mdata = with_names([f"layer_{i}" for i in range(12)])
    mdata.obsm["X"] = mdata.obsm["spatial_factors"]
    sps.tl.factor_recovery(mdata, "X", n_chance=0)
    for figure in (sps.pl.factors(mdata), sps.pl.overview(mdata), sps.pl.factor_recovery(mdata, "X")):
        drawn(figure)
        assert figure.get_size_inches()[0] < 18
        boxes = [ax.get_window_extent() for ax in figure.axes]
        titles = [ax.title for ax in figure.axes if ax.get_visible()]
        assert len({round(box.y0) for box in boxes}) > 2 and apart(titles)
        assert not any(one.overlaps(other) for i, one in enumerate(boxes) for other in boxes[:i])
    names = [ax.get_title() for ax in sps.pl.factors(mdata).axes]
    assert names == list(sps.get.factors(mdata))


def test_long_titles_and_names_of_slices_are_broken() -> None:
    mdata = with_names([f"layer {i} {LONG} of a donor with a long name" for i in range(4)])
    figure = drawn(sps.pl.factors(mdata))
    assert apart([ax.title for ax in figure.axes]) and whole(figure, [ax.title for ax in figure.axes])
    assert " ".join(figure.axes[0].get_title().split()) == list(sps.get.factors(mdata))[0]
    slices = made("slices")
    slices.obs["sample"] = slices.obs["slice"].cat.rename_categories(lambda name: f"{name} {LONG}")
    figure = drawn(sps.pl.domains(slices, groups="sample"))
    assert len(figure.axes[0].texts) == 3 and apart(figure.axes[0].texts) and whole(figure, figure.axes[0].texts)


@pytest.mark.parametrize("n_keys", [1, 3, 12])
@pytest.mark.parametrize("dpi", [60, 150])
def test_scores_can_be_read(n_keys, dpi) -> None:
    mdata = sps.datasets.multiomics([{"name": "rna", "n_spatial": 40}], n_side=12)
    keys = [f"a_method_with_a_long_name_{i}" if i % 2 else f"m{i}" for i in range(n_keys)]
    for key in keys:
        mdata.obs[key] = mdata.obs["domain"]
    sps.tl.evaluate(mdata, keys, n_chance=2)
    for names in (["ari"], ["ari", "nmi", "chaos", "homogeneity", "completeness"]):
        figure = drawn(sps.pl.scores(mdata, names=names), dpi)
        (ax,) = figure.axes
        bar = ax.images[0].colorbar
        labels = [*ax.get_xticklabels(), *ax.get_yticklabels()]
        texts = [*ax.texts, *labels, *bar.ax.get_xticklabels(), bar.ax.xaxis.label]
        assert min(text.get_fontsize() for text in texts) >= 8
        assert whole(figure, texts) and apart(ax.texts)
        # Turned names are parallel: what must not meet are their lines, not their boxes.
        starts = [label.get_window_extent().x0 for label in ax.get_xticklabels()]
        turned = ax.get_xticklabels()[0].get_rotation() != 0
        assert apart(ax.get_xticklabels()) if not turned else all(b - a > 0.5 * dpi for a, b in pairwise(starts))
        assert turned == (n_keys > 1)
        cell = ax.get_window_extent()
        for i, text in enumerate(ax.texts):
            assert text.get_window_extent().width < cell.width / n_keys, i


def test_what_is_written_stands_out_from_its_cell() -> None:
    assert [text_on(colour) for colour in ("black", "white", "#440154", "#fde725", "#1f1f1f", "#d9d9d9")] == [
        *("white", "black", "white", "black", "white", "black")
    ]


def test_numbers_of_the_matrix_can_be_read() -> None:
    mdata = sps.datasets.multiomics([RNA], pattern=sps.patterns.Layers(n_layers=2), n_side=12)
    for n_components in (1, 24, 60):
        mdata.obsm["X"] = np.random.default_rng(0).normal(size=(144, n_components))
        sps.tl.factor_recovery(mdata, "X", n_chance=0)
        figure = drawn(sps.pl.factor_recovery(mdata, "X"))
        matrix = figure.axes[4]
        ticks = [label for label in matrix.get_xticklabels() if label.get_text()]
        assert apart(matrix.texts) and apart(ticks) and whole(figure, [matrix.title, *matrix.texts, *ticks])
        assert min(text.get_fontsize() for text in [*matrix.texts, *ticks]) >= 8


def test_the_legend_of_curves_is_below_them() -> None:
    rna = sps.datasets.quilt(n_side=12, n_spatial=20, n_nonspatial=30)["rna"]
    figure = None
    for i in range(4):
        rna.var[f"a_ranking_of_a_method_{i}"] = np.arange(50.0)
        sps.tl.svg_detection(rna, f"a_ranking_of_a_method_{i}")
        ax = figure.axes[0] if figure else None
        figure = sps.pl.svg_detection(rna, f"a_ranking_of_a_method_{i}", ax=ax)
    drawn(figure)
    legend = figure.axes[0].get_legend()
    assert whole(figure, [legend]) and apart([legend, figure.axes[0].patch])
    assert apart([legend, figure.axes[0].xaxis.label]) and len(legend.get_texts()) == 5
