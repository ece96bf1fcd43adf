"""The counts again, entry by entry in plain loops, straight from their definition."""

from __future__ import annotations

import numpy as np
from scipy.special import betainc, gammainc, gammaincc


def count(*, mean, shape, dropout_rate, key, stream_id, spot, feature) -> int:
    """Y = #{k : U >= C_k}, C_k = round(2**64 F(k)), whole numbers throughout."""
    bits = uniform(key=key, stream_id=stream_id, spot=spot, feature=feature)
    k = 0
    while bits >= threshold(k, mean=mean, shape=shape, dropout_rate=dropout_rate):
        k += 1
    return k


def uniform(*, key, stream_id, spot, feature) -> int:
    block = (feature // 64) * 512 + (spot % 128) * 4 + (feature % 64) // 16
    lane = feature % 16
    words = philox_block(key, (block, spot // 128, stream_id, 0))
    upper = (words[lane // 4] >> (16 * (lane % 4))) & 0xFFFF
    lower = philox_block(key, (feature * 128 + spot % 128, spot // 128, stream_id, 1))[0] >> 16
    return (upper << 48) | lower


def philox_block(key, counter) -> list[int]:
    """The four words of one counter from NumPy's Philox, which increments its counter before it draws."""
    whole = (sum(word << (64 * place) for place, word in enumerate(counter)) - 1) % 2**256
    words = [(whole >> (64 * place)) % 2**64 for place in range(4)]
    bits = np.random.Philox(key=np.array(key, np.uint64), counter=np.array(words, np.uint64))
    return [int(word) for word in bits.random_raw(4)]


def threshold(k, *, mean, shape, dropout_rate) -> int:
    """round(2**64 F(k)), by the tail that is small."""
    if mean == 0:
        return 2**64
    if k < mean:
        lower = gammaincc(k + 1, mean) if np.isinf(shape) else betainc(shape, k + 1, shape / (shape + mean))
        return round((dropout_rate + (1 - dropout_rate) * float(lower)) * 2**64)
    upper = gammainc(k + 1, mean) if np.isinf(shape) else betainc(k + 1, shape, mean / (shape + mean))
    return 2**64 - round((1 - dropout_rate) * float(upper) * 2**64)
