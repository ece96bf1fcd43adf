"""The measurements again, entry by entry in plain loops, straight from their definition."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
from scipy.special import betainc, gammainc, gammaincc


def measure(likelihood, *, mean, key, stream_id, spot, feature) -> float:
    """The value of one entry, by the name and the parameters of its likelihood."""
    record = likelihood.to_dict()
    shape = record.get("shape", math.inf)
    shape = float(shape[feature] if isinstance(shape, list) else shape)
    bits = uniform(key=key, stream_id=stream_id, spot=spot, feature=feature)
    match record["name"]:
        case "Bernoulli":
            return int(bits >= round(2**64 * math.exp(-mean)))
        case "NegativeBinomialMixture":
            return mixture_count(bits, mean=mean, shape=shape, record=record)
        case "Gaussian":
            return mean + record["sd"] * normal_quantile(bits)
        case "LogNormal":
            return mean * math.exp(record["sd"] * normal_quantile(bits) - record["sd"] ** 2 / 2)
    return smallest(bits, mean=mean, shape=shape, dropout_rate=record.get("dropout_rate", 0.0))


def smallest(bits, *, mean, shape, dropout_rate) -> int:
    """Y = #{k : U >= C_k}, C_k = round(2**64 F(k)), whole numbers throughout."""
    k = 0
    while bits >= threshold(k, mean=mean, shape=shape, dropout_rate=dropout_rate):
        k += 1
    return k


def mixture_count(bits, *, mean, shape, record) -> int:
    """Below 1 - p the background by its part of the uniforms, above the foreground by its own."""
    lost = 1.0 - record["foreground_probability"]
    if bits >= round(lost * 2**64):
        return smallest(bits, mean=mean, shape=shape, dropout_rate=lost)
    background = {"mean": record["background_mean"], "shape": record["background_shape"]}
    return smallest_part(bits, probability=lost, **background)


def smallest_part(bits, *, probability, mean, shape) -> int:
    k = 0
    while True:
        if k < mean:
            level = round(probability * float(betainc(shape, k + 1, shape / (shape + mean))) * 2**64)
        else:
            upper = float(betainc(k + 1, shape, mean / (shape + mean)))
            level = round(probability * 2**64) - round(probability * upper * 2**64)
        if bits < level:
            return k
        k += 1


def normal_quantile(bits) -> float:
    """By the lower tail, which keeps its digits."""
    if bits >= 2**63:
        return -normal_quantile(2**64 - 1 - bits)
    return NormalDist().inv_cdf((bits + 0.5) / 2**64)


def count(*, mean, shape, dropout_rate, key, stream_id, spot, feature) -> int:
    bits = uniform(key=key, stream_id=stream_id, spot=spot, feature=feature)
    return smallest(bits, mean=mean, shape=shape, dropout_rate=dropout_rate)


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
