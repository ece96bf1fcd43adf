"""Philox4x64-10 at scattered counters, in whole-array operations.

NumPy's own Philox walks its counter one block after the other; a sampler that needs a word here and a word there
wants many counters at once [1]_. The words are NumPy's.

.. [1] Salmon et al. (2011), Parallel random numbers: as easy as 1, 2, 3, SC '11 (constants: Table 2 and section 4.3).
"""

from __future__ import annotations

import numpy as np

from spsim._random import Purpose, Stream

_MULTIPLIERS = np.array([[0xD2E7470EE14C6C93], [0xCA5A826395121157]], np.uint64)
_ROUNDS = 10
_WEYL = (
    np.array([[0x9E3779B97F4A7C15], [0xBB67AE8584CAA73B]], np.uint64)
    * np.arange(_ROUNDS, dtype=np.uint64)[:, None, None]
)
_HALF = np.uint64(32)
_LOW = np.uint64(0xFFFFFFFF)
_MULTIPLIERS_HIGH, _MULTIPLIERS_LOW = _MULTIPLIERS >> _HALF, _MULTIPLIERS & _LOW


def scattered_blocks(source: Stream, purpose: Purpose, block: np.ndarray, tile: np.ndarray) -> np.ndarray:
    """Return the four words, shape (4, n), of every counter ``(block, tile, source.id, purpose)``."""
    # Words 0 and 2 are multiplied, words 1 and 3 only mixed in: two pairs, so that each operation does both at once.
    multiplied = np.empty((2, len(block)), np.uint64)
    mixed = np.empty_like(multiplied)
    multiplied[0], multiplied[1], mixed[0], mixed[1] = block, source.id, tile, int(purpose)
    for key in np.array(source.key, np.uint64)[:, None] + _WEYL:
        high = _high_product(multiplied)[::-1]
        high ^= mixed
        high ^= key
        mixed = (multiplied * _MULTIPLIERS)[::-1]
        multiplied = high
    return np.stack([multiplied[0], mixed[0], multiplied[1], mixed[1]])


def _high_product(values: np.ndarray) -> np.ndarray:
    """Upper 64 bits of the 128-bit products with the multipliers, by schoolbook multiplication of halves."""
    high, low = values >> _HALF, values & _LOW
    carry = low * _MULTIPLIERS_LOW
    carry >>= _HALF
    low *= _MULTIPLIERS_HIGH
    low += carry
    np.bitwise_and(low, _LOW, out=carry)
    low >>= _HALF
    carry += high * _MULTIPLIERS_LOW
    carry >>= _HALF
    high *= _MULTIPLIERS_HIGH
    high += low
    high += carry
    return high
