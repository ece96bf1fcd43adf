"""Pinned counts: the numbers that a seed stands for must never change by accident.

Regenerate only when the definition changes on purpose, and say so in the changelog: run this file as a script
(``python tests/golden/test_counts.py``) and paste what it prints.
"""

from __future__ import annotations

import hashlib

import numpy as np
import pytest

from spsim._random import seed_sequence, stream
from spsim.likelihoods import (
    NegativeBinomial,
    Poisson,
    ZeroInflatedNegativeBinomial,
    sample_classes,
    sample_means,
)
from spsim.likelihoods._uniforms import uniforms_at

GOLDEN = {
    "uniforms": "fb646e204a73acfaabccefbef13e6867",
    "negative binomial": "af2065a35689c0bc981e7dd6a2a10cbb",
    "overdispersed": "76d547dab827fdb306888145b99e2750",
    "dropout": "7b7afd18cfca84a21da10d92942a46f6",
    "poisson": "28b5a0bc09bd3af31df0261e31356c40",
    "far out": "672cd94f08cbebabcbf320852ed5d96d",
    "single means": "edcdc66cc5a731045f736ea0eeaa80c1",
}


def digest(values: np.ndarray) -> str:
    """First half of the SHA-256 of the little-endian bytes, in C order."""
    little = np.ascontiguousarray(values, values.dtype.newbyteorder("<"))
    return hashlib.sha256(little.tobytes()).hexdigest()[:32]


def samples() -> dict[str, np.ndarray]:
    rna = stream(seed_sequence(0), "rna")
    means = np.array([[0.0, 0.2, 9.2], [11.2, 20.2, 300.0]])
    layout = means, np.arange(200) % 2, np.arange(90) % 3

    def mean_rows(start: int, stop: int) -> np.ndarray:
        return np.arange(start, stop)[:, None] * np.arange(90) / 256.0

    spots, features = np.divmod(np.arange(9000) * 7919, 997)
    return {
        "uniforms": uniforms_at(rna, spots, features),
        "negative binomial": sample_classes(NegativeBinomial(shape=10), *layout, stream=rna),
        "overdispersed": sample_classes(NegativeBinomial(shape=0.3), *layout, stream=rna),
        "dropout": sample_classes(ZeroInflatedNegativeBinomial(shape=10, dropout_rate=0.5), *layout, stream=rna),
        "poisson": sample_classes(Poisson(), *layout, stream=rna),
        "far out": sample_classes(NegativeBinomial(shape=10), *layout, stream=rna, first_spot=10**10 + 77),
        "single means": sample_means(NegativeBinomial(shape=10), mean_rows, (200, 90), stream=rna),
    }


@pytest.mark.parametrize("name", list(GOLDEN))
def test_counts_are_the_pinned_ones(name):
    assert digest(samples()[name]) == GOLDEN[name]


def test_every_sample_is_pinned():
    assert set(samples()) == set(GOLDEN)


if __name__ == "__main__":
    for name, values in samples().items():
        print(f'    "{name}": "{digest(values)}",')
