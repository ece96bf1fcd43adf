"""Pictures can be read: nothing small, nothing cut, nothing on top of another."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

import spsim as sps
from picture_boxes import LONG, RNA, apart, drawn, whole, with_names
from spsim.pl._colours import text_on
from worlds import made


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


def test_the_overview_has_no_row_of_which_nothing_is_shown() -> None:
    """A modality that responds to one domain has no features to draw below the domains that go on below."""
    one, other = {"name": "rna", "n_spatial": 20}, {"name": "protein", "n_spatial": 10, "active_factors": [0]}
    mdata = sps.simulate(sps.Scenario([one, other], n_side=10, design=sps.designs.Slices(n_slices=2)))
    figure = sps.pl.overview(mdata)
    figure.canvas.draw()
    titled = [ax for ax in figure.axes if ax.get_title(loc="center") or ax.get_title(loc="left")]
    rows = sorted({round(ax.get_window_extent().y0) for ax in titled})
    height = figure.axes[0].get_window_extent().height
    # No gap is larger than a row with its titles.
    assert len(rows) == 5 and max(np.diff(rows)) < 1.6 * height and rows[0] < 0.6 * height
    full = sps.pl.overview(sps.datasets.multiomics(n_side=8))
    assert full.get_size_inches()[1] == pytest.approx(3 * 2.55 + 0.35)
