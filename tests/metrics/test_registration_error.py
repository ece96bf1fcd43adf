"""Aligned slices against the true frame: closed forms, motions that must not matter, and motions that must."""

from __future__ import annotations

import numpy as np
import pytest

from oracles import metrics_slices as oracle
from spsim import metrics

GRID = np.indices((8, 7)).reshape(2, -1).T.astype(float)
# The second slice lies half a spacing off and reaches further, the third is cropped.
TRUTH = np.vstack([GRID, GRID + [0.5, 2.5], GRID[GRID[:, 0] > 1]])
SLICES = np.repeat(list("stu"), [56, 56, 42])
SHARED = metrics.shared_area(TRUTH, SLICES)
TRUTH.flags.writeable = SLICES.flags.writeable = False


def turned(points: np.ndarray, degrees: float) -> np.ndarray:
    angle = np.deg2rad(degrees)
    return points @ [[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]]


def test_the_shared_area_is_that_of_the_plain_loops() -> None:
    assert SHARED.tolist() == oracle.shared_area(TRUTH.tolist(), SLICES.tolist())
    assert 0.3 < SHARED.mean() < 0.9
    random = np.random.default_rng(0).random((120, 2))
    slices = np.random.default_rng(1).integers(3, size=120)
    assert metrics.shared_area(random, slices).tolist() == oracle.shared_area(random.tolist(), slices.tolist())


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("mirror", [1, -1])
def test_agrees_with_the_closed_form(seed, mirror) -> None:
    aligned = turned(TRUTH * [mirror, 1], 40 * seed) + np.random.default_rng(seed).normal(0, 0.7, TRUTH.shape)
    result = metrics.registration_error(aligned, TRUTH, SLICES)
    own = oracle.registration(aligned[SHARED].tolist(), TRUTH[SHARED].tolist(), SLICES[SHARED].tolist())
    assert result.names == list(own)
    np.testing.assert_allclose(result.score, list(own.values()), rtol=1e-10)
    assert result.n.sum() == SHARED.sum()


@pytest.mark.parametrize("degrees", [0, 33, 180, 271])
def test_one_motion_of_all_slices_does_not_matter(degrees) -> None:
    result = metrics.registration_error(turned(TRUTH * [-1, 1], degrees) + [1e3, -50], TRUTH, SLICES)
    np.testing.assert_allclose(result.score, 0, atol=1e-9)
    np.testing.assert_allclose(result.scale, 1, rtol=1e-9)
    assert not result.is_reflected.any() and (result.angle < 1e-6).all() and (result.shift < 1e-9).all()


def test_a_scale_is_an_error_and_is_told() -> None:
    result = metrics.registration_error(2 * TRUTH, TRUTH, SLICES)
    assert (result.score > 1).all()
    np.testing.assert_allclose(result.scale, 2)
    np.testing.assert_allclose(result.residual, 0, atol=1e-7)


def test_parts_say_what_one_slice_lacks() -> None:
    """Many slices in place fix the frame, so that the last one's own motion is what is left."""
    truth, slices = np.tile(GRID, (30, 1)), np.repeat(np.arange(30), 56)
    for change, check in (
        (lambda x: turned(x - x.mean(axis=0), 20) + x.mean(axis=0), lambda r: r.angle[-1] == pytest.approx(20, abs=1)),
        (lambda x: x + [3, 4], lambda r: r.shift[-1] == pytest.approx(5, rel=0.05)),
        (lambda x: x * [-1, 1], lambda r: r.is_reflected.tolist() == [False] * 29 + [True]),
        # The longer axis is mirrored: without a mirror half a turn fits best.
        (lambda x: x * [-1, 1], lambda r: r.angle[-1] == pytest.approx(180)),
        (lambda x: x * 1.5, lambda r: r.scale[-1] == pytest.approx(1.5, rel=1e-6)),
    ):
        aligned = truth.copy()
        aligned[-56:] = change(aligned[-56:])
        result = metrics.registration_error(aligned, truth, slices)
        assert check(result)
        assert result.residual[-1] == pytest.approx(0, abs=1e-6) and result.score[-1] > 10 * result.score[:-1].max()
    warped = truth.copy()
    warped[-56:, 0] += np.sin(warped[-56:, 1])
    assert metrics.registration_error(warped, truth, slices).residual[-1] > 0.5


def test_three_dimensions() -> None:
    truth = np.random.default_rng(0).random((60, 3))
    slices = np.repeat(list("st"), 30)
    turn = np.array([[0.0, -1, 0], [1, 0, 0], [0, 0, 1]])
    shared = np.ones(60, bool)
    np.testing.assert_allclose(
        metrics.registration_error(truth @ turn + 5, truth, slices, shared=shared).score, 0, atol=1e-9
    )
    one = np.tile(truth[:30], (20, 1))
    aligned = one.copy()
    aligned[-30:] = (aligned[-30:] - aligned[-30:].mean(axis=0)) @ turn
    result = metrics.registration_error(aligned, one, np.repeat(np.arange(20), 30))
    assert result.angle[-1] == pytest.approx(90, abs=5)


def test_all_spots_at_one_place_are_an_error_without_warnings() -> None:
    result = metrics.registration_error(np.zeros_like(TRUTH), TRUTH, SLICES)
    np.testing.assert_allclose(result.scale, 0, atol=1e-12)
    assert not result.is_reflected.any() and (result.score >= result.residual - 1e-12).all()


def test_what_shares_no_area_is_refused() -> None:
    with pytest.raises(ValueError, match="slices must share an area, got fewer than 2 places there of 's', 't'"):
        metrics.registration_error(np.vstack([GRID, GRID]), np.vstack([GRID, GRID + 100]), np.repeat(list("st"), 56))
    with pytest.raises(ValueError, match="must have 2 or 3 columns, got 1"):
        metrics.registration_error(GRID[:, :1], GRID[:, :1], np.repeat(list("st"), 28))
