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
    Bernoulli,
    Gaussian,
    LogNormal,
    NegativeBinomial,
    NegativeBinomialMixture,
    Poisson,
    ZeroInflatedNegativeBinomial,
    ZeroInflatedPoisson,
)
from spsim.sampling import sample_classes, sample_means
from spsim.sampling._uniforms import uniforms_at

GOLDEN = {
    "uniforms": "fb646e204a73acfaabccefbef13e6867",
    "negative binomial": "af2065a35689c0bc981e7dd6a2a10cbb",
    "overdispersed": "76d547dab827fdb306888145b99e2750",
    "dropout": "7b7afd18cfca84a21da10d92942a46f6",
    "poisson": "28b5a0bc09bd3af31df0261e31356c40",
    "far out": "672cd94f08cbebabcbf320852ed5d96d",
    "single means": "edcdc66cc5a731045f736ea0eeaa80c1",
    "shapes per feature": "2ea53882be26f6fe66bdd950c8578ee6",
    "poisson dropout": "559d924b2d4edd7d5a72cf8e9bd921c8",
    "mixture": "ab2a457ad2ab1ce830b98895eb04046a",
    "peaks": "6b1900eeb3f55b918510d424b1158add",
}


RNA = stream(seed_sequence(0), "rna")
LAYOUT = np.array([[0.0, 0.2, 9.2], [11.2, 20.2, 300.0]]), np.arange(200) % 2, np.arange(90) % 3
# What a processor's exp and log give may differ in the last bits, so these are no checksums.
CONTINUOUS = {
    Gaussian(sd=2): [
        10.074529647827148,
        21.637327194213867,
        297.8668212890625,
        12.911365509033203,
        21.281312942504883,
        1021915.2528801112,
    ],
    LogNormal(sd=0.5): [
        7.45993185043335,
        25.53408432006836,
        155.32057189941406,
        15.16143798828125,
        23.359668731689453,
        1021011.1225917563,
    ],
}


def digest(values: np.ndarray) -> str:
    """First half of the SHA-256 of the little-endian bytes, in C order."""
    little = np.ascontiguousarray(values, values.dtype.newbyteorder("<"))
    return hashlib.sha256(little.tobytes()).hexdigest()[:32]


def samples() -> dict[str, np.ndarray]:
    rna, layout = RNA, LAYOUT

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
        "shapes per feature": sample_classes(NegativeBinomial(shape=np.arange(1, 91)), *layout, stream=rna),
        "poisson dropout": sample_classes(ZeroInflatedPoisson(dropout_rate=0.3), *layout, stream=rna),
        "mixture": sample_classes(NegativeBinomialMixture(foreground_probability=0.3), *layout, stream=rna),
        "peaks": sample_classes(Bernoulli(), *layout, stream=rna),
    }


@pytest.mark.parametrize("name", list(GOLDEN))
def test_counts_are_the_pinned_ones(name):
    assert digest(samples()[name]) == GOLDEN[name]


def test_every_sample_is_pinned():
    assert set(samples()) == set(GOLDEN)


@pytest.mark.parametrize("likelihood", list(CONTINUOUS), ids=str)
def test_values_are_the_pinned_ones(likelihood):
    values = sample_classes(likelihood, *LAYOUT, stream=RNA)
    np.testing.assert_allclose([*values[131, :5], values.sum(dtype=float)], CONTINUOUS[likelihood], rtol=2e-6)


if __name__ == "__main__":
    for likelihood in CONTINUOUS:
        values = sample_classes(likelihood, *LAYOUT, stream=RNA)
        print(f"    {likelihood}: {[*map(float, values[131, :5]), float(values.sum(dtype=float))]},")
    for name, values in samples().items():
        print(f'    "{name}": "{digest(values)}",')
