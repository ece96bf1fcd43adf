"""The named streams of the SpatialGlue oracle, checked against the words, the laws and one another."""

from __future__ import annotations

import importlib.util
from functools import cache, partial
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from scipy.special import ndtri
from scipy.stats import nbinom

N_SPOTS = 1296


def _load() -> ModuleType:
    path = Path(__file__).with_name("spatialglue.py")
    spec = importlib.util.spec_from_file_location("oracle_spatialglue_streams", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


ORACLE = _load()


@cache
def _protein() -> dict[str, np.ndarray]:
    factors = np.zeros((N_SPOTS, 4))
    factors[::3, 1] = 1
    return ORACLE._modality(factors, "protein", 0.4, 1)


def _philox(block: tuple[int, int, int, int], key: list[int]) -> list[int]:
    # Philox4x64-10 from its description (Salmon et al., SC11, 2011, doi 10.1145/2063384.2063405).
    (c0, c1, c2, c3), (k0, k1) = block, key
    for _ in range(10):
        left, right = 0xD2E7470EE14C6C93 * c0, 0xCA5A826395121157 * c2
        c0, c1, c2, c3 = (right >> 64) ^ c1 ^ k0, right % 2**64, (left >> 64) ^ c3 ^ k1, left % 2**64
        k0, k1 = (k0 + 0x9E3779B97F4A7C15) % 2**64, (k1 + 0xBB67AE8584CAA73B) % 2**64
    return [c0, c1, c2, c3]


@pytest.mark.parametrize(("spot", "feature"), [(0, 0), (127, 63), (128, 64), (700, 50), (1295, 99)])
def test_one_count_and_value_from_their_own_blocks(spot: int, feature: int) -> None:
    key, stream = np.random.SeedSequence(1).generate_state(2, np.uint64).tolist(), ORACLE._stream("protein")
    tile, row = divmod(spot, 128)
    words = _philox((feature // 64 * 512 + row * 4 + feature % 64 // 16, tile, stream, 0), key)
    lane = np.array(words, dtype="<u8").view("<u2").tolist()[feature % 16]
    u = lane * 2**48 + (_philox((feature * 128 + row, tile, stream, 1), key)[0] >> 16)
    thresholds = ORACLE._thresholds(float(_protein()["mean"][spot, feature]), 0.0)
    count = sum(threshold <= u for threshold in thresholds)
    assert _protein()["counts"][spot, feature] == count
    word = _philox((spot // 4, feature, stream, 8), key)[spot % 4]
    noise = 2 + 0.5 * ndtri((word >> 11) * 2.0**-53 + 2.0**-54)
    assert abs(_protein()["values"][spot, feature] - count - noise) < 1e-5


@pytest.mark.parametrize(("mean", "dropout"), [(0.2, 0.0), (0.2, 0.5), (9.2, 0.5), (20.8, 0.0)])
def test_thresholds_are_the_distribution_function(mean: float, dropout: float) -> None:
    thresholds = ORACLE._thresholds(mean, dropout)
    law = nbinom(10, 10 / (10 + mean))
    expected = dropout + (1 - dropout) * law.cdf(np.arange(len(thresholds)))
    np.testing.assert_allclose(np.array(thresholds, dtype=float) / 2.0**64, expected, rtol=0, atol=1e-14)
    assert (1 - dropout) * law.sf(len(thresholds)) < 2.0**-65 < (1 - dropout) * law.sf(len(thresholds) - 2)


def _largest_correlation(seed: int) -> float:
    # Between a non-spatial factor of one modality and one of another.
    names = ("rna", "protein", "third")
    columns = np.hstack([ORACLE._nonspatial_factors(partial(ORACLE._words, seed, n), n, N_SPOTS) for n in names])
    modality_of = np.repeat(np.arange(len(names)), columns.shape[1] // len(names))
    across = modality_of[:, None] != modality_of
    return float(np.abs(np.corrcoef(columns.T))[across].max())


def test_nonspatial_factors_of_the_modalities_are_not_nested(monkeypatch: pytest.MonkeyPatch) -> None:
    # r of independent columns has sd 1 / 36; 0.15 is 5.4 of it: false alarm 1.1e-5 over six seeds of 27 pairs.
    assert max(_largest_correlation(seed) for seed in range(1, 7)) < 0.15
    # One stream for all nests the factors of probability 0.2 in those of 0.25 (r = 0.87) and repeats the third's.
    monkeypatch.setattr(ORACLE, "_stream", lambda name: 1)
    assert _largest_correlation(1) > 0.8


def _noise_deviates(values: np.ndarray, counts: np.ndarray, n_errors: float) -> bool:
    noise = (values - counts).ravel()
    error = 0.5 / noise.size**0.5  # that of the sd is smaller by a root of two
    return bool(abs(noise.mean() - 2) > n_errors * error or abs(noise.std() - 0.5) > n_errors * error)


def test_noise_is_normal() -> None:
    # Mean and sd within 5 standard errors: false alarm below 1.2e-6.
    values, counts = _protein()["values"].astype(float), _protein()["counts"]
    assert not _noise_deviates(values, counts, 5)
    assert _noise_deviates(np.maximum(values, counts + 1.0), counts, 5)


def test_noise_is_not_clipped() -> None:
    # Of 1,296,000 normal deviates 41 are expected below -4: none by chance has probability e^-41.
    nothing = np.zeros((N_SPOTS, 1000), dtype=int)
    assert ORACLE._add_noise(nothing, partial(ORACLE._words, 1, "rna")).min() < 0


def test_dropout_zeroes_half_of_the_entries() -> None:
    # P(0) of the law is 2e-5 at mean 20.2; a share within 5 standard errors: false alarm 6e-7.
    mean, words = [[20.2] * 100] * N_SPOTS, partial(ORACLE._words, 1, "rna")
    error = 0.5 / (100 * N_SPOTS) ** 0.5
    assert abs((np.array(ORACLE._counts(mean, words, 0.5)) > 0).mean() - 0.5) < 5 * error
    assert abs((np.array(ORACLE._counts(mean, words, 0.0)) > 0).mean() - 0.5) > 5 * error
