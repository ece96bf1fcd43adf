"""Interpolation in boxes by Bessel's formula to second order, with a bound of the error."""

from __future__ import annotations

import numpy as np


def paraboloids(x: np.ndarray, deviation: np.ndarray, reach: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    r"""Return eight coefficients for each box between nodes (octaves x means x scores), and the values it lies between.

    With places :math:`s, t` in the box they are those of :math:`1, s, s (s - 1), t` and of
    :math:`s t, t (t - 1), s t (t - 1)`, and the bound of the error.
    """
    by_mean, by_score = np.diff(x, axis=1), np.diff(x, axis=2)
    bend_by_mean = np.pad(np.diff(x, 2, axis=1), ((0, 0), (1, 1), (0, 0)), mode="edge")
    bend_by_score = np.pad(np.diff(x, 2, axis=2), ((0, 0), (0, 0), (1, 1)), mode="edge")
    across = (bend_by_mean[:, :-1] + bend_by_mean[:, 1:]) / 8.0
    across = across[..., :-1] + across[..., 1:]
    along = (bend_by_score[..., :-1] + bend_by_score[..., 1:]) / 4.0
    # The outermost lanes have no end: they are never called.
    beyond = np.where(np.isfinite(reach), by_score[:, 1:] * np.where(np.isfinite(reach), reach, 0.0), np.inf)
    error = _error(bend_by_mean, bend_by_score) + beyond + deviation + np.abs(x[:, 1:, 1:]) * 2.0**-20
    boxes = [x[:, :-1, :-1], by_mean[..., :-1], across, by_score[:, :-1]]
    flat = np.stack([*boxes, np.diff(by_score, axis=1), along[:, :-1], np.diff(along, axis=1), error], axis=-1)
    margin = 2.0 * beyond + deviation + 1e-6
    return flat, x[:, :-1, :-1] - margin, x[:, 1:, 1:] + margin


def _error(bend_by_mean: np.ndarray, bend_by_score: np.ndarray) -> np.ndarray:
    """Bound what Bessel's formula leaves out in each box, several times over, by third differences around it."""
    third_by_mean = neighbourhood(np.abs(np.diff(bend_by_mean, axis=1)), axis=1)
    third_by_score = neighbourhood(np.abs(np.diff(bend_by_score, axis=2)), axis=2)
    mixed = np.abs(np.diff(bend_by_mean, axis=2))
    return (
        np.maximum(third_by_mean[..., :-1], third_by_mean[..., 1:]) / 2.0
        + np.maximum(third_by_score[:, :-1], third_by_score[:, 1:]) / 2.0
        + np.maximum(mixed[:, :-1], mixed[:, 1:]) / 8.0
    )


def neighbourhood(values: np.ndarray, *, axis: int) -> np.ndarray:
    """Return the largest of each value and its neighbours along an axis."""
    values = np.moveaxis(values, axis, 0)
    largest = values.copy()
    np.maximum(largest[1:], values[:-1], out=largest[1:])
    np.maximum(largest[:-1], values[1:], out=largest[:-1])
    return np.moveaxis(largest, 0, axis)
