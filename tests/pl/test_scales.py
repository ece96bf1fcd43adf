"""Colours are explained by bars that single spots do not take over, lengths by scale bars."""

from __future__ import annotations

import numpy as np
import pytest
from mpl_toolkits.axes_grid1.anchored_artists import AnchoredSizeBar

import spsim as sps
from layout_examples import EXAMPLES
from picture_boxes import VISIUM, apart, drawn, whole
from spsim.pl._scale import colour_limits


def scale_bars(ax):
    return [artist for artist in ax.artists if isinstance(artist, AnchoredSizeBar)]


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
