"""Pinned data sets: a change here changes every data set that someone has cited, and is named in CHANGELOG.md.

To regenerate after a deliberate change, print ``fingerprint(...)`` of each entry.
"""

from __future__ import annotations

import hashlib

import numpy as np
import pytest

import spsim as sps

PINNED = {
    "quilt": "55171bca9a8dde085e76d37826103a265a9cf63d5c0c6940317c2b2f99f34d37",
    "ggblocks": "31f548706329767b723316fd4c2f01ae4526424e73f495d49393e7084df8c850",
    "multiomics": "8ed28dc67223f6b9575f1d88a67139c5047efd5cd068be6668e792b2fd23086a",
    "seeded": "d25ad053db0df86ab2adeea9a46fc60ddb963c195085cbcc535e11ecc8816bdf",
    "effects": "4a3442d90057a25551c5b8fe6da71b8b1c06f3bf3df0bb55699bdfcb9f07b355",
    "log_link": "d10e0e77b2d6137fe1cee96d32bea860fa850f192d241fa8f65623004760e333",
    "sparse": "8ed28dc67223f6b9575f1d88a67139c5047efd5cd068be6668e792b2fd23086a",
    "potts": "f5943610f4cec925a3ad457efc669a28ce182dcba72c0c3232be80bdb4be053b",
    "jittered": "8740ac2fec41421e8e39c9179856fca9cb81cc965b25aa10fff799782117bb26",
}


def small(pattern, layout):
    modalities = [{"name": "rna", "n_mixed": 50}]
    return sps.simulate(sps.Scenario(pattern=pattern, layout=layout, modalities=modalities), rng=4)


MADE = {
    "quilt": sps.datasets.quilt,
    "ggblocks": sps.datasets.ggblocks,
    "multiomics": sps.datasets.multiomics,
    "seeded": lambda: sps.datasets.multiomics(pattern="quilt", n_side=20, rng=[2**70, 5]),
    "effects": lambda: sps.datasets.quilt(20, library_size={"sd": 0.4}, efficiency_sd=0.2, noise_sd=0.5, rng=1),
    "log_link": lambda: sps.datasets.quilt(20, link="log", background_mean=1.0, dropout_rate=0.2, rng=1),
    "sparse": lambda: sps.datasets.multiomics(sparse=True),
    "potts": lambda: small(sps.patterns.Potts(interaction=1.0), sps.patterns.Grid(n_rows=20)),
    "jittered": lambda: small("ggblocks", sps.patterns.Jittered(n_rows=20)),
}


def fingerprint(mdata) -> str:
    """Hash of counts (little-endian int32) and truth (little-endian float32) of all modalities."""
    digest = hashlib.sha256()
    for adata in mdata.mod.values():
        counts = adata.layers["counts"]
        dense = np.asarray(counts if isinstance(counts, np.ndarray) else counts.toarray())
        digest.update(np.ascontiguousarray(dense.astype("<i4")).tobytes())
        for slots in (adata.obsm, adata.varm):
            for key in sorted(slots):
                digest.update(np.ascontiguousarray(slots[key].astype("<f4")).tobytes())
    return digest.hexdigest()


@pytest.mark.parametrize("name", PINNED)
def test_a_pinned_data_set_is_what_it_was(name) -> None:
    assert fingerprint(MADE[name]()) == PINNED[name]


def test_dense_and_sparse_are_one_data_set() -> None:
    assert fingerprint(MADE["sparse"]()) == fingerprint(MADE["multiomics"]())


def test_the_fingerprint_sees_one_count() -> None:
    mdata = sps.datasets.quilt(12)
    before = fingerprint(mdata)
    mdata["rna"].layers["counts"][3, 4] += 1
    assert fingerprint(mdata) != before
