from __future__ import annotations

import numpy as np

from oracles.counts import uniform
from spsim.sampling._uniforms import TileLanes, bits_of, lanes_at, uniforms_at


def tile_lanes(source, tile: int, n_strips: int) -> np.ndarray:
    lanes = TileLanes(source)
    lanes.go_to(tile)
    return lanes.next(n_strips)


def test_single_entries_follow_the_definition(rna):
    rng = np.random.default_rng(0)
    spots, features = rng.integers(0, 10**9, 200), rng.integers(0, 10**5, 200)
    expected = [
        uniform(key=rna.key, stream_id=rna.id, spot=int(i), feature=int(j))
        for i, j in zip(spots, features, strict=True)
    ]
    assert uniforms_at(rna, spots, features).tolist() == expected


def test_tiles_hold_the_lanes_of_their_entries(rna):
    lanes = tile_lanes(rna, 3, 2).reshape(128, 128)
    spots, features = np.divmod(np.arange(128 * 128), 128)
    assert lanes.reshape(-1).tolist() == lanes_at(rna, spots + 3 * 128, features).tolist()


def test_a_generator_that_moved_about_draws_the_same(rna):
    lanes = TileLanes(rna)
    for tile, first in [(2, 1), (0, 0), (7, 3), (7, 0), (1, 2)]:
        lanes.go_to(tile, first=first)
        np.testing.assert_array_equal(lanes.next(2), tile_lanes(rna, tile, first + 2)[:, first:])


def test_fewer_features_are_a_prefix(rna):
    np.testing.assert_array_equal(tile_lanes(rna, 0, 3)[:, :2], tile_lanes(rna, 0, 2))


def test_bits_go_to_their_place(rna):
    lanes = tile_lanes(rna, 0, 1)[:, 0]
    into = np.full((128, 64), 5 << 16, np.int64)
    bits_of(into, place=0)[...] = lanes
    np.testing.assert_array_equal(into, (5 << 16) + lanes.astype(np.int64))
    bits_of(into, place=1)[...] = 7
    np.testing.assert_array_equal(into >> 16, 7)
