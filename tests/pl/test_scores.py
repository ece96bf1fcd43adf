"""Pictures of scores show what tl stored."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.colors import to_rgba

import spsim as sps


@pytest.fixture
def mdata():
    modalities = [{"name": "rna", "n_spatial": 40, "n_nonspatial": 20}]
    mdata = sps.datasets.multiomics(modalities, n_side=12)
    mdata.obsm["X_guess"] = mdata.obsm["spatial_factors"][:, [1, 0, 2]] * [-1, 1, 1]
    mdata.obs["guess"] = mdata.obs["domain"]
    mdata["rna"].var["score"] = np.linspace(1, 0, 60)
    return mdata


def test_the_matrix_is_the_stored_one_with_frames_on_the_matches(mdata) -> None:
    table = sps.tl.factor_recovery(mdata, "X_guess", n_chance=0)
    matrix = sps.pl.factor_recovery(mdata, "X_guess").axes[8]
    (image,) = matrix.images
    assert np.array_equal(image.get_array(), mdata.uns["X_guess_factor_recovery_correlation"])
    assert image.get_clim() == (-1, 1) and len(matrix.texts) == 12
    frames = {(patch.get_y() + 0.5, patch.get_x() + 0.5) for patch in matrix.patches}
    assert frames == {(row, column) for row, column in enumerate(table["match"]) if column >= 0}
    assert [label.get_text() for label in matrix.get_yticklabels()] == list(table.index)


def test_many_components_have_no_numbers(mdata) -> None:
    mdata.obsm["X_many"] = np.random.default_rng(0).random((144, 25))
    sps.tl.factor_recovery(mdata, "X_many", n_chance=0)
    assert not sps.pl.factor_recovery(mdata, "X_many").axes[8].texts


def test_scores_say_value_chance_and_ceiling(mdata) -> None:
    table = sps.tl.evaluate(mdata, ["X_guess", "guess"], n_chance=5)
    ax = sps.pl.scores(mdata, names=np.array(["ari", "factor_recovery", "chaos"])).axes[0]
    labels = [label.get_text() for label in ax.get_yticklabels()]
    assert labels[:3] == ["ari · domains", "ari · foreground", "factor recovery · block_1"]
    assert labels[-1] == "chaos · space ↓"
    assert [label.get_text() for label in ax.get_xticklabels()] == ["X_guess", "guess"]
    places = ax.images[0].get_array()
    assert places.mask[:2, 0].all() and places[0, 1] == 1  # no labels there; the truth itself is at its ceiling
    assert places.mask[-1].all()  # continuity has no chance
    cell = table[(table["key"] == "X_guess") & (table["target"] == "block_4") & (table["score"] == "factor_recovery")]
    assert cell["value"].item() == 0 and places[5, 0] == 0  # worse than chance is drawn as chance
    texts = [text.get_text() for text in ax.texts if text.get_position() == (0, 5 + 0.26)]
    assert texts == [f"{cell['chance'].item():.2f} … 1.00"]


@pytest.mark.parametrize("value", [0.06, 0.3])
def test_a_factor_that_no_one_sees_stays_dark(mdata, value) -> None:
    table = sps.tl.evaluate(mdata, ["X_guess"], n_chance=5, scores=["variance_recovered", "subspace_angle"])
    row = table["target"] == "block_2"
    table.loc[row, ["value", "chance", "ceiling"]] = value, 0.04, value
    table.loc[table["score"] == "subspace_angle", ["value", "chance", "ceiling"]] = 1.4, 1.5, 1.4
    table.loc[table["target"] == "block_3", ["value", "chance", "ceiling"]] = np.nan
    mdata.uns["evaluate"] = table
    ax = sps.pl.scores(mdata).axes[0]
    labels = [label.get_text() for label in ax.get_yticklabels()]
    places = dict(zip(labels, ax.images[0].get_array()[:, 0], strict=True))
    assert places["variance recovered · block_1"] > 0.99
    assert places["variance recovered · block_2"] == pytest.approx((value - 0.04) / 0.96)
    assert places["subspace angle · factors ↓"] == pytest.approx(0.1 / 1.5)
    assert places["variance recovered · block_3"] is np.ma.masked
    assert "?" in [text.get_text() for text in ax.texts]  # not a value that was not computed


def test_all_scores_fit_by_default(mdata) -> None:
    sps.tl.evaluate(mdata, ["X_guess"], n_chance=0)
    ax = sps.pl.scores(mdata).axes[0]
    assert "factor recovery · block_1" in [label.get_text() for label in ax.get_yticklabels()]
    assert ax.images[0].get_array().mask.all() and any("? … ?" in text.get_text() for text in ax.texts)


def test_the_curve_is_the_stored_one(mdata) -> None:
    rna = mdata["rna"]
    table = sps.tl.svg_detection(rna, "score")
    rna.var["reversed"] = -rna.var["score"]
    sps.tl.svg_detection(rna, "reversed")
    figure = sps.pl.svg_detection(rna, "score")
    (ax,) = figure.axes
    line, chance = ax.lines
    curve = rna.uns["score_svg_detection_curve"]
    assert np.array_equal(line.get_xdata()[1:], curve["recall"]) and line.get_xdata()[0] == 0
    assert np.array_equal(line.get_ydata()[1:], curve["precision"])
    assert chance.get_ydata()[0] == table.loc["average_precision", "chance"]
    assert sps.pl.svg_detection(rna, "reversed", ax=ax) is figure
    colours = [to_rgba(drawn.get_color()) for drawn in ax.lines if drawn.get_linestyle() == "-"]
    assert len(ax.lines) == 3 and len(set(colours)) == 2  # chance once, a colour each


def test_missing_tables_and_unknown_scores_are_named(mdata) -> None:
    with pytest.raises(
        KeyError, match=r"table_key: no 'evaluate' in uns; there are none: run spsim.tl.evaluate\(data, keys\) first"
    ):
        sps.pl.scores(mdata)
    with pytest.raises(
        KeyError, match="table_key: no 'score_svg_detection'.*run spsim.tl.svg_detection.data, 'score'. first"
    ):
        sps.pl.svg_detection(mdata["rna"], "score")
    sps.tl.evaluate(mdata, ["guess"], n_chance=0)
    with pytest.raises(ValueError, match=r"names must be one of .*, got 'arii' \(did you mean 'ari'\?\)"):
        sps.pl.scores(mdata, names=["arii"])
