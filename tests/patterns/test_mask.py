"""Tissue outlines."""

from __future__ import annotations

import numpy as np

from layout_examples import DISC
from spsim._random import seed_sequence, stream
from spsim.patterns import Grid, Mask, quilt

SOURCE = stream(seed_sequence(0), "layout")


def test_spots_are_the_true_pixels_in_row_major_order() -> None:
    expected = [[column, row] for row in range(14) for column in range(17) if DISC[row, column]]
    mask = Mask(mask=DISC, spacing=2, unit="micrometer")
    assert mask.n_spots == len(expected) == DISC.sum()
    assert np.array_equal(mask.sites(SOURCE).coordinates, 2 * np.array(expected))


def test_the_outline_is_cut_out_of_the_whole_picture() -> None:
    whole = quilt().factors(Grid(n_rows=14, n_columns=17).sites(SOURCE), SOURCE)
    assert np.array_equal(quilt().factors(Mask(mask=DISC).sites(SOURCE), SOURCE), whole[DISC.ravel()])


def test_ones_and_zeros_are_welcome() -> None:
    assert Mask(mask=DISC.astype(int)) == Mask(mask=DISC) == Mask(mask=DISC.tolist())
