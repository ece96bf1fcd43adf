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
