"""Seeds and named, counter-based random streams.

Every random number is a pure function of a seed, the name of the thing it belongs to (a modality, a pattern) and a
purpose. The words come from Philox4x64-10 [1]_, whose stream NumPy guarantees across versions.

.. [1] Salmon et al. (2011), Parallel random numbers: as easy as 1, 2, 3, SC '11.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from hashlib import blake2b
from math import prod
from typing import Any, TypeAlias

import numpy as np

from spsim._validate import shown

RNGLike: TypeAlias = int | Sequence[int] | np.random.SeedSequence | np.random.BitGenerator | np.random.Generator | None

# Of a seed, which is written as text: Python reads whole numbers of at most 4,300 digits.
MOST_BITS = 4096


class Purpose(IntEnum):
    """What a stream's words are for: the fourth counter word. Frozen: a changed number changes every data set."""

    COUNTS = 0
    REFINEMENT = 1
    NONSPATIAL_FACTORS = 2
    SPATIAL_LOADINGS = 3
    NONSPATIAL_LOADINGS = 4
    PATTERN = 5
    LAYOUT = 6
    DROPOUT = 7
    NOISE = 8
    SPLIT = 9
    LIBRARY_SIZE = 10
    FEATURE_SHAPE = 11
    FEATURE_EFFICIENCY = 12
    LOADING_SIGN = 13
    MISSING = 14
    SWITCH = 15
    DESIGN = 16
    FACTORS = 17
    LOADINGS = 18
    EFFECT = 19
    BASELINE = 20
    OWN = 21
    DEPTH = 22
    PANEL = 23
    PROGRAMS = 24
    PERTURBATION = 25


@dataclass(frozen=True, kw_only=True)
class Stream:
    """A key (from the seed) and an id (from a name); with a purpose it addresses 2^130 words."""

    key: tuple[int, int]
    id: int

    def child(self, name: str) -> Stream:
        """Return a stream of its own for a part of what this one is for."""
        return Stream(key=self.key, id=stream_id(f"{self.id}:{name}"))

    def generator(self) -> np.random.Generator:
        """Return NumPy's generator at the start of this stream: for recipes of your own."""
        bits = np.random.Philox(key=np.array(self.key, np.uint64), counter=counter(self, Purpose.OWN))
        return np.random.Generator(bits)


def seed_sequence(rng: RNGLike) -> np.random.SeedSequence:
    """Normalise ``rng`` (SPEC 7); a Generator gives one 128-bit draw, ``None`` fresh entropy."""
    check_rng(rng)
    if isinstance(rng, np.random.SeedSequence):
        return rng
    if isinstance(rng, np.random.Generator | np.random.BitGenerator):
        return np.random.SeedSequence(int.from_bytes(np.random.default_rng(rng).bytes(16), "little"))
    if rng is None:
        return np.random.SeedSequence()
    words = [int(word) for word in _words(rng)]
    return np.random.SeedSequence(words if len(words) > 1 else words[0])


def check_rng(rng: RNGLike) -> None:
    """Refuse what is no seed, also where nothing may come to be drawn; a Generator is not drawn from."""
    if rng is None or isinstance(rng, np.random.SeedSequence | np.random.Generator | np.random.BitGenerator):
        return
    words = _words(rng)
    if not words or any(isinstance(word, bool) or not isinstance(word, int | np.integer) for word in words):
        msg = (
            f"rng must be a non-negative int, a sequence of them, a SeedSequence, a Generator or None, got {shown(rng)}"
        )
        raise TypeError(msg)
    if min(words) < 0:
        msg = f"rng must not be negative, got {shown(rng)}"
        raise ValueError(msg)
    if max(words) >= 2**MOST_BITS:
        msg = f"rng must have at most {MOST_BITS} bits, got {shown(rng)}"
        raise ValueError(msg)


def _words(rng: object) -> list[Any]:
    is_list = isinstance(rng, Sequence | np.ndarray) and not isinstance(rng, str | bytes) and np.iterable(rng)
    return list(rng) if is_list else [rng]  # type: ignore[call-overload]


def seed_to_json(seed: np.random.SeedSequence) -> dict[str, str | list[str]]:
    """Entropy and spawn key as text (128-bit integers survive neither HDF5 nor every JSON reader)."""
    entropy = seed.entropy
    text = str(entropy) if isinstance(entropy, int | np.integer) else [str(word) for word in entropy or ()]
    return {"entropy": text, "spawn_key": [str(word) for word in seed.spawn_key]}


def seed_from_json(record: dict[str, str | list[str]]) -> np.random.SeedSequence:
    """Inverse of :func:`seed_to_json`."""
    entropy = record["entropy"]
    words = int(entropy) if isinstance(entropy, str) else [int(word) for word in entropy]
    return np.random.SeedSequence(words, spawn_key=tuple(int(word) for word in record["spawn_key"]))


def stream(seed: np.random.SeedSequence, name: str) -> Stream:
    """Return the stream called ``name`` of a seed."""
    first, second = seed.generate_state(2, np.uint64)
    return Stream(key=(int(first), int(second)), id=stream_id(name))


def stream_id(name: str) -> int:
    """First 8 bytes, little-endian, of blake2b(name): adding a modality changes no other one's numbers."""
    return int.from_bytes(blake2b(name.encode()).digest()[:8], "little")


def uniforms(source: Stream, purpose: Purpose, size: int | tuple[int, ...], *, tile: int = 0) -> np.ndarray:
    """Uniforms on [0, 1) with 53 bits, filled in C order, so that fewer rows are a prefix; each tile has its own run."""
    n_words = prod(size) if isinstance(size, tuple) else int(size)
    bits = np.random.Philox(key=np.array(source.key, np.uint64), counter=counter(source, purpose, tile=tile))
    return ((bits.random_raw(n_words) >> np.uint64(11)) * 2.0**-53).reshape(size)


def runs(source: Stream, purpose: Purpose, tiles: np.ndarray, size: int) -> np.ndarray:
    """Uniforms, one row per tile: the first ``size`` of the run that each tile has for itself."""
    bits = np.random.Philox(key=np.array(source.key, np.uint64), counter=counter(source, purpose))
    words, place = np.empty((len(tiles), size), np.uint64), 0
    n_blocks = -(-size // 4)
    for row, tile in zip(words, tiles.tolist(), strict=True):
        bits.advance(((tile << 64) - place) % 2**256)
        row[:] = bits.random_raw(4 * n_blocks)[:size]
        place = (tile << 64) + n_blocks
    return (words >> np.uint64(11)) * 2.0**-53


def counter(source: Stream, purpose: Purpose, *, block: int = 0, tile: int = 0) -> np.ndarray:
    """Philox counter whose *next* block is ``block``: NumPy increments before it draws, hence the minus one."""
    value = (block | tile << 64 | source.id << 128 | int(purpose) << 192) - 1
    return np.array([(value >> shift) % 2**64 for shift in (0, 64, 128, 192)], np.uint64)
