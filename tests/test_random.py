"""Seeds and named streams."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import kstest

from spsim._random import Purpose, counter, seed_from_json, seed_sequence, seed_to_json, stream, stream_id, uniforms


@pytest.mark.parametrize("rng", [0, 2**127, [1, 2, 3], np.int64(7), np.random.SeedSequence(5, spawn_key=(1, 2))])
def test_a_seed_survives_json(rng) -> None:
    seed = seed_sequence(rng)
    again = seed_from_json(seed_to_json(seed))
    assert np.array_equal(again.generate_state(4), seed.generate_state(4))


def test_a_generator_gives_one_draw_and_moves_on() -> None:
    generator = np.random.default_rng(3)
    first, second = seed_sequence(generator), seed_sequence(generator)
    assert first.entropy != second.entropy
    assert seed_sequence(np.random.default_rng(3)).entropy == first.entropy


def test_no_seed_is_fresh_entropy() -> None:
    assert seed_sequence(None).entropy != seed_sequence(None).entropy


@pytest.mark.parametrize(
    ("rng", "error"), [(-1, ValueError), ("0", TypeError), (1.5, TypeError), (True, TypeError), ([], TypeError)]
)
def test_a_bad_seed_is_refused_by_name(rng, error) -> None:
    with pytest.raises(error, match=r"rng must .*got"):
        seed_sequence(rng)


def test_stream_ids_are_the_stated_hash() -> None:
    # First 8 bytes, little-endian, of blake2b("rna"), computed with `b2sum`.
    assert stream_id("rna") == int.from_bytes(bytes.fromhex(B2SUM_RNA), "little")


B2SUM_RNA = "601f3c29fe6a0475"


def test_numpy_starts_at_the_block_that_counter_names() -> None:
    """Freeze the off-by-one of NumPy's Philox: word 4 b of the stream from block 0 is word 0 of block b."""
    source = stream(seed_sequence(0), "rna")
    key = np.array(source.key, np.uint64)
    whole = np.random.Philox(key=key, counter=counter(source, Purpose.COUNTS)).random_raw(40)
    part = np.random.Philox(key=key, counter=counter(source, Purpose.COUNTS, block=7)).random_raw(12)
    assert np.array_equal(part, whole[28:])


def test_uniforms_are_uniform_and_prefixes_agree() -> None:
    source = stream(seed_sequence(0), "rna")
    values = uniforms(source, Purpose.PATTERN, (50_000, 2))
    assert np.array_equal(values[:10], uniforms(source, Purpose.PATTERN, (10, 2)))
    # Mean of 1e5 uniforms: 4.5 standard errors (false-alarm rate 7e-6, and the seed is fixed).
    assert abs(values.mean() - 0.5) < 4.5 / np.sqrt(12 * values.size)
    assert 0 <= values.min() < values.max() < 1
    # False-alarm rate 1e-4, and the seed is fixed.
    assert kstest(values.ravel(), "uniform").pvalue > 1e-4
    assert kstest(0.5 + 1.02 * (values.ravel() - 0.5), "uniform").pvalue < 1e-4


def test_streams_differ_by_seed_name_and_purpose() -> None:
    drawn = {
        uniforms(stream(seed_sequence(seed), name), purpose, 1)[0]
        for seed in (0, 1)
        for name in ("rna", "protein")
        for purpose in (Purpose.NONSPATIAL_FACTORS, Purpose.SPATIAL_LOADINGS)
    }
    assert len(drawn) == 8
