"""Motif stacks, named and the user's."""

from __future__ import annotations

import numpy as np
import pytest

from spsim._random import seed_sequence, stream
from spsim.patterns import NAMED, Grid, Motifs, both, ggblocks, quilt

SOURCE = stream(seed_sequence(0), "layout")


def drawn(motifs: Motifs, n_side: int) -> np.ndarray:
    return motifs.factors(Grid(n_rows=n_side).sites(SOURCE), SOURCE)


@pytest.mark.parametrize("name", NAMED)
@pytest.mark.parametrize("factor", [1, 3, 5])
def test_multiples_are_kronecker_products(name, factor) -> None:
    motifs = NAMED[name]()
    enlarged = np.kron(motifs.pixels, np.ones((1, factor, factor)))
    assert np.array_equal(drawn(motifs, factor * motifs.pixels.shape[1]), enlarged.reshape(len(motifs.names), -1).T)


@pytest.mark.parametrize("n_side", [1, 2, 5, 7, 13, 35, 37])
def test_any_side_takes_the_pixel_under_the_spots_centre(n_side) -> None:
    pixels = quilt().pixels
    result = drawn(quilt(), n_side).reshape(n_side, n_side, 4)
    for row in range(n_side):
        for column in range(n_side):
            # Whole-number arithmetic: floor((row + 1/2) 12 / n_side).
            pixel = pixels[:, (2 * row + 1) * 12 // (2 * n_side), (2 * column + 1) * 12 // (2 * n_side)]
            assert np.array_equal(result[row, column], pixel)


def test_coverage_is_the_papers() -> None:
    # Townes & Engelhardt (2023): fractions of the motif.
    assert np.allclose(quilt().pixels.mean(axis=(1, 2)), [0.44, 0.58, 0.17, 0.44], atol=0.005)
    assert np.allclose(ggblocks().pixels.mean(axis=(1, 2)), [0.14, 0.22, 0.17, 0.14], atol=0.005)


def test_ggblocks_are_disjoint_and_quilt_overlaps() -> None:
    assert ggblocks().pixels.sum(axis=0).max() == 1
    assert quilt().pixels.sum(axis=0).max() == 3


def test_both_is_the_union_in_the_papers_order() -> None:
    assert both().names == (*ggblocks().names, *quilt().names)
    assert np.array_equal(drawn(both(), 36), np.hstack([drawn(ggblocks(), 36), drawn(quilt(), 36)]))


def test_corners_is_filled_and_not_the_slides_diagonal() -> None:
    corners = quilt().pixels[1]
    assert corners[0].all()
    assert np.array_equal(corners[2], [1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1, 1])
    assert np.array_equal(corners, np.flipud(corners))


def test_a_users_stack_gets_names_and_keeps_its_values() -> None:
    motifs = Motifs(pixels=np.array([[[0, 2.5]], [[1, 0]]]))
    assert motifs.names == ("factor_1", "factor_2")
    assert drawn(motifs, 2).tolist() == [[0, 1], [2.5, 0], [0, 1], [2.5, 0]]
    assert Motifs(**{k: v for k, v in motifs.to_dict().items() if k != "name"}) == motifs


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"pixels": np.ones((2, 2))}, r"pixels must be a non-empty array L × height × width, got shape \(2, 2\)"),
        ({"pixels": np.ones((0, 2, 2))}, "non-empty"),
        ({"pixels": "quilt"}, "pixels must be a numeric array"),
        ({"pixels": np.full((1, 2, 2), np.nan)}, "pixels must be finite, got 4 NaN"),
        ({"pixels": np.full((1, 2, 2), -1)}, "pixels must not be negative"),
        ({"pixels": np.ones((2, 1, 1)), "names": ["a"]}, r"names must hold one name per factor \(2\), got 1"),
        ({"pixels": np.ones((2, 1, 1)), "names": ["a", "a"]}, "names must be unique, got 'a'"),
        ({"pixels": np.ones((1, 1, 1)), "names": ["a+b"]}, r"without '\+' or '/'"),
        ({"pixels": np.ones((1, 1, 1)), "names": ["background"]}, "none of 'background'"),
    ],
)
def test_bad_stacks_are_refused(fields, message) -> None:
    with pytest.raises((TypeError, ValueError), match=message):
        Motifs(**fields)
