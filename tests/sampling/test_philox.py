from __future__ import annotations

import numpy as np

from oracles.counts import philox_block
from spsim._random import Purpose, Stream
from spsim.sampling._philox import scattered_blocks


def test_scattered_blocks_are_numpys():
    rng = np.random.default_rng(0)
    block, tile = rng.integers(0, 2**64, (2, 50), np.uint64)
    block[:3], tile[:3] = [0, 0, 2**64 - 1], [0, 5, 2**64 - 1]
    for source in (Stream(key=(0, 0), id=0), Stream(key=(2**64 - 1, 123456789), id=2**63 + 11)):
        for purpose in (Purpose.COUNTS, Purpose.REFINEMENT):
            words = scattered_blocks(source, purpose, block, tile)
            for n in range(len(block)):
                counter = int(block[n]), int(tile[n]), source.id, int(purpose)
                assert words[:, n].tolist() == philox_block(source.key, counter)
