"""The uniform of every (spot, feature): 64 bits that depend on nothing but the stream and the two positions.

A tile is 128 spots, a strip 64 features of a tile. The upper 16 bits (the lane) come strip by strip, 16 lanes to a Philox
block; they settle nearly every count. The lower 48 bits are drawn only where the lane leaves a choice, from a block of
their own. This layout is frozen: the counter (block, tile) of a lane is
``(j // 64 * 512 + i % 128 * 4 + j % 64 // 16, i // 128)``, that of the low bits ``(j * 128 + i % 128, i // 128)`` with
the purpose of refinement.
"""

from __future__ import annotations

import sys

import numpy as np

from spsim._random import Purpose, Stream, counter
from spsim.sampling._philox import scattered_blocks

TILE_SPOTS = 128
STRIP_FEATURES = 64
N_LANES = 1 << 16
_BLOCKS_PER_STRIP = TILE_SPOTS * STRIP_FEATURES // 16
_LANE_SHIFT = np.uint64(48)


class TileLanes:
    """The lanes of a stream, strip after strip of one tile."""

    def __init__(self, source: Stream) -> None:
        self._bits = np.random.Philox(key=np.array(source.key, np.uint64), counter=counter(source, Purpose.COUNTS))
        self._place = 0

    def go_to(self, tile: int, *, first: int = 0) -> None:
        """Go to a tile and its strip number ``first``: faster than a new generator."""
        place = first * _BLOCKS_PER_STRIP | tile << 64
        self._bits.advance((place - self._place) % 2**256)
        self._place = place

    def next(self, n_strips: int) -> np.ndarray:
        """Return the lanes of the next strips, shape (128, n_strips, 64)."""
        self._place += n_strips * _BLOCKS_PER_STRIP
        words = self._bits.random_raw(n_strips * _BLOCKS_PER_STRIP * 4).astype("<u8", copy=False)
        return words.view("<u2").reshape(n_strips, TILE_SPOTS, STRIP_FEATURES).transpose(1, 0, 2)


class TileUniforms:
    """The 64-bit uniforms of one tile, strip after strip."""

    def __init__(self, source: Stream, tile: int) -> None:
        self._lanes = TileLanes(source)
        self._lanes.go_to(tile)
        start = counter(source, Purpose.REFINEMENT, tile=tile)
        self._bits = np.random.Philox(key=np.array(source.key, np.uint64), counter=start)

    def next(self, n_features: int) -> np.ndarray:
        """Return the uniforms of the next features, at most 64, shape (128, n_features)."""
        upper = self._lanes.next(1)[:, 0, :n_features].astype(np.uint64)
        # Every block serves one entry, by its first word.
        words = self._bits.random_raw(n_features * TILE_SPOTS * 4).reshape(n_features, TILE_SPOTS, 4)[..., 0]
        return upper << _LANE_SHIFT | words.T >> np.uint64(16)


def lanes_at(source: Stream, spots: np.ndarray, features: np.ndarray) -> np.ndarray:
    """Return the lanes of single entries as uint64."""
    spots, features = np.asarray(spots, np.uint64), np.asarray(features, np.uint64)
    block = features // np.uint64(64) * np.uint64(512)
    block += spots % np.uint64(128) * np.uint64(4) + features % np.uint64(64) // np.uint64(16)
    words = scattered_blocks(source, Purpose.COUNTS, block, spots // np.uint64(128))
    word = (features % np.uint64(16) // np.uint64(4)).astype(np.intp)
    chosen = words[word, np.arange(len(word))]
    return chosen >> (features % np.uint64(4) * np.uint64(16)) & np.uint64(0xFFFF)


def refine(source: Stream, lanes: np.ndarray, spots: np.ndarray, features: np.ndarray) -> np.ndarray:
    """Return the full 64-bit uniforms of single entries whose lanes are known."""
    spots, features = np.asarray(spots, np.uint64), np.asarray(features, np.uint64)
    block = features * np.uint64(128) + spots % np.uint64(128)
    words = scattered_blocks(source, Purpose.REFINEMENT, block, spots // np.uint64(128))
    return lanes.astype(np.uint64) << _LANE_SHIFT | words[0] >> np.uint64(16)


def uniforms_at(source: Stream, spots: np.ndarray, features: np.ndarray) -> np.ndarray:
    """Return the 64-bit uniforms of single entries (uint64; divide by 2**64 for [0, 1))."""
    return refine(source, lanes_at(source, spots, features), spots, features)


def bits_of(values: np.ndarray, *, place: int) -> np.ndarray:
    """Return a view of 16 bits (place 0 is the lowest) of every item of an int64 array.

    Writing there is much faster than shifting and adding, because nothing is converted to 64 bits on the way.
    """
    return values.view(np.uint16).reshape(*values.shape, 4)[..., place if sys.byteorder == "little" else 3 - place]
