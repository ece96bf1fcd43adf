"""Legends are whole, titles have the text's colour and a swatch."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_rgba
from matplotlib.offsetbox import AnnotationBbox

import spsim as sps
from picture_boxes import LONG, VISIUM, apart, drawn, whole, with_names
from worlds import made

LEGENDS = {
    "names of three overlapping factors": lambda: sps.datasets.quilt(n_side=12, n_spatial=40),
    "thirty long names": lambda: with_names([f"layer_{i} {LONG}" for i in range(30)]),
    "one very long name": lambda: with_names(["a", f"layer {LONG} and again" + LONG]),
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
    # A notebook cuts pictures to what they count as theirs.
    inches, own = figure.get_tightbbox(), legend.get_window_extent()
    assert inches.x0 * figure.dpi <= own.x0 and own.x1 <= inches.x1 * figure.dpi + 1
    # The panel has the size that it is meant to have.
    panel, room = figure.axes[0].get_window_extent(), figure.bbox.width - own.width
    assert panel.width > 0.75 * room or panel.height > 0.75 * figure.bbox.height


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
