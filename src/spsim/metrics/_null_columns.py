"""Draws of an array: each group's columns are moved one by one, each with what fits the group."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from spsim._random import RNGLike
from spsim.metrics._lattice import Lattice
from spsim.metrics._sampling import generator
from spsim.metrics._variogram import Field

Draw = Callable[[np.random.Generator], np.ndarray]


def draws_of(
    array: np.ndarray,
    members: dict[object, np.ndarray],
    columns_of: Callable[[np.ndarray], list[Draw]],
    n_draws: int,
    rng: RNGLike,
) -> Iterator[np.ndarray]:
    """Whole arrays from the draws of each group's columns, which are made at the call so that errors are raised there."""
    parts = [(rows, columns_of(rows)) for rows in members.values()]
    random = generator(rng)

    def one() -> np.ndarray:
        drawn = np.empty(array.shape[::-1])  # columns lie together: most time goes into writing them
        for rows, columns in parts:
            for column, draw in zip(drawn, columns, strict=True):
                column[rows] = draw(random)
        return drawn.T

    return (one() for _ in range(n_draws))


def shifts_or_fields(array: np.ndarray, points: np.ndarray) -> list[Draw]:
    lattice = Lattice.of(points)
    return fields(array, points) if lattice is None else shifts(array, lattice)


def shifts(array: np.ndarray, lattice: Lattice) -> list[Draw]:
    """Return what shifts each column around the lattice."""
    columns = np.ascontiguousarray(array.T)
    return [partial(lattice.shift, column) for column in columns]


def shuffles(array: np.ndarray) -> list[Draw]:
    """Return what shuffles each column."""
    return [partial(_shuffled, column) for column in array.T]


def fields(array: np.ndarray, points: np.ndarray) -> list[Draw]:
    """Return random fields with each column's values and variogram."""
    return [Field.fit(column, points).draw for column in array.T]


def _shuffled(column: np.ndarray, random: np.random.Generator) -> np.ndarray:
    return random.permutation(column)
