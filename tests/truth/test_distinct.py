"""Both ways of packing rows find the rows that are equal, and keep their order."""

from __future__ import annotations

import numpy as np
import pytest

from spsim.truth._distinct import distinct_rows

RNG = np.random.default_rng(0)


@pytest.mark.parametrize(
    "values",
    [
        RNG.integers(0, 2, (80, 4)).astype(np.float32),
        RNG.integers(0, 2, (80, 3)) * np.array([11.0, 9.0, 0.0]),
        RNG.integers(0, 3, (80, 3)).astype(float),
        -RNG.integers(0, 2, (80, 2)).astype(float),
        RNG.integers(0, 2, (80, 20)).astype(float)[RNG.integers(0, 9, 80)],
        RNG.integers(0, 2, (80, 60)).astype(float)[RNG.integers(0, 9, 80)],
        RNG.random((80, 2)),
        # Levels that are equal along a row, so that a maximum per row would take them for zero and one.
        RNG.integers(0, 4, (80, 1)) / 3.0,
        np.repeat(RNG.integers(0, 4, (80, 1)), 3, axis=1) / 3.0,
        # More levels than 62 bits hold: the codes are packed again on the way.
        RNG.random((80, 12)),
        RNG.integers(0, 9, (300, 40)).astype(float),
        RNG.integers(0, 2, (300, 70)).astype(float),
        # As many columns of bits as a double holds, and one more.
        RNG.integers(0, 2, (300, 52)).astype(float),
        RNG.integers(0, 2, (300, 53)).astype(float),
        RNG.integers(0, 2, (80, 3)).astype(bool),
        np.zeros((5, 0)),
        np.zeros((0, 3)),
    ],
)
def test_classes_are_those_of_unique_rows(values) -> None:
    first, kind = distinct_rows(values)
    expected, expected_kind = (
        np.unique(values, axis=0, return_inverse=True) if values.size else (values[:1], np.zeros(len(values), int))
    )
    assert len(first) == len(expected)
    assert np.array_equal(values[first][kind], values)
    assert np.array_equal(kind, expected_kind.ravel()) or (values < 0).any()


@pytest.mark.parametrize("n_columns", [9, 10, 11, 51, 52, 53, 54])
def test_rows_that_differ_in_one_column_are_two(n_columns) -> None:
    """Wherever the column is, up to the last bit that is exact."""
    values = np.ones((n_columns + 1, n_columns)) - np.eye(n_columns + 1, n_columns)
    first, kind = distinct_rows(values)
    assert len(first) == n_columns + 1 and np.array_equal(values[first][kind], values)
