"""Chance of a partition, and the curve of a ranking."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, precision_recall_curve

from spsim import metrics

GRID = np.indices((12, 15)).reshape(2, -1).T.astype(float)
HEXAGONAL = GRID * [np.sqrt(3) / 2, 1] + np.column_stack([np.zeros(180), GRID[:, 0] % 2 / 2])
TRUTH = np.array(["background", "a", "b"])[(GRID[:, 0] > 3).astype(int) + (GRID[:, 1] > 9)]
LABELS = np.array(list("xyz"))[(GRID.sum(axis=1) // 9).astype(int)]


@pytest.mark.parametrize("points", [GRID, HEXAGONAL, np.random.default_rng(0).random((180, 2))])
def test_it_is_the_mean_over_shifts(points) -> None:
    codes = np.unique(LABELS, return_inverse=True)[1]
    draws = [
        metrics.domain_agreement(draw, TRUTH) for draw in metrics.label_shift_null(LABELS, points, n_draws=7, rng=3)
    ]
    expected = {name: np.mean([draw[name] for draw in draws]) for name in draws[0]}
    assert metrics.domain_chance(codes, TRUTH, points, n_draws=7, rng=3) == pytest.approx(expected, abs=1e-12)
    assert len({draw.tobytes() for draw in metrics.label_shift_null(LABELS, points, n_draws=7, rng=3)}) >= 5


@pytest.mark.parametrize("points", [GRID, HEXAGONAL])
def test_shifts_keep_what_they_move(points) -> None:
    """On a lattice exactly; elsewhere sizes change a little, and neighbours mostly stay neighbours."""
    codes = np.unique(LABELS, return_inverse=True)[1]
    own = metrics.pas(codes, points, n_neighbors=4)
    draws = list(metrics.label_shift_null(codes, points, n_draws=10))
    assert len(draws) == 10
    for draw in draws:
        assert (draw != codes).any()
        sizes = np.abs(np.bincount(draw, minlength=3) - np.bincount(codes))
        assert sizes.max() <= (0 if points is GRID else 36)
        # Two seams of a torus of 12 x 15 touch 27 of 180 spots on either side.
        assert metrics.pas(draw, points, n_neighbors=4) <= own + 54 / 180


def test_names_and_order_of_spots_do_not_matter() -> None:
    renamed = np.select([LABELS == "x", LABELS == "y"], [7, 3], 5)
    expected = metrics.domain_chance(LABELS, TRUTH, HEXAGONAL)
    assert metrics.domain_chance(renamed, TRUTH, HEXAGONAL) == pytest.approx(expected)
    order = np.random.default_rng(0).permutation(180)
    shuffled = metrics.domain_chance(LABELS[order], TRUTH[order], HEXAGONAL[order])
    assert shuffled == pytest.approx(expected) and expected["n"] == 180


def test_smooth_chance_is_above_that_of_shuffled_labels() -> None:
    rng = np.random.default_rng(0)
    shuffled = np.mean([metrics.domain_agreement(rng.permutation(LABELS), TRUTH)["ari"] for _ in range(50)])
    # Adjusted for shuffling: 0 there, and well above for a map with as few borders as the truth.
    assert abs(shuffled) < 0.01 < 0.05 < metrics.domain_chance(LABELS, TRUTH, GRID, n_draws=50)["ari"]


def test_the_foreground_alone() -> None:
    foreground = TRUTH != "background"
    chance = metrics.domain_chance(LABELS, TRUTH, GRID, foreground=foreground)
    assert chance["n"] == foreground.sum()


def test_bad_input() -> None:
    with pytest.raises(ValueError, match="labels and coordinates must have the same number of rows, got 180 and 179"):
        metrics.domain_chance(LABELS, TRUTH, GRID[1:])
    with pytest.raises(ValueError, match="n_draws must be a whole number of at least 1, got 0"):
        metrics.domain_chance(LABELS, TRUTH, HEXAGONAL, n_draws=0)


def test_the_curve_is_that_of_scikit_learn() -> None:
    rng = np.random.default_rng(0)
    scores, spatial = rng.integers(0, 30, 100) / 7, rng.random(100) < 0.3
    curve = metrics.precision_recall_curve(scores, spatial)
    precision, recall, _ = precision_recall_curve(spatial, scores)
    assert np.allclose(curve["precision"], precision[-2::-1]) and np.allclose(curve["recall"], recall[-2::-1])
    area = np.diff(curve["recall"], prepend=0) @ curve["precision"]
    assert area == pytest.approx(average_precision_score(spatial, scores), abs=1e-12)
    assert curve["n_selected"][-1] == 100
    with pytest.raises(ValueError, match="at least one spatial feature"):
        metrics.precision_recall_curve(scores, np.zeros(100, bool))
